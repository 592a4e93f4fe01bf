"""Walking an offset-paged list whose rows move while it is read (docs/vendor-facts.md, Recruitee and Bullhorn).

Each page overlaps the one before by a few rows, the anchor. A page that shows none of them has moved: the walk steps
back until it finds one, so a row that slid over a page's edge is still seen. Rows met again unchanged are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from connectors.paging import LoopGuard
from connectors.protocols import Rejected, Shortage
from connectors.rows import Row, id_of
from sync.errors import BadAnswer

OVERLAP = 10
STEPS_BACK = 5
STEPS_ON = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer: its readable rows in the vendor's order, notes on the others, and the vendor's count."""

    rows: Sequence[Row]
    rejected: Sequence[Rejected] = ()
    total: int | None = None

    @property
    def size(self) -> int:
        """Rows given, unreadable ones too."""
        return len(self.rows) + len(self.rejected)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk goes on: the offset to ask for, and ids of rows that were last seen around it."""

    offset: int = 0
    anchor: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """`offset:id,id,…`."""
        return f"{self.offset}:{','.join(self.anchor)}"

    @classmethod
    def of(cls, token: str) -> Place:
        """The place a token names. Raises BadAnswer for one this connector did not make."""
        offset, _, ids = token.partition(":")
        if not (offset.isascii() and offset.isdigit()):
            raise BadAnswer("The stored page token is not one of this connector.")
        return cls(int(offset), tuple(filter(None, ids.split(","))))


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a walk. `begins`: the walk is at its first row (also when it had to start over)."""

    rows: Sequence[Row]
    rejected: Sequence[Rejected]
    token: str | None
    begins: bool
    total: int | None


class Tally:
    """How many rows a walk has shown, against the vendor's count. `is_whole`: the walk starts at its first row."""

    def __init__(self, *, is_whole: bool) -> None:
        self._is_whole = is_whole
        self._ids: set[str] = set()
        self._unreadable = 0
        self._counted: int | None = None

    def add(self, step: Step) -> None:
        """Take in one page; a walk that starts over is counted anew."""
        if step.begins:
            self._ids, self._unreadable, self._counted = set(), 0, step.total
        self._ids.update(id_of(row["id"]) or "" for row in step.rows)
        self._unreadable += len(step.rejected)

    @property
    def is_short(self) -> bool:
        """Whether fewer rows came than were counted when the walk began."""
        return self._is_whole and self._counted is not None and self._came < self._counted

    def shortage(self, counted: int | None) -> Shortage | None:
        """What did not come; `counted`: the count at the end, when rows may have left the list."""
        if not self.is_short or counted is None or self._came >= counted:
            return None
        return Shortage(self._came, counted)

    @property
    def _came(self) -> int:
        return len(self._ids) + self._unreadable


Fetch = Callable[[int], Fetched]


def walk(fetch: Fetch, limit: int, token: str | None) -> Iterator[Step]:
    """Pages from behind `token` to the end of the list.

    `fetch`: at most `limit` (2 or more) rows from an offset. Raises BadAnswer when the list goes round or moves away.
    """
    place, begins, has_restarted = Place.of(token) if token else Place(), token is None, False
    guard, given, idle = LoopGuard(token), frozenset[tuple[str, str]](), 0
    while True:
        found = _reanchored(fetch, limit, place)
        if found is None:
            if has_restarted:
                raise BadAnswer("The list changed too much while it was read.")
            place, begins, has_restarted = Place(), True, True
            guard, given = LoopGuard(), frozenset()
            continue
        offset, page = found
        following = _following(place, offset, page, limit)
        idle = idle + 1 if following and following.anchor == place.anchor else 0
        if idle > STEPS_ON:
            raise BadAnswer("The vendor gave the same page again and again.")
        onward = guard.step(following.token) if following else None
        fresh = [row for row in page.rows if _version(row) not in given]
        yield Step(fresh, page.rejected, onward, begins, page.total)
        if following is None:
            return
        place, begins, given = following, False, frozenset(_version(row) for row in page.rows)


def _reanchored(fetch: Fetch, limit: int, place: Place) -> tuple[int, Fetched] | None:
    """The page at the place, or the nearest one before it that shows a row of the anchor; None: the anchor is gone."""
    offset = place.offset
    for _ in range(STEPS_BACK + 1):
        page = fetch(offset)
        if not place.anchor or any(id_of(row["id"]) in place.anchor for row in page.rows):
            return offset, page
        if offset == 0:
            return None
        offset = max(0, offset - (limit - _overlap(limit)))
    return None


def _overlap(limit: int) -> int:
    return max(1, min(OVERLAP, limit // 2))


def _following(place: Place, offset: int, page: Fetched, limit: int) -> Place | None:
    """Where to go on, None at the end of the list.

    A short page alone does not end it (the vendor may cap the limit), a count alone neither (search counts may be
    capped): short and counted does, and so does a page with nothing behind the anchor. Unless that page is full: then
    rows were put in before the anchor, and the walk goes on to look for what is behind it.
    """
    ids = [id_of(row["id"]) or "" for row in page.rows]
    known = [index for index, one in enumerate(ids) if one in place.anchor]
    behind = len(ids) - (known[-1] + 1 if known else 0)
    is_short_of_total = page.total is not None and offset + page.size < page.total
    if behind == 0:
        if page.rejected and not ids:
            raise BadAnswer("The vendor gave a page without a row that can be read.")
        if place.anchor and (is_short_of_total or page.size >= limit):
            return Place(offset + max(1, page.size - _overlap(limit)), place.anchor)
        return None
    if page.size < limit and page.total is not None and not is_short_of_total:
        return None
    anchor = tuple(ids[-_overlap(limit) :])
    return Place(offset + page.size - len(anchor), anchor)


def _version(row: Row) -> tuple[str, str]:
    return (id_of(row["id"]) or "", str(row.get("updated_at")))
