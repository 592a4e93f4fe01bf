"""Somebody saw the page to apply and sent nothing: one trigger for the reminder mail, and a call to who is warm."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.engagement import SITE
from sandbox.store import Record
from sync.bootstrap import open_view
from sync.core.model import RecordRef
from sync.store.triggers import load_triggers
from tests.integration.conftest import Stage, applied
from tests.integration.touch_stage import show_everything

PAGE = f"{SITE}/vacatures/verpleegkundige-12"
NURSE = {
    "id": "j12",
    "name": "Verpleegkundige",
    "status": "open",
    "post_url": PAGE,
    "closed_at": "2026-12-04T12:00:00Z",
}
AT = "2026-11-23T12:00:00.000Z"  # three working hours after ten in the morning


@pytest.fixture
def open_stage(stage: Stage) -> Stage:
    """A portal that shows pages and has every property, one vacancy, and a first run with nobody on it."""
    show_everything(stage)
    stage.set(PLAYS__PROMISE__ENABLED="false")
    stage.provision(everything=True)
    stage.drop("jobs", NURSE)
    stage.sync()
    return stage


def began(stage: Stage, *, warm: bool = True, **properties: str) -> str:
    """Anna saw the page to apply at ten; when she is warm, she looked at the vacancy and clicked a mail before."""
    contact = stage.person(1, "Anna", "Boer", **properties)
    stage.at("2026-11-23T10:00")
    if warm:
        stage.portal.page_view(contact, PAGE, stage.now)
    stage.portal.page_view(contact, f"{PAGE}/solliciteren", stage.now)
    stage.at("2026-11-23T10:30")
    stage.sync()
    return contact


def run_at(stage: Stage, moment: str) -> None:
    stage.at(moment)
    stage.sync()


def trigger(stage: Stage, contact: str) -> tuple[str, str]:
    """What a workflow in HubSpot sees."""
    found = stage.properties(contact)
    return found.get("warmline_trigger", ""), found.get("warmline_trigger_at", "")


def ended_by(stage: Stage, contact: str) -> list[str]:
    with open_view(stage.app()) as view:
        return [
            one.ended_by
            for one in load_triggers(view.db, [RecordRef("hubspot", contact)]).get(RecordRef("hubspot", contact), [])
        ]


def times_written(stage: Stage, contact: str) -> list[str]:
    """Every value the trigger had, oldest first: a workflow begins at each change."""
    history = stage.portal.record("contacts", contact).history.get("warmline_trigger", [])
    return [value for value, *_ in reversed(history)]


def text(task: Record) -> list[str]:
    """Subject and body's lines, the marker left out."""
    return [task.properties["hs_task_subject"], *str(task.properties["hs_task_body"]).split("<br>")[:-1]]


TEXT = {
    "nl": [
        "Bel Anna Boer: hulp bij solliciteren (Verpleegkundige)",
        "Waarom nu: op 23 nov begonnen aan een sollicitatie; niets binnengekomen, voor zover te zien.",
        "Te bieden: Verpleegkundige, open t/m 4 dec; solliciteren zonder cv, jullie vullen het samen in.",
        'Opening: "Schikt het? Ik help je graag als je wilt solliciteren; een cv hoeft niet. Waar kan ik mee helpen?"',
        "Niet doen: websitebezoek noemen.",
        "Bellen mag: gerechtvaardigd belang.",
        'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
    ],
    "en": [
        "Call Anna Boer: help with applying (Verpleegkundige)",
        "Why now: began an application on 23 Nov; nothing came in, as far as can be seen.",
        "To offer: Verpleegkundige, open until 4 Dec; applying without a CV, you fill it in together.",
        'Opening: "Is this a good moment? I am glad to help if you want to apply; no CV needed. What can I help with?"',
        "Do not: mention visits to the website.",
        "Calling is allowed: legitimate interest.",
        'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
    ],
}


@pytest.mark.parametrize("language", TEXT)
def test_somebody_warm_gets_a_call_and_the_trigger_once_the_time_to_finish_is_over(
    open_stage: Stage, language: str
) -> None:
    open_stage.set(TEAM__LANGUAGE=language)
    contact = began(open_stage)
    before = (trigger(open_stage, contact), open_stage.tasks(contact))

    run_at(open_stage, "2026-11-23T13:01")

    [task] = open_stage.tasks(contact)
    assert before == (("", ""), [])
    assert text(task) == TEXT[language]
    assert (task.properties["hs_timestamp"], task.properties["hs_task_type"]) == ("2026-11-23T13:00:00.000Z", "CALL")
    assert trigger(open_stage, contact) == ("abandoned_application", AT)


def test_the_open_task_of_a_fan_becomes_the_offer_of_help(open_stage: Stage) -> None:
    open_stage.set(SCORE__HOT="50")
    contact = began(open_stage)
    run_at(open_stage, "2026-11-23T10:40")
    [fan] = [text(one)[0] for one in open_stage.tasks(contact)]

    run_at(open_stage, "2026-11-23T13:01")

    assert fan == "Bel Anna Boer: Verpleegkundige"
    assert [text(one) for one in open_stage.tasks(contact)] == [TEXT["nl"]]


def test_who_is_not_warm_gets_the_trigger_alone(open_stage: Stage) -> None:
    open_stage.set(SCORE__WARM="59")
    contact = began(open_stage)

    run_at(open_stage, "2026-11-23T13:01")

    assert (open_stage.tasks(contact), trigger(open_stage, contact)[0]) == ([], "abandoned_application")


def test_who_finishes_in_time_hears_nothing(open_stage: Stage) -> None:
    contact = began(open_stage)
    open_stage.drop("applications", applied("a1", "c1", "j12", open_stage.now))

    run_at(open_stage, "2026-11-23T13:01")

    assert (open_stage.tasks(contact), trigger(open_stage, contact)) == ([], ("", ""))


def _applies(stage: Stage, contact: str) -> None:
    stage.drop("applications", applied("a1", "c1", "j12", stage.now))


def _closes(stage: Stage, contact: str) -> None:
    stage.drop("jobs", NURSE | {"status": "closed"})


def _opts_out(stage: Stage, contact: str) -> None:
    stage.portal.happen("optout", contact)


ENDS: dict[str, Any] = {"applied": _applies, "vacancy_closed": _closes, "refused:opted_out": _opts_out}


@pytest.mark.parametrize("reason", ENDS)
def test_the_trigger_and_the_call_end_when_they_applied_or_it_closed_or_they_opted_out_and_never_come_back(
    open_stage: Stage, reason: str
) -> None:
    contact = began(open_stage)
    run_at(open_stage, "2026-11-23T13:01")
    [task] = open_stage.tasks(contact)
    open_stage.later(minutes=30)
    ENDS[reason](open_stage, contact)
    open_stage.later(minutes=30)
    open_stage.sync()
    ended = (trigger(open_stage, contact), bool(task.archived_at), ended_by(open_stage, contact))

    open_stage.later(days=1)
    open_stage.portal.page_view(contact, f"{PAGE}/solliciteren", open_stage.now)
    for _ in range(3):
        open_stage.later(days=1)
        open_stage.sync()

    assert ended == (("", AT), True, [reason])
    assert times_written(open_stage, contact) == ["abandoned_application", ""]


def test_the_same_vacancy_triggers_once_however_often_its_page_is_seen_and_another_one_anew(open_stage: Stage) -> None:
    contact = began(open_stage)
    for _ in range(4):
        open_stage.later(days=3)
        open_stage.portal.page_view(contact, f"{PAGE}/solliciteren", open_stage.now)
        open_stage.later(minutes=1)
        open_stage.sync()
    other = f"{SITE}/vacatures/helpende-7"
    open_stage.drop("jobs", {"id": "j7", "name": "Helpende", "status": "open", "post_url": other})
    open_stage.portal.page_view(contact, f"{other}/solliciteren", open_stage.now)
    open_stage.later(days=3)
    open_stage.sync()

    assert times_written(open_stage, contact) == ["abandoned_application", "", "abandoned_application"]
    assert ended_by(open_stage, contact) == ["over", ""]


def test_a_rebuilt_mirror_triggers_nobody_again(open_stage: Stage) -> None:
    contact = began(open_stage)
    run_at(open_stage, "2026-11-23T13:01")
    open_stage.mirror.unlink()
    for more in ("-wal", "-shm"):
        open_stage.mirror.with_name(open_stage.mirror.name + more).unlink(missing_ok=True)
    for path in sorted((open_stage.folder / "ats").iterdir()):
        path.touch()

    run_at(open_stage, "2026-11-24T09:00")
    run_at(open_stage, "2026-11-24T10:00")

    assert times_written(open_stage, contact) == ["abandoned_application"]
    assert len(open_stage.tasks(contact)) == 1


def test_a_merge_of_contacts_triggers_nobody_again(open_stage: Stage) -> None:
    contact = began(open_stage)
    run_at(open_stage, "2026-11-23T13:01")
    other = open_stage.contact("Anna", "Boer", "a.boer@example.com")
    run_at(open_stage, "2026-11-23T13:10")
    survivor = open_stage.portal.merge(other, contact, keep_id=True).id
    for hours in range(14, 18):
        open_stage.portal.page_view(survivor, f"{PAGE}/solliciteren", open_stage.now)
        run_at(open_stage, f"2026-11-23T{hours}:00")
    run_at(open_stage, "2026-11-24T15:00")

    assert survivor == other
    assert trigger(open_stage, survivor) == ("abandoned_application", AT)
    assert len(times_written(open_stage, survivor)) <= 1
    assert ended_by(open_stage, survivor) == [""]


def test_who_may_not_be_called_is_reminded_by_mail_alone(open_stage: Stage) -> None:
    contact = began(open_stage, warmline_do_not_call="true")

    run_at(open_stage, "2026-11-23T13:01")

    assert (open_stage.tasks(contact), open_stage.refusals(contact)) == ([], ["do_not_call"])
    assert trigger(open_stage, contact)[0] == "abandoned_application"


def test_who_is_in_process_for_another_vacancy_is_left_to_that_recruiter(open_stage: Stage) -> None:
    open_stage.drop("applications", applied("a9", "c1", "j99", open_stage.now, first_reply_at="2026-11-23T08:00:00Z"))
    contact = began(open_stage)

    run_at(open_stage, "2026-11-23T13:01")

    assert (open_stage.tasks(contact), trigger(open_stage, contact)) == ([], ("", ""))
    assert set(open_stage.refusals(contact)) == {"in_process"}


def test_a_portal_without_the_property_gets_the_call_alone(stage: Stage) -> None:
    show_everything(stage)
    stage.drop("jobs", NURSE)
    stage.sync()
    contact = began(stage)

    run_at(stage, "2026-11-23T13:01")

    assert (len(stage.tasks(contact)), trigger(stage, contact)) == (1, ("", ""))
