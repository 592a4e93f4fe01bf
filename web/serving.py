"""Serves the web application until SIGTERM or SIGINT, and keeps the watchdog beside it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from sync.bootstrap import App
from sync.bootstrap.watchdog import EVERY_S, try_look
from sync.errors import ConfigError, Problem
from web.app import application, site

GRACE_S = 5
MOST_AT_ONCE = 100  # connections; a flood waits at the door, not in memory


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises ConfigError when the address cannot be taken."""
    # IPPROTO_TCP by name: asyncio switches Nagle off only when the socket says so, and 45 ms an answer is the price.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        problem = f"{host}:{port} cannot be listened on ({error.strerror})."
        raise ConfigError([Problem("--port", problem, "Give another --port or --host.")]) from None
    return listener


def serve(app: App, listener: socket.socket) -> None:
    """Answer until told to stop; what is in hand is finished."""
    made = site(app)
    web = application(made)
    web.router.lifespan_context = _beside(app)
    config = uvicorn.Config(
        web,
        ws="none",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_AT_ONCE,
        timeout_graceful_shutdown=GRACE_S,
    )
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, signal.SIG_IGN)  # uvicorn raises what stopped it once more at the end: that is exit code 0
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        made.desk.store.close()


def _beside(app: App) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """What runs as long as the server does."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(_watch(app))
        yield
        watching.cancel()

    return lifespan


async def _watch(app: App) -> None:
    """A worker that died tells nobody: who stands beside it does."""
    while True:
        await run_in_threadpool(try_look, app)
        await asyncio.sleep(EVERY_S)
