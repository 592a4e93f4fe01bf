"""Page numbers over a list that moves, and the gate of an ATS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from connectors.gates import WindowGate
from connectors.http import Answer
from connectors.pages import Numbered, walk_pages
from sync.errors import BadAnswer
from tests.unit.connectors.conftest import FakeTime

SIZE = 3


@dataclass
class Listing:
    """A list of ids that changes after each page: `after[n]` is done when n pages were given."""

    ids: list[int]
    after: dict[int, Callable[[list[int]], Any]] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)
    counts: bool = True

    def fetch(self, number: int) -> Numbered:
        self.asked.append(number)
        rows = [{"id": one} for one in self.ids[(number - 1) * SIZE : number * SIZE]]
        total = len(self.ids) if self.counts else None
        page = Numbered(rows, (), total, last=number * SIZE >= len(self.ids))
        self.after.pop(len(self.asked), lambda ids: None)(self.ids)
        return page


def walked(listing: Listing, token: str | None = None) -> list[int]:
    return [row["id"] for leaf in walk_pages(listing.fetch, SIZE, token) for row in leaf.rows]


def test_pages_are_asked_for_one_after_the_other_and_once() -> None:
    listing = Listing([*range(8)])

    assert walked(listing) == [*range(8)]
    assert listing.asked == [1, 2, 3]


def test_an_empty_list_is_one_page() -> None:
    listing = Listing([])

    assert [leaf.token for leaf in walk_pages(listing.fetch, SIZE, None)] == [None]


@pytest.mark.parametrize("gone", [[0], [0, 1, 2], [4], [7]])
def test_a_row_that_slid_over_an_edge_is_still_seen(gone: list[int]) -> None:
    listing = Listing([*range(8)], {1: lambda ids: [ids.remove(one) for one in gone]})

    found = set(walked(listing))

    assert set(listing.ids) <= found


def test_rows_met_again_come_once() -> None:
    listing = Listing([*range(8)], {2: lambda ids: ids.remove(0)})

    found = walked(listing)

    assert sorted(found) == [*range(8)]


def test_without_a_count_the_walk_goes_on_to_its_end() -> None:
    assert walked(Listing([*range(8)], counts=False)) == [*range(8)]


def test_a_walk_goes_on_behind_a_page_and_knows_what_was_counted() -> None:
    listing = Listing([*range(8)])
    first = next(walk_pages(listing.fetch, SIZE, None))
    listing.ids.remove(0)

    assert walked(listing, first.token) == [1, 2, 3, 4, 5, 6, 7]


def test_the_same_page_again_is_an_error() -> None:
    page = Numbered([{"id": 1}], (), 9, last=False)

    with pytest.raises(BadAnswer):
        list(walk_pages(lambda number: page, SIZE, None))


@pytest.mark.parametrize("token", ["x", "1:x", "-1:3"])
def test_a_token_of_somebody_else_is_refused(token: str) -> None:
    with pytest.raises(BadAnswer):
        next(walk_pages(lambda number: Numbered([]), SIZE, token))


def headers(**more: str) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in more.items()}


@pytest.fixture
def gate(fake_time: FakeTime) -> WindowGate:
    return WindowGate(4, 10.0, prefix="X-RateLimit-", clock=fake_time.clock, sleep=fake_time.sleep)


def test_a_gate_lets_so_many_through_in_a_window(gate: WindowGate, fake_time: FakeTime) -> None:
    for _ in range(9):
        gate.acquire("")

    assert fake_time.slept == [10.0, 10.0]


@pytest.mark.parametrize(
    ("reset", "date", "wait_s"),
    [
        ("7", "", [7.0]),
        ("1795507207", "Tue, 24 Nov 2026 08:00:00 GMT", [7.0]),
        ("1795507207", "", []),  # an epoch is worth nothing without the vendor's own clock
        ("soon", "", []),
    ],
)
def test_a_gate_shuts_when_little_is_left_until_the_vendors_window_starts_anew(
    gate: WindowGate, fake_time: FakeTime, reset: str, date: str, wait_s: list[float]
) -> None:
    gate.learn("", headers(X_RateLimit_Remaining="1", X_RateLimit_Reset=reset, Date=date))

    gate.acquire("")

    assert fake_time.slept == wait_s


def test_a_gate_stays_open_while_enough_is_left(gate: WindowGate, fake_time: FakeTime) -> None:
    gate.learn("", headers(X_RateLimit_Remaining="12", X_RateLimit_Reset="7"))

    gate.acquire("")

    assert fake_time.slept == []


@pytest.mark.parametrize(
    ("told", "wait_s"),
    [({"Retry_After": "3", "X_RateLimit_Reset": "7"}, 3.0), ({"X_RateLimit_Reset": "7"}, 7.0), ({}, None)],
)
def test_a_refusal_says_how_long_to_wait(gate: WindowGate, told: dict[str, str], wait_s: float | None) -> None:
    assert gate.refused("", Answer(429, headers(**told), b"")).retry_after_s == wait_s


def test_no_wait_is_endless(gate: WindowGate) -> None:
    assert gate.refused("", Answer(429, headers(Retry_After="86400"), b"")).retry_after_s == 120.0
