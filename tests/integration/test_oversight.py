"""What people do stands in the audit, old traces go, and a sudden move of the bands is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from sync.bootstrap import drift_of, examine, open_view
from sync.store import audit
from sync.store.db import open_mirror
from tests.integration.at_rest import reading
from tests.integration.conftest import Stage, applied


@pytest.fixture
def fan(stage: Stage) -> tuple[Stage, str]:
    """Somebody who has a call task."""
    stage.set(CONTACT__CALL_GROUNDS="legitimate_interest", CONTACT__TRACKING_CONSENT="portal")
    contact = stage.person(1, "Roos", "Duinzicht")
    stage.fan_signs(contact)
    stage.sync()
    assert len(stage.tasks(contact)) == 1
    return stage, contact


def told(stage: Stage, event: str) -> list[tuple[Any, ...]]:
    with reading(stage.mirror) as db:
        lines = audit.lines_since(db, stage.now - timedelta(days=900))
    return [(one.actor, one.play, one.outcome) for one in lines if one.event == event]


def held(stage: Stage, sql: str) -> list[tuple[Any, ...]]:
    with reading(stage.mirror) as db:
        return db.rows(sql)


def test_a_task_leaves_a_line_when_it_is_made_and_when_a_person_ends_it(fan: tuple[Stage, str]) -> None:
    stage, contact = fan
    (task,) = stage.tasks(contact)

    stage.later(hours=1)
    stage.portal.complete_task(task.id)
    stage.later(minutes=30)
    stage.sync()

    owner = task.properties["hubspot_owner_id"]
    assert told(stage, "task") == [("warmline", "fan", "create_task"), (f"owner:{owner}", "fan", "completed")]


def test_what_warmline_ends_itself_is_told_once_and_as_its_own(fan: tuple[Stage, str]) -> None:
    stage, contact = fan

    stage.later(hours=1)
    stage.portal.edit("contacts", contact, {"warmline_do_not_call": "true"})
    stage.later(minutes=30)
    stage.sync()
    stage.later(hours=1)
    stage.sync()

    assert told(stage, "task") == [("warmline", "fan", "create_task"), ("warmline", "fan", "archive_task")]
    assert ("warmline", "fan", "do_not_call") in told(stage, "decision")


def test_the_rules_behind_a_line_are_kept_in_full(fan: tuple[Stage, str]) -> None:
    stage, _ = fan

    with reading(stage.mirror) as db:
        (line,) = [one for one in audit.lines_since(db, stage.now) if one.event == "score"]
        _, rules = audit.rules_used(db)[line.rules or ""]

    assert isinstance(rules, dict) and rules["kinds"]["form"]["weight"] == 1.0


def test_a_run_without_news_adds_no_line(fan: tuple[Stage, str]) -> None:
    stage, _ = fan
    stage.sync()
    before = held(stage, "SELECT count(*) FROM audit")

    stage.sync()

    assert held(stage, "SELECT count(*) FROM audit") == before


def test_touches_past_six_half_lives_go_at_night_and_the_rest_stays(fan: tuple[Stage, str]) -> None:
    stage, contact = fan
    old = {"site_visit": (180, 181), "form": (360, 361), "event_attended": (540, 541)}
    db = open_mirror(stage.mirror)
    with db.write():
        for kind, ages in old.items():
            rows = [(contact, kind, (stage.now.date() - timedelta(days=age)).isoformat()) for age in ages]
            db.change_many(
                "INSERT INTO touch_day (source, remote_id, kind, day, count) VALUES ('hubspot', ?, ?, ?, 1)", rows
            )
    db.close()

    stage.sync(full=True)

    asked = "SELECT kind, day FROM touch_day WHERE day < '2026-06-01' ORDER BY kind"
    kept = [(kind, (stage.now.date() - date.fromisoformat(day)).days) for kind, day in held(stage, asked)]
    assert kept == [("event_attended", 540), ("form", 360), ("site_visit", 180)]


def test_who_applied_long_ago_stays_cold_and_does_not_become_unscored(stage: Stage) -> None:
    stage.person(1, "Roos", "Duinzicht")
    stage.drop("jobs", {"id": "j1", "name": "Verpleegkundige", "status": "closed"})
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=900)))
    stage.sync()
    before = stage.explain("ats:c1")["band"]

    stage.sync(full=True)

    assert (before, stage.explain("ats:c1")["band"]) == ("cold", "cold")


def test_activities_past_the_setting_go_unless_a_task_is_open(fan: tuple[Stage, str]) -> None:
    stage, contact = fan
    db = open_mirror(stage.mirror)
    with db.write():
        for one in (contact, "999"):
            for age in (100, 181):
                at = (stage.now - timedelta(days=age)).isoformat()
                row = (f"{one}-{age}", one, at, at)
                db.change(
                    "INSERT INTO activity (source, remote_id, contact_id, channel, at, changed_at, row_hash) "
                    "VALUES ('hubspot.calls', ?, ?, 'call', ?, ?, '')",
                    row,
                )
    db.close()

    stage.sync(full=True)

    kept = [row[0] for row in held(stage, "SELECT remote_id FROM activity ORDER BY remote_id")]
    assert kept == [*sorted([f"{contact}-100", f"{contact}-181", "999-100"])]


def test_bands_that_moved_within_a_week_are_told_by_doctor(fan: tuple[Stage, str]) -> None:
    stage, _ = fan
    db = open_mirror(stage.mirror)
    with db.write():
        day = (stage.now.date() - timedelta(days=8)).isoformat()
        db.change_many("INSERT INTO band_day VALUES (?, ?, ?)", [(day, "hot", 10), (day, "cold", 90)])
    db.close()

    with open_view(stage.app()) as view:
        found = [one.band.value for one in drift_of(stage.app(), view.db)]
    findings = [one.status for one in examine(stage.app()) if one.check == "drift"]

    assert found == ["cold"]
    assert findings == ["warning"]


def test_people_nobody_may_track_do_not_sink_below_those_who_are_seen(stage: Stage) -> None:
    """Who gives no consent for web and mail is unscored, not cold; an open day counts for both alike."""
    stage.set(CONTACT__CALL_GROUNDS="legitimate_interest", CONTACT__TRACKING_CONSENT="property:warmline_do_not_call")
    silent = stage.person(1, "Roos", "Duinzicht")
    met = stage.person(2, "Cas", "Weidema")
    stage.visit(silent, 1, 2)
    stage.drop(
        "attendance",
        {"event": "Open dag", "kind": "attended", "at": (stage.now - timedelta(days=2)).isoformat()}
        | {"email": "cas.weidema@example.com", "first_name": "Cas", "last_name": "Weidema"},
    )
    stage.sync()

    bands = [stage.explain(one)["band"] for one in (silent, met)]
    called = [one["person_id"] for one in stage.calls()]

    assert bands == ["unscored", "cool"] or bands == ["unscored", "warm"]
    assert stage.properties(silent).get("warmline_band", "unscored") == "unscored"
    assert called == [stage.explain(met)["person"]["id"]]
    assert [one["because"] for one in stage.explain(silent)["refusals"]] == []
