"""Teamtailor's calls: pages of collections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.protocols import RequestCounts
from connectors.rows import Row
from connectors.teamtailor.documents import Document, parse
from connectors.vendor_api import Refused, VendorApi
from sync.errors import NotServed

USERS, JOBS, CANDIDATES, APPLICATIONS = "users", "jobs", "candidates", "applications"
PATHS = {USERS: "/users", JOBS: "/jobs", CANDIDATES: "/candidates", APPLICATIONS: "/job-applications"}
# A relation shows ids only when it is included.
INCLUDED = {APPLICATIONS: "candidate,job,stage,reject-reason"}
Query = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows: those changed from `since` to `until`, and in the order of their changes."""

    since: datetime | None = None
    until: datetime | None = None
    ordered: bool = False

    def query(self) -> Query:
        """As Teamtailor spells it."""
        bounds = [("from", self.since), ("to", self.until)]
        query = [(f"filter[updated-at][{name}]", at.isoformat(timespec="milliseconds")) for name, at in bounds if at]
        return query + ([("sort", "updated-at")] if self.ordered else [])


class Api:
    """GET requests of one company."""

    def __init__(self, vendor: VendorApi, fields: Mapping[str, Sequence[str]]) -> None:
        self._vendor = vendor
        self._fields = fields

    @property
    def counts(self) -> RequestCounts:
        """Requests made so far."""
        return self._vendor.counts

    def page(self, noun: str, asked: Asked, number: int, size: int) -> Document:
        """A page of a stream, its rows flat."""
        query = asked.query() + ([("include", INCLUDED[noun])] if noun in INCLUDED else [])
        body = self.read(PATHS[noun], query, number, size)
        return parse(body, self._fields[noun], number, size)

    def read(self, path: str, query: Query, number: int, size: int) -> Row:
        """A page of a collection as it came. Raises NotServed for a 404: every company has these."""
        paging = [("page[number]", str(number)), ("page[size]", str(size))]
        try:
            return self._vendor.read(path, [*query, *paging])[1]
        except Refused as refused:
            if refused.status != 404:
                raise
            raise NotServed(f"Teamtailor does not serve {path} (404).", fix="Check the base_url setting.") from None
