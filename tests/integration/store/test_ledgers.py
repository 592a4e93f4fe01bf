"""Cursors, work, baselines, conflicts, runs and settings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sync.core.cursor import Position
from sync.store import baselines, conflicts, cursors, reads, runs, times, work
from sync.store.conflicts import Conflict, StoredConflict
from sync.store.db import Mirror
from sync.store.runs import Run, StreamCounts
from tests.integration.store import mirror
from tests.integration.store.values import EARLIER, LATER, NOW, contact_ref, ref


def test_a_position_comes_back_as_it_went_in(db: Mirror) -> None:
    first, second = Position(None, NOW, "page2", "v1"), Position(NOW, None, None, "v2")
    with db.write():
        cursors.save(db, "acme.candidates", first)
        seen = cursors.load(db, "acme.candidates")
        cursors.save(db, "acme.candidates", second)

    assert (seen, cursors.load(db, "acme.candidates"), cursors.load(db, "other")) == (first, second, None)


def test_work_keeps_its_earliest_moment_until_it_is_finished(db: Mirror) -> None:
    with db.write():
        work.enqueue(db, "reconcile", [ref("c1"), contact_ref("1"), contact_ref("2")], NOW)
        work.enqueue(db, "reconcile", [ref("c1")], EARLIER)
        work.enqueue(db, "reconcile", [contact_ref("1")], LATER)
        work.enqueue(db, "reconcile", [contact_ref("3")], LATER)
        due = work.take_due(db, "reconcile", NOW, 2)
        work.finish(db, "reconcile", due)

    assert due == [ref("c1"), contact_ref("1")]
    assert (work.count_due(db, "reconcile", NOW), work.count_due(db, "reconcile", LATER)) == (1, 2)
    assert reads.backlog(db, LATER) == {"reconcile": 2}


def test_people_are_finished_for_now_or_for_good(db: Mirror) -> None:
    with db.write():
        work.enqueue_people(db, "score", [1, 2, 10], NOW)
        due = work.due_people(db, "score", NOW, 10)
        work.finish_people(db, "score", due, {2: LATER})

    assert (sorted(due), work.due_people(db, "score", NOW, 10)) == ([1, 2, 10], [])
    assert work.due_among(db, "score", [1, 2]) == {2: LATER}


def test_a_baseline_is_kept_per_property(db: Mirror) -> None:
    with db.write():
        baselines.save(db, "contact", {"1": {"a": "x", "b": "y"}}, NOW)
        baselines.save(db, "contact", {"1": {"a": "z"}, "2": {"a": ""}}, NOW)
        baselines.save(db, "task", {"1": {"a": "task"}}, NOW)

    assert baselines.load(db, "contact", ["1", "2", "3"]) == {"1": {"a": "z", "b": "y"}, "2": {"a": ""}}


def test_a_conflict_stands_since_it_was_first_seen_until_cleared(db: Mirror) -> None:
    with db.write():
        conflicts.save(db, "contact", [Conflict("1", "a", "70", "60"), Conflict("1", "b", "x", "y")], NOW)
        conflicts.save(db, "contact", [Conflict("1", "a", "75", "60")], LATER)
        conflicts.clear(db, "contact", [("1", "b")])

    standing = [StoredConflict("contact", Conflict("1", "a", "75", "60"), NOW)]
    assert (conflicts.load(db), conflicts.load(db, "contact", ["1"]), conflicts.load(db, "task")) == (
        standing,
        standing,
        [],
    )


def test_a_run_and_its_streams_are_kept(db: Mirror) -> None:
    counts = StreamCounts(10, 4, 3, 1, 1, 1, 2)
    with db.write():
        runs.start_run(db, "r1", "sync", EARLIER)
        runs.save_stream(db, "r1", "hubspot.contacts", StreamCounts(1))
        runs.save_stream(db, "r1", "hubspot.contacts", counts, "rate limited")
        runs.finish_run(db, "r1", complete=True, reason="", report={"run_id": "r1"}, now=NOW)
        runs.start_run(db, "r2", "plan", NOW)

    first = Run("r1", "sync", EARLIER, NOW, True, "", {"run_id": "r1"})
    second = Run("r2", "plan", NOW, None, None, "", {})
    asked = [
        runs.last_run(db, None),
        runs.last_run(db, True),
        runs.last_run(db, False),
        runs.last_run(db, command="sync"),
    ]
    assert asked == [second, first, None, first]
    assert runs.list_streams(db, "r1") == {"hubspot.contacts": (counts, "rate limited")}


def test_a_setting_is_kept(db: Mirror) -> None:
    with db.write():
        runs.set_setting(db, "portal_id", "1")
        runs.set_setting(db, "portal_id", "2")

    assert (runs.setting(db, "portal_id"), runs.setting(db, "other")) == ("2", None)


def test_quarantine_is_counted_by_stream(db: Mirror) -> None:
    with db.write():
        mirror.quarantine(db, "a.jobs", [("1", "f", "r"), ("2", "f", "r")], NOW)

    assert reads.quarantine_counts(db) == {"a.jobs": 2}


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05.000Z"),
        (datetime(2026, 1, 2, 3, 4, 5, 999_999, tzinfo=UTC), "2026-01-02T03:04:05.999Z"),  # cut, not rounded
        (datetime(2026, 1, 2, 1, 0, tzinfo=timezone(timedelta(hours=2))), "2026-01-01T23:00:00.000Z"),
        (datetime(988, 1, 2, tzinfo=UTC), "0988-01-02T00:00:00.000Z"),
    ],
)
def test_a_moment_is_fixed_width_utc_text(moment: datetime, text: str) -> None:
    assert times.to_text(moment) == text
    assert times.to_moment(text) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        times.to_text(datetime(2026, 1, 1))  # noqa: DTZ001
