"""The offset walk over lists that move, without HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.offset_walk import Fetched, Place, Step, Tally, walk
from connectors.protocols import Rejected, Shortage
from sync.errors import BadAnswer

LIMIT = 20


class MovingList:
    """Rows by offset; before each answer but the first the next change is made."""

    def __init__(self, count: int, changes: list[Callable[[list[int]], None]] | None = None, **how: Any) -> None:
        self.ids = list(range(count))
        self.changes = changes or []
        self.most_rows: int = how.get("most_rows", LIMIT)
        self.counts: bool = how.get("counts", False)
        self.requests = 0

    def fetch(self, offset: int) -> Fetched:
        if self.requests and self.changes:
            self.changes.pop(0)(self.ids)
        self.requests += 1
        rows = [{"id": one, "updated_at": "now"} for one in self.ids[offset : offset + min(LIMIT, self.most_rows)]]
        return Fetched(rows, total=len(self.ids) if self.counts else None)


def ids_of(steps: list[Step]) -> list[int]:
    return [row["id"] for step in steps for row in step.rows]


def drop(start: int, count: int) -> Callable[[list[int]], None]:
    def change(ids: list[int]) -> None:
        del ids[start : start + count]

    return change


def grow(count: int) -> Callable[[list[int]], None]:
    def change(ids: list[int]) -> None:
        ids[:0] = [10_000 + len(ids) + number for number in range(count)]

    return change


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 19, 20, 21, 30, 57])
@pytest.mark.parametrize("counts", [True, False])
@pytest.mark.parametrize("most_rows", [12, LIMIT])
def test_every_row_of_a_resting_list_comes_once(count: int, counts: bool, most_rows: int) -> None:
    rows = MovingList(count, counts=counts, most_rows=most_rows)

    assert ids_of(list(walk(rows.fetch, LIMIT, None))) == list(range(count))


@pytest.mark.parametrize(
    ("count", "counts", "requests"),
    [
        (0, False, 1),  # empty: nothing to ask behind
        (15, True, 1),  # short and counted
        (15, False, 2),  # short, but perhaps capped by the vendor
        (20, True, 2),  # a full page may hide more than a capped count says
    ],
)
def test_the_end_of_a_list_is_not_guessed(count: int, counts: bool, requests: int) -> None:
    rows = MovingList(count, counts=counts)
    list(walk(rows.fetch, LIMIT, None))

    assert rows.requests == requests


@settings(max_examples=150, deadline=None)
@given(
    count=st.integers(30, 120),
    changes=st.lists(
        st.one_of(
            st.builds(drop, st.integers(0, 100), st.integers(1, 25)),
            st.builds(grow, st.integers(1, 25)),
        ),
        max_size=4,
    ),
)
def test_no_row_that_stays_is_missed(count: int, changes: list[Callable[[list[int]], None]]) -> None:
    rows = MovingList(count, changes)
    try:
        steps = list(walk(rows.fetch, LIMIT, None))
    except BadAnswer:
        return  # said aloud: the next run goes on

    last_start = max(place for place, step in enumerate(steps) if step.begins)
    assert {one for one in rows.ids if one < 10_000} <= set(ids_of(steps[last_start:]))


def test_a_walk_goes_on_behind_its_token() -> None:
    rows = MovingList(57)
    first = next(iter(walk(rows.fetch, LIMIT, None)))
    rest = list(walk(rows.fetch, LIMIT, first.token))

    assert ids_of(rest)[-37:] == list(range(20, 57))
    assert not any(step.begins for step in rest)


def test_a_walk_whose_anchor_is_gone_starts_over() -> None:
    rows = MovingList(57)
    steps = list(walk(rows.fetch, LIMIT, Place(40, ("991", "992")).token))

    assert [step.begins for step in steps][0] is True
    assert ids_of(steps) == list(range(57))


def test_a_list_that_keeps_moving_away_is_an_error() -> None:
    rows = MovingList(60)

    def fetch(offset: int) -> Fetched:
        rows.ids = [one + 100 for one in rows.ids]
        return rows.fetch(offset)

    with pytest.raises(BadAnswer):
        list(walk(fetch, LIMIT, None))


def test_the_same_page_for_ever_is_an_error() -> None:
    rows = MovingList(60)

    with pytest.raises(BadAnswer):
        list(walk(lambda offset: rows.fetch(0), LIMIT, None))


@pytest.mark.parametrize("bad", [0, 25, 57])
def test_a_row_that_cannot_be_read_stops_nothing(bad: int) -> None:
    rows = MovingList(57)

    def fetch(offset: int) -> Fetched:
        given: list[Any] = [*rows.fetch(0).rows, *rows.fetch(20).rows, *rows.fetch(40).rows]
        given.insert(bad, None)
        some = given[offset : offset + LIMIT]
        return Fetched([row for row in some if row], [Rejected("row", "id", "missing")] * some.count(None))

    assert ids_of(list(walk(fetch, LIMIT, None))) == list(range(57))


def test_a_page_nobody_can_read_is_an_error() -> None:
    with pytest.raises(BadAnswer):
        list(walk(lambda offset: Fetched([], [Rejected("row 0", "id", "missing")] * LIMIT), LIMIT, None))


def test_a_foreign_token_is_an_error() -> None:
    with pytest.raises(BadAnswer):
        list(walk(MovingList(5).fetch, LIMIT, "after=abc"))


@pytest.mark.parametrize(
    ("is_whole", "counted_first", "counted_last", "expected"),
    [
        (True, 50, 50, None),
        (True, 53, 53, Shortage(50, 53)),
        (True, 53, 50, None),  # three left the list while it was read
        (True, 53, None, None),  # the vendor does not say any more
        (True, None, None, None),
        (False, 80, 80, None),  # resumed: what came before is not known
    ],
)
def test_a_walk_is_short_when_the_vendor_counts_more_at_its_start_and_at_its_end(
    is_whole: bool, counted_first: int | None, counted_last: int | None, expected: Shortage | None
) -> None:
    tally = Tally(is_whole=is_whole)
    for step in walk(MovingList(50).fetch, LIMIT, None):
        tally.add(Step(step.rows, step.rejected, step.token, step.begins, counted_first))

    assert tally.shortage(counted_last) == expected
