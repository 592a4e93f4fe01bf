"""Story 1 and 2: three days of interest make one call task, and one only."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.integration.conftest import NOOR, SAM, ZONE, Stage, candidate


def test_three_visit_days_played_over_a_week_make_one_call_task(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries", hubspot_owner_id="702")
    stage.at("2026-11-17T10:00")
    stage.sync()
    made = []
    for day in ("2026-11-18", "2026-11-20", "2026-11-23"):
        stage.at(f"{day}T08:30")
        stage.visit(jan, 0)
        stage.at(f"{day}T09:00")
        made.append(stage.sync()["actions"]["create_task"]["applied"])

    assert made == [0, 0, 1]
    [task] = stage.tasks()
    body = task.properties["hs_task_body"].split("<br>")
    assert {
        name: task.properties[name]
        for name in ("hs_task_subject", "hs_task_type", "hs_task_status", "hubspot_owner_id", "hs_timestamp")
    } == {
        "hs_task_subject": "Bel Jan de Vries",
        "hs_task_type": "CALL",
        "hs_task_status": "NOT_STARTED",
        "hubspot_owner_id": "702",
        "hs_timestamp": "2026-11-23T12:00:00.000Z",  # four working hours after nine in Amsterdam
    }
    assert body == [
        "Waarom nu: gezien op de website op 18, 20 en 23 nov. Niet gesolliciteerd.",
        'Opening: "Schikt het? Wat zoek je nu?"',
        "Niet doen: websitebezoek noemen.",
        "Bellen mag: gerechtvaardigd belang.",
        'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
        f"[wl:{body[-1][4:16]}]",
    ]
    assert stage.portal.associations.of("contacts", jan, "tasks") == [task.id]


def test_a_form_a_click_and_a_visit_seen_at_first_sight_make_one_call_task_in_english(stage: Stage) -> None:
    stage.set(TEAM__LANGUAGE="en")
    ann = stage.person(1, "Ann", "O'Neil")
    stage.fan_signs(ann)

    report = stage.sync()

    assert report["complete"]
    [task] = stage.tasks(ann)
    assert task.properties["hs_task_subject"] == "Call Ann O'Neil"
    assert task.properties["hubspot_owner_id"] == "701"
    assert task.properties["hs_task_body"].split("<br>")[0] == (
        "Why now: filled in a form on 19 Nov; seen on the website on 22 Nov; clicked in a mail on 21 Nov. "
        "Has not applied."
    )
    assert stage.properties(ann) == {
        "warmline_candidate_id": "ats:c1",
        "warmline_score": "46",
        "warmline_band": "warm",
        "warmline_why": stage.properties(ann)["warmline_why"],
        "warmline_last_touch_at": "2026-11-22T08:00:00.000Z",
    }


def test_a_task_found_on_friday_evening_is_due_on_monday(stage: Stage) -> None:
    stage.at("2026-11-20T21:00")
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))

    stage.sync()

    [task] = stage.tasks(jan)
    due = datetime.fromisoformat(task.properties["hs_timestamp"]).astimezone(ZONE)
    assert due == datetime(2026, 11, 23, 13, tzinfo=ZONE)


REFUSED = {
    "customer": {"lifecyclestage": "customer"},
    "open_deal": {"num_associated_deals": "1"},
    "opted_out": {"hs_email_optout": "true"},
    "do_not_call": {"warmline_do_not_call": "true"},
    "internal": {"email": "jan@team.example.com"},
}


@pytest.mark.parametrize("reason", REFUSED)
def test_who_must_not_be_called_gets_no_task_and_explain_says_why(stage: Stage, reason: str) -> None:
    jan = stage.person(1, "Jan", "de Vries", **REFUSED[reason])
    stage.fan_signs(jan)

    report = stage.sync()

    assert report["complete"]
    assert stage.tasks() == []
    assert stage.refusals(jan) == [reason]


def test_a_contact_nobody_knows_from_the_ats_gets_no_task_and_no_property(stage: Stage) -> None:
    lone = stage.contact("Lia", "Los")
    stage.fan_signs(lone)

    stage.sync()

    assert (stage.tasks(), stage.properties(lone), stage.refusals(lone)) == ([], {}, ["not_in_audience"])
    assert stage.writes() == 0


def test_without_a_call_ground_nobody_is_called_and_the_score_is_still_written(stage: Stage) -> None:
    stage.set(CONTACT__CALL_GROUNDS="")
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))

    stage.sync()

    assert (stage.tasks(), stage.refusals(jan)) == ([], ["no_call_ground"])
    assert stage.properties(jan)["warmline_band"] == "warm"


def test_a_person_whose_recruiter_is_not_listed_gets_no_task(stage: Stage) -> None:
    stage.set(ROUTING__FALLBACK_OWNER="")
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries", hubspot_owner_id="703"))

    stage.sync()

    assert (stage.tasks(), stage.refusals(jan)) == ([], ["no_recruiter"])


def test_the_vacancys_recruiter_gets_the_task_and_the_vacancy_is_named(stage: Stage) -> None:
    stage.fan_signs(jan := stage.contact("Jan", "de Vries", hubspot_owner_id="701"))
    stage.drop("jobs", {"id": "j1", "name": "Verpleegkundige", "status": "open", "recruiter_email": SAM})
    stage.drop("candidates", candidate("c1", "Jan", "de Vries", owner_email=NOOR))
    stage.drop("applications", {"id": "a1", "candidate_id": "c1", "job_id": "j1", "status": "prospect"})

    stage.sync()

    [task] = stage.tasks(jan)
    assert (task.properties["hubspot_owner_id"], task.properties["hs_task_subject"]) == (
        "702",
        "Bel Jan de Vries: Verpleegkundige",
    )


def test_a_second_run_writes_nothing(stage: Stage) -> None:
    stage.fan_signs(stage.person(1, "Jan", "de Vries"))
    stage.person(2, "Piet", "Paulusma")
    stage.sync()
    stage.writes()
    before = stage.tables("score", "decision", "outbox", "baseline", "person_link")
    again = []
    for minutes in (2, 30):
        stage.later(minutes=minutes)
        report = stage.sync()
        again.append((stage.writes(), report["actions"]["update_contact"]["planned"], report["scored"]["changed"]))

    assert again == [(0, 0, 0), (0, 0, 0)]
    assert {name: rows for name, rows in stage.tables(*before).items() if name not in ("score",)} == {
        name: rows for name, rows in before.items() if name != "score"
    }


def test_a_week_without_news_writes_only_the_band_that_decayed(stage: Stage) -> None:
    warm = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(warm)
    quiet = stage.person(2, "Piet", "Paulusma")
    stage.sync()
    before = stage.properties(quiet)
    stage.writes()
    counts = []
    for _ in range(12):
        stage.later(days=4)
        counts.append(stage.sync()["actions"]["update_contact"]["applied"])

    assert sum(counts) == 1  # warm → cool, once, five points below the edge
    assert stage.properties(warm)["warmline_band"] == "cool"
    assert stage.properties(quiet) == before
    assert len(stage.tasks()) == 1


@pytest.mark.parametrize("done", ["completed", "deleted", "left open"])
def test_the_same_spell_never_makes_a_second_task(stage: Stage, done: str) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.sync()
    [task] = stage.tasks()
    stage.later(hours=2)
    {"completed": stage.portal.complete_task, "deleted": stage.portal.delete_task, "left open": str}[done](task.id)
    for _ in range(12):
        stage.later(days=1)
        stage.visit(jan, 0)  # the spell lasts: a visit every day
        stage.sync()

    assert [one.id for one in stage.tasks()] == [task.id]


def test_a_new_spell_after_the_rest_makes_a_second_task(stage: Stage) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.sync()
    [task] = stage.tasks()
    stage.portal.complete_task(task.id)
    for _ in range(14):
        stage.later(days=1)
        stage.sync()
    assert len(stage.tasks()) == 1
    for _ in range(3):
        stage.later(days=1)
        stage.visit(jan, 0.1)
        stage.sync()
        stage.later(minutes=10)
        stage.sync()

    assert len(stage.tasks(jan)) == 2


def test_a_task_a_recruiter_deleted_is_closed_and_after_the_rest_a_new_spell_makes_another(stage: Stage) -> None:
    stage.fan_signs(jan := stage.person(1, "Jan", "de Vries"))
    stage.sync()
    [task] = stage.tasks()
    stage.portal.delete_task(task.id)
    stage.later(days=1)
    stage.sync()
    closed = [one["open"] for one in stage.explain(jan)["tasks"]]
    stage.later(days=15)
    stage.sync()
    for _ in range(3):
        stage.later(days=1)
        stage.visit(jan, 0.1)
        stage.later(minutes=10)
        stage.sync()

    assert closed == [False]
    assert len(stage.tasks(jan)) == 2


def test_deleted_tasks_make_room_under_the_recruiters_cap(stage: Stage) -> None:
    stage.set(CONTACT__OPEN_TASKS="1")
    stage.fan_signs(stage.person(1, "Jan", "de Vries"))
    stage.fan_signs(lia := stage.person(2, "Lia", "Los"))
    stage.sync()
    [task] = stage.tasks()
    stage.portal.delete_task(task.id)
    stage.later(days=1)
    stage.sync()

    assert len(stage.tasks()) == 2
    assert lia


@pytest.mark.parametrize("keeps_id", [True, False])
def test_two_candidates_whose_contacts_become_one_have_one_open_task(stage: Stage, keeps_id: bool) -> None:
    waiting = stage.person(1, "Jan", "de Vries")
    other = stage.person(2, "Piet", "Paulusma")
    stage.fan_signs(waiting)
    stage.sync()
    stage.later(days=1)
    survivor = stage.portal.merge(other, waiting, keep_id=keeps_id).id
    stage.fan_signs(survivor)
    for _ in range(3):
        stage.later(hours=1)
        stage.sync()

    assert len(stage.tasks(survivor)) == 1
