"""Somebody mailed or called, and nobody answered: the recruiter answers in time, by the same channel."""

from __future__ import annotations

import pytest

from sandbox.store import Record
from tests.integration.conftest import Stage


def known(stage: Stage) -> str:
    """Somebody warmline knows, who is no fan; the contact."""
    contact = stage.person(1, "Jan", "de Vries")
    stage.sync()
    stage.later(minutes=10)
    return contact


def mailed(stage: Stage) -> tuple[str, Record]:
    """The same, who mailed, with the task that came of it."""
    contact = known(stage)
    stage.portal.log_email(contact, direction="in")
    stage.later(minutes=2)
    stage.sync()
    [task] = stage.tasks(contact)
    return contact, task


def shown(stage: Stage, task: Record) -> tuple[str, str, str]:
    """Type, due moment and status of a task."""
    found = stage.portal.record("tasks", task.id).properties
    return found["hs_task_type"], found["hs_timestamp"], found["hs_task_status"]


def text(stage: Stage, task: Record) -> list[str]:
    """Subject and body's lines, the marker left out."""
    found = stage.portal.record("tasks", task.id).properties
    return [found["hs_task_subject"], *str(found["hs_task_body"]).split("<br>")[:-1]]


MAIL = {
    "nl": [
        "Antwoord Jan de Vries: mail van 23 nov",
        "Mail van 23 nov: nog geen antwoord.",
        "Sindsdien geen contact te zien. Mobiel zie ik niet, en van WhatsApp en sms niet wie schreef.",
        "Lees het in HubSpot en antwoord persoonlijk. Weet je het nog niet? Schrijf wanneer wel.",
        "Al beantwoord, of geen antwoord nodig? Vink af.",
        "Contact mag: gerechtvaardigd belang.",
    ],
    "en": [
        "Answer Jan de Vries: mail of 23 Nov",
        "Mail of 23 Nov: no answer yet.",
        "No contact to be seen since. I cannot see mobile calls, nor who wrote a WhatsApp or text message.",
        "Read it in HubSpot and answer in person. Do not know yet? Write when you will.",
        "Answered already, or no answer needed? Tick it off.",
        "Contact is allowed: legitimate interest.",
    ],
}
MISSED_CALL = {
    "nl": [
        "Bel Jan de Vries terug: gebeld op 24 nov",
        "Mail van 23 nov: nog geen antwoord.",
        "Gebeld op 24 nov: niet opgenomen.",
        "Sindsdien geen contact te zien. Mobiel zie ik niet, en van WhatsApp en sms niet wie schreef.",
        'Opening: "Je belde ons. Waar kan ik mee helpen?"',
        "Al beantwoord, of geen antwoord nodig? Vink af.",
        "Contact mag: gerechtvaardigd belang.",
        'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
    ],
    "en": [
        "Call Jan de Vries back: called on 24 Nov",
        "Mail of 23 Nov: no answer yet.",
        "Called on 24 Nov: nobody took the call.",
        "No contact to be seen since. I cannot see mobile calls, nor who wrote a WhatsApp or text message.",
        'Opening: "You called us. What can I help with?"',
        "Answered already, or no answer needed? Tick it off.",
        "Contact is allowed: legitimate interest.",
        'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
    ],
}


@pytest.mark.parametrize("language", MAIL)
def test_a_mail_becomes_a_mail_task_due_half_a_working_day_later(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)
    contact, task = mailed(stage)

    assert shown(stage, task) == ("EMAIL", "2026-11-23T12:10:00.000Z", "NOT_STARTED")
    assert text(stage, task) == MAIL[language]
    assert len(stage.tasks(contact)) == 1


@pytest.mark.parametrize("language", MISSED_CALL)
def test_a_mail_and_a_call_nobody_took_are_one_call_task(stage: Stage, language: str) -> None:
    stage.set(TEAM__LANGUAGE=language)
    contact = known(stage)
    stage.portal.log_email(contact, direction="in")
    stage.at("2026-11-24T11:00")
    stage.portal.log_call(contact, direction="in", disposition="no_answer")
    stage.later(minutes=2)
    stage.sync()

    [task] = stage.tasks(contact)
    assert text(stage, task) == MISSED_CALL[language]
    assert shown(stage, task)[0] == "CALL"


@pytest.mark.parametrize("kind", ["email", "call", "message", "meeting"])
def test_any_answer_completes_it_and_a_new_mail_makes_a_new_task(stage: Stage, kind: str) -> None:
    contact, task = mailed(stage)
    stage.later(minutes=5)
    stage.portal.log(kind, contact)
    stage.later(minutes=2)
    stage.sync()
    assert shown(stage, task)[2] == "COMPLETED"

    stage.later(hours=1)
    stage.portal.log_email(contact, direction="in")
    stage.later(minutes=2)
    stage.sync()
    assert len(stage.tasks(contact)) == 2


def test_a_second_mail_meanwhile_makes_no_second_task_and_a_ticked_task_is_an_answer(stage: Stage) -> None:
    contact, task = mailed(stage)
    stage.later(minutes=30)
    stage.portal.log_email(contact, direction="in")
    stage.later(minutes=2)
    stage.sync()
    assert len(stage.tasks(contact)) == 1

    stage.portal.complete_task(task.id)
    stage.later(minutes=5)
    stage.sync()
    stage.later(days=1)
    stage.sync()
    assert [one.id for one in stage.tasks(contact)] == [task.id]


def test_a_task_deleted_because_no_answer_was_needed_stays_away_until_the_next_mail(stage: Stage) -> None:
    contact, task = mailed(stage)
    stage.portal.delete_task(task.id)
    stage.later(minutes=5)
    stage.sync()
    stage.later(days=1)
    stage.sync()
    assert len(stage.tasks(contact)) == 1

    stage.portal.log_email(contact, direction="in")
    stage.later(minutes=2)
    stage.sync()
    assert len(stage.tasks(contact)) == 2


def test_an_answer_may_follow_soon_after_other_contact_and_goes_before_a_fan_call(stage: Stage) -> None:
    contact = stage.person(1, "Jan", "de Vries")
    stage.fan_signs(contact)
    stage.sync()
    [fan] = stage.tasks(contact)
    stage.later(minutes=30)
    stage.portal.log_email(contact, direction="in")
    stage.later(minutes=2)
    stage.sync()

    assert shown(stage, fan)[0] == "EMAIL"
    assert text(stage, fan)[0] == "Antwoord Jan de Vries: mail van 23 nov"
    assert len(stage.tasks(contact)) == 1


def test_a_preference_for_mail_leaves_the_mail_task_and_an_expired_one_goes(stage: Stage) -> None:
    stage.provision(everything=True)
    contact, task = mailed(stage)
    stage.portal.edit("contacts", contact, {"warmline_channel_preference": "email"})
    stage.later(minutes=5)
    stage.sync()
    assert shown(stage, task)[2] == "NOT_STARTED"
    assert not stage.portal.record("tasks", task.id).archived_at

    stage.at("2026-11-26T13:11")
    stage.sync()
    assert stage.portal.record("tasks", task.id).archived_at


def test_messages_without_a_direction_and_forwarded_mail_ask_for_nothing(stage: Stage) -> None:
    contact = known(stage)
    stage.portal.log_message(contact)
    stage.portal.log_email(contact, direction="forwarded")
    stage.later(minutes=2)
    stage.sync()

    assert stage.tasks(contact) == []


def test_an_objection_takes_the_mail_task_along_also_when_it_was_edited(stage: Stage) -> None:
    contact, task = mailed(stage)
    stage.portal.edit("tasks", task.id, {"hs_task_subject": "Zelf mailen"})
    stage.portal.happen("optout", contact)
    stage.later(minutes=5)
    stage.sync()

    assert stage.portal.record("tasks", task.id).archived_at
