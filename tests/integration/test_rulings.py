"""Whose value stands: who made a hand edit, what `conflicts --take` does, and how a conflict ends by itself."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.store import Source, human
from sync.bootstrap import open_view
from sync.reports.mending import conflict_list, conflict_report
from sync.store.conflicts import Ruling
from sync.store.rulings import take
from tests.integration.conftest import Stage
from tests.integration.test_hand_edits import cool_person, warm_up


def told(stage: Stage) -> list[dict[str, Any]]:
    """`conflicts --json`, decided ones too."""
    with open_view(stage.app()) as view:
        return [conflict_report(one) for one in conflict_list(view.db)]


def rule(stage: Stage, ruling: Ruling, contact: str, name: str | None = None) -> None:
    """`conflicts --take`."""
    app = stage.app()
    db = app.open_mirror()
    with db.write():
        take(db, conflict_list(db, contact, name), ruling, app.clock.now())
    db.close()


def contested(stage: Stage, name: str = "warmline_why", value: str = "eigen woorden") -> str:
    """Somebody of whom a recruiter changed a property that warmline then wanted to write."""
    jan = cool_person(stage)
    stage.portal.edit("contacts", jan, {name: value}, 9002)
    warm_up(stage, jan)
    stage.sync()
    assert [one["state"] for one in told(stage)] == ["open"]
    return jan


def test_a_conflict_says_who_set_the_value_and_when(stage: Stage) -> None:
    jan = cool_person(stage)
    stage.later(minutes=3)
    stage.portal.edit("contacts", jan, {"warmline_score": "99"}, 9002)
    warm_up(stage, jan)
    stage.sync()

    [conflict] = told(stage)
    person = stage.explain(jan)["person"]["id"]
    assert conflict == {
        "contact_id": jan,
        "person_id": person,
        "property": "warmline_score",
        "ours": "47",
        "theirs": "99",
        "source": "CRM_UI",
        "user_id": "9002",
        "since": "2026-11-23T08:03:00.000Z",
        "at": "2026-11-23T08:13:00.000Z",
        "state": "open",
        "taken_at": None,
        "next": "nothing is written until it is decided, emptied or made equal",
    }
    assert stage.explain(jan)["conflicts"] == [conflict]


def test_an_import_has_a_source_and_no_user(stage: Stage) -> None:
    jan = cool_person(stage)
    record = stage.portal.record("contacts", jan)
    stage.portal.stores["contacts"].change(record, {"warmline_score": "99"}, Source("IMPORT", "12"))
    warm_up(stage, jan)
    stage.sync()

    assert [(one["source"], one["user_id"]) for one in told(stage)] == [("IMPORT", None)]


def test_without_a_history_the_conflict_stands_and_who_is_unknown(stage: Stage) -> None:
    jan = cool_person(stage)
    stage.portal.edit("contacts", jan, {"warmline_score": "99"}, 9002)
    record = stage.portal.record("contacts", jan)
    record.history["warmline_score"] = []
    warm_up(stage, jan)
    report = stage.sync()

    assert report["complete"]
    assert [(one["theirs"], one["source"], one["user_id"], one["since"]) for one in told(stage)] == [
        ("99", None, None, None)
    ]


def test_taking_ours_writes_our_value_at_the_next_sync_and_ends_the_conflict(stage: Stage) -> None:
    jan = contested(stage, "warmline_score", "99")
    rule(stage, Ruling.OURS, jan)
    waiting = told(stage)
    stage.writes()
    report = stage.sync()

    assert [(one["state"], one["next"]) for one in waiting] == [
        ("ours", "the next sync writes warmline's value over it")
    ]
    assert report["complete"] and stage.writes() == 1
    assert stage.properties(jan)["warmline_score"] == "47"
    assert told(stage) == []
    stage.later(days=1)
    stage.sync()
    assert stage.writes() == 0


def test_taking_ours_does_not_overwrite_what_somebody_wrote_since(stage: Stage) -> None:
    jan = contested(stage, "warmline_score", "99")
    rule(stage, Ruling.OURS, jan)
    stage.portal.edit("contacts", jan, {"warmline_score": "88"}, 9001)
    stage.later(minutes=10)
    stage.sync()

    assert stage.properties(jan)["warmline_score"] == "88"
    assert [(one["theirs"], one["user_id"], one["state"]) for one in told(stage)] == [("88", "9001", "open")]


def test_taking_ours_just_before_the_write_still_compares(stage: Stage) -> None:
    jan = contested(stage, "warmline_score", "99")
    rule(stage, Ruling.OURS, jan)
    stage.sync(writes=False, share=1.0)  # planned; the edit below comes after the pull of the run that writes
    record = stage.portal.record("contacts", jan)
    stamp = record.updated_at
    stage.portal.stores["contacts"].change(record, {"warmline_score": "88"}, human(9001))
    record.updated_at = stamp
    stage.sync()

    assert stage.properties(jan)["warmline_score"] == "88"
    assert [(one["theirs"], one["state"]) for one in told(stage)] == [("88", "open")]


def test_taking_theirs_leaves_the_property_to_people(stage: Stage) -> None:
    jan = contested(stage, "warmline_band", "hot")
    rule(stage, Ruling.THEIRS, jan)
    stage.portal.reply(jan)
    stage.later(days=1)
    stage.sync()
    stage.portal.edit("contacts", jan, {"warmline_band": "cold"}, 9001)
    stage.portal.reply(jan)
    stage.later(days=1)
    stage.sync()

    assert stage.properties(jan)["warmline_band"] == "cold"
    assert [(one["state"], one["theirs"]) for one in told(stage)] == [("theirs", "cold")]
    assert stage.properties(jan)["warmline_score"] != "47"  # the others are written as ever


def test_theirs_stays_theirs_when_the_values_happen_to_agree(stage: Stage) -> None:
    jan = contested(stage, "warmline_band", "hot")
    rule(stage, Ruling.THEIRS, jan)
    band = stage.explain(jan)["band"]
    stage.portal.edit("contacts", jan, {"warmline_band": band}, 9001)
    stage.later(days=60)
    stage.sync()

    assert (band, stage.explain(jan)["band"]) == ("warm", "cool")
    assert stage.properties(jan)["warmline_band"] == "warm"


@pytest.mark.parametrize("ruling", [None, Ruling.THEIRS])
def test_emptying_the_property_hands_it_back_at_once(stage: Stage, ruling: Ruling | None) -> None:
    jan = contested(stage)
    if ruling:
        rule(stage, ruling, jan)
    stage.later(minutes=30)
    stage.portal.edit("contacts", jan, {"warmline_why": ""}, 9002)
    stage.later(minutes=10)
    stage.sync()

    assert stage.properties(jan)["warmline_why"].startswith("Formulier ingevuld 22 nov")
    assert told(stage) == []


def test_making_the_values_equal_ends_the_conflict_without_a_write(stage: Stage) -> None:
    jan = contested(stage, "warmline_score", "99")
    stage.later(minutes=30)
    stage.portal.edit("contacts", jan, {"warmline_score": "47"}, 9002)
    stage.later(minutes=10)
    stage.writes()
    stage.sync()

    assert (told(stage), stage.writes()) == ([], 0)


def test_another_value_is_told_with_its_author(stage: Stage) -> None:
    jan = contested(stage, "warmline_score", "99")
    stage.later(minutes=30)
    stage.portal.edit("contacts", jan, {"warmline_score": "12"}, 9001)
    stage.later(minutes=10)
    stage.sync()

    assert [(one["theirs"], one["user_id"]) for one in told(stage)] == [("12", "9001")]


def test_a_conflict_that_stands_costs_no_read_and_no_write(stage: Stage) -> None:
    jan = cool_person(stage)
    stage.later(minutes=30)
    stage.sync()
    without = requests_of_a_quiet_run(stage)
    stage.portal.edit("contacts", jan, {"warmline_score": "99"}, 9002)
    warm_up(stage, jan)
    stage.sync()
    stage.later(minutes=30)
    stage.sync()  # sees the contact change once more: what warmline wrote beside the conflict

    assert [requests_of_a_quiet_run(stage) for _ in range(3)] == [without] * 3
    assert [one["state"] for one in told(stage)] == ["open"]


def requests_of_a_quiet_run(stage: Stage) -> tuple[int, int]:
    """All requests and the writes among them."""
    stage.later(minutes=30)
    stage.portal.stats.__init__()  # type: ignore[misc]
    stage.sync()
    return stage.portal.stats.total, stage.portal.stats.writes


def test_a_candidate_id_of_somebody_else_is_not_asked_about_every_day(stage: Stage) -> None:
    jan = cool_person(stage)
    stage.portal.edit("contacts", jan, {"warmline_candidate_id": "ats:c999"}, 9002)
    stage.mirror.unlink()
    stage.later(minutes=10)
    stage.sync()
    [conflict] = told(stage)
    stage.later(days=1)
    stage.sync()
    planned = stage.tables("outbox")
    stage.later(days=1)
    stage.sync()

    assert conflict["property"] == "warmline_candidate_id"
    assert stage.tables("outbox") == planned
    rule(stage, Ruling.OURS, jan)
    stage.sync()
    assert stage.properties(jan)["warmline_candidate_id"] == "ats:c1"


def test_the_conflicts_of_a_contact_that_is_gone_end(stage: Stage) -> None:
    jan = contested(stage)
    rule(stage, Ruling.OURS, jan)
    stage.portal.archive("contacts", jan)
    stage.sync()  # about to write, it finds the contact gone
    stage.later(minutes=30)
    stage.sync()

    assert told(stage) == []


def test_an_edit_is_dated_by_hubspot_and_not_by_the_run(stage: Stage) -> None:
    jan = cool_person(stage)
    stage.later(minutes=5)
    stage.portal.edit("contacts", jan, {"warmline_why": "eigen woorden"}, 9002)
    stage.later(days=3)
    warm_up(stage, jan)
    stage.sync()

    [conflict] = told(stage)
    assert (conflict["since"], conflict["at"]) == ("2026-11-23T08:05:00.000Z", "2026-11-26T08:15:00.000Z")
