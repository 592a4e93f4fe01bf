"""Walking a list in the order of its changes, without a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.teamtailor.documents import Document, parse
from connectors.teamtailor.ordered import Anchor, Unordered, walk_changes
from sync.errors import BadAnswer

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
SIZE = 3
Rows = dict[str, datetime]


@dataclass
class Listing:
    """Ids and the moment of their last change. `after[n]` is done when n pages were given."""

    rows: Rows
    after: dict[int, Callable[[Rows], Any]] = field(default_factory=dict)
    asked: list[tuple[datetime | None, int]] = field(default_factory=list)
    sorts: bool = True

    def fetch(self, since: datetime | None, number: int) -> Document:
        self.asked.append((since, number))
        found = [(at, one) for one, at in self.rows.items() if since is None or at >= since]
        found = sorted(found) if self.sorts else found
        page = found[(number - 1) * SIZE : number * SIZE]
        rows = [{"id": one, "updated-at": at.isoformat()} for at, one in page]
        self.after.pop(len(self.asked), lambda rows: None)(self.rows)
        return Document(rows, (), len(found), last=number * SIZE >= len(found))


def minutes(*changed: float) -> Rows:
    """One row a minute given, named by its place."""
    return {f"r{place}": START + timedelta(minutes=at) for place, at in enumerate(changed)}


def walked(listing: Listing, token: str | None = None) -> list[str]:
    return [row["id"] for step in walk_changes(listing.fetch, None, token) for row in step.rows]


def test_each_row_comes_once_in_the_order_of_its_change() -> None:
    listing = Listing(minutes(5, 4, 3, 2, 1))

    assert walked(listing) == ["r4", "r3", "r2", "r1", "r0"]
    assert [number for _, number in listing.asked] == [1, 1]


@pytest.mark.parametrize("count", [3, 4, 10])
def test_rows_of_one_moment_are_walked_by_page_number(count: int) -> None:
    found = walked(Listing(minutes(*[1] * count, 2)))

    assert found == [f"r{place}" for place in range(count + 1)]


def test_a_deletion_among_rows_of_one_moment_hides_no_other() -> None:
    listing = Listing(minutes(*[1] * 10), {3: lambda rows: rows.pop("r0")})

    assert set(walked(listing)) >= {f"r{place}" for place in range(1, 10)}


def test_deletions_before_the_anchor_hide_nobody() -> None:
    listing = Listing(minutes(*range(9)), {1: lambda rows: [rows.pop(one) for one in ("r0", "r1", "r2")]})

    assert set(walked(listing)) == {f"r{place}" for place in range(9)}


def test_a_row_that_changes_comes_again_as_it_is_then() -> None:
    listing = Listing(minutes(*range(6)), {1: lambda rows: rows.update(r0=START + timedelta(hours=1))})

    assert walked(listing) == ["r0", "r1", "r2", "r3", "r4", "r5", "r0"]


def test_a_walk_goes_on_from_its_anchor() -> None:
    listing = Listing(minutes(*range(9)))
    first = next(walk_changes(listing.fetch, None, None))

    assert walked(listing, first.token) == [f"r{place}" for place in range(2, 9)]


def test_another_order_is_noticed() -> None:
    with pytest.raises(Unordered):
        walked(Listing(minutes(3, 1, 2), sorts=False))


def test_a_list_that_does_not_start_where_it_was_asked_to_is_noticed() -> None:
    page = Document([{"id": "1", "updated-at": START.isoformat()}], (), 9, last=False)

    with pytest.raises(Unordered):
        list(walk_changes(lambda since, number: page, START + timedelta(hours=1), None))


@pytest.mark.parametrize("token", ["x", "yesterday,1", ",x", "2026-11-24T08:00:00,1"])
def test_a_token_of_somebody_else_is_refused(token: str) -> None:
    with pytest.raises(BadAnswer):
        Anchor.of(token)


def test_a_row_without_an_id_is_told_and_the_others_are_read() -> None:
    body = {"data": [{"type": "users"}, {"id": "2", "type": "users", "attributes": {"name": "Noor"}}]}

    page = parse(body, ["name"], 1, 30)

    assert list(page.rows) == [{"id": "2", "updated-at": None, "name": "Noor"}]
    assert [(one.ref, one.field) for one in page.rejected] == [("row 0", "id")]


@pytest.mark.parametrize(
    ("body", "last"),
    [
        ({"links": {"first": "a", "next": "b"}}, False),
        ({"links": {"first": "a", "next": None}}, True),
        ({"links": {"first": "a"}}, True),
        ({"meta": {"page-count": 2}}, False),
        ({"meta": {"page-count": 1}}, True),
        ({}, True),
    ],
)
def test_the_last_page_is_known_by_links_or_count_or_size(body: dict[str, Any], last: bool) -> None:
    assert parse({"data": [{"id": "1"}], **body}, [], 1, 2).last is last
