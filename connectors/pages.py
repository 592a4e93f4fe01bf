"""Walking a list by page number whose rows move while it is read.

A page number says nothing about where its rows were: when a row before it goes, the next page starts one row later and
the row between is seen by nobody. So the vendor's count is watched from page to page, and when it drops the walk steps
back as many pages as rows may have slid over an edge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from connectors.protocols import Rejected
from connectors.rows import Row, id_of
from sync.errors import BadAnswer

MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Numbered:
    """One answer: its readable rows, notes on the others, the vendor's count of all rows where it has one, and whether
    it says that this is the last page."""

    rows: Sequence[Row]
    rejected: Sequence[Rejected] = ()
    total: int | None = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a walk. `token`: `number:total`, the page to ask for next and the count so far; None at the end."""

    rows: Sequence[Row]
    rejected: Sequence[Rejected]
    token: str | None
    total: int | None


def walk_pages(fetch: Callable[[int], Numbered], size: int, token: str | None) -> Iterator[Leaf]:
    """Pages from behind `token` to the end of the list. `fetch`: the page of a number from 1, of `size` rows at most.

    Rows met again unchanged are left out. Raises BadAnswer when the list goes round.
    """
    number, before = _place_of(token)
    given: set[tuple[str, str]] = set()
    shown: tuple[int, Sequence[Row]] = (0, ())
    while True:
        page = fetch(number)
        slid = 0 if before is None or page.total is None else before - page.total
        if slid > 0 and number > 1:
            number, before = max(1, number - math.ceil(slid / size)), page.total
            continue
        if number > MOST_PAGES or (page.rows and number > shown[0] and page.rows == shown[1]):
            raise BadAnswer("The vendor gave the same page again and again.")
        is_last = page.last or not (page.rows or page.rejected)
        fresh = [row for row in page.rows if _version(row) not in given]
        given.update(_version(row) for row in page.rows)
        following = None if is_last else f"{number + 1}:{'' if page.total is None else page.total}"
        yield Leaf(fresh, page.rejected, following, page.total)
        if is_last:
            return
        number, before, shown = number + 1, page.total, (number, page.rows)


def _place_of(token: str | None) -> tuple[int, int | None]:
    number, _, total = (token or "1:").partition(":")
    if not (number.isascii() and number.isdigit()) or not (total == "" or (total.isascii() and total.isdigit())):
        raise BadAnswer("The stored page token is not one of this connector.")
    return max(1, int(number)), int(total) if total else None


def _version(row: Row) -> tuple[str, str]:
    """A row as it was seen: a changed one is yielded again."""
    return id_of(row["id"]) or "", repr(row)
