"""A recruiter fills in "Terugbellen op": the call stands in the list at that minute, whatever else happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox.store import Record
from tests.integration.conftest import NOOR, SAM, Stage, applied

AGREED = "2026-11-25T14:30:00+01:00"


def agreed(stage: Stage, at: str = AGREED, **properties: str) -> str:
    """Somebody who is no fan, and asked to be called back; the contact."""
    contact = stage.person(1, "Jan", "de Vries", **properties)
    stage.sync()
    stage.portal.edit("contacts", contact, {"warmline_call_back_at": at})
    stage.later(minutes=1)
    return contact


def called_back(stage: Stage, **properties: str) -> tuple[str, Record]:
    """The same with the task that was made of it; contact and task."""
    contact = agreed(stage, **properties)
    stage.sync()
    [task] = stage.tasks(contact)
    return contact, task


def shown(stage: Stage, task: Record) -> dict[str, str]:
    """What a recruiter sees of a task, and when HubSpot reminds them."""
    found = stage.portal.record("tasks", task.id).properties
    names = ("subject", "type", "priority", "status", "reminders")
    told = {name: found.get(f"hs_task_{name}") or "" for name in names}
    return told | {"due": found["hs_timestamp"], "owner": found["hubspot_owner_id"]}


def lines(stage: Stage, task: Record) -> list[str]:
    """The body's lines, the marker left out."""
    return str(stage.portal.record("tasks", task.id).properties["hs_task_body"]).split("<br>")[:-1]


def is_gone(stage: Stage, task: Record) -> bool:
    return bool(stage.portal.record("tasks", task.id).archived_at)


TEXTS = {
    "nl": (
        "Terugbellen wo 25 nov 14:30: Jan de Vries",
        [
            "Afgesproken: wo 25 nov 14:30. Bel op die tijd.",
            'Opening: "We spraken af dat ik nu zou bellen. Schikt het nog?"',
            'Andere tijd? Pas "Terugbellen op" aan.',
            "Bellen mag: op eigen verzoek.",
            'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
        ],
    ),
    "en": (
        "Call back Wed 25 Nov 14:30: Jan de Vries",
        [
            "Agreed: Wed 25 Nov 14:30. Call at that time.",
            'Opening: "We agreed that I would call now. Is it still a good moment?"',
            'Another time? Change "Call back at".',
            "Calling is allowed: at their own request.",
            'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
        ],
    ),
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_run_that_sees_the_property_makes_the_task_due_at_that_minute(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)
    _, task = called_back(stage)

    subject, body = TEXTS[language]
    assert shown(stage, task) == {
        "subject": subject,
        "type": "CALL",
        "priority": "HIGH",
        "status": "NOT_STARTED",
        "reminders": "1795612500000",  # 14:15
        "due": "2026-11-25T13:30:00.000Z",
        "owner": "701",
    }
    assert lines(stage, task) == body


@pytest.mark.parametrize(
    "settings",
    [
        {"CONTACT__NEW_TASKS_A_DAY": "0"},
        {"CONTACT__OPEN_TASKS": "0"},
        {"CONTACT__TASKS_PER_7_DAYS": "0"},
        {"CONTACT__CALL_GROUNDS": ""},  # the person asked for it
    ],
)
def test_no_cap_and_no_missing_ground_holds_an_agreed_call_back(stage: Stage, settings: dict[str, str]) -> None:
    stage.set(**settings)
    contact = agreed(stage, "2026-11-28T21:15:00+01:00")  # on a Saturday evening
    stage.sync()

    assert [shown(stage, task)["due"] for task in stage.tasks(contact)] == ["2026-11-28T20:15:00.000Z"]


def test_what_the_recruiter_did_before_does_not_delay_it_and_ends_the_task_before(stage: Stage) -> None:
    contact = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(contact)
    stage.sync()
    [fan] = stage.tasks(contact)
    stage.later(hours=1)
    stage.portal.log_call(contact, disposition="connected")
    stage.portal.edit("contacts", contact, {"warmline_call_back_at": AGREED})
    stage.later(minutes=1)
    stage.sync()

    [old, new] = stage.tasks(contact)
    assert (old.id, shown(stage, old)["status"]) == (fan.id, "COMPLETED")
    assert shown(stage, new)["due"] == "2026-11-25T13:30:00.000Z"


def test_it_rewrites_the_task_that_stands_and_cooling_down_deletes_nothing(stage: Stage) -> None:
    contact = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(contact)
    stage.sync()
    stage.portal.edit("contacts", contact, {"warmline_call_back_at": "2026-12-24T14:30:00+01:00"})
    stage.later(minutes=1)
    stage.sync()
    for _ in range(3):
        stage.later(days=7)
        stage.sync()

    [task] = stage.tasks(contact)
    assert shown(stage, task)["subject"] == "Terugbellen do 24 dec 14:30: Jan de Vries"
    assert (shown(stage, task)["status"], is_gone(stage, task)) == ("NOT_STARTED", False)


def test_contact_at_the_moment_completes_it_and_the_property_stays_the_recruiters(stage: Stage) -> None:
    contact, task = called_back(stage)
    stage.at("2026-11-25T10:00")
    stage.portal.log_email(contact, direction="out")  # confirms the appointment
    stage.sync()
    assert shown(stage, task)["status"] == "NOT_STARTED"
    stage.at("2026-11-25T14:27")
    stage.portal.log_call(contact, disposition="connected")
    stage.later(minutes=2)
    stage.sync()

    assert shown(stage, task)["status"] == "COMPLETED"
    assert stage.properties(contact)["warmline_call_back_at"] == "2026-11-25T13:30:00.000Z"
    stage.writes()
    stage.later(days=1)
    stage.sync()
    assert stage.writes() == 0
    assert len(stage.tasks(contact)) == 1


MISSED = {
    "nl": (
        "Gemist: terugbellen wo 25 nov 14:30, Jan de Vries",
        [
            "Afgesproken voor wo 25 nov 14:30; sindsdien geen contact te zien. Mobiel zie ik niet: al gebeld? Vink af.",
            'Opening: "Ik zou je om 14:30 bellen, en dat is niet gelukt. Excuus. Schikt het nu?"',
            'Andere tijd? Pas "Terugbellen op" aan.',
            "Bellen mag: op eigen verzoek.",
            'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
        ],
    ),
    "en": (
        "Missed: call back Wed 25 Nov 14:30, Jan de Vries",
        [
            "Agreed for Wed 25 Nov 14:30; no contact to be seen since. I cannot see mobile calls: called already? "
            "Tick it off.",
            'Opening: "I was going to call you at 14:30 and did not manage. I am sorry. Is this a good moment?"',
            'Another time? Change "Call back at".',
            "Calling is allowed: at their own request.",
            'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
        ],
    ),
}


@pytest.mark.parametrize("language", MISSED)
def test_half_an_hour_after_a_missed_call_back_the_task_says_so_without_any_news(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)
    contact, task = called_back(stage)
    stage.at("2026-11-25T14:59")
    stage.sync()
    before = shown(stage, task)["subject"]
    stage.at("2026-11-25T15:00")
    stage.sync()

    assert before == TEXTS[language][0]
    assert (shown(stage, task)["subject"], lines(stage, task)) == MISSED[language]
    assert (shown(stage, task)["due"], shown(stage, task)["owner"]) == ("2026-11-25T13:30:00.000Z", "701")
    assert len(stage.tasks(contact)) == 1
    stage.writes()
    stage.at("2026-11-26T09:00")
    stage.sync()
    assert stage.writes() == 0
    stage.portal.log_call(contact)
    stage.later(minutes=1)
    stage.sync()
    assert shown(stage, task)["status"] == "COMPLETED"


def test_a_missed_task_that_a_person_deletes_never_comes_back(stage: Stage) -> None:
    contact, task = called_back(stage)
    stage.at("2026-11-25T15:00")
    stage.sync()
    stage.portal.delete_task(task.id)
    for _ in range(3):
        stage.later(hours=5)
        stage.sync()

    assert [one.id for one in stage.tasks(contact)] == [task.id]


def test_another_time_moves_the_same_task_there_and_back(stage: Stage) -> None:
    contact, task = called_back(stage)
    due = []
    for at in ("2026-11-26T10:00:00+01:00", AGREED):
        stage.portal.edit("contacts", contact, {"warmline_call_back_at": at})
        stage.later(minutes=5)
        stage.sync()
        due.append((shown(stage, task)["due"], shown(stage, task)["subject"]))

    assert due == [
        ("2026-11-26T09:00:00.000Z", "Terugbellen do 26 nov 10:00: Jan de Vries"),
        ("2026-11-25T13:30:00.000Z", "Terugbellen wo 25 nov 14:30: Jan de Vries"),
    ]
    assert [one.id for one in stage.tasks(contact)] == [task.id]


def test_an_emptied_property_takes_the_task_away_and_the_same_time_again_makes_another(stage: Stage) -> None:
    contact, _ = called_back(stage)
    for at in ("", AGREED, "", AGREED):
        stage.later(minutes=5)
        stage.portal.edit("contacts", contact, {"warmline_call_back_at": at})
        stage.sync()
    made = stage.tasks(contact)

    assert [(shown(stage, task)["due"], is_gone(stage, task)) for task in made] == [
        ("2026-11-25T13:30:00.000Z", is_bin) for is_bin in (True, True, False)
    ]


def test_a_call_ahead_of_time_and_an_emptied_property_complete_the_task(stage: Stage) -> None:
    contact, task = called_back(stage)
    stage.later(minutes=5)
    stage.portal.log_call(contact)
    stage.portal.edit("contacts", contact, {"warmline_call_back_at": ""})
    stage.later(minutes=5)
    stage.sync()

    assert (shown(stage, task)["status"], is_gone(stage, task)) == ("COMPLETED", False)


@pytest.mark.parametrize(
    ("at", "subjects"),
    [
        ("2026-11-18T14:30:00+01:00", ["Gemist: terugbellen wo 18 nov 14:30, Jan de Vries"]),
        ("2026-11-17T14:30:00+01:00", []),  # Monday morning: more than three working days ago
    ],
)
def test_a_time_that_is_past_at_first_sight_is_told_as_missed_for_three_working_days(
    stage: Stage, at: str, subjects: list[str]
) -> None:
    contact = agreed(stage, at)
    stage.sync()

    assert [shown(stage, task)["subject"] for task in stage.tasks(contact)] == subjects


def test_while_the_recruiter_is_away_the_stand_in_calls(stage: Stage) -> None:
    stage.set(ROUTING__ABSENT=f"{NOOR} 2026-11-25 {SAM}")
    contact, task = called_back(stage)
    assert shown(stage, task)["owner"] == "702"

    stage.portal.edit("contacts", contact, {"warmline_call_back_at": "2026-11-26T10:00:00+01:00"})
    stage.later(minutes=5)
    stage.sync()
    assert shown(stage, task)["owner"] == "701"


def test_a_recruiter_who_turns_out_to_be_away_hands_over_what_is_due_and_only_that(stage: Stage) -> None:
    contact, task = called_back(stage)
    later = stage.person(2, "Lia", "Jansen")
    stage.portal.edit("contacts", later, {"warmline_call_back_at": "2026-12-01T10:00:00+01:00"})
    stage.later(minutes=5)
    stage.sync()
    [other] = stage.tasks(later)
    stage.set(ROUTING__ABSENT=f"{NOOR} 2026-11-24..2026-11-27 {SAM}")
    stage.later(minutes=5)
    stage.sync()

    assert (shown(stage, task)["owner"], shown(stage, task)["due"]) == ("702", "2026-11-25T13:30:00.000Z")
    assert shown(stage, other)["owner"] == "701"


def test_a_late_task_goes_to_the_stand_in_when_the_absence_begins_and_back_when_it_ends(stage: Stage) -> None:
    stage.set(ROUTING__ABSENT=f"{NOOR} 2026-11-24..2026-11-24 {SAM}")
    contact = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(contact)
    stage.sync()  # due on Monday
    [task] = stage.tasks(contact)
    owners = [shown(stage, task)["owner"]]
    for day in ("2026-11-24T00:05", "2026-11-24T12:00", "2026-11-25T00:05"):
        stage.at(day)
        stage.sync()
        owners.append(shown(stage, task)["owner"])

    assert owners == ["701", "702", "702", "701"]


def test_a_vacancy_changes_hands_and_the_call_back_keeps_its_minute(stage: Stage) -> None:
    _, task = called_back(stage)
    stage.at("2026-11-25T14:40")
    stage.drop("jobs", {"id": "j1", "name": "Verzorgende", "status": "open", "recruiter_email": SAM})
    stage.drop("applications", applied("a1", "c1", "j1", stage.now - timedelta(days=1), status="withdrawn"))
    stage.later(minutes=1)
    stage.sync()

    assert (shown(stage, task)["owner"], shown(stage, task)["due"]) == ("702", "2026-11-25T13:30:00.000Z")


def test_after_a_rebuild_a_warmer_reason_does_not_take_the_agreed_call_over(stage: Stage) -> None:
    contact, task = called_back(stage)
    stage.mirror.unlink()
    stage.fan_signs(contact)
    stage.later(hours=1)
    stage.sync()
    stage.portal.log_email(contact, direction="out")
    stage.later(minutes=5)
    stage.sync()

    assert [one.id for one in stage.tasks(contact)] == [task.id]
    assert shown(stage, task)["subject"] == "Terugbellen wo 25 nov 14:30: Jan de Vries"
    assert shown(stage, task)["status"] == "NOT_STARTED"
