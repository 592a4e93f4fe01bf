"""The plays a team switches on when it wants them: who came far, who came to an open day, who cools down."""

from __future__ import annotations

import pytest

from sandbox.marketing_events import ATTENDED, NO_SHOW
from sandbox.store import Record
from tests.integration.conftest import NOOR, Stage, applied
from tests.integration.open_days import open_day, tell

STAGES = [
    {"id": "s1", "name": "Nieuw", "kind": "applied", "order": 0},
    {"id": "s2", "name": "Gesprek", "kind": "interview", "order": 1},
]
NURSE = {"id": "j1", "name": "Verpleegkundige", "status": "open", "recruiter_email": NOOR, "stages": STAGES}


@pytest.fixture
def calm(stage: Stage) -> Stage:
    """Only the play that is switched on has anything to say."""
    stage.set(PLAYS__FAN__ENABLED="false", PLAYS__PROMISE__ENABLED="false")
    return stage


def text(task: Record) -> list[str]:
    """Subject and body's lines, the marker left out."""
    return [task.properties["hs_task_subject"], *str(task.properties["hs_task_body"]).split("<br>")[:-1]]


def shape(task: Record) -> tuple[str, str]:
    return task.properties["hs_task_type"], task.properties["hs_timestamp"]


# somebody who came far ----------------------------------------------------------------------------------------------


def rejected(stage: Stage, *, stage_id: str = "s2", told: str | None = "2026-10-05T10:00:00+02:00") -> str:
    """Jan, who was rejected in October and was seen on the site last Friday."""
    contact = stage.person(1, "Jan", "de Vries")
    stage.drop("jobs", NURSE)
    more = {"status": "rejected", "stage_id": stage_id, "rejected_at": "2026-10-02T10:00:00+02:00"}
    at = stage.now.replace(month=9, day=1)
    stage.drop("applications", applied("a1", "c1", "j1", at, **more, **({"told_at": told} if told else {})))
    stage.visit(contact, 3)
    return contact


SILVER = {
    "nl": [
        "Bel Jan de Vries: weer in beeld",
        "Waarom nu: kwam ver voor Verpleegkundige; uitslag verteld op 5 okt. Daarna: gezien op de website op 20 nov.",
        "Te bieden: kijk eerst welke vacature past. Niets? Bel dan later.",
        'Opening: "We spraken elkaar eerder, en dat was een goed gesprek. Schikt het? Wat zoek je nu?"',
        "Niet doen: de eerdere uitslag overdoen, of websitebezoek noemen.",
        "Bellen mag: gerechtvaardigd belang.",
        'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
    ],
    "en": [
        "Call Jan de Vries: back in view",
        "Why now: came far for Verpleegkundige; told the outcome on 5 Oct. Since then: seen on the website on 20 Nov.",
        "To offer: first see which vacancy fits. Nothing? Then call later.",
        'Opening: "We spoke before, and it was a good talk. Is this a good moment? What are you looking for now?"',
        "Do not: go over the earlier outcome again, or mention visits to the website.",
        "Calling is allowed: legitimate interest.",
        'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
    ],
}


@pytest.mark.parametrize("language", SILVER)
def test_somebody_who_came_far_and_shows_interest_again_is_called_once(calm: Stage, language: str) -> None:
    calm.set(PLAYS__SILVER_MEDALIST__ENABLED="true", TEAM__LANGUAGE=language)
    contact = rejected(calm)
    calm.sync()
    calm.later(hours=1)
    calm.visit(contact, 0)
    calm.sync()

    [task] = calm.tasks(contact)
    assert text(task) == SILVER[language]
    assert shape(task) == ("CALL", "2026-11-24T17:00:00.000Z")


@pytest.mark.parametrize("off", ["play", "early", "untold"])
def test_nobody_is_called_as_a_silver_medalist_who_is_none(calm: Stage, off: str) -> None:
    calm.set(PLAYS__SILVER_MEDALIST__ENABLED=str(off != "play").lower())
    contact = rejected(
        calm, stage_id="s1" if off == "early" else "s2", told=None if off == "untold" else "2026-10-05T10:00:00+02:00"
    )

    calm.sync()

    assert (calm.tasks(contact), calm.refusals(contact)) == ([], [])


def test_within_four_weeks_of_the_no_the_wish_is_refused_with_its_end(calm: Stage) -> None:
    calm.set(PLAYS__SILVER_MEDALIST__ENABLED="true")
    contact = rejected(calm, told="2026-11-10T10:00:00+01:00")
    calm.sync()
    before = calm.refusals(contact)
    calm.at("2026-12-08T10:01")
    calm.sync()

    assert (before, len(calm.tasks(contact))) == (["rejected_lately"], 1)


def test_a_silver_medalist_who_applies_again_is_left_to_that_procedure(calm: Stage) -> None:
    calm.set(PLAYS__SILVER_MEDALIST__ENABLED="true")
    contact = rejected(calm)
    calm.drop("applications", applied("a2", "c1", "j1", calm.now, stage_id="s1"))

    calm.sync()

    assert (calm.tasks(contact), calm.refusals(contact)) == ([], ["awaiting_reaction"])


# after an open day --------------------------------------------------------------------------------------------------

OPEN_DAY = {
    "nl": [
        "Bel Anna Bos na de open dag van 21 nov",
        "Waarom nu: was op 21 nov op de open dag; sindsdien geen contact te zien. Niet gesolliciteerd.",
        "Te bieden: meelopen, of een gesprek met een collega.",
        'Opening: "Je was op onze open dag. Schikt het? Wat bleef je bij?"',
        "Bellen mag: gerechtvaardigd belang.",
        'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
    ],
    "en": [
        "Call Anna Bos after the open day of 21 Nov",
        "Why now: came to the open day on 21 Nov; no contact to be seen since. Has not applied.",
        "To offer: a day along with the team, or a talk with a colleague.",
        'Opening: "You were at our open day. Is this a good moment? What stayed with you?"',
        "Calling is allowed: legitimate interest.",
        'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
    ],
}


def came(stage: Stage, state: str = ATTENDED) -> str:
    """Anna, and how she stands to Saturday's open day."""
    contact = stage.person(1, "Anna", "Bos")
    tell(stage, open_day(stage), contact, state)
    return contact


@pytest.mark.parametrize("language", OPEN_DAY)
def test_who_came_to_the_open_day_is_called_on_the_next_working_day(calm: Stage, language: str) -> None:
    calm.set(PLAYS__EVENT_FOLLOW_UP__ENABLED="true", TEAM__LANGUAGE=language)
    contact = came(calm)

    calm.sync()

    [task] = calm.tasks(contact)
    assert (text(task), shape(task)) == (OPEN_DAY[language], ("CALL", "2026-11-23T17:00:00.000Z"))


def test_who_did_not_come_is_called_only_when_the_team_wants_that(calm: Stage) -> None:
    calm.set(PLAYS__EVENT_FOLLOW_UP__ENABLED="true")
    contact = came(calm, NO_SHOW)
    calm.sync()
    before = calm.tasks(contact)
    calm.set(PLAYS__EVENT_FOLLOW_UP__NO_SHOWS="true")
    calm.later(minutes=2)
    calm.sync()

    [task] = calm.tasks(contact)
    assert before == []
    assert text(task)[1] == "Waarom nu: aangemeld voor de open dag van 21 nov, niet gekomen. Niet gesolliciteerd."


def test_who_the_team_spoke_since_the_open_day_needs_no_call(calm: Stage) -> None:
    calm.set(PLAYS__EVENT_FOLLOW_UP__ENABLED="true")
    contact = came(calm)
    calm.portal.log_call(contact, "2026-11-22T11:00:00+01:00", disposition="connected")
    calm.later(minutes=2)

    calm.sync()

    assert (calm.tasks(contact), calm.refusals(contact)) == ([], [])


def test_a_call_after_the_open_day_ends_the_task(calm: Stage) -> None:
    calm.set(PLAYS__EVENT_FOLLOW_UP__ENABLED="true")
    contact = came(calm)
    calm.sync()
    calm.later(hours=1)
    calm.portal.log_call(contact, disposition="connected")
    calm.later(minutes=2)
    calm.sync()

    [task] = calm.tasks(contact)
    assert task.properties["hs_task_status"] == "COMPLETED"


# cooling down -------------------------------------------------------------------------------------------------------

COOLING = {
    "nl": [
        "Mail Jan de Vries",
        "Waarom nu: was wekenlang betrokken; laatste teken op 21 nov. Hou het contact warm.",
        "Eerder: formulier ingevuld op 21 nov; gezien op de website op 21 nov; mailklik op 21 nov. "
        "Niet gesolliciteerd.",
        "Te bieden: vraag wat er nu past, en beloof niets wat er niet is.",
        'Schrijf persoonlijk en kort: "Hoe gaat het? Zoek je nog, en wat?" Eén vraag, geen standaardmail.',
        "Niet doen: websitebezoek of mailkliks noemen.",
        "Contact mag: gerechtvaardigd belang.",
    ],
    "en": [
        "Mail Jan de Vries",
        "Why now: was involved for weeks; last sign on 21 Nov. Keep in touch.",
        "Before: filled in a form on 21 Nov; seen on the website on 21 Nov; clicked in a mail on 21 Nov. "
        "Has not applied.",
        "To offer: ask what fits now, and promise nothing that is not there.",
        'Write personally and briefly: "How are you? Are you still looking, and for what?" '
        "One question, no standard mail.",
        "Do not: mention visits to the website or clicks in mails.",
        "Contact is allowed: legitimate interest.",
    ],
}


def quiet_after_weeks(stage: Stage) -> str:
    """Jan filled in a form, clicked and was on the site until Saturday, and nothing since."""
    contact = stage.person(1, "Jan", "de Vries")
    stage.sync()
    stage.visit(contact, 2, 3)
    stage.portal.form(contact, stage.now.replace(day=21))
    stage.portal.click(contact, stage.now.replace(day=21))
    stage.later(minutes=2)
    stage.sync()
    return contact


@pytest.mark.parametrize("language", COOLING)
def test_somebody_who_was_warm_for_weeks_gets_one_mail_when_they_cool_down(calm: Stage, language: str) -> None:
    calm.set(PLAYS__COOLING__ENABLED="true", TEAM__LANGUAGE=language)
    contact = quiet_after_weeks(calm)
    seen = []
    for days in (16, 12, 4, 7):
        calm.later(days=days)
        calm.sync()
        seen.append((calm.properties(contact)["warmline_band"], len(calm.tasks(contact))))

    [task] = calm.tasks(contact)
    assert list(dict.fromkeys(seen)) == [("warm", 0), ("cool", 1)]
    assert (text(task), shape(task)) == (COOLING[language], ("EMAIL", "2026-12-28T17:00:00.000Z"))
