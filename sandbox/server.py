"""The sandbox over HTTP: in a thread for tests and the demo, in the foreground for `warmline sandbox`."""

from __future__ import annotations

import contextlib
import re
import signal
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
from sandbox.dialects.serving import dialect_application, dialect_control
from sandbox.endpoint import Endpoint, respond, unknown_path
from sandbox.marketing_event_routes import MARKETING_EVENT_ENDPOINTS, versioned_events
from sandbox.oauth_routes import TOKEN_ENDPOINTS
from sandbox.object_routes import OBJECT_ENDPOINTS
from sandbox.portal_routes import PORTAL_ENDPOINTS
from sandbox.state import SandboxState
from sandbox.touch_routes import TOUCH_ENDPOINTS
from sandbox.wire import SandboxProtocol, TrimmedPath, json_response

# The v3 and v4 families name the version before the noun, the dated one after it.
FAMILIES = {
    "/crm": ("/crm/v3/{noun}", "/crm/v4/{noun}", "/crm/{noun}/2026-09"),
    "/account-info": ("/account-info/v3", "/account-info/2026-09"),
}
START_TIMEOUT_S = 10.0


class Served:
    """An application that answers on `base_url` until `stop()`. OSError when the port is taken."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        listener = _listener(host, port)
        self.port = listener.getsockname()[1]
        self.base_url = f"http://{host}:{self.port}"
        started = threading.Event()
        self._server = _server(app, started)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), name="sandbox", daemon=True)
        self._thread.start()
        if not started.wait(START_TIMEOUT_S):
            raise RuntimeError("the sandbox did not start")

    def stop(self) -> None:
        """Close every connection, also a hanging one, and wait for the thread. Safe twice."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(START_TIMEOUT_S)


class RunningSandbox:
    """A sandbox until `stop()`: HubSpot and the control plane on `base_url`, each ATS on a port of its own."""

    def __init__(self, state: SandboxState, hubspot: Served) -> None:
        self.state = state
        self.base_url, self.port = hubspot.base_url, hubspot.port
        self._hubspot = hubspot
        self._ats: dict[str, Served] = {}

    def ats_url(self, kind: str, port: int = 0) -> str:
        """Where an ATS of this kind answers, from the first time it is asked for. KeyError for an unknown kind."""
        if kind not in self._ats:
            self._ats[kind] = Served(dialect_application(self.state, kind), "127.0.0.1", port)
        return self._ats[kind].base_url

    def ats_settings(self, kind: str) -> dict[str, str]:
        """What warmline.toml says to read it, `kind` apart."""
        return {"base_url": self.ats_url(kind), **self.state.dialect(kind).settings()}

    def wait(self) -> None:
        """Answer until Ctrl-C or SIGTERM; only from the main thread."""
        asked_to_stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: asked_to_stop.set())
        with contextlib.suppress(KeyboardInterrupt):
            asked_to_stop.wait()

    def stop(self) -> None:
        """Stop answering. Safe twice."""
        for one in (self._hubspot, *self._ats.values()):
            one.stop()

    def __enter__(self) -> RunningSandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(state: SandboxState, port: int = 0) -> RunningSandbox:
    """A sandbox in daemon threads; port 0 takes a free one. It answers when this returns.

    OSError when the port is taken.
    """
    return RunningSandbox(state, Served(application(state), "127.0.0.1", port))


def application(state: SandboxState) -> Starlette:
    """The ASGI application over one portal."""
    endpoints = [*OBJECT_ENDPOINTS, *ASSOCIATION_ENDPOINTS, *PORTAL_ENDPOINTS]
    routes = [route for endpoint in endpoints for route in _routes(endpoint, state, versioned(endpoint.template))]
    routes += [
        route for one in MARKETING_EVENT_ENDPOINTS for route in _routes(one, state, versioned_events(one.template))
    ]

    routes += [route for one in (*TOUCH_ENDPOINTS, *TOKEN_ENDPOINTS) for route in _routes(one, state, [one.template])]

    async def unknown(request: Request) -> Response:
        with state.held():
            status, body = unknown_path(state, request.method, request.url.path)
        return json_response(status, body, False)

    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    every = [*routes, *dialect_control(state), *control_routes(state), Route("/{rest:path}", unknown, methods=methods)]
    return Starlette(routes=every, middleware=[Middleware(TrimmedPath)])


def _routes(endpoint: Endpoint, state: SandboxState, paths: list[str]) -> list[Route]:
    async def answer(request: Request) -> Response:
        return await respond(endpoint, state, request)

    return [Route(path, answer, methods=[endpoint.method]) for path in paths]


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


def _server(app: Starlette, started: threading.Event) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
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
