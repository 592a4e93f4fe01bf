"""How answers leave the sandbox: JSON, gzip, and connections that break on request."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

GZIP_FROM = 1_000


class SandboxProtocol(H11Protocol):
    """uvicorn's HTTP protocol that shows its connection to the application, so that a fault can cut it."""

    def connection_made(self, transport: Any) -> None:
        """Remember the transport in the state uvicorn copies into every request's scope."""
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class Dropped(Response):
    """No answer: the connection closes after `after_s` seconds, or when the client gives up first."""

    def __init__(self, after_s: float = 0.0) -> None:
        super().__init__()
        self.after_s = after_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait, then cut the connection before uvicorn can send its own 500."""
        transport = scope["state"]["transport"]
        try:
            await asyncio.wait_for(_client_left(receive), self.after_s or 0.001)
        except TimeoutError:
            transport.close()
            await _client_left(receive)
        except asyncio.CancelledError:
            # The sandbox stops while this request hangs; swallowing it is safe because the loop ends anyway.
            transport.abort()


async def _client_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class TrimmedPath:
    """ASGI middleware: a slash at the end of a path is ignored, as HubSpot does and its SDK needs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on with the path trimmed."""
        await self.app({**scope, "path": scope["path"].rstrip("/") or "/"}, receive, send)


def _utf8(text: str) -> bytes:
    """Bytes of a JSON text; half of a surrogate pair, which UTF-8 has no bytes for, goes out as its escape."""
    return text.encode("utf-8", "backslashreplace")


def json_response(status: int, body: Any, accepts_gzip: bool, headers: dict[str, str] | None = None) -> Response:
    """`body` as JSON; None gives no content, text goes out as it is.

    Packed when the client takes gzip and it pays.
    """
    if body is None:
        return Response(status_code=status, headers=headers)
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    content, headers = _utf8(text), dict(headers or {})
    headers["Content-Type"] = "application/json;charset=utf-8"
    if accepts_gzip and len(content) >= GZIP_FROM:
        content = gzip.compress(content, 1)
        headers["Content-Encoding"] = "gzip"
    headers["Vary"] = "Accept-Encoding"
    return Response(content, status, headers)
