"""The refusals that are about a person's other tasks and other channels, each with its cause and its end."""

from __future__ import annotations

from datetime import timedelta

from sync.core.model import Refusal
from tests.integration.conftest import NOOR, SAM, Stage


def jan(stage: Stage, **properties: str) -> str:
    """Jan in both systems: a form, a click and a visit on three days, the last of them yesterday; his contact."""
    contact = stage.person(1, "Jan", "de Vries", **properties)
    stage.fan_signs(contact)
    return contact


def refusals(stage: Stage, contact: str, play: str = "fan") -> list[tuple[str, str | None]]:
    """Causes and ends of what a play was refused."""
    return [(one["because"], one["until"]) for one in stage.explain(contact)["refusals"] if one["play"] == play]


def test_who_prefers_mail_is_not_called_for_interest(stage: Stage) -> None:
    stage.provision(everything=True)
    contact = jan(stage, warmline_channel_preference="email")

    stage.sync()

    assert (stage.tasks(contact), stage.refusals(contact)) == ([], [Refusal.CHANNEL.value])


def test_who_objects_to_profiling_is_wanted_by_no_play_that_rests_on_behaviour(stage: Stage) -> None:
    stage.provision(everything=True)
    contact = jan(stage, warmline_no_profiling="true")

    report = stage.sync()

    assert (stage.tasks(contact), report["decisions"]["fan"]["wanted"]) == ([], 0)
    assert stage.refusals(contact) == [Refusal.NO_PROFILING.value]


def test_a_week_after_a_task_was_made_the_next_one_may_be_though_the_first_was_deleted(stage: Stage) -> None:
    stage.at("2026-11-19T09:00")
    contact = stage.person(1, "Jan", "de Vries", warmline_call_back_at="2026-11-20T10:00:00+01:00")
    stage.sync()
    [agreed] = stage.tasks(contact)
    stage.portal.delete_task(agreed.id)
    stage.portal.edit("contacts", contact, {"warmline_call_back_at": ""})
    stage.at("2026-11-23T09:00")
    stage.fan_signs(contact)
    stage.sync()
    told = refusals(stage, contact)
    stage.at("2026-11-26T08:59")
    stage.visit(contact, 0.5, 1.5)
    stage.sync()
    before = stage.tasks(contact)
    stage.at("2026-11-26T09:00")
    stage.sync()

    assert told == [(Refusal.REST.value, "2026-11-26T08:00:00.000Z")]
    assert (before, len(stage.tasks(contact))) == ([agreed], 2)


def test_a_task_a_recruiter_rewrote_is_the_persons_one_task(stage: Stage) -> None:
    contact = stage.person(1, "Jan", "de Vries")
    stage.sync()
    stage.portal.log_email(contact, direction="in")
    stage.later(minutes=2)
    stage.sync()
    [task] = stage.tasks(contact)
    stage.later(hours=1)
    stage.portal.edit("tasks", task.id, {"hs_task_subject": "Morgen zelf bellen"})
    stage.fan_signs(contact)
    stage.later(minutes=2)
    stage.sync()

    assert (stage.tasks(contact), refusals(stage, contact)) == ([task], [(Refusal.OPEN_TASK.value, None)])
    assert task.properties["hs_task_subject"] == "Morgen zelf bellen"


def test_interest_that_had_its_task_has_none_again(stage: Stage) -> None:
    contact = jan(stage)
    stage.sync()
    [task] = stage.tasks(contact)
    stage.portal.complete_task(task.id)
    stage.later(hours=2)
    stage.sync()

    assert (stage.tasks(contact), refusals(stage, contact)) == ([task], [(Refusal.ALREADY_DONE.value, None)])


def test_a_full_desk_is_looked_at_again_when_the_office_opens(stage: Stage) -> None:
    stage.set(CONTACT__OPEN_TASKS="1")
    contact = jan(stage)
    warmer = stage.person(2, "Lia", "Los")
    stage.fan_signs(warmer)
    stage.portal.reply(warmer, stage.now - timedelta(days=1))

    stage.sync()

    assert (len(stage.tasks(warmer)), stage.tasks(contact)) == (1, [])
    assert refusals(stage, contact) == [(Refusal.CAP_OPEN.value, "2026-11-24T08:00:00.000Z")]


def test_who_cools_down_is_not_mailed_after_two_mails_in_a_week_until_the_first_is_a_week_old(stage: Stage) -> None:
    stage.set(PLAYS__COOLING__ENABLED="true", PLAYS__FAN__ENABLED="false", CONTACT__GAP_HOURS="0")
    contact = stage.person(1, "Jan", "de Vries")
    stage.sync()
    stage.visit(contact, 2, 3)
    stage.portal.form(contact, stage.now - timedelta(days=2))
    stage.portal.click(contact, stage.now - timedelta(days=2))
    stage.later(minutes=2)
    stage.sync()
    for day in ("2026-12-19T10:00", "2026-12-21T10:00"):  # in the week in which they turn cool
        stage.at(day)
        stage.portal.log_email(contact, direction="out")
    told, made = [], []
    for _ in range(8):
        stage.later(days=1)
        stage.sync()
        told += [one for one in refusals(stage, contact, "cooling") if one not in told]
        made.append(len(stage.tasks(contact)))

    assert told[:1] == [(Refusal.CAP_MAILS.value, "2026-12-26T09:00:00.000Z")]
    assert made[-1] == 1


def test_what_a_colleague_who_goes_away_hands_over_takes_room_in_the_same_run(stage: Stage) -> None:
    stage.set(CONTACT__OPEN_TASKS="2", ROUTING__ABSENT=f"{NOOR} 2026-11-24..2026-11-25 {SAM}")
    for number, first in enumerate(("Jan", "Lia")):
        stage.fan_signs(stage.person(number, first, "de Vries", hubspot_owner_id="701"))
    stage.sync()
    stage.at("2026-11-24T08:30")
    new = stage.person(9, "Piet", "Vos", hubspot_owner_id="702")
    stage.fan_signs(new)
    stage.at("2026-11-24T09:00")
    stage.sync()

    assert [one.properties["hubspot_owner_id"] for one in stage.tasks()] == ["702", "702"]
    assert refusals(stage, new) == [(Refusal.CAP_OPEN.value, "2026-11-25T08:00:00.000Z")]
