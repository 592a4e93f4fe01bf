"""The Recruitee API under /c/{company}: lists, search, offers, users. Faults and counts are the sandbox's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.errors import ApiError
from sandbox.faults import Fault
from sandbox.recruitee import Recruitee, Row
from sandbox.state import SandboxState
from sandbox.wire import Dropped, json_response

Query = dict[str, str]
Handler = Callable[[Recruitee, Query, dict[str, str]], Row]
DEFAULT_SEARCH, MOST_SEARCH = 60, 10_000
ROOT = "/c/{company}"


def candidates_listed(recruitee: Recruitee, query: Query, path: dict[str, str]) -> Row:
    """Newest first; all of them without a limit. `ids`: only these."""
    date = "updated_at" if recruitee.lists_by_activity else "created_at"
    rows = sorted(recruitee.candidates.values(), key=lambda row: (row[date], row["id"]), reverse=True)
    if "ids" in query:
        wanted = set(query["ids"].split(","))
        rows = [row for row in rows if str(row["id"]) in wanted]
    some = _paged(recruitee, rows, query, len(rows))
    body = {"candidates": some, "references": _references(recruitee, some), "generated_at": recruitee.now()}
    return body | ({"total": len(rows)} if recruitee.counts_listing else {})


def candidates_searched(recruitee: Recruitee, query: Query, path: dict[str, str]) -> Row:
    """Hits as search shows them: placements without dates. Unknown filters and sorts are dropped without a word."""
    if int(query.get("limit", DEFAULT_SEARCH)) > MOST_SEARCH:
        raise ApiError(500, "Server internal error", None)
    filters = json.loads(query.get("filters_json") or query.get("filters") or "[]")
    rows = [row for row in recruitee.candidates.values() if all(_passes(recruitee, row, one) for one in filters)]
    is_newest_first = query.get("sort_by", "created_at_desc") != "created_at_asc"
    rows.sort(key=lambda row: (row["created_at"], row["id"]), reverse=is_newest_first)
    some = _paged(recruitee, rows, query, DEFAULT_SEARCH)
    return {"hits": [_hit(recruitee, row) for row in some], "total": len(rows), "aggregations": None}


def candidate_shown(recruitee: Recruitee, query: Query, path: dict[str, str]) -> Row:
    """One candidate."""
    row = recruitee.candidate(path["id"])
    return {"candidate": row, "references": _references(recruitee, [row])}


def offers_listed(recruitee: Recruitee, query: Query, path: dict[str, str]) -> Row:
    """Jobs and talent pools, without their pipelines; archived ones only when asked for."""
    is_archived = query.get("scope") == "archived"
    rows = [row for row in recruitee.offers.values() if (row["status"] == "archived") is is_archived]
    shown = [{name: value for name, value in row.items() if name != "pipeline_template"} for row in rows]
    return {"offers": shown, "references": []}


def offer_shown(recruitee: Recruitee, query: Query, path: dict[str, str]) -> Row:
    """One offer with its pipeline."""
    found = recruitee.offers.get(int(path["id"]))
    if found is None:
        raise ApiError(404, "no such offer", None)
    return {"offer": found, "references": []}


def admins_listed(recruitee: Recruitee, query: Query, path: dict[str, str]) -> Row:
    """The company's users."""
    return {"admins": recruitee.admins}


def reasons_listed(recruitee: Recruitee, query: Query, path: dict[str, str]) -> Row:
    """The company's disqualify reasons."""
    return {"disqualify_reasons": recruitee.reasons}


PAGED = ("/candidates", "/search/new/candidates")
ROUTES: list[tuple[str, Handler]] = [
    ("/candidates", candidates_listed),
    ("/candidates/{id:int}", candidate_shown),
    ("/search/new/candidates", candidates_searched),
    ("/offers", offers_listed),
    ("/offers/{id:int}", offer_shown),
    ("/admins", admins_listed),
    ("/disqualify_reasons", reasons_listed),
]


def recruitee_routes(state: SandboxState) -> list[Route]:
    """The company of this state over HTTP."""
    return [Route(ROOT + path, _endpoint(state, path, handler), methods=["GET"]) for path, handler in ROUTES]


def _endpoint(state: SandboxState, template: str, handler: Handler) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        with state.held():
            fault = state.faults.take(request.method, request.url.path)
            response = _broken(fault) if fault is not None else _served(state.recruitee, template, handler, request)
            label = ROOT + template.replace(":int", "")
            status = 0 if isinstance(response, Dropped) else response.status_code
            state.stats.record(request.method, label, status, len(getattr(response, "body", b"")))
        return response

    return answer


def _broken(fault: Fault) -> Response:
    """Recruitee is only read, so a fault before and one after serving look the same."""
    if fault.kind in ("drop_before", "drop_after", "hang"):
        return Dropped(fault.hang_s if fault.kind == "hang" else 0.0)
    return json_response(200 if fault.kind == "garbage" else fault.status, fault.answer(), False, fault.headers)


def _served(recruitee: Recruitee, template: str, handler: Handler, request: Request) -> Response:
    try:
        _admit(recruitee, request)
        path = {name: str(value) for name, value in request.path_params.items()}
        response = json_response(200, handler(recruitee, dict(request.query_params), path), False)
    except ApiError as error:
        return json_response(error.status, {"error": [error.message]}, False)
    if template in PAGED and recruitee.between_pages and request.query_params.get("limit") != "1":
        recruitee.between_pages.pop(0)()
    return response


def _admit(recruitee: Recruitee, request: Request) -> None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or token != recruitee.token:
        raise ApiError(401, "Unauthorized", None)
    if request.path_params["company"] not in (recruitee.company, recruitee.slug):
        raise ApiError(404, "Company not found", None)


def _paged(recruitee: Recruitee, rows: list[Row], query: Query, default: int) -> list[Row]:
    offset = 0 if recruitee.ignores_offset else int(query.get("offset", 0))
    limit = int(query.get("limit", default))
    limit = limit if recruitee.most_rows is None else min(limit, recruitee.most_rows)
    return rows[offset : offset + limit]


def _passes(recruitee: Recruitee, row: Row, one: Row) -> bool:
    known = ("created_at", "updated_at") if recruitee.honours_updated_at else ("created_at",)
    if one.get("field") not in known:
        return True
    at = datetime.fromisoformat(row[one["field"]]).timestamp()
    return bool(one.get("gte", at) <= at <= one.get("lte", at))


def _hit(recruitee: Recruitee, row: Row) -> Row:
    names = ("id", "name", "initials", "emails", "phones", "admin_id", "source", "created_at", "updated_at", "example")
    flags = {"deleted": False, "deleted_at": None, "soft_deleted_at": None, "company_id": int(recruitee.company)}
    placements = [_placement_hit(recruitee, placement) for placement in row["placements"]]
    return {name: row[name] for name in names} | flags | {"placements": placements}


def _placement_hit(recruitee: Recruitee, placement: Row) -> Row:
    offer = recruitee.offers[placement["offer_id"]]
    names = ("id", "disqualified_at", "disqualify_reason")
    shown = {name: offer[name] for name in ("id", "kind", "slug", "status", "title")}
    return {name: placement[name] for name in names} | {"offer": shown, "stage": {"id": placement["stage_id"]}}


def _references(recruitee: Recruitee, rows: list[Row]) -> list[Row]:
    ids = dict.fromkeys(placement["offer_id"] for row in rows for placement in row["placements"])
    offers = [recruitee.offers[one] for one in ids]
    return [{"id": one["id"], "type": "Offer", "title": one["title"], "kind": one["kind"]} for one in offers]
