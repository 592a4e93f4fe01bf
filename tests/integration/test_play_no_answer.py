"""Nobody took the call: the next attempt comes at another part of the day, and after three there is rest."""

from __future__ import annotations

import pytest

from sandbox.store import Record
from tests.integration.conftest import Stage


def called(stage: Stage, disposition: str = "voicemail") -> str:
    """Somebody who was called at 10:05 on a Monday and did not take it; the contact."""
    contact = stage.person(1, "Jan", "de Vries")
    stage.sync()
    stage.at("2026-11-23T10:05")
    stage.portal.log_call(contact, disposition=disposition)
    stage.later(minutes=2)
    stage.sync()
    return contact


def due(stage: Stage, contact: str) -> list[tuple[str, str]]:
    """Due moment and status of each task of a person, oldest first; 'BIN' for the deleted ones."""
    return [
        (one.properties["hs_timestamp"], "BIN" if one.archived_at else one.properties["hs_task_status"])
        for one in stage.tasks(contact)
    ]


def text(task: Record) -> list[str]:
    """Subject and body's lines, the marker left out."""
    return [task.properties["hs_task_subject"], *str(task.properties["hs_task_body"]).split("<br>")[:-1]]


FIRST = {
    "nl": [
        "Bel Jan de Vries opnieuw, poging 2",
        "Niet bereikt op ma 23 nov 10:05; voicemail ingesproken. Probeer het nu op een ander moment van de dag.",
        'Opening: "Ik sprak je voicemail in. Schikt het nu?"',
        "Bellen mag: gerechtvaardigd belang.",
        'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
    ],
    "en": [
        "Call Jan de Vries again, attempt 2",
        "Not reached on Mon 23 Nov 10:05; voicemail left. Try now, at another time of day.",
        'Opening: "I left a voicemail. Is this a good moment?"',
        "Calling is allowed: legitimate interest.",
        'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
    ],
}
LAST = {
    "nl": [
        "Bel Jan de Vries opnieuw, poging 3",
        "Niet bereikt op ma 23 nov 10:05 en di 24 nov 16:40. Probeer het nu op een ander moment van de dag.",
        "Dit is de laatste poging; daarna rust.",
        'Opening: "Ik probeerde je al te bereiken. Schikt het nu?"',
        "Bellen mag: gerechtvaardigd belang.",
        "Geen gehoor? Spreek in of mail hoe jij te bereiken bent.",
    ],
    "en": [
        "Call Jan de Vries again, attempt 3",
        "Not reached on Mon 23 Nov 10:05 and Tue 24 Nov 16:40. Try now, at another time of day.",
        "This is the last attempt; rest after it.",
        'Opening: "I tried to reach you before. Is this a good moment?"',
        "Calling is allowed: legitimate interest.",
        "No answer? Leave a voicemail or mail how you can be reached.",
    ],
}


@pytest.mark.parametrize("language", FIRST)
def test_two_next_attempts_at_other_parts_of_the_day_and_then_rest(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)
    contact = called(stage)
    [second] = stage.tasks(contact)
    stage.at("2026-11-24T16:40")
    stage.portal.log_call(contact, disposition="no_answer")
    stage.later(minutes=2)
    stage.sync()
    [_, third] = stage.tasks(contact)
    stage.at("2026-11-25T13:31")
    stage.portal.log_call(contact, disposition="busy")
    for _ in range(4):
        stage.later(days=7)
        stage.sync()

    assert (text(second), text(third)) == (FIRST[language], LAST[language])
    assert due(stage, contact) == [
        ("2026-11-24T15:30:00.000Z", "COMPLETED"),
        ("2026-11-25T12:30:00.000Z", "COMPLETED"),
    ]


def test_a_mail_of_ours_that_says_when_we_call_again_leaves_the_attempt(stage: Stage) -> None:
    contact = called(stage)
    stage.portal.log_email(contact, direction="out")
    stage.portal.log_message(contact, channel="whatsapp")
    stage.later(minutes=2)
    stage.sync()

    assert due(stage, contact) == [("2026-11-24T15:30:00.000Z", "NOT_STARTED")]


def test_a_mail_of_theirs_turns_the_attempt_into_an_answer(stage: Stage) -> None:
    contact = called(stage)
    stage.later(minutes=30)
    stage.portal.log_email(contact, direction="in")
    stage.later(minutes=2)
    stage.sync()

    [task] = stage.tasks(contact)
    assert (task.properties["hs_task_type"], text(task)[0]) == ("EMAIL", "Antwoord Jan de Vries: mail van 23 nov")


def test_an_agreed_moment_takes_the_place_of_the_next_attempt(stage: Stage) -> None:
    contact = called(stage)
    stage.portal.edit("contacts", contact, {"warmline_call_back_at": "2026-11-25T09:30:00+01:00"})
    stage.later(minutes=2)
    stage.sync()

    assert due(stage, contact) == [("2026-11-25T08:30:00.000Z", "NOT_STARTED")]


def test_an_appointment_that_is_made_takes_the_attempt_away(stage: Stage) -> None:
    contact = called(stage)
    stage.portal.log_meeting(contact, start="2026-11-26T10:00:00+01:00")
    stage.later(minutes=2)
    stage.sync()

    assert due(stage, contact) == [("2026-11-24T15:30:00.000Z", "BIN")]


@pytest.mark.parametrize("disposition", ["connected", "wrong_number", ""])
def test_a_call_that_was_taken_or_reached_somebody_else_asks_for_no_next_attempt(
    stage: Stage, disposition: str
) -> None:
    contact = called(stage, disposition)

    assert stage.tasks(contact) == []


STOPS = {
    "its name says so": ("Niet meer bellen", {}),
    "the team named it": ("Rood", {"CONTACT__DO_NOT_CONTACT_OUTCOMES": "rood"}),
    "by its value": ("Rood", {"CONTACT__DO_NOT_CONTACT_OUTCOMES": "0f0f0f0f-1111-4222-8333-444444444444"}),
}


@pytest.mark.parametrize("how", STOPS)
def test_a_call_that_ended_with_leave_me_alone_counts_as_do_not_call_until_it_is_changed(
    stage: Stage, how: str
) -> None:
    label, settings = STOPS[how]
    own = "0f0f0f0f-1111-4222-8333-444444444444"
    stage.portal.add_disposition(own, label)
    stage.set(**settings)
    contact = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(contact)
    stage.sync()
    [task] = stage.tasks(contact)
    stage.portal.edit("tasks", task.id, {"hs_task_subject": "Zelf bellen"})
    stage.later(minutes=10)
    call = stage.portal.log_call(contact, disposition=own)
    stage.later(minutes=2)
    stage.sync()
    assert task.archived_at
    assert stage.refusals(contact) == ["do_not_call"]

    stage.portal.edit("calls", call.id, {"hs_call_disposition": "73a0d17f-1163-4015-bdd5-ec830791da20"})
    stage.later(minutes=30)
    stage.sync()
    assert [one for one in due(stage, contact) if one[1] != "BIN"] == [("2026-11-24T15:30:00.000Z", "NOT_STARTED")]
