"""The sandbox over HTTP: in a thread for tests and the demo, in the foreground for `warmline sandbox`."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from types import TracebackType

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.association_routes import ASSOCIATION_ENDPOINTS
from sandbox.control_routes import control_routes
from sandbox.endpoint import Endpoint, respond, unknown_path
from sandbox.object_routes import OBJECT_ENDPOINTS
from sandbox.portal_routes import PORTAL_ENDPOINTS
from sandbox.recruitee_control import recruitee_control
from sandbox.recruitee_routes import recruitee_routes
from sandbox.state import SandboxState
from sandbox.wire import SandboxProtocol, TrimmedPath, json_response

# The v3 and v4 families name the version before the noun, the dated one after it.
FAMILIES = {
    "/crm": ("/crm/v3/{noun}", "/crm/v4/{noun}", "/crm/{noun}/2026-09"),
    "/account-info": ("/account-info/v3", "/account-info/2026-09"),
}
START_TIMEOUT_S = 10.0


class RunningSandbox:
    """A sandbox that answers on `base_url` until `stop()`."""

    def __init__(self, state: SandboxState, server: uvicorn.Server, thread: threading.Thread, port: int) -> None:
        self.state = state
        self.base_url = f"http://127.0.0.1:{port}"
        self.port = port
        self._server, self._thread = server, thread

    def stop(self) -> None:
        """Close every connection, also a hanging one, and wait for the thread. Safe twice."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(START_TIMEOUT_S)

    def __enter__(self) -> RunningSandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(state: SandboxState, port: int = 0) -> RunningSandbox:
    """A sandbox in a daemon thread; port 0 takes a free one. It answers when this returns.

    OSError when the port is taken.
    """
    listener = _listener("127.0.0.1", port)
    started = threading.Event()
    server = _server(state, started)
    thread = threading.Thread(target=server.run, args=([listener],), name="sandbox", daemon=True)
    thread.start()
    if not started.wait(START_TIMEOUT_S):
        raise RuntimeError("the sandbox did not start")
    return RunningSandbox(state, server, thread, listener.getsockname()[1])


def serve_forever(state: SandboxState, host: str = "127.0.0.1", port: int = 8765) -> None:
    """Serve in the foreground until Ctrl-C or SIGTERM."""
    with contextlib.suppress(KeyboardInterrupt):
        _server(state, threading.Event()).run([_listener(host, port)])


def application(state: SandboxState) -> Starlette:
    """The ASGI application over one portal."""
    endpoints = [*OBJECT_ENDPOINTS, *ASSOCIATION_ENDPOINTS, *PORTAL_ENDPOINTS]
    routes = [route for endpoint in endpoints for route in _routes(endpoint, state)]

    async def unknown(request: Request) -> Response:
        with state.held():
            status, body = unknown_path(state, request.method, request.url.path)
        return json_response(status, body, False)

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    routes += [*recruitee_control(state), *recruitee_routes(state)]
    every = [*routes, *control_routes(state), Route("/{rest:path}", unknown, methods=methods)]
    return Starlette(routes=every, middleware=[Middleware(TrimmedPath)])


def _routes(endpoint: Endpoint, state: SandboxState) -> list[Route]:
    async def answer(request: Request) -> Response:
        return await respond(endpoint, state, request)

    return [Route(path, answer, methods=[endpoint.method]) for path in versioned(endpoint.template)]


def versioned(template: str) -> list[str]:
    """The real paths of a template, for example v3 and 2026-09 of /crm/objects/{type}."""
    root, noun, rest = re.fullmatch(
        r"(/account-info|/crm)(?:/(objects|properties|owners|associations|lists))?(.*)", template
    ).groups()  # type: ignore[union-attr]
    return [family.format(noun=noun) + rest for family in FAMILIES[root]]


def _listener(host: str, port: int) -> socket.socket:
    # IPPROTO_TCP by name: asyncio only switches Nagle off when the socket says so, and 45 ms an answer is
    # the price.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    return listener


def _server(state: SandboxState, started: threading.Event) -> uvicorn.Server:
    config = uvicorn.Config(
        application(state),
        http=SandboxProtocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=60,
    )
    return _Server(config, started)


class _Server(uvicorn.Server):
    """uvicorn that says when it listens."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self._listening = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell whoever waits in `start`."""
        await super().startup(sockets)
        self._listening.set()
