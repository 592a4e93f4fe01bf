"""The audit: added to, never changed, and nobody's once the person is gone."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest

from sync.core.model import Band, Decision, RecordRef, Refusal, Score, TouchDay
from sync.store import audit, conflicts, links, scores, touches
from sync.store.db import Mirror
from sync.store.decisions import save_decisions
from sync.store.scores import Scored
from sync.store.times import to_text

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TODAY = date(2026, 11, 24)


def person(db: Mirror, *days: str) -> int:
    """Somebody with a visit on each of these days."""
    ref = RecordRef("hubspot", f"{501 + len(db.rows('SELECT 1 FROM person'))}")
    with db.write():
        (person_id,) = links.ensure_people(db, [ref], NOW).values()
        touches.add_touch_days(db, [(ref, TouchDay("site_visit", date.fromisoformat(day))) for day in days])
    return person_id


def computed(db: Mirror, person_id: int, value: int, band: Band, *, rules: str = "r1", now: datetime = NOW) -> None:
    with db.write():
        scored = Scored(Score(value, value / 10, band, ()))
        scores.save_scores(db, {person_id: scored}, rules_version=rules, today=TODAY, now=now)


def decided(db: Mirror, person_id: int, *those: Decision) -> None:
    with db.write():
        save_decisions(db, {person_id: those}, NOW)


def told(db: Mirror, person_id: int) -> list[tuple[object, ...]]:
    return [(one.event, one.score, one.band, one.play, one.outcome) for one in audit.lines_of(db, [person_id])]


def test_a_score_leaves_a_line_where_its_band_or_its_rules_are_other(db: Mirror) -> None:
    someone = person(db, "2026-11-20")

    computed(db, someone, 40, Band.WARM)
    computed(db, someone, 38, Band.WARM)
    computed(db, someone, 30, Band.COOL)
    computed(db, someone, 30, Band.COOL, rules="r2")

    lines = audit.lines_of(db, [someone])
    assert [(one.score, one.band, one.rules) for one in lines] == [
        (40, "warm", "r1"),
        (30, "cool", "r1"),
        (30, "cool", "r2"),
    ]
    assert {one.actor for one in lines} == {"warmline"}


def test_the_hash_of_what_went_in_depends_on_the_touch_days_alone(db: Mirror) -> None:
    first, same, other = person(db, "2026-11-20", "2026-11-01"), person(db, "2026-11-01", "2026-11-20"), person(db)

    for one in (first, same, other):
        computed(db, one, 40, Band.WARM)

    inputs = {one: audit.lines_of(db, [one])[0].inputs for one in (first, same, other)}
    assert inputs[first] == inputs[same] != inputs[other]
    assert len({audit.lines_of(db, [one])[0].subject for one in inputs}) == 3


def test_a_decision_leaves_a_line_when_it_is_new_another_or_over(db: Mirror) -> None:
    someone = person(db)
    computed(db, someone, 62, Band.HOT)
    wish = Decision("fan", "2026-11-24", True, ground="application")

    decided(db, someone, wish)
    decided(db, someone, wish)
    decided(db, someone, Decision("fan", "2026-11-24", True, refused=Refusal.OPEN_TASK))
    decided(db, someone)

    assert told(db, someone)[1:] == [
        ("decision", 62, "hot", "fan", "wanted"),
        ("decision", 62, "hot", "fan", Refusal.OPEN_TASK.value),
        ("decision", 62, "hot", "fan", "ended"),
    ]


def test_no_line_names_a_record_or_a_person(db: Mirror) -> None:
    someone = person(db)
    computed(db, someone, 62, Band.HOT)
    decided(db, someone, Decision("fan", "a-4711", True, ground="application", owner_id="7"))

    kept = repr(db.rows("SELECT * FROM audit"))

    assert "501" not in kept and "a-4711" not in kept and f"'{someone}'" not in kept


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET band = 'cold'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit (id, subject, at, event, actor) VALUES (1, 's', '2026', 'score', 'nobody')",
    ],
)
def test_a_line_can_be_neither_changed_nor_deleted(db: Mirror, sql: str) -> None:
    someone = person(db)
    computed(db, someone, 62, Band.HOT)
    before = db.rows("SELECT * FROM audit")

    with pytest.raises(sqlite3.IntegrityError, match="a line of the audit"), db.write():
        db.change(sql)

    assert db.rows("SELECT * FROM audit") == before


def test_lines_past_the_setting_go_and_those_of_half_a_year_stay_whatever_is_set(db: Mirror) -> None:
    someone = person(db)
    for days, band in ((400, Band.WARM), (200, Band.COOL), (182, Band.WARM), (0, Band.COOL)):
        computed(db, someone, 30, band, now=NOW - timedelta(days=days))

    with db.write():
        dropped = audit.forget_before(db, NOW - timedelta(days=365))
    with pytest.raises(sqlite3.IntegrityError), db.write():
        audit.forget_before(db, NOW - timedelta(days=30))

    assert (dropped, len(audit.lines_of(db, [someone]))) == (1, 3)


def test_who_is_deleted_leaves_lines_that_are_nobodys(db: Mirror) -> None:
    someone = person(db)
    computed(db, someone, 62, Band.HOT)

    with db.write():
        db.change("DELETE FROM person_link WHERE person_id = ?", (someone,))
        db.change("DELETE FROM person WHERE id = ?", (someone,))

    assert audit.lines_of(db, [someone]) == []
    assert db.rows("SELECT person_id FROM audit_subject") == []
    assert [one.band for one in audit.lines_since(db, NOW)] == ["hot"]


def test_who_joins_another_person_takes_the_lines_along(db: Mirror) -> None:
    one, other = person(db), person(db)
    computed(db, one, 62, Band.HOT)
    computed(db, other, 20, Band.COOL)

    with db.write():
        (ref,) = [ref for ref, _ in links.records_of(db, [one])[one]]
        links.set_link(db, ref, other, "email_first_name", {}, 1, NOW)
        links.absorb(db, one, other)

    assert [line.band for line in audit.lines_of(db, [other])] == ["hot", "cool"]


def test_what_people_rule_on_is_told_of_the_person_it_is_about(db: Mirror) -> None:
    someone = person(db)
    computed(db, someone, 20, Band.COOL)
    candidate = RecordRef("ats", "c1")
    with db.write():
        links.set_link(db, candidate, someone, "email_first_name", {}, 1, NOW)
        links.replace_reviews(db, [candidate], ["501"], [links.Review(candidate, "501", "phone_name")], NOW)
        row = ("contact", "501", "warmline_score", "20", "31", to_text(NOW))
        db.change("INSERT INTO conflict (object, object_id, property, ours, theirs, at) VALUES (?, ?, ?, ?, ?, ?)", row)

    with db.write():
        links.rule_review(db, candidate, "501", "refused", "kim", NOW)
        conflicts.rule(db, "contact", [("501", "warmline_score")], conflicts.Ruling.THEIRS, NOW)

    lines = audit.lines_of(db, [someone])[1:]
    assert [(one.event, one.actor, one.outcome) for one in lines] == [
        ("review", "person", "refused"),
        ("ruling", "person", "theirs warmline_score"),
    ]
    assert "kim" not in repr(db.rows("SELECT * FROM audit"))
