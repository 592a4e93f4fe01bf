"""Story 6: what keeps the list short and the first week quiet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.errors import PlanTooLarge
from tests.integration.conftest import NOOR, SAM, Stage, candidate


def crowd(stage: Stage, size: int, **properties: str) -> list[str]:
    """People with three touch days each, the first the warmest: each later one's signs are older."""
    found = []
    for number in range(size):
        who = stage.person(100 + number, f"Naam{number:02d}x", "Vos", **properties)
        older = timedelta(hours=3 * number)
        stage.portal.form(who, stage.now - timedelta(days=3) - older / 9)
        stage.portal.click(who, stage.now - timedelta(days=2))
        stage.portal.visit(who, stage.now - timedelta(days=1))
        if number < size // 2:
            stage.portal.reply(who, stage.now - timedelta(days=4 + number))
        found.append(who)
    return found


def called(stage: Stage, people: list[str]) -> list[str]:
    """Those who have a task."""
    return [who for who in people if stage.tasks(who)]


def test_eight_new_tasks_a_day_the_warmest_first_and_the_rest_on_the_next_working_day(stage: Stage) -> None:
    people = crowd(stage, 12)
    stage.sync()
    monday = called(stage, people)
    by_raw = sorted(people, key=lambda who: -stage.explain(who)["raw"])
    refused = {(one["because"], one["until"]) for who in by_raw[8:] for one in stage.explain(who)["refusals"]}
    stage.later(hours=3)
    stage.sync()
    later = called(stage, people)
    stage.at("2026-11-24T09:00")
    stage.sync()

    assert sorted(monday) == sorted(by_raw[:8])
    assert refused == {("cap_day", "2026-11-24T08:00:00.000Z")}
    assert later == monday
    assert len(called(stage, people)) == 12


def test_the_days_of_a_weekend_share_mondays_eight(stage: Stage) -> None:
    stage.set(CONTACT__OPEN_TASKS="40")
    people = []
    counts = []
    for day in ("2026-11-20T09:00", "2026-11-21T09:00", "2026-11-22T09:00", "2026-11-23T09:00"):
        stage.at(day)
        people = people or crowd(stage, 20)
        stage.sync()
        counts.append(len(called(stage, people)))

    assert counts == [8, 16, 16, 16]


def test_fifteen_open_tasks_are_enough_until_one_is_done(stage: Stage) -> None:
    people = crowd(stage, 18)
    stage.sync()
    stage.later(days=1)
    stage.sync()
    full = called(stage, people)
    stage.later(days=1)
    stage.sync()
    still = called(stage, people)
    reasons = {why for who in people if who not in full for why in stage.refusals(who)}
    for task in stage.tasks()[:2]:
        stage.portal.complete_task(task.id)
    stage.later(days=1)
    stage.sync()

    assert (len(full), still, reasons) == (15, full, {"cap_open"})
    assert len(called(stage, people)) == 17


def test_each_recruiter_has_caps_of_their_own(stage: Stage) -> None:
    noors = crowd(stage, 10, hubspot_owner_id="701")
    for number in range(3):
        stage.fan_signs(stage.person(number, f"Sammer{number}x", "Vos", hubspot_owner_id="702"))
    stage.sync()

    owners = [one.properties["hubspot_owner_id"] for one in stage.tasks()]
    assert (owners.count("701"), owners.count("702"), len(called(stage, noors))) == (8, 3, 8)


def test_only_the_pilots_people_are_written_about_and_explain_says_so(stage: Stage) -> None:
    stage.set(WRITES__OWNERS=SAM)
    noors = stage.person(1, "Jan", "de Vries", hubspot_owner_id="701")
    sams = stage.person(2, "Lia", "Los", hubspot_owner_id="702")
    stage.fan_signs(noors)
    stage.fan_signs(sams)
    stage.sync()

    assert (len(stage.tasks(noors)), len(stage.tasks(sams))) == (0, 1)
    assert (stage.properties(noors), stage.refusals(noors)) == ({}, ["not_pilot_owner"])
    stage.set(WRITES__OWNERS=f"{SAM},{NOOR}")
    stage.later(minutes=5)
    stage.sync()
    assert len(stage.tasks(noors)) == 1


def test_a_plan_over_a_quarter_of_the_contacts_stops_with_the_figure_and_the_flag(stage: Stage) -> None:
    for number in range(60):
        stage.contact(f"Naam{number}x", "Vos")
    stage.drop("candidates", *[candidate(f"c{number}", f"Naam{number}x", "Vos") for number in range(60)])
    with pytest.raises(PlanTooLarge) as stopped:
        stage.sync()

    assert "60 of 60 contacts" in str(stopped.value)
    assert "WARMLINE_GUARDS__PLAN_SHARE" in stopped.value.fix
    assert stage.writes() == 0
    stage.set(GUARDS__PLAN_SHARE="1")
    assert stage.sync()["actions"]["update_contact"]["applied"] == 60


def test_too_many_new_tasks_in_a_day_stop_also_when_each_run_makes_few(stage: Stage) -> None:
    stage.set(GUARDS__NEW_TASKS="3")
    for number in range(3):
        stage.fan_signs(stage.person(number, f"Naam{number}x", "Vos"))
    stage.sync()
    stage.writes()
    stage.fan_signs(stage.person(9, "Lia", "Los"))
    stage.later(hours=2)

    with pytest.raises(PlanTooLarge) as stopped:
        stage.sync()

    assert "1 new tasks, after 3 made today; the most a day is 3" in str(stopped.value)
    assert (stage.writes(), len(stage.tasks())) == (0, 3)
    stage.at("2026-11-24T09:00")
    stage.sync()
    assert len(stage.tasks()) == 4


def test_with_writes_off_all_is_planned_and_nothing_written(stage: Stage) -> None:
    stage.set(WRITES__ENABLED="false")
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    report = stage.sync()

    assert stage.writes() == 0
    assert (stage.tasks(), stage.properties(jan)) == ([], {})
    assert {kind: counts["planned"] for kind, counts in report["actions"].items()} == {
        "create_contact": 0,
        "update_contact": 1,
        "create_task": 1,
        **dict.fromkeys(("update_task", "complete_task", "archive_task"), 0),
    }
    assert [one["kind"] for one in stage.plan()] == ["update_contact", "create_task"]


def test_switched_on_days_later_what_is_right_then_is_written(stage: Stage) -> None:
    stage.set(WRITES__ENABLED="false")
    still = stage.person(1, "Jan", "de Vries")
    cooled = stage.person(2, "Lia", "Los")
    customer = stage.person(3, "Piet", "Vos")
    for who in (still, cooled, customer):
        stage.fan_signs(who)
    stage.sync()
    planned = len(stage.plan())
    stage.portal.edit("contacts", customer, {"lifecyclestage": "customer"})
    stage.at("2026-12-01T10:00")
    stage.visit(still, 0.1, 1, 2)
    stage.visit(still, 0.1)
    stage.portal.click(still, stage.now - timedelta(days=2))
    stage.portal.form(still, stage.now - timedelta(days=3))
    stage.later(minutes=10)
    stage.set(WRITES__ENABLED="true")
    stage.sync()

    assert planned == 6
    [task] = stage.tasks()
    assert stage.tasks(still) == [task]
    assert task.properties["hs_timestamp"] == "2026-12-01T13:10:00.000Z"
    assert "28" in task.properties["hs_task_body"]
    assert stage.properties(customer) == {}
    assert stage.properties(cooled)["warmline_why"].endswith("stand 1 dec 2026")


def test_a_task_planned_yesterday_is_due_as_of_today_and_reads_as_of_today(stage: Stage) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.sync(writes=False)
    stage.later(days=1)
    stage.sync()

    [task] = stage.tasks(jan)
    assert task.properties["hs_timestamp"] == "2026-11-24T12:00:00.000Z"
    assert stage.properties(jan)["warmline_why"].endswith("stand 24 nov 2026")
