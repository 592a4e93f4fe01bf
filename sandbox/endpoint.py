"""One HubSpot request from socket to answer: fault, token, limit, scope, handler, count."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandbox.errors import ApiError, bad_request, expired, missing_scopes, not_found, too_long, unauthenticated
from sandbox.faults import AFTER, BEFORE, ROWS, Fault
from sandbox.limits import portal_time
from sandbox.state import SandboxState
from sandbox.wire import Dropped, json_response

Answer = tuple[int, Any]
MAX_QUERY = 15_000


@dataclass
class Call:
    """A request as handlers see it.

    `path` holds the path parameters, with type names for `type`, `from` and `to`.
    """

    state: SandboxState
    path: dict[str, str]
    query: dict[str, str]
    raw_body: bytes

    @property
    def type(self) -> str:
        """The object type the path names."""
        return self.path["type"]

    @property
    def body(self) -> Any:
        """The JSON body; ApiError 400 when it is not a JSON object (or list, for list memberships)."""
        try:
            body = json.loads(self.raw_body or b"{}")
        except ValueError:
            raise bad_request("Invalid input JSON on line 1, column 1") from None
        if not isinstance(body, (dict, list)):
            raise bad_request("Invalid input JSON: expected an object")
        return body

    def listed(self, name: str) -> list[str]:
        """The comma-separated query parameter; [] when absent."""
        return [each for each in self.query.get(name, "").split(",") if each]


@dataclass(frozen=True)
class Endpoint:
    """One entry of the route table. `kind` is the limit bucket. `open`: it asks for no token.

    Scopes are chosen by object type and method.
    """

    method: str
    template: str
    handler: Callable[[Call], Answer]
    kind: str = "plain"
    scopes: Callable[[dict[str, str]], list[str]] = lambda path: []
    open: bool = False


async def respond(endpoint: Endpoint, state: SandboxState, request: Request) -> Response:
    """The answer to one request; it is counted also when a fault swallows it."""
    raw_body = await request.body()
    with state.lock:
        fault = state.faults.take(request.method, request.url.path)
    if fault is not None and fault.kind == "slow":
        await asyncio.sleep(fault.hang_s)
    with state.lock:
        label = _label(endpoint.template, request.path_params, state)
        response = _broken(fault, endpoint, request)
        if response is None:
            response = _suffered(fault, endpoint, state, request, raw_body)
        status = 0 if isinstance(response, Dropped) else response.status_code
        state.stats.record(request.method, label, status, len(response.body) if status else 0)
    return response


def _broken(fault: Fault | None, endpoint: Endpoint, request: Request) -> Response | None:
    """The answer of a fault that applies nothing; None when the request is to be served."""
    if fault is None or fault.kind not in BEFORE:
        return None
    if fault.kind == "drop_before":
        return Dropped()
    if fault.kind == "hang":
        return Dropped(fault.hang_s)
    if fault.kind == "hollow":
        return json_response(*_nothing(endpoint, request), False)
    return json_response(200 if fault.kind == "garbage" else fault.status, fault.answer(), False, fault.headers)


def _nothing(endpoint: Endpoint, request: Request) -> Answer:
    """A success without anything in it, in the shape of this endpoint."""
    if request.method == "DELETE" or endpoint.template.endswith("/batch/archive"):
        return 204, None
    if "/batch/" in endpoint.template:
        created = endpoint.template.endswith("/batch/create")
        return (201 if created else 200), {"status": "COMPLETE", "results": []}
    return (201 if request.method == "POST" else 200), {}


def _suffered(
    fault: Fault | None, endpoint: Endpoint, state: SandboxState, request: Request, raw_body: bytes
) -> Response:
    """The served answer, or what the fault makes of it."""
    kept_back: dict[str, Any] = {}
    if fault is not None and fault.kind == "throttle":
        state.limits.crowd(endpoint.kind, fault.hang_s, tells="Retry-After" in fault.headers)
    if fault is not None and fault.kind in ROWS:
        raw_body, kept_back = fault.divided(raw_body)
    status, body, headers = _served(endpoint, state, request, raw_body)
    if fault is not None and fault.kind in AFTER:
        state.limits.forget_refusals()
        return _spoiled(fault)
    if fault is not None and fault.kind == "partial":
        status, body = _with_error(body, kept_back, fault.category)
    return json_response(status, body, "gzip" in request.headers.get("accept-encoding", ""), headers)


def _spoiled(fault: Fault) -> Response:
    """What the client sees of an answer that went wrong after the request was served."""
    if fault.kind in ("drop_after", "hang_after"):
        return Dropped(fault.hang_s if fault.kind == "hang_after" else 0.0)
    return json_response(200 if fault.kind == "garbage_after" else fault.status, fault.answer(), False, fault.headers)


def _with_error(body: Any, row: dict[str, Any], category: str) -> Answer:
    """A 207 that names one row, by trace id where it has one, else by id."""
    trace = row.get("objectWriteTraceId")
    context = {"objectWriteTraceId": [trace]} if trace else {"ids": [str(row.get("id"))]}
    error = {"status": "error", "category": category, "message": "internal error", "context": context}
    answer = body if isinstance(body, dict) else {"status": "COMPLETE", "results": []}
    errors = [*answer.get("errors", []), error]
    return 207, answer | {"numErrors": len(errors), "errors": errors}


def _served(
    endpoint: Endpoint, state: SandboxState, request: Request, raw_body: bytes
) -> tuple[int, Any, dict[str, str]]:
    headers: dict[str, str] = {}
    try:
        if len(request.url.query) > MAX_QUERY:
            raise too_long()
        token = "" if endpoint.open else _authenticated(state, request)
        _admitted(endpoint, state, token)
        headers = state.limits.headers(token, endpoint.kind, day=token not in state.oauth.issued)
        call = Call(state, _named(state, request.path_params), _query(request), raw_body)
        needed = endpoint.scopes(call.path)
        if needed and not state.scopes.intersection(needed):
            raise missing_scopes(needed)
        status, body = endpoint.handler(call)
    except ApiError as error:
        status, body = error.status, error.body(state.correlation_id())
        if status == 429:
            headers = state.limits.headers(state.token, endpoint.kind) | state.limits.retry_after(endpoint.kind)
    return status, body, headers


def _query(request: Request) -> dict[str, str]:
    """Repeated parameters joined by commas: the SDK repeats `properties`, people write a comma list."""
    names = request.query_params.keys()
    return {name: ",".join(request.query_params.getlist(name)) for name in names}


def _authenticated(state: SandboxState, request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token in state.oauth.issued:
        if not state.oauth.is_live(token, state.limits.monotonic()):
            raise expired()
        return token
    if scheme.lower() != "bearer" or token != state.token:
        raise unauthenticated()
    return token


def _admitted(endpoint: Endpoint, state: SandboxState, token: str) -> None:
    try:
        state.limits.admit(token, endpoint.kind, portal_time(state.clock.now(), state.timezone))
    except ApiError as error:
        state.stats.throttled[str(error.fields.get("policyName", "SECONDLY"))] += 1
        raise


def _named(state: SandboxState, path: dict[str, str]) -> dict[str, str]:
    return {key: state.type_name(value) if key in ("type", "from", "to") else value for key, value in path.items()}


def _label(template: str, path: dict[str, Any], state: SandboxState) -> str:
    def name(found: re.Match[str]) -> str:
        key = found.group(1)
        if key not in ("type", "from", "to"):
            return found.group(0)
        try:
            return state.type_name(path[key])
        except ApiError:
            return "unknown"

    return re.sub(r"\{(\w+)(?::path)?\}", name, template)


def unknown_path(state: SandboxState, method: str, path: str) -> tuple[int, dict[str, Any]]:
    """404 for a path that no HubSpot endpoint of the sandbox has."""
    state.stats.record(method, "unknown", 404)
    return 404, not_found(f"resource not found: {path}").body(state.correlation_id())
