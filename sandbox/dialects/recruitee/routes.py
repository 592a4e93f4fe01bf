"""The Recruitee API under /c/{company}: lists, search, offers, users."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.dialects.base import Asked, Endpoint
from sandbox.dialects.recruitee.company import Company
from sandbox.errors import ApiError

Row = dict[str, Any]
DEFAULT_SEARCH, MOST_SEARCH = 60, 10_000
ROOT = "/c/{company}"


def candidates_listed(recruitee: Company, asked: Asked) -> Row:
    """Newest first; all of them without a limit. `ids`: only these."""
    date = "updated_at" if recruitee.lists_by_activity else "created_at"
    rows = sorted(recruitee.candidates.values(), key=lambda row: (row[date], row["id"]), reverse=True)
    if "ids" in asked.query:
        wanted = set(asked.query["ids"].split(","))
        rows = [row for row in rows if str(row["id"]) in wanted]
    some = _paged(recruitee, rows, asked.query, len(rows))
    body = {"candidates": some, "references": _references(recruitee, some), "generated_at": recruitee.now()}
    return body | ({"total": len(rows)} if recruitee.counts_listing else {})


def candidates_searched(recruitee: Company, asked: Asked) -> Row:
    """Hits as search shows them: placements without dates. Unknown filters and sorts are dropped without a word."""
    if int(asked.query.get("limit", DEFAULT_SEARCH)) > MOST_SEARCH:
        raise ApiError(500, "Server internal error", None)
    filters = json.loads(asked.query.get("filters_json") or asked.query.get("filters") or "[]")
    rows = [row for row in recruitee.candidates.values() if all(_passes(recruitee, row, one) for one in filters)]
    is_newest_first = asked.query.get("sort_by", "created_at_desc") != "created_at_asc"
    rows.sort(key=lambda row: (row["created_at"], row["id"]), reverse=is_newest_first)
    some = _paged(recruitee, rows, asked.query, DEFAULT_SEARCH)
    return {"hits": [_hit(recruitee, row) for row in some], "total": len(rows), "aggregations": None}


def candidate_shown(recruitee: Company, asked: Asked) -> Row:
    """One candidate."""
    row = recruitee.candidate(asked.path["id"])
    return {"candidate": row, "references": _references(recruitee, [row])}


def offers_listed(recruitee: Company, asked: Asked) -> Row:
    """Jobs and talent pools, without their pipelines; archived ones only when asked for."""
    is_archived = asked.query.get("scope") == "archived"
    rows = [row for row in recruitee.offers.values() if (row["status"] == "archived") is is_archived]
    shown = [{name: value for name, value in row.items() if name != "pipeline_template"} for row in rows]
    return {"offers": shown, "references": []}


def offer_shown(recruitee: Company, asked: Asked) -> Row:
    """One offer with its pipeline."""
    found = recruitee.offers.get(int(asked.path["id"]))
    if found is None:
        raise ApiError(404, "no such offer", None)
    return {"offer": found, "references": []}


def admins_listed(recruitee: Company, asked: Asked) -> Row:
    """The company's users."""
    return {"admins": recruitee.admins}


def reasons_listed(recruitee: Company, asked: Asked) -> Row:
    """The company's disqualify reasons."""
    return {"disqualify_reasons": recruitee.reasons}


ROUTES = [
    ("/candidates", candidates_listed),
    ("/candidates/{id:int}", candidate_shown),
    ("/search/new/candidates", candidates_searched),
    ("/offers", offers_listed),
    ("/offers/{id:int}", offer_shown),
    ("/admins", admins_listed),
    ("/disqualify_reasons", reasons_listed),
]
PAGED = ("/candidates", "/search/new/candidates")
ENDPOINTS = [Endpoint("GET", ROOT + path, handler, paged=path in PAGED) for path, handler in ROUTES]


def _paged(recruitee: Company, rows: list[Row], query: Mapping[str, str], default: int) -> list[Row]:
    offset = 0 if recruitee.ignores_offset else int(query.get("offset", 0))
    limit = int(query.get("limit", default))
    limit = limit if recruitee.most_rows is None else min(limit, recruitee.most_rows)
    return rows[offset : offset + limit]


def _passes(recruitee: Company, row: Row, one: Row) -> bool:
    known = ("created_at", "updated_at") if recruitee.honours_updated_at else ("created_at",)
    if one.get("field") not in known:
        return True
    at = datetime.fromisoformat(row[one["field"]]).timestamp()
    return bool(one.get("gte", at) <= at <= one.get("lte", at))


def _hit(recruitee: Company, row: Row) -> Row:
    names = ("id", "name", "initials", "emails", "phones", "admin_id", "source", "created_at", "updated_at", "example")
    flags = {"deleted": False, "deleted_at": None, "soft_deleted_at": None, "company_id": int(recruitee.company)}
    placements = [_placement_hit(recruitee, placement) for placement in row["placements"]]
    return {name: row[name] for name in names} | flags | {"placements": placements}


def _placement_hit(recruitee: Company, placement: Row) -> Row:
    offer = recruitee.offers[placement["offer_id"]]
    names = ("id", "disqualified_at", "disqualify_reason")
    shown = {name: offer[name] for name in ("id", "kind", "slug", "status", "title")}
    return {name: placement[name] for name in names} | {"offer": shown, "stage": {"id": placement["stage_id"]}}


def _references(recruitee: Company, rows: list[Row]) -> list[Row]:
    ids = dict.fromkeys(placement["offer_id"] for row in rows for placement in row["placements"])
    offers = [recruitee.offers[one] for one in ids]
    return [{"id": one["id"], "type": "Offer", "title": one["title"], "kind": one["kind"]} for one in offers]
