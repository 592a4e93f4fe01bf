"""What webhooks named is read at once: by id, else by the stream's next increment; nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.protocols import Page, Record, StreamSpec, Window
from sync.core.cursor import Position
from sync.core.model import Candidate
from sync.errors import LeaseLost, NetworkFault, NotServed, ServerFault
from sync.stages.circuit import Circuit
from sync.stages.hints import pull_hinted
from sync.stages.intake_ats import AtsIntake
from sync.stages.pull import StreamOutcome
from sync.stages.run import Run
from sync.store import cursors, hints, lease
from sync.store.db import Mirror
from sync.store.hints import Hint
from sync.worker import Feed
from tests.new_mirror import primed
from tests.unit.core.make import POLICY

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@dataclass
class Ats:
    """An ATS with candidates by id. `by_id` False: it cannot be asked for single ones."""

    there: dict[str, str] = field(default_factory=dict)
    by_id: bool = True
    incremental: bool = True
    fails: Exception | None = None
    asked: list[Any] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None
    name: str = "ats"

    @property
    def streams(self) -> Sequence[StreamSpec]:
        return [StreamSpec("candidates", incremental=self.incremental)]

    def fetch_records(self, noun: str, ids: Sequence[str]) -> Mapping[str, Record]:
        if not self.by_id:
            raise NotServed("no")
        self.asked.append(sorted(ids))
        self.meanwhile()
        if self.fails:
            raise self.fails
        return {one: {"id": one, "last_name": self.there[one]} for one in ids if one in self.there}

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        self.asked.append(window)
        if self.fails:
            raise self.fails
        yield Page([{"id": one, "last_name": name} for one, name in self.there.items()], None)


def to_row(raw: Record) -> Candidate:
    return Candidate(remote_id=raw["id"], last_name=raw["last_name"])


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Mirror]:
    mirror = primed(tmp_path / "mirror.db")
    with mirror.write():
        cursors.save(mirror, "ats.candidates", Position(NOW - timedelta(hours=2), None, None, "1"))
    yield mirror
    mirror.close()


def name(db: Mirror, *ids: str, source: str = "ats") -> None:
    with db.write():
        hints.add(db, [Hint(source, "candidates", one, NOW) for one in ids], NOW)


def pull(db: Mirror, ats: Ats) -> list[StreamOutcome]:
    held = lease.acquire(db, name="run", token="t", host="h", pid=1, now=NOW, real_time=0.0, is_alive=lambda _: True)
    feed = Feed(ats, ats.streams[0], AtsIntake("ats", "candidates", to_row, version="1"))
    return list(pull_hinted(Run(db, held, "r", NOW, POLICY), [feed], Circuit({"ats": "1"}), 0.5))


def mirrored(db: Mirror) -> dict[str, str]:
    return dict(db.rows("SELECT remote_id, last_name FROM candidate WHERE deleted_at IS NULL"))


def test_named_records_are_read_by_id_and_those_that_are_gone_end(db: Mirror) -> None:
    ats = Ats({"1": "Bos", "2": "Vos", "3": "Das"})
    name(db, "1", "2")
    pull(db, ats)
    ats.there = {"1": "Bosch", "3": "Das"}
    name(db, "1", "2", "1", "99")

    [result] = pull(db, ats)

    assert ats.asked == [["1", "2"], ["1", "2", "99"]]
    assert (mirrored(db), hints.waiting(db)) == ({"1": "Bosch"}, {})
    assert (result.counts.fetched, result.counts.stored, result.counts.deleted) == (1, 1, 1)


def test_where_ids_cannot_be_asked_for_the_next_increment_is_read(db: Mirror) -> None:
    ats = Ats({"1": "Bos", "2": "Vos"}, by_id=False)
    name(db, "1")

    pull(db, ats)

    assert [one.since for one in ats.asked] == [NOW - timedelta(hours=2)]
    assert (mirrored(db), hints.waiting(db)) == ({"1": "Bos", "2": "Vos"}, {})


def test_a_flood_is_one_increment(db: Mirror) -> None:
    ats = Ats({"1": "Bos"})
    name(db, *map(str, range(hints.MOST + 1)))

    pull(db, ats)

    assert [type(one) for one in ats.asked] == [Window]
    assert hints.waiting(db) == {}


def test_a_stream_that_can_only_be_read_whole_waits_for_its_own_turn(db: Mirror) -> None:
    ats = Ats({"1": "Bos"}, by_id=False, incremental=False)
    name(db, "1")

    assert (pull(db, ats), ats.asked, hints.waiting(db)) == ([], [], {})


@pytest.mark.parametrize("by_id", [True, False])
@pytest.mark.parametrize("error", [ServerFault("500"), NetworkFault("lost")])
def test_hints_of_a_vendor_that_does_not_answer_wait(db: Mirror, by_id: bool, error: Exception) -> None:
    ats = Ats({"1": "Bos"}, by_id=by_id, fails=error)
    name(db, "1")

    [result] = pull(db, ats)

    assert result.cause is error
    assert hints.waiting(db) == {("ats", "candidates"): {"1": 1}}


def test_a_record_that_is_named_again_while_it_is_read_is_read_again(db: Mirror) -> None:
    ats = Ats({"1": "Bos", "2": "Vos"})
    ats.meanwhile = lambda: name(db, "1")
    name(db, "1", "2")

    pull(db, ats)

    assert hints.waiting(db) == {("ats", "candidates"): {"1": 2}}


def test_hints_of_a_source_that_was_taken_out_of_the_settings_are_dropped(db: Mirror) -> None:
    name(db, "1", source="gone")

    assert (pull(db, Ats()), hints.waiting(db)) == ([], {})


def test_nothing_is_asked_or_written_while_nothing_was_named(db: Mirror) -> None:
    ats = Ats()

    assert (pull(db, ats), ats.asked) == ([], [])


def test_a_worker_that_lost_its_lease_stores_nothing_and_keeps_the_hints(db: Mirror) -> None:
    def take_lease() -> None:
        with db.write():
            db.change("UPDATE lease SET token = 'another'")

    ats = Ats({"1": "Bos"}, meanwhile=take_lease)
    name(db, "1")

    with pytest.raises(LeaseLost):
        pull(db, ats)

    assert (mirrored(db), hints.waiting(db)) == ({}, {("ats", "candidates"): {"1": 1}})
