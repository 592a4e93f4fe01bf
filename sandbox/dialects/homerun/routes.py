"""The Homerun API under /v2: two lists by page number, includes by name, strict about each parameter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sandbox.dialects.base import Asked, Endpoint
from sandbox.dialects.homerun.company import Company
from sandbox.errors import ApiError

Row = dict[str, Any]
DEFAULT_SIZE = 15
INCLUDES = {"job-applications": ("sources", "stage", "vacancy"), "vacancies": ("location", "department", "stages")}
COUNTED = "total_candidate_count"
FILTERS = {
    "job-applications": ("filter[vacancy_id]", "filter[stage]", "filter[hired_after]"),
    "vacancies": ("filter[status]",),
}


def ping(company: Company, asked: Asked) -> Row:
    """Whether the key works."""
    return {"data": {"message": "pong"}}


def applications_listed(company: Company, asked: Asked) -> Row:
    """Newest first."""
    _check(company, "job-applications", asked, paged=True)
    rows = [row for row in company.applications.values() if _passes_application(row, asked.query)]
    rows.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
    return _page(company, asked, rows, lambda row: _application(company, row, _included(asked)))


def application_shown(company: Company, asked: Asked) -> Row:
    """One application; its stage is always there."""
    _check(company, "job-applications", asked, paged=False)
    return {"data": _application(company, company.get(asked.path["id"]), {*_included(asked), "stage"})}


def vacancies_listed(company: Company, asked: Asked) -> Row:
    """Newest first."""
    _check(company, "vacancies", asked, paged=True)
    wanted = asked.query.get("filter[status]", "")
    rows = [row for row in company.vacancies.values() if not wanted or row["status"] in wanted.split(",")]
    rows.sort(key=lambda row: (row["created_at"], row["id"]), reverse=True)
    return _page(company, asked, rows, lambda row: _vacancy(row, _included(asked)))


def vacancy_shown(company: Company, asked: Asked) -> Row:
    """One vacancy."""
    _check(company, "vacancies", asked, paged=False)
    found = company.vacancies.get(asked.path["id"])
    if found is None:
        raise ApiError(404, "Not Found", None)
    return {"data": _vacancy(found, _included(asked))}


ENDPOINTS = [
    Endpoint("GET", "/v2/ping", ping),
    Endpoint("GET", "/v2/job-applications", applications_listed, paged=True),
    Endpoint("GET", "/v2/job-applications/{id}", application_shown),
    Endpoint("GET", "/v2/vacancies", vacancies_listed),
    Endpoint("GET", "/v2/vacancies/{id}", vacancy_shown),
]


def _check(company: Company, name: str, asked: Asked, *, paged: bool) -> None:
    if f"{name}:read" not in company.scopes:
        raise ApiError(403, "Unauthorized", None)
    known = {"include[]", *((*FILTERS[name], "page", "perPage") if paged else ())}
    wrong = [one for one in asked.query if one not in known]
    wrong += ["include[]" for one in _included(asked) if one not in (*INCLUDES[name], COUNTED)]
    page, size = asked.query.get("page", "1"), asked.query.get("perPage", str(DEFAULT_SIZE))
    wrong += [] if page.isdigit() and int(page) >= 1 else ["page"]
    largest = 10_000 if company.clamps else company.largest_page
    wrong += [] if size.isdigit() and 1 <= int(size) <= largest else ["perPage"]
    if wrong:
        details = [{"param": one, "message": "is not valid"} for one in wrong]
        raise ApiError(400, "Validation failed", None, details=details)


def _included(asked: Asked) -> set[str]:
    return {value for name, value in asked.pairs if name == "include[]"}


def _passes_application(row: Row, query: Mapping[str, str]) -> bool:
    vacancies, stage = query.get("filter[vacancy_id]"), query.get("filter[stage]")
    if vacancies is not None and row["vacancy_id"] not in vacancies.split(","):
        return False
    if stage is not None and (row["stage"] or {}).get("name") != stage:
        return False
    hired_after = query.get("filter[hired_after]")
    return hired_after is None or (row["hired_at"] or "") > hired_after


def _page(company: Company, asked: Asked, rows: list[Row], shown: Callable[[Row], Row]) -> Row:
    size = min(int(asked.query.get("perPage", DEFAULT_SIZE)), company.largest_page)
    number = int(asked.query.get("page", 1))
    start = 0 if company.ignores_paging else (number - 1) * size
    some = rows[start : start + size]
    meta: Row = {
        "current_page": number,
        "from": start + 1 if some else None,
        "last_page": max(1, -(-len(rows) // size)),
        "links": [],
        "path": f"http://api.homerun.example{asked.url_path}",
        "per_page": size,
        "to": start + len(some) if some else None,
        "total": len(rows),
    }
    return {"data": [shown(row) for row in some], "meta": meta}


def _application(company: Company, row: Row, included: Collection[str]) -> Row:
    """Stage and sources only when they were asked for."""
    shown = {key: value for key, value in row.items() if key in included or key not in ("stage", "sources")}
    vacancy = {"vacancy": company.vacancies.get(row["vacancy_id"])} if "vacancy" in included else {}
    return shown | vacancy


def _vacancy(row: Row, included: Collection[str]) -> Row:
    apart = (*INCLUDES["vacancies"], COUNTED)
    return {key: value for key, value in row.items() if key in included or key not in apart}
