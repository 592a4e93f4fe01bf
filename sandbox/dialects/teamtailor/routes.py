"""The Teamtailor API under /v1, JSON:API: lists by page number, filters, sort and includes. Strict about each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from sandbox.dialects.base import Asked, Endpoint
from sandbox.dialects.teamtailor.company import TYPES, Company, Resource
from sandbox.errors import ApiError

Row = dict[str, Any]
DEFAULT_SIZE = 10
RELATIONS = {
    "users": (),
    "jobs": ("user", "stages"),
    "stages": ("job",),
    "reject-reasons": (),
    "candidates": ("job-applications",),
    "job-applications": ("candidate", "job", "stage", "reject-reason"),
}
DATES = {
    "candidates": ("created-at", "updated-at"),
    "job-applications": ("created-at", "updated-at", "changed-stage-at"),
}
OWN_FILTERS = {
    "jobs": ("filter[status]",),
    "candidates": ("filter[email]",),
    "job-applications": ("filter[stage-type]",),
}
SORTED = ("candidates", "job-applications")


def listed(type_: str, company: Company, asked: Asked) -> Row:
    """A page of a collection. ApiError 400 for a parameter it does not have."""
    _check(type_, company, asked)
    rows = _sorted(
        company, [one for one in company.resources[type_].values() if _passes(type_, company, one, asked)], asked
    )
    size = int(asked.query.get("page[size]", DEFAULT_SIZE))
    number = 1 if company.ignores_paging else int(asked.query.get("page[number]", 1))
    size = min(size, company.largest_page)
    shown = rows[(number - 1) * size : number * size]
    pages = max(1, -(-len(rows) // size))
    included = _included(company, type_, shown, asked)
    body = {"data": [_shown(one, asked) for one in shown]} | ({"included": included} if included else {})
    asked_for = int(asked.query.get("page[number]", 1))
    return body | {
        "meta": {"record-count": len(rows), "page-count": pages},
        "links": _links(type_, asked, asked_for, pages, size),
    }


def one_shown(type_: str, company: Company, asked: Asked) -> Row:
    """One resource."""
    _check(type_, company, asked)
    found = company.get(type_, asked.path["id"])
    included = _included(company, type_, [found], asked)
    return {"data": _shown(found, asked)} | ({"included": included} if included else {})


def _endpoint(type_: str, handler: Callable[..., Row], template: str, *, paged: bool) -> Endpoint:
    return Endpoint("GET", template, partial(handler, type_), paged=paged)


ENDPOINTS = [
    *(_endpoint(one, listed, f"/v1/{one}", paged=one in SORTED) for one in TYPES),
    *(_endpoint(one, one_shown, f"/v1/{one}/{{id}}", paged=False) for one in TYPES),
]


def _check(type_: str, company: Company, asked: Asked) -> None:
    known = {"include", "page[number]", "page[size]", *OWN_FILTERS.get(type_, ())}
    known |= {f"filter[{date}][{end}]" for date in DATES.get(type_, ()) for end in ("from", "to")}
    known |= {"sort"} if type_ in SORTED else set()
    wrong = [name for name in asked.query if name not in known]
    relations = [one for one in RELATIONS[type_] if one != "stages" or company.stages_of_jobs]
    wrong += [one for one in asked.query.get("include", "").split(",") if one and one not in relations]
    if asked.query.get("sort", "updated-at").lstrip("-") not in DATES.get(type_, ("updated-at",)):
        wrong.append("sort")
    size, number = asked.query.get("page[size]", "1"), asked.query.get("page[number]", "1")
    if not (size.isdigit() and 1 <= int(size) <= 30):
        wrong.append("page[size]")
    if not (number.isdigit() and int(number) >= 1):
        wrong.append("page[number]")
    if wrong:
        raise ApiError(400, f"{wrong[0]} is not allowed here", None)


def _passes(type_: str, company: Company, one: Resource, asked: Asked) -> bool:
    if type_ == "jobs":
        wanted = asked.query.get("filter[status]", "published")
        return wanted == "all" or one.attributes["human-status"] == wanted
    if company.ignores_paging:
        return True
    return all(_in_bounds(company, one, date, asked.query) for date in DATES.get(type_, ()))


def _in_bounds(company: Company, one: Resource, date: str, query: Mapping[str, str]) -> bool:
    at = datetime.fromisoformat(one.attributes[date])
    since, until = query.get(f"filter[{date}][from]"), query.get(f"filter[{date}][to]")
    if since is not None:
        start = datetime.fromisoformat(since)
        if at < start or (company.from_is_exclusive and at == start):
            return False
    return until is None or at <= datetime.fromisoformat(until)


def _sorted(company: Company, rows: list[Resource], asked: Asked) -> list[Resource]:
    rows = sorted(rows, key=lambda one: int(one.id))
    sort = asked.query.get("sort")
    if sort and company.sorts:
        date = sort.lstrip("-")
        rows.sort(key=lambda one: datetime.fromisoformat(one.attributes[date]), reverse=sort.startswith("-"))
    return rows


def _shown(one: Resource, asked: Asked) -> Row:
    """A relation shows its ids only when it is included."""
    url = f"{asked.base_url}/v1/{one.type}/{one.id}"
    included = asked.query.get("include", "").split(",")
    relationships = {}
    for name in RELATIONS[one.type]:
        links = {"self": f"{url}/relationships/{name}", "related": f"{url}/{name}"}
        relationships[name] = {"links": links} | ({"data": one.relations.get(name)} if name in included else {})
    shown = {"id": one.id, "type": one.type, "links": {**one.links, "self": url}, "attributes": one.attributes}
    return {**shown, "relationships": relationships}


def _included(company: Company, type_: str, rows: list[Resource], asked: Asked) -> list[Row]:
    found: dict[tuple[str, str], Row] = {}
    for one in rows:
        for name in asked.query.get("include", "").split(","):
            given = one.relations.get(name)
            for pointer in given if isinstance(given, list) else [given] if given else []:
                resource = company.resources[pointer["type"]].get(pointer["id"])
                if resource is not None:
                    found[resource.type, resource.id] = _shown(resource, _without_include(asked))
    return list(found.values())


def _without_include(asked: Asked) -> Asked:
    return Asked(asked.path, {}, (), asked.headers, b"", asked.base_url, asked.url_path)


def _links(type_: str, asked: Asked, number: int, pages: int, size: int) -> dict[str, str]:
    def url(page: int) -> str:
        return f"{asked.base_url}/v1/{type_}?" + urlencode(
            {**asked.query, "page[number]": str(page), "page[size]": str(size)}
        )

    links = {"first": url(1), "last": url(pages)}
    return (
        links
        | ({"prev": url(number - 1)} if number > 1 else {})
        | ({"next": url(number + 1)} if number < pages else {})
    )
