"""Who applied and heard nothing yet: one to-do a recruiter and vacancy, that follows who waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from sandbox.store import Record
from tests.integration.conftest import NOOR, SAM, Stage, applied
from tests.integration.promised import (
    about,
    applicant,
    done,
    promises,
    put,
    quiet,
    reply_due,
    status,
    text,
    todo,
    vacancy,
)

TWO_WAIT = {
    "nl": [
        "Eerste reactie Wijkverpleegkundige: 2 wachten, 1 uiterlijk wo 25 nov",
        "Wie: de contacten bij deze taak. Gesolliciteerd van ma 23 nov t/m di 24 nov; "
        "gezegd: antwoord uiterlijk ma 7 dec.",
        "Reageren is bellen, mailen of naar de volgende fase zetten. Weet je nog niets? Zeg dat, en wanneer wel.",
        "Zichtbaar: fasen en berichten in het sollicitatiesysteem, gesprekken en mail in HubSpot. "
        "Mobiel en WhatsApp zie ik niet.",
        "Wie antwoord kreeg, valt hier vanzelf af. "
        "Iedereen gehad? Vink af: dat telt voor alle contacten bij deze taak.",
        "Grond: lopende sollicitatie.",
    ],
    "en": [
        "First reaction Wijkverpleegkundige: 2 wait, 1 by Wed 25 Nov",
        "Who: the contacts of this task. Applied from Mon 23 Nov to Tue 24 Nov; told: an answer by Mon 7 Dec.",
        "Reacting is calling, mailing or moving to the next stage. "
        "Nothing to say yet? Say that, and when there will be.",
        "Visible: stages and messages in the applicant tracking system, calls and mail in HubSpot. "
        "Mobile phones and WhatsApp I cannot see.",
        "Who got an answer leaves this task by itself. "
        "Everybody done? Tick it off: that counts for all contacts of this task.",
        "Ground: running application.",
    ],
}


def two_waiting(stage: Stage) -> tuple[str, str, Record]:
    """Jan and Lia applied on two days and are in one to-do; contacts and task."""
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")
    stage.sync()
    stage.later(days=1)
    lia = applicant(stage, 2, "Lia")
    stage.sync()
    stage.later(minutes=30)
    return jan, lia, todo(stage)


@pytest.mark.parametrize("language", TWO_WAIT)
def test_everybody_who_waits_for_a_vacancy_is_in_one_todo_of_its_recruiter(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)

    jan, lia, task = two_waiting(stage)

    assert text(task) == TWO_WAIT[language]
    assert about(stage, task) == sorted([jan, lia])
    shown = {name: task.properties[name] for name in ("hs_task_type", "hs_timestamp", "hubspot_owner_id")}
    assert shown == {"hs_task_type": "TODO", "hs_timestamp": "2026-11-25T08:00:00.000Z", "hubspot_owner_id": "701"}
    assert quiet(stage)


def test_the_plan_shows_it_without_a_person(stage: Stage) -> None:
    vacancy(stage)
    applicant(stage, 1, "Jan")

    [planned] = [one for one in stage.plan() if one["kind"] == "create_task"]

    assert list(planned) == ["kind", "key", "contact_id", "person_id", "play", "reason", "before", "after"]
    assert {name: planned[name] for name in ("contact_id", "person_id", "play", "reason", "before")} == {
        "contact_id": None,
        "person_id": None,
        "play": "promise",
        "reason": "waiting:ats:j1:1",
        "before": {},
    }


def test_another_vacancy_and_another_recruiter_have_todos_of_their_own(stage: Stage) -> None:
    vacancy(stage)
    vacancy(stage, "j2", recruiter_email=SAM, name="Kok")
    applicant(stage, 1, "Jan")
    applicant(stage, 2, "Lia", job="j2")

    assert done(stage) == {"create_task": 2}
    assert sorted((one.properties["hubspot_owner_id"], text(one)[0]) for one in stage.tasks()) == [
        ("701", "Eerste reactie Wijkverpleegkundige: 1 wacht, 1 uiterlijk wo 25 nov"),
        ("702", "Eerste reactie Kok: 1 wacht, 1 uiterlijk wo 25 nov"),
    ]


def test_a_confidential_vacancy_is_not_named(stage: Stage) -> None:
    vacancy(stage, confidential=True)
    applicant(stage, 1, "Jan")

    stage.sync()

    assert text(todo(stage))[0] == "Eerste reactie: 1 wacht, 1 uiterlijk wo 25 nov"


def test_who_applied_to_no_vacancy_waits_as_well(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.drop("applications", applied("a1", "c1", "", stage.now - timedelta(hours=2)))

    stage.sync()

    assert (text(todo(stage))[0], about(stage, todo(stage))) == (
        "Eerste reactie: 1 wacht, 1 uiterlijk wo 25 nov",
        [jan],
    )
    assert quiet(stage)


REACTIONS: dict[str, tuple[Callable[[Stage, str], object], str]] = {
    "a call": (lambda stage, jan: stage.portal.log_call(jan, disposition="connected"), "call"),
    "a voicemail": (lambda stage, jan: stage.portal.log_call(jan, disposition="voicemail"), "call"),
    "a mail": (lambda stage, jan: stage.portal.log_email(jan, direction="out"), "email"),
    "a message": (lambda stage, jan: stage.portal.log_message(jan, channel="whatsapp"), "whatsapp"),
    "a stage move": (lambda stage, _: put(stage, 1, hours_ago=2.5, stage_id="s2"), "stage_move"),
    "a message in the ATS": (
        lambda stage, _: put(stage, 1, hours_ago=2.5, first_reply_at=stage.now.isoformat()),
        "ats_message",
    ),
    "a rejection that was told": (
        lambda stage, _: put(stage, 1, hours_ago=2.5, status="rejected", told_at=stage.now.isoformat()),
        "told",
    ),
}


@pytest.mark.parametrize("what", REACTIONS)
def test_a_reaction_completes_the_todo_when_nobody_else_waits(stage: Stage, what: str) -> None:
    stage.set(PLAYS__NO_ANSWER__ENABLED="false")
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")
    stage.sync()
    stage.later(minutes=30)
    react, evidence = REACTIONS[what]
    react(stage, jan)
    stage.later(minutes=2)

    assert done(stage) == {"complete_task": 1}
    assert status(stage, todo(stage)) == ("COMPLETED", False)
    assert reply_due(stage, jan) == ""
    assert [(one.kind, one.evidence) for one in promises(stage) if one.kind == "first_reaction"] == [
        ("first_reaction", evidence)
    ]
    assert quiet(stage)


NO_REACTIONS: dict[str, Callable[[Stage, str], object]] = {
    "a call nobody took": lambda stage, jan: stage.portal.log_call(jan, disposition="no_answer"),
    "a mail that came in": lambda stage, jan: stage.portal.log_email(jan, direction="in"),
    "the automatic confirmation": lambda stage, jan: stage.portal.log_email(jan, stage.now - timedelta(minutes=148)),
    "a meeting called off": lambda stage, jan: stage.portal.log_meeting(jan, outcome="CANCELED"),
    "a rejection nobody told": lambda stage, _: None,
}


@pytest.mark.parametrize("what", NO_REACTIONS)
def test_what_no_person_told_the_applicant_leaves_them_waiting(stage: Stage, what: str) -> None:
    stage.set(PLAYS__UNANSWERED__ENABLED="false", PLAYS__NO_ANSWER__ENABLED="false")
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")
    stage.sync()
    stage.later(minutes=30)
    NO_REACTIONS[what](stage, jan)
    stage.later(minutes=2)

    assert done(stage) == {}
    assert status(stage, todo(stage)) == ("NOT_STARTED", False)
    assert reply_due(stage, jan) == "2026-12-07T17:00:00.000Z"


def test_who_heard_leaves_the_todo_and_the_others_stay(stage: Stage) -> None:
    jan, lia, task = two_waiting(stage)
    stage.portal.log_call(jan, disposition="connected")
    stage.later(minutes=2)

    assert done(stage) == {"update_task": 1}
    assert (text(todo(stage))[0], about(stage, task)) == (
        "Eerste reactie Wijkverpleegkundige: 1 wacht, 1 uiterlijk do 26 nov",
        [lia],
    )
    assert (reply_due(stage, jan), reply_due(stage, lia)) == ("", "2026-12-08T17:00:00.000Z")
    assert quiet(stage)


def test_ticking_it_off_counts_for_everybody_in_it_and_the_next_applicant_gets_a_new_one(stage: Stage) -> None:
    jan, lia, task = two_waiting(stage)
    stage.portal.complete_task(task.id)
    stage.later(minutes=2)

    assert done(stage) == {}
    assert (reply_due(stage, jan), reply_due(stage, lia)) == ("", "")
    assert {(one.application_id, one.evidence) for one in promises(stage)} == {("a1", "task"), ("a2", "task")}
    assert quiet(stage)

    mo = applicant(stage, 3, "Mo")
    assert done(stage) == {"create_task": 1}
    assert [about(stage, one) for one in stage.tasks() if status(stage, one)[0] == "NOT_STARTED"] == [[mo]]


TAKEN: dict[str, Callable[[Stage, Record], object]] = {
    "edited": lambda stage, task: stage.portal.edit("tasks", task.id, {"hs_task_subject": "Doe ik vrijdag"}),
    "given to a colleague": lambda stage, task: stage.portal.reassign_task(task.id, "702"),
    "deleted": lambda stage, task: stage.portal.archive("tasks", task.id),
}


@pytest.mark.parametrize("how", TAKEN)
def test_a_todo_a_person_took_is_left_alone_and_its_people_count_as_seen(stage: Stage, how: str) -> None:
    jan, _, task = two_waiting(stage)
    TAKEN[how](stage, task)
    stage.later(days=1)

    assert done(stage) == {}
    before = dict(stage.portal.record("tasks", task.id).properties)
    stage.portal.log_call(jan, disposition="connected")
    stage.later(minutes=2)
    mo = applicant(stage, 3, "Mo")
    assert done(stage) == {"create_task": 1}
    assert stage.portal.record("tasks", task.id).properties == before
    assert [about(stage, one) for one in stage.tasks() if one.id != task.id] == [[mo]]
    assert quiet(stage)


def test_a_todo_whose_last_applicant_withdrew_is_archived(stage: Stage) -> None:
    vacancy(stage)
    applicant(stage, 1, "Jan")
    stage.sync()
    stage.later(minutes=30)
    put(stage, 1, hours_ago=2.5, status="withdrawn")

    assert done(stage) == {"archive_task": 1}
    assert status(stage, todo(stage)) == ("NOT_STARTED", True)
    assert quiet(stage)


def test_a_vacancy_that_gets_another_recruiter_takes_its_applicants_along(stage: Stage) -> None:
    jan, lia, task = two_waiting(stage)
    vacancy(stage, recruiter_email=SAM)

    assert done(stage) == {"create_task": 1, "archive_task": 1}
    assert status(stage, task) == ("NOT_STARTED", True)
    [other] = [one for one in stage.tasks() if one.id != task.id]
    assert (other.properties["hubspot_owner_id"], about(stage, other)) == ("702", sorted([jan, lia]))
    assert quiet(stage)


def test_switching_the_play_off_takes_the_todo_and_the_date_away(stage: Stage) -> None:
    jan, _, task = two_waiting(stage)
    stage.set(PLAYS__PROMISE__ENABLED="false")

    assert done(stage) == {"archive_task": 1}
    assert status(stage, task) == ("NOT_STARTED", True)
    assert reply_due(stage, jan) == ""
    stage.later(minutes=10)
    assert quiet(stage)
    stage.set(PLAYS__PROMISE__ENABLED="true")
    assert done(stage) == {"create_task": 1}
    assert reply_due(stage, jan) == "2026-12-07T17:00:00.000Z"


def test_only_pilot_recruiters_get_one(stage: Stage) -> None:
    stage.set(WRITES__OWNERS=SAM)
    vacancy(stage)
    applicant(stage, 1, "Jan")

    assert done(stage) == {}
    stage.set(WRITES__OWNERS=f"{SAM},{NOOR}")
    stage.later(minutes=2)
    assert done(stage) == {"create_task": 1}


def test_who_may_not_be_called_is_in_it_all_the_same(stage: Stage) -> None:
    vacancy(stage)
    jan = applicant(stage, 1, "Jan")
    stage.portal.edit("contacts", jan, {"warmline_do_not_call": "true"})

    assert done(stage) == {"create_task": 1}
    assert about(stage, todo(stage)) == [jan]
