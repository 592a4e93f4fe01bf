"""Homerun's calls: pages of its two lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.pages import Leaf, Numbered, walk_pages
from connectors.protocols import RequestCounts
from connectors.rows import Row, count_of, split_readable
from connectors.vendor_api import Refused, VendorApi
from sync.errors import MissingScope, NotServed

APPLICATIONS, VACANCIES = "/job-applications", "/vacancies"
INCLUDED = {APPLICATIONS: ("sources", "stage"), VACANCIES: ("stages", "location")}
FEWEST = 15  # rows a page by default: how many a step back takes in at least


class Api:
    """GET requests of one company."""

    def __init__(self, vendor: VendorApi, page_size: int) -> None:
        self._vendor = vendor
        self._size: int | None = page_size

    @property
    def counts(self) -> RequestCounts:
        """Requests made so far."""
        return self._vendor.counts

    def walk(self, path: str, token: str | None = None) -> Iterator[Leaf]:
        """Pages of a list from behind `token`; links in answers are not followed."""
        return walk_pages(lambda number: self.page(path, number), FEWEST, token)

    def page(self, path: str, number: int = 1) -> Numbered:
        """One page. Where Homerun does not take the size asked for, it is left to choose one."""
        try:
            rows, body = self._read(path, number)
        except Refused as refused:
            if refused.status not in (400, 422) or self._size is None:
                raise
            self._size = None
            rows, body = self._read(path, number)
        told = body.get("meta")
        meta: Mapping[str, object] = told if isinstance(told, Mapping) else {}
        readable, rejected = split_readable(rows)
        last_page = count_of(meta.get("last_page"))
        return Numbered(readable, rejected, count_of(meta.get("total")), last_page is not None and number >= last_page)

    def _read(self, path: str, number: int) -> tuple[Sequence[object], Row]:
        query = [("include[]", one) for one in INCLUDED[path]] + [("page", str(number))]
        query += [("perPage", str(self._size))] if self._size else []
        try:
            return self._vendor.read(path, query)
        except Refused as refused:
            if refused.status == 402:
                raise MissingScope(
                    "The Homerun plan of this company does not include the public API (402).",
                    fix='Ask Homerun for a plan with API access, or read an export with kind = "filedrop".',
                ) from None
            if refused.status == 404:
                raise NotServed(f"Homerun does not serve {path} (404).", fix="Check the base_url setting.") from None
            raise
