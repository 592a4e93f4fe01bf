"""`/webhooks/<source>`: a signed delivery becomes hints; anything else is refused before it is looked at.

401: no signature, a wrong one, or no secret set. 413: too large. 408: too slow. 400: signed and not JSON. 503: the
mirror is busy, and the vendor sends it again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from connectors.webhooks import Named, Posted
from sync.bootstrap.webhooks import Door
from sync.errors import ConfigError
from sync.store.hints import Hint
from web.hint_store import HintStore

RETRY_AFTER_S = 5
BODY_WITHIN_S = 10.0  # who sends slower than that only holds a connection
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Desk:
    """What deliveries are checked by. `moments`: what counts as now, in epoch seconds. `account_of`: whose records a
    source's are, where the settings do not say. `note(source, status)`: counts an answer."""

    doors: Mapping[str, Door]
    store: HintStore
    max_body: int
    public_url: str | None
    now: Callable[[], datetime]
    moments: Callable[[], tuple[float, ...]]
    account_of: Callable[[str], str | None]
    note: Callable[[str, int], None]


async def receive(desk: Desk, request: Request) -> Response:
    """The answer to one delivery."""
    name = request.path_params["source"]
    door = desk.doors.get(name)
    status = await _status(desk, door, request)
    desk.note(name if door else UNKNOWN, status)
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else {}
    return JSONResponse({"accepted": status == 200}, status, headers)


async def _status(desk: Desk, door: Door | None, request: Request) -> int:
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            body = await _body(request, desk.max_body)
    except TimeoutError:
        return 408
    if body is None:
        return 413
    if door is None:
        return 401
    posted = Posted(request.method, addresses(request, desk.public_url), _headers(request), body, desk.moments())
    if not _is_genuine(door, posted):
        return 200 if door.dialect.is_greeting(body) else 401
    try:
        found = _hints(desk, door, json.loads(body))
    except (ValueError, RecursionError):
        return 400
    return 200 if not found or await desk.store.keep(found) else 503


async def _body(request: Request, most: int) -> bytes | None:
    """The raw body; None when it is larger than that, which is not read to its end."""
    told = request.headers.get("content-length", "0")
    if not told.isdigit() or int(told) > most:
        return None
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def _headers(request: Request) -> dict[str, str]:
    """By name; of one that came twice the first, so that none can be put over the signed one."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        found.setdefault(name.lower(), value)
    return found


def addresses(request: Request, public_url: str | None) -> list[str]:
    """The full addresses the delivery may have been sent to, spelled as they came in. Without a public address: the
    host it asked for, by the scheme seen here and by https, which a proxy may have taken off."""
    path = request.scope.get("raw_path") or request.scope["path"].encode()
    query = request.scope.get("query_string", b"")
    rest = (path + (b"?" + query if query else b"")).decode("utf-8", "surrogateescape")
    if public_url is not None:
        return [public_url + rest]
    host = request.headers.get("host", "")
    return list(dict.fromkeys(f"{scheme}://{host}{rest}" for scheme in (request.scope["scheme"], "https")))


def _is_genuine(door: Door, posted: Posted) -> bool:
    try:
        secret = door.secret()
    except ConfigError:
        return False
    return bool(secret) and door.dialect.is_genuine(posted, secret)


def _hints(desk: Desk, door: Door, told: Any) -> list[Hint]:
    now, account = desk.now(), door.account or desk.account_of(door.source)
    found = {(one.noun, one.remote_id): one for one in door.dialect.records(told) if _is_ours(one, account)}
    return [Hint(door.source, one.noun, one.remote_id, min(one.at or now, now)) for one in found.values()]


def _is_ours(one: Named, account: str | None) -> bool:
    return one.account is None or account is None or one.account == account
