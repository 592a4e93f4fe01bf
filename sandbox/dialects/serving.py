"""A dialect over HTTP, and its control plane under /sandbox/<kind> of the HubSpot port."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.dialects import KINDS, endpoints_of
from sandbox.dialects.base import Asked, Body, Dialect, Endpoint, Reply
from sandbox.errors import ApiError
from sandbox.faults import Fault
from sandbox.portal import Portal
from sandbox.wire import Dropped, json_response

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def dialect_application(state: Portal, kind: str) -> Starlette:
    """The ASGI application of one vendor's API over the state's company."""
    endpoints = endpoints_of(kind)
    routes = [Route(one.template, _endpoint(state, kind, one), methods=[one.method]) for one in endpoints]
    unknown = Endpoint("", "unknown", _unknown, open=True)
    app = Starlette(routes=[*routes, Route("/{rest:path}", _endpoint(state, kind, unknown), methods=METHODS)])
    app.router.redirect_slashes = False
    return app


def _unknown(company: Dialect, asked: Asked) -> Any:
    raise ApiError(404, f"no such path: {asked.url_path}", None)


def _endpoint(state: Portal, kind: str, endpoint: Endpoint) -> Callable[[Request], Any]:
    label = endpoint.template.replace(":int", "").replace(":path", "")

    async def answer(request: Request) -> Response:
        asked = _asked(request, await request.body())
        with state.held():
            company = state.dialect(kind)
            response = _answered(company, endpoint, asked, request.method)
            status = 0 if isinstance(response, Dropped) else response.status_code
            company.stats.record(request.method, label, status, len(getattr(response, "body", b"")))
        return response

    return answer


def _asked(request: Request, body: bytes) -> Asked:
    return Asked(
        path={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        pairs=request.query_params.multi_items(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        base_url=f"{request.url.scheme}://{request.headers.get('host', '')}",
        url_path=request.url.path,
    )


def _answered(company: Dialect, endpoint: Endpoint, asked: Asked, method: str) -> Response:
    """The answer; of a fault, where one is planned. ATSs are only read: before and after serving look the same."""
    fault = company.faults.take(method, asked.url_path)
    if fault is None:
        return _served(company, endpoint, asked)
    if fault.kind in ("drop_before", "drop_after", "hang"):
        return Dropped(fault.hang_s if fault.kind == "hang" else 0.0)
    return json_response(200 if fault.kind == "garbage" else fault.status, fault.answer(), False, fault.headers)


def _served(company: Dialect, endpoint: Endpoint, asked: Asked) -> Response:
    try:
        if not endpoint.open:
            company.admit(asked)
        found = endpoint.handler(company, asked)
    except ApiError as error:
        headers = company.headers() | company.refusal_headers(error)
        return json_response(error.status, company.refusal(error), False, headers)
    reply = found if isinstance(found, Reply) else Reply(found)
    response = json_response(reply.status, reply.body, False, company.headers() | dict(reply.headers))
    if company.between_pages and company.is_page(endpoint, asked):
        company.between_pages.pop(0)()
    return response


def dialect_control(state: Portal) -> list[Route]:
    """POST /sandbox/<kind>/<action>: the dialect's actions; settings, between-pages, faults and stats of every one.

    JSON, no token, not counted.
    """
    return [Route(f"/sandbox/{kind}/{{action}}", partial(_controlled, state, kind), methods=["POST"]) for kind in KINDS]


async def _controlled(state: Portal, kind: str, request: Request) -> Response:
    action, raw = request.path_params["action"], await request.body()
    try:
        with state.held():
            found = _done(state.dialect(kind), action, json.loads(raw or b"{}"))
    except ApiError as error:
        return json_response(error.status, {"error": [error.message]}, False)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return json_response(400, {"error": [f"{type(error).__name__}: {error}"]}, False)
    return json_response(200, found if found is not None else {"status": "ok"}, False)


def _done(company: Dialect, action: str, body: Body) -> Any:
    common: dict[str, Callable[..., Any]] = {
        "settings": _settings_changed,
        "between-pages": _changes_planned,
        "faults": _faults_planned,
        "stats": lambda company: company.stats.as_json(),
    }
    return common[action](company, **body) if action in common else company.do(action, **body)


def _settings_changed(company: Dialect, **settings: Any) -> Body:
    """Body: any of the dialect's knobs."""
    for name, value in settings.items():
        if name not in company.knobs:
            raise KeyError(name)
        setattr(company, name, value)
    return {name: getattr(company, name) for name in company.knobs if "token" not in name}


def _changes_planned(company: Dialect, changes: Sequence[Body]) -> Body:
    """Body: {changes: [{action, …}]}; one is made after each page given out."""
    company.between_pages += [partial(company.do, **change) for change in changes]
    return {"planned": len(company.between_pages)}


def _faults_planned(company: Dialect, faults: Sequence[Body]) -> Body:
    """Body: {faults: [{kind, method, path_regex, times, skip, status, body, headers, hang_s}]}; of this vendor only."""
    for fault in faults:
        company.faults.add(Fault(**fault))
    return {"faults": company.faults.as_json()}
