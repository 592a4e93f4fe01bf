"""Harvest v3 lists: bare arrays, walked by the cursor in the `Link` header. A cursor goes alone, and not for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from requests.utils import parse_header_links

from connectors.http import Answer
from connectors.paging import LoopGuard
from connectors.protocols import Rejected, RequestCounts
from connectors.rows import Row, id_of, split_readable
from connectors.vendor_api import Refused, VendorApi
from sync.errors import BadAnswer, MissingScope, NotServed

IDS_A_REQUEST = 50  # more ids in one filter are refused
Query = Sequence[tuple[str, str]]


class StaleCursor(Refused):
    """A cursor that Greenhouse does not know any more."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One page: readable rows by descending id, notes on the others, the cursor of the next page."""

    rows: Sequence[Row]
    rejected: Sequence[Rejected]
    cursor: str | None


class Api:
    """GET requests of one organisation."""

    def __init__(self, vendor: VendorApi, page_size: int) -> None:
        self._vendor, self._size = vendor, page_size

    @property
    def counts(self) -> RequestCounts:
        """Requests made so far."""
        return self._vendor.counts

    def walk(self, path: str, query: Query = (), cursor: str | None = None) -> Iterator[Listed]:
        """Pages to the end of a list, from behind `cursor`. Raises StaleCursor, NotServed for a 404, BadAnswer."""
        guard = LoopGuard(cursor)
        while True:
            page = self.page(path, query, cursor)
            cursor = guard.step(page.cursor, (str(row["id"]) for row in page.rows))
            yield page
            if cursor is None:
                return

    def rows(self, path: str, query: Query = ()) -> Iterator[Row]:
        """All rows of a list."""
        return (row for page in self.walk(path, query) for row in page.rows)

    def rows_of(self, path: str, name: str, ids: Iterable[str]) -> Iterator[Row]:
        """The rows that belong to records, by the filter `name`; none are asked for without ids."""
        left = iter(dict.fromkeys(ids))
        while some := list(islice(left, IDS_A_REQUEST)):
            yield from self.rows(path, [(name, ",".join(some))])

    def page(self, path: str, query: Query = (), cursor: str | None = None, size: int | None = None) -> Listed:
        """One page. The first names its size; later ones are the cursor's."""
        asked = [("cursor", cursor)] if cursor else [*query, ("per_page", str(size or self._size))]
        try:
            answer = self._vendor.get(path, asked)
        except Refused as refused:
            if refused.status == 404:
                raise NotServed(f"Greenhouse does not serve {path} (404).", fix="Check the base_url setting.") from None
            if cursor and refused.status == 422:
                raise StaleCursor("Greenhouse", path, 422) from None
            raise
        found = answer.json()
        if not isinstance(found, list):
            raise BadAnswer(f"Greenhouse's answer to GET {path} is no list.")
        rows, rejected = split_readable(found)
        return Listed(rows, rejected, _next_cursor(answer, path))


def optional_rows(rows: Iterator[Row]) -> list[Row]:
    """Rows warmline does without where the credentials may not read them, or the vendor does not serve them so."""
    try:
        return list(rows)
    except (MissingScope, NotServed, Refused):
        return []


def key_of(row: Row, name: str) -> str:
    """The id another record is named by; empty when it is not."""
    return id_of(row.get(name)) or ""


def _next_cursor(answer: Answer, path: str) -> str | None:
    """Of the next page's address only the cursor is used: the token goes to no host an answer names."""
    links = parse_header_links(answer.headers.get("Link", ""))
    following = next((one.get("url", "") for one in links if one.get("rel") == "next"), None)
    if following is None:
        return None
    cursor = dict(parse_qsl(urlsplit(following).query)).get("cursor")
    if not cursor:
        raise BadAnswer(f"Greenhouse's answer to GET {path} names a next page without a cursor.")
    return cursor
