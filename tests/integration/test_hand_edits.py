"""Story 5: what a person changed in HubSpot stands, and a lost mirror is rebuilt without a second task."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.store import INTEGRATION, human
from sync import worker
from tests.integration.conftest import Stage

ENGAGEMENT = ("warmline_score", "warmline_band", "warmline_why", "warmline_last_touch_at")


def cool_person(stage: Stage) -> str:
    """Somebody with a form of yesterday, written to HubSpot as 28, cool."""
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.form(jan, stage.now - timedelta(days=1))
    stage.sync()
    assert stage.properties(jan)["warmline_score"] == "28"
    return jan


def warm_up(stage: Stage, contact: str) -> None:
    """A visit and a click: news that moves the person to another band."""
    stage.visit(contact, 0)
    stage.portal.click(contact)
    stage.later(minutes=10)


def test_an_edited_property_is_left_alone_and_the_others_are_still_written(stage: Stage) -> None:
    jan = cool_person(stage)
    stage.portal.edit("contacts", jan, {"warmline_why": "Belde zelf, wil in januari starten"})
    warm_up(stage, jan)
    report = stage.sync()

    shown = stage.properties(jan)
    assert (shown["warmline_band"], shown["warmline_score"]) == ("warm", "47")
    assert shown["warmline_why"] == "Belde zelf, wil in januari starten"
    [(contact, name, ours, theirs)] = stage.conflicts()
    assert (contact, name, theirs) == (jan, "warmline_why", "Belde zelf, wil in januari starten")
    assert ours.startswith("Formulier ingevuld 22 nov")
    assert [one["property"] for one in stage.explain(jan)["conflicts"]] == ["warmline_why"]
    assert report["actions"]["update_contact"]["applied"] == 1


@pytest.mark.parametrize("name, value", [("warmline_score", "99"), ("warmline_band", "hot")])
def test_an_edit_that_stands_makes_no_write_and_no_second_conflict_on_later_days(
    stage: Stage, name: str, value: str
) -> None:
    jan = cool_person(stage)
    stage.portal.edit("contacts", jan, {name: value})
    warm_up(stage, jan)
    stage.sync()
    [conflict] = stage.conflicts()
    stage.writes()
    for _ in range(5):
        stage.later(days=1)
        stage.sync()

    assert stage.properties(jan)[name] == value
    assert stage.writes() == 0
    assert stage.conflicts() == [conflict]


def test_an_edit_equal_to_what_is_wanted_is_adopted(stage: Stage) -> None:
    jan = cool_person(stage)
    stage.portal.edit("contacts", jan, {"warmline_band": "warm", "warmline_score": "47"})
    warm_up(stage, jan)
    stage.sync()

    assert stage.conflicts() == []
    assert stage.properties(jan)["warmline_band"] == "warm"
    stage.writes()
    stage.later(minutes=30)
    stage.sync()
    assert stage.writes() == 0


def test_an_edit_that_is_cleared_hands_the_property_back(stage: Stage) -> None:
    jan = cool_person(stage)
    stage.portal.edit("contacts", jan, {"warmline_why": "eigen woorden"})
    warm_up(stage, jan)
    stage.sync()
    stage.portal.edit("contacts", jan, {"warmline_why": ""})
    stage.later(days=1)
    stage.portal.reply(jan)
    stage.later(minutes=10)
    stage.sync()

    assert stage.conflicts() == []
    assert stage.properties(jan)["warmline_why"].startswith("Mail beantwoord 24 nov")


@pytest.mark.parametrize("source, wins", [(INTEGRATION, "warmline"), (human(9001), "the person")])
def test_without_a_baseline_the_history_tells_whose_value_it_is(stage: Stage, source: object, wins: str) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.form(jan, stage.now - timedelta(days=1))
    record = stage.portal.record("contacts", jan)
    stage.portal.stores["contacts"].change(record, {"warmline_score": "5"}, source)  # type: ignore[arg-type]
    stage.later(minutes=10)
    stage.sync()

    assert stage.properties(jan)["warmline_score"] == ("28" if wins == "warmline" else "5")
    assert stage.conflicts() == ([] if wins == "warmline" else [(jan, "warmline_score", "28", "5")])
    assert stage.properties(jan)["warmline_band"] == "cool"


def test_a_lost_mirror_is_rebuilt_without_a_second_task_and_without_an_overwritten_edit(stage: Stage) -> None:
    jan, lia = stage.person(1, "Jan", "de Vries"), stage.person(2, "Lia", "Los")
    stage.fan_signs(jan)
    stage.fan_signs(lia)
    stage.sync()
    tasks = {one.id for one in stage.tasks()}
    [done] = stage.tasks(lia)
    stage.portal.complete_task(done.id)
    stage.portal.edit("contacts", jan, {"warmline_why": "eigen woorden"})
    stage.mirror.unlink()
    for _ in range(4):
        stage.later(days=1)
        stage.visit(jan, 0.1)
        stage.sync()

    assert {one.id for one in stage.tasks()} == tasks
    assert stage.properties(jan)["warmline_why"] == "eigen woorden"
    assert [(one["task_id"], one["open"]) for one in stage.explain(jan)["tasks"]] == [
        (next(iter(tasks - {done.id})), True)
    ]
    assert [one["open"] for one in stage.explain(lia)["tasks"]] == [False]
    assert stage.refusals(lia) == []  # the spell is over


def test_a_rebuilt_mirror_takes_the_previous_band_from_hubspot(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.form(jan, stage.now)
    stage.visit(jan, 0.1)
    stage.later(minutes=5)
    stage.sync()
    stage.later(days=18)
    stage.sync()
    before = stage.explain(jan)
    stage.mirror.unlink()
    stage.writes()
    stage.sync()

    assert (before["score"], before["band"]) == (32, "warm")  # by hysteresis only
    assert (stage.explain(jan)["score"], stage.explain(jan)["band"]) == (32, "warm")
    assert stage.properties(jan)["warmline_band"] == "warm"


def test_a_task_a_recruiter_edited_or_gave_away_is_left_alone(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    stage.sync()
    [task] = stage.tasks()
    stage.portal.edit("tasks", task.id, {"hs_task_subject": "Jan bellen na 17:00"})
    stage.portal.reassign_task(task.id, "702")
    for _ in range(3):
        stage.later(days=1)
        stage.visit(jan, 0.1)
        stage.sync()

    [after] = stage.tasks()
    assert (after.properties["hs_task_subject"], after.properties["hubspot_owner_id"]) == ("Jan bellen na 17:00", "702")


def test_somebody_who_opts_out_between_plan_and_write_gets_no_task(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(jan)
    write = worker.write

    def after_the_optout(*args: Any, **more: Any) -> None:
        stage.portal.happen("optout", jan)
        write(*args, **more)

    monkeypatch.setattr(worker, "write", after_the_optout)
    report = stage.sync()

    assert stage.tasks() == []
    assert report["actions"]["create_task"]["withheld"] == 1
    stage.later(minutes=10)
    stage.sync()
    assert stage.refusals(jan) == ["opted_out"]


def test_who_objects_to_profiling_loses_the_score_in_hubspot_and_gets_no_task(bare: Stage) -> None:
    bare.provision(everything=True)
    jan = bare.person(1, "Jan", "de Vries")
    bare.portal.form(jan, bare.now - timedelta(days=1))
    bare.sync()
    before = bare.properties(jan)["warmline_band"]
    bare.portal.edit("contacts", jan, {"warmline_no_profiling": "true"})
    warm_up(bare, jan)
    bare.portal.reply(jan, bare.now - timedelta(days=2))
    bare.later(minutes=10)
    bare.sync()
    bare.writes()
    bare.later(days=1)
    bare.sync()

    assert before == "cool"
    assert {name for name, value in bare.properties(jan).items() if value} == {
        "warmline_candidate_id",
        "warmline_no_profiling",
    }
    assert (bare.tasks(), bare.writes(), bare.refusals(jan)) == ([], 0, ["no_profiling"])


def test_an_edited_candidate_id_is_a_conflict_and_the_link_stays(stage: Stage) -> None:
    jan = cool_person(stage)
    stage.portal.edit("contacts", jan, {"warmline_candidate_id": "ats:c999"})
    stage.later(minutes=30)
    stage.sync()
    stage.writes()
    stage.later(days=1)
    stage.sync()

    assert stage.properties(jan)["warmline_candidate_id"] == "ats:c999"
    assert stage.writes() == 0
    assert ("hubspot", jan, "email_first_name") in stage.links("ats:c1")
