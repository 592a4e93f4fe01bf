"""Windows larger than HubSpot's search shows, windows that change while they are read, and servers that lose records,
against a portal made of one dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.hubspot.source import PageReader
from connectors.hubspot.streams import declared_streams
from connectors.protocols import Page, StreamSpec, Window
from mappings.hubspot import ContactMapper
from sync.core.cursor import Position
from sync.errors import BadAnswer
from sync.stages.intake_crm import ContactIntake
from sync.stages.pull import StreamOutcome, pull_stream
from sync.stages.run import Run
from sync.store import cursors, lease
from sync.store.db import Mirror, open_mirror
from tests.unit.core.make import POLICY

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MONTH_END = NOW - timedelta(hours=1)
WALL = 10_000
STREAM = "hubspot.contacts"


@dataclass
class Portal:
    """HubSpot's search and list over contacts: id → when modified. Stands where the connector has its bridge.

    `order`: how search sorts ids; `before`: called before each answer; `lost`: never shown, and counted.
    """

    modified: dict[int, datetime] = field(default_factory=dict)
    order: Callable[[int], Any] = int
    before: Callable[[], None] = lambda: None
    lost: set[int] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)

    # the endpoints the reader names
    search = objects = owners = property(lambda self: self)
    do_search, get_page = "search", "list"

    def call(self, method: str, noun: str, *, body: Any = None, **query: Any) -> dict[str, Any]:
        assert noun == "contacts"
        self.before()
        self.calls.append(method)
        return self._search(body) if method == "search" else self._list(**query)

    def _search(self, body: Mapping[str, Any]) -> dict[str, Any]:
        [group] = body["filterGroups"]
        bounds = {(one["propertyName"], one["operator"]): int(one["value"]) for one in group["filters"]}
        since, until = (_moment(bounds["lastmodifieddate", operator]) for operator in ("GTE", "LT"))
        floor = bounds.get(("hs_object_id", "GT"), 0)
        ids = [one for one, at in self.modified.items() if one > floor and since <= at < until]
        found, offset, limit = sorted(ids, key=self.order), int(body.get("after", 0)), body["limit"]
        assert offset + limit <= WALL, "HubSpot refuses to page past its wall"
        shown = [one for one in found if one not in self.lost][offset : offset + limit]
        answer: dict[str, Any] = {"total": len(found), "results": [self._shown(one) for one in shown]}
        if offset + limit < len(found):
            answer["paging"] = {"next": {"after": str(offset + limit)}}
        return answer

    def _list(self, limit: int, after: str | None = None, **_: Any) -> dict[str, Any]:
        ids = sorted(one for one in self.modified if one >= int(after or 0))
        answer: dict[str, Any] = {"results": [self._shown(one) for one in ids[:limit]]}
        if ids[limit:]:
            answer["paging"] = {"next": {"after": str(ids[limit])}}
        return answer

    def _shown(self, one: int) -> dict[str, Any]:
        return {
            "id": str(one),
            "properties": {"email": f"c{one}@example.org"},
            "updatedAt": self.modified[one].isoformat(),
        }


@dataclass
class Source:
    """The connector's reader as a source."""

    portal: Portal
    name: str = "hubspot"

    @property
    def streams(self) -> Sequence[StreamSpec]:
        return declared_streams(20)

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        return PageReader(self.portal, {"contacts": ("email",)}).fetch_pages(noun, window, token)  # type: ignore[arg-type]


def _moment(epoch_ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=epoch_ms)


Pull = Callable[[datetime], StreamOutcome]


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Mirror]:
    mirror = open_mirror(tmp_path / "mirror.db")
    mirror.rows("PRAGMA synchronous = OFF")
    yield mirror
    mirror.close()


@pytest.fixture
def pull(portal: Portal, db: Mirror) -> Pull:
    """A pull of the contacts at a moment; the stream was read to its end two hours before NOW."""
    held = lease.acquire(db, name="run", token="t", host="h", pid=1, now=NOW, real_time=0.0, is_alive=lambda _: True)
    intake = ContactIntake(ContactMapper("off"), version="1")
    spec = next(spec for spec in declared_streams(20) if spec.noun == "contacts")
    with db.write():
        cursors.save(db, STREAM, Position(NOW - timedelta(hours=2), None, None, "1"))

    def run(now: datetime) -> StreamOutcome:
        return pull_stream(Run(db, held, "r", now, POLICY), Source(portal), spec, intake)

    return run


def mirrored(db: Mirror) -> list[int]:
    return sorted(int(row[0]) for row in db.rows("SELECT remote_id FROM contact WHERE deleted_at IS NULL"))


def test_25_000_contacts_of_one_moment_are_read_once_each_and_the_window_ends(
    portal: Portal, db: Mirror, pull: Pull
) -> None:
    portal.modified = dict.fromkeys(range(1, 25_001), MONTH_END)

    outcome = pull(NOW)

    assert (outcome.error, outcome.gaps, len(portal.calls)) == ("", [], 125)
    assert (outcome.counts.fetched, outcome.counts.stored, outcome.counts.duplicate) == (25_000, 25_000, 0)
    assert cursors.load(db, STREAM) == Position(NOW, None, None, "1")


def test_contacts_that_change_while_a_window_is_read_come_in_it_or_in_the_next(
    portal: Portal, db: Mirror, pull: Pull
) -> None:
    portal.modified = dict.fromkeys(range(1, 1_001), MONTH_END)

    def somebody_changes() -> None:
        portal.modified |= {900 - len(portal.calls): NOW, 50 + len(portal.calls): NOW, 2_000 + len(portal.calls): NOW}

    portal.before = somebody_changes
    first = pull(NOW)
    portal.before = lambda: None
    second = pull(NOW + timedelta(minutes=15))

    assert (first.error, first.gaps, second.error, second.gaps) == ("", [], "", [])
    assert mirrored(db) == sorted(portal.modified)


def test_a_window_that_comes_short_is_named_and_the_cursor_stays(portal: Portal, db: Mirror, pull: Pull) -> None:
    portal.modified = dict.fromkeys(range(1, 1_261), MONTH_END)
    portal.order = str  # a server that sorts numbers as text: the walk by id cannot see what lies below

    short = pull(NOW)
    came = len(mirrored(db))
    portal.order = int
    mended = pull(NOW + timedelta(minutes=15))

    assert short.gaps == [f"{STREAM}: {came:,} of 1,260 records of the window came; the next run reads it again"]
    assert came < 1_260
    assert (mended.gaps, mirrored(db)) == ([], sorted(portal.modified))
    assert cursors.load(db, STREAM) == Position(NOW + timedelta(minutes=15), None, None, "1")


def test_after_three_windows_that_come_short_everything_is_read(portal: Portal, db: Mirror, pull: Pull) -> None:
    portal.modified = dict.fromkeys(range(1, 1_261), MONTH_END)
    portal.order = str
    tries = [bool(pull(NOW + timedelta(minutes=minute)).gaps) for minute in range(3)]
    portal.calls.clear()

    outcome = pull(NOW + timedelta(minutes=15))

    assert tries == [True, True, True]
    assert (outcome.gaps, outcome.whole, set(portal.calls)) == ([], True, {"list"})
    assert mirrored(db) == sorted(portal.modified)


def test_records_that_are_counted_and_never_given_are_an_error_and_not_a_loop(portal: Portal, pull: Pull) -> None:
    portal.modified = dict.fromkeys(range(1, 501), MONTH_END)
    portal.lost = set(range(450, 501))

    outcome = pull(NOW)

    assert "counts 51 records and gives none" in outcome.error


def test_a_list_that_names_ever_new_pages_of_the_same_records_is_an_error_and_not_a_loop(portal: Portal) -> None:
    portal.modified = dict.fromkeys(range(1, 51), MONTH_END)
    page = portal._list(100)
    answers = iter(range(1_000_000))
    portal._list = lambda **_: {**page, "paging": {"next": {"after": f"t{next(answers)}"}}}  # type: ignore[method-assign]

    with pytest.raises(BadAnswer, match="same page twice"):
        list(Source(portal).fetch_pages("contacts", Window(None, NOW), None))

    assert len(portal.calls) == 2
