"""Harvest v3: one way to list everything, strict about parameters, and cursors that go alone."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from sandbox.dialects.base import Asked, Endpoint, Reply
from sandbox.dialects.greenhouse.company import LISTS, Company
from sandbox.errors import ApiError

Row = dict[str, Any]
DEFAULT_SIZE, MOST_ROWS, MOST_IDS = 100, 500, 50
DATES = ("created_at", "updated_at")
PARENTS = {
    "candidates": (),
    "applications": ("candidate_ids", "job_ids"),
    "application_stages": ("application_ids", "job_interview_stage_ids"),
    "job_interview_stages": ("job_ids",),
    "job_owners": ("job_ids", "user_ids"),
    "job_posts": ("job_ids",),
    "rejection_details": ("application_ids", "rejection_reason_ids"),
}
OWN = {
    "applications": ("status", "prospect"),
    "application_stages": ("current",),
    "jobs": ("status", "confidential"),
    "job_interview_stages": ("active",),
    "job_posts": ("active", "live", "internal"),
    "job_owners": ("type",),
    "rejection_reasons": ("include_defaults",),
    "users": ("show_service_accounts", "deactivated"),
}
NOT_FILTERS = ("include_defaults", "show_service_accounts")
_BOUND = re.compile(r"(gte|lte|gt|lt)\|([^|]+)")


def token_granted(company: Company, asked: Asked) -> Row:
    """POST /token."""
    return company.grant(asked)


def listed(name: str, company: Company, asked: Asked) -> Reply:
    """A page of a list, newest id first. ApiError 422 for what may not be asked."""
    if name in company.absent:
        raise ApiError(404, "Resource not found", None)
    if name in company.unscoped:
        raise ApiError(403, "The credentials lack the scope for this list", None)
    query, size, below = _asked(name, company, asked)
    rows = [row for row in company.lists[name].values() if _passes(name, row, query)]
    rows = sorted(rows, key=lambda row: int(row["id"]), reverse=True)
    if company.ignores_cursor:
        below = None
    left = [row for row in rows if below is None or row["id"] < below]
    shown = left[:size]
    if len(left) <= len(shown):
        return Reply(shown)
    cursor = {"list": name, "query": query, "size": size, "below": shown[-1]["id"], "made": company.cursors_from}
    text = urlsafe_b64encode(json.dumps(cursor).encode()).decode()
    link = f"{asked.base_url}{asked.url_path}?{urlencode({'cursor': text})}"
    return Reply(shown, headers={"Link": f'<{link}>; rel="next"'})


ENDPOINTS = [
    Endpoint("POST", "/token", token_granted, open=True),
    *(Endpoint("GET", f"/v3/{name}", partial(listed, name), paged=name == "candidates") for name in LISTS),
]


def _asked(name: str, company: Company, asked: Asked) -> tuple[dict[str, str], int, int | None]:
    """Filters, page size, and the id that the page lies below."""
    if "cursor" in asked.query:
        return _continued(name, company, asked)
    known = {"per_page", "ids", *DATES, *PARENTS.get(name, ()), *OWN.get(name, ())}
    unknown = [one for one in asked.query if one not in known]
    if unknown:
        raise ApiError(422, f"Unknown parameter: {unknown[0]}", None)
    size = asked.query.get("per_page", str(DEFAULT_SIZE))
    if not size.isdigit() or not 1 <= int(size) <= MOST_ROWS:
        raise ApiError(422, "per_page must be between 1 and 500.", None)
    query = {key: value for key, value in asked.query.items() if key != "per_page"}
    _check(name, query)
    return query, int(size), None


def _continued(name: str, company: Company, asked: Asked) -> tuple[dict[str, str], int, int | None]:
    if len(asked.pairs) > 1:
        raise ApiError(422, "When passing a cursor, do not include other query params.", None)
    try:
        told = json.loads(urlsafe_b64decode(asked.query["cursor"]))
    except ValueError:
        raise ApiError(422, "Invalid cursor.", None) from None
    if told["list"] != name or told["made"] < company.cursors_from:
        raise ApiError(422, "Invalid cursor.", None)
    return told["query"], told["size"], told["below"]


def _check(name: str, query: Mapping[str, str]) -> None:
    if all(date in query for date in DATES):
        raise ApiError(422, "Filter by created_at or updated_at, not both.", None)
    for key in ("ids", *PARENTS.get(name, ())):
        ids = query[key].split(",") if key in query else []
        if len(ids) > MOST_IDS or not all(one.isdigit() for one in ids):
            raise ApiError(422, f"{key} takes at most 50 ids, separated by commas.", None)
    for date in DATES:
        if date in query and not _bounds(query[date]):
            raise ApiError(422, f"{date} is not a filter of dates.", None)


def _bounds(text: str) -> list[tuple[str, datetime]]:
    """The operators of a date filter with their moments; empty when it is none."""
    found = _BOUND.findall(text)
    if "|".join(f"{operator}|{moment}" for operator, moment in found) != text:
        return []
    try:
        moments = [(operator, datetime.fromisoformat(moment)) for operator, moment in found]
    except ValueError:
        return []
    return moments if all(moment.tzinfo for _, moment in moments) else []


def _passes(name: str, row: Row, query: Mapping[str, str]) -> bool:
    if name == "job_posts" and "active" not in query and not row["active"]:
        return False
    return all(_holds(row, key, value) for key, value in query.items() if key not in NOT_FILTERS)


def _holds(row: Row, key: str, value: str) -> bool:
    if key in DATES:
        at = datetime.fromisoformat(row[key])
        tests = {"gte": at.__ge__, "lte": at.__le__, "gt": at.__gt__, "lt": at.__lt__}
        return all(tests[operator](moment) for operator, moment in _bounds(value))
    if key == "ids" or key.endswith("_ids"):
        return str(row["id" if key == "ids" else key[:-1]]) in value.split(",")
    told = {"in_process": "active"}.get(row[key], row[key])  # asked for as active, told as in_process
    return str(told).lower() == value.lower()
