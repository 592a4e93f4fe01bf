"""Walking a list in the order of its changes, from anchor to anchor.

A page number over live data loses rows: one that is deleted moves all behind it forward, one that is edited moves to
the end. So no page but the first is asked for: behind each page the list is asked anew from the last change that was
seen. Page numbers count on only among rows of the same moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.protocols import Rejected
from connectors.rows import Row, id_of, moment_of
from connectors.teamtailor.documents import Document
from sync.errors import BadAnswer

STEP = timedelta(milliseconds=1)  # asked from this much earlier: whether `from` is inclusive is not documented


class Unordered(Exception):
    """The list is not in the order asked for, or not from the moment asked for."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where to go on: rows that changed at or after `since` (None: all), the page of a number among them."""

    since: datetime | None = None
    number: int = 1

    @property
    def token(self) -> str:
        """`moment,number`."""
        return f"{self.since.isoformat() if self.since else ''},{self.number}"

    @classmethod
    def of(cls, token: str) -> Anchor:
        """The anchor a token names. Raises BadAnswer for one this connector did not make."""
        moment, _, number = token.partition(",")
        since = moment_of(moment)
        if not number.isdigit() or (moment and since is None):
            raise BadAnswer("The stored page token is not one of this connector.")
        return cls(since, int(number))


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a walk; `token` None at the end. `total`: the count when it began, `came`: rows since."""

    rows: Sequence[Row]
    rejected: Sequence[Rejected]
    token: str | None
    total: int | None
    came: int


Fetch = Callable[[datetime | None, int], Document]


def walk_changes(fetch: Fetch, since: datetime | None, token: str | None) -> Iterator[Step]:
    """Pages from behind `token` to the end. `fetch`: the page of a number of what changed at or after a moment.

    Rows met again unchanged are left out. Raises Unordered when the vendor does not do what was asked.
    """
    anchor, given = Anchor.of(token) if token else Anchor(since), set[tuple[str, str]]()
    came, counted, before = set[str](), None, Document((), (), None, False)
    while True:
        page = fetch(anchor.since, anchor.number)
        if anchor.number > 1 and _has_shrunk(before, page):
            anchor, before = replace(anchor, number=1), page
            continue
        newest = _check_order(page, anchor)
        if page.rows and page.rows == before.rows and anchor.number > 1:
            raise Unordered
        counted = page.total if not came else counted
        fresh = [row for row in page.rows if _version(row) not in given]
        given = set(map(_version, page.rows)) | (given if newest == anchor.since or anchor.number > 1 else set())
        came |= {id_of(row["id"]) or "" for row in page.rows} | {f"{len(came)}!" for _ in page.rejected}
        following = None if page.last else _following(anchor, newest)
        yield Step(fresh, page.rejected, following.token if following else None, counted, len(came))
        if following is None:
            return
        anchor, before = following, page


def _has_shrunk(before: Document, page: Document) -> bool:
    """Whether rows before this page are gone, so that others slid over its edge."""
    return before.total is not None and page.total is not None and page.total < before.total


def _following(anchor: Anchor, newest: datetime | None) -> Anchor:
    since = newest - STEP if newest else None
    if since is None or (anchor.since is not None and since <= anchor.since):
        return replace(anchor, number=anchor.number + 1)
    return Anchor(since)


def _check_order(page: Document, anchor: Anchor) -> datetime | None:
    """The moment of the last row. Raises Unordered."""
    moments = [moment_of(row["updated-at"]) for row in page.rows]
    known = [one for one in moments if one is not None]
    if len(known) < len(moments) or known != sorted(known):
        raise Unordered
    # a vendor that rounds to seconds may show what lies just before the moment asked for
    if known and anchor.since is not None and known[0] < anchor.since - timedelta(seconds=1):
        raise Unordered
    return known[-1] if known else anchor.since


def _version(row: Row) -> tuple[str, str]:
    return (id_of(row["id"]) or "", str(row["updated-at"]))
