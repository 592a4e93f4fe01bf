"""Whole texts of tasks, and what never stands in one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.actions import plan_person, task_body
from sync.core.activity import Activity
from sync.core.engagement import score
from sync.core.facts import LinkedCandidate, PersonFacts
from sync.core.model import ActionKind, Decision, Job, Score
from sync.core.wording_templates import TaskText, Templates
from sync.core.wording_texts import Scene, task_text
from tests.unit.core.make import (
    CONTACT,
    KINDS,
    NOW,
    OWNERS,
    POLICY,
    SANNE,
    SCORING,
    TODAY,
    applied,
    granted,
    moment,
    person,
    touched,
)

NURSE = Job("8", "Verpleegkundige", status="open", closed_at=moment("2026-12-04 18:00"))
SECRET = replace(NURSE, name="Directeur Zorg", confidential=True)
TOUCHES = (
    *touched("site_visit", "2026-11-19", "2026-11-21", "2026-11-23", last_at=moment("2026-11-23 22:47")),
    *touched("event_attended", "2026-10-20"),
    *touched("mail_click", "2026-11-22"),
)
APPLIED = touched("application_submitted", "2026-11-12", job_id="8")
NOT_APPLIED = person(touches=TOUCHES)
VIEWS = touched("vacancy_visit", "2026-11-19", "2026-11-21", "2026-11-23", job_id="8")
ATTENDED = touched("event_attended", "2026-10-20")
CALLS = (
    Activity("1", "call", moment("2026-09-01 10:00"), outcome="connected", owner_id="71"),
    Activity("2", "call", moment("2026-10-01 16:30"), outcome="connected", owner_id="71"),
    Activity("3", "call", moment("2026-10-20 17:00"), outcome="connected", owner_id="72"),
    Activity("4", "call", moment("2026-11-20 11:00"), outcome="no_answer", owner_id="71"),
    Activity("5", "meeting", moment("2026-11-26 11:00"), outcome="scheduled", owner_id="71"),
)


def scored(facts: PersonFacts) -> Score:
    return score(facts.touches, SCORING, today=TODAY, seen=True, previous=None)


def text(facts: PersonFacts, language: str = "nl", decision: Decision | None = None) -> TaskText:
    policy = replace(POLICY, write=replace(POLICY.write, language=language))
    return task_text(facts, scored(facts), decision or granted(), Scene(policy, NOW, OWNERS))


def shown(facts: PersonFacts, language: str = "nl") -> str:
    found = text(facts, language)
    return "\n".join([found.subject, *found.lines])


def test_a_task_about_a_warm_person_who_never_applied() -> None:
    facts = person(touches=VIEWS + ATTENDED, viewed=(NURSE,), activities=CALLS)

    assert text(facts, decision=granted(ground="consent")) == TaskText(
        "Bel Sanne van de Haterd: Verpleegkundige",
        (
            "Waarom nu: vacature Verpleegkundige bekeken op 19, 21 en 23 nov; open dag op 20 okt. Niet gesolliciteerd.",
            "Laatste contact: Bram Visser, 20 okt.",
            "Te bieden: Verpleegkundige, open t/m 4 dec.",
            'Opening: "Je was op onze open dag. Schikt het? Wat zoek je nu?"',
            "Niet doen: websitebezoek noemen.",
            "Bellen mag: toestemming; liefst na 16:00.",
            'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
        ),
    )


def test_the_same_task_in_english() -> None:
    facts = person(touches=VIEWS + ATTENDED, viewed=(NURSE,), activities=CALLS)

    assert text(facts, "en", granted(ground="legitimate_interest")) == TaskText(
        "Call Sanne van de Haterd: Verpleegkundige",
        (
            "Why now: looked at the vacancy Verpleegkundige on 19, 21 and 23 Nov; open day on 20 Oct. Has not applied.",
            "Last contact: Bram Visser, 20 Oct.",
            "To offer: Verpleegkundige, open until 4 Dec.",
            'Opening: "You were at our open day. Is this a good moment? What are you looking for now?"',
            "Do not: mention visits to the website.",
            "Calling is allowed: legitimate interest; preferably after 16:00.",
            'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
        ),
    )


def test_a_task_about_an_applicant_names_the_vacancy() -> None:
    facts = person(touches=touched("site_visit", "2026-11-23") + APPLIED, applications=(applied(NURSE),))

    assert text(facts) == TaskText(
        "Bel Sanne van de Haterd: Verpleegkundige",
        (
            "Waarom nu: gesolliciteerd (Verpleegkundige) op 12 nov; gezien op de website op 23 nov.",
            "Gesolliciteerd: Verpleegkundige, 12 nov.",
            "Te bieden: Verpleegkundige, open t/m 4 dec.",
            'Opening: "Je solliciteerde bij ons. Schikt het? Wat zoek je nu?"',
            "Niet doen: websitebezoek noemen.",
            "Bellen mag: lopende sollicitatie.",
            'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
        ),
    )


def test_old_facts_become_a_line_to_check() -> None:
    candidate = LinkedCandidate("recruitee", replace(SANNE, consent_expires_at=moment("2026-12-20 12:00")))
    facts = person(
        candidates=(candidate,),
        applications=(applied(NURSE, status="withdrawn", at="2025-03-12 10:00"),),
        touches=VIEWS,
    )

    assert text(facts) == TaskText(
        "Bel Sanne van de Haterd",
        (
            "Waarom nu: vacature Verpleegkundige bekeken op 19, 21 en 23 nov.",
            "Gesolliciteerd: Verpleegkundige, 12 mrt 2025, teruggetrokken.",
            "Nagaan: of Verpleegkundige nog past (sollicitatie van mrt 2025); "
            "of de gegevens langer bewaard mogen worden (nu t/m 20 dec).",
            'Opening: "Je solliciteerde bij ons. Schikt het? Wat zoek je nu?"',
            "Niet doen: websitebezoek noemen.",
            "Bellen mag: sollicitatie (zo ingesteld voor dit team).",
            'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
        ),
    )


def test_of_somebody_of_whom_nothing_is_known_nothing_is_made_up() -> None:
    nameless = LinkedCandidate("recruitee", replace(SANNE, first_name=None, name_infix=None, last_name=None))
    facts = person(candidates=(nameless,), contact=None, applications=(applied(None, at=None),))

    assert text(facts, decision=granted(ground=None)) == TaskText(
        "Bel deze persoon",
        (
            'Opening: "Schikt het? Wat zoek je nu?"',
            'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
        ),
    )


def test_a_task_is_in_the_language_of_the_recruiter_who_gets_it() -> None:
    policy = replace(POLICY, write=replace(POLICY.write, languages={"anna@bureau.example": "en"}))
    scene = Scene(policy, NOW, OWNERS)

    hers, his = (
        task_text(NOT_APPLIED, scored(NOT_APPLIED), granted(owner_id=owner), scene).subject for owner in ("71", "72")
    )

    assert (hers, his) == ("Call Sanne van de Haterd: open day", "Bel Sanne van de Haterd: open dag")


def test_without_web_behaviour_there_is_nothing_not_to_mention() -> None:
    assert "Niet doen" not in shown(person(touches=touched("reply", "2026-11-20")))


def test_of_somebody_who_objects_to_profiling_no_behaviour_is_told() -> None:
    objects = replace(CONTACT, no_profiling=True)

    found = text(person(contact=objects, touches=VIEWS + TOUCHES, viewed=(NURSE,), applications=(applied(None),)))

    assert found.lines == (
        'Opening: "Schikt het? Wat zoek je nu?"',
        "Bellen mag: lopende sollicitatie.",
        'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
    )


@pytest.mark.parametrize(
    ("ground", "applications", "line"),
    [
        ("application", (applied(NURSE),), "Bellen mag: lopende sollicitatie."),
        ("application", (), "Bellen mag: sollicitatie (zo ingesteld voor dit team)."),  # nothing runs
        ("application", (applied(SECRET),), "Bellen mag: sollicitatie (zo ingesteld voor dit team)."),
        ("request", (), "Bellen mag: op eigen verzoek."),
        ("consent", (), "Bellen mag: toestemming."),
        ("legitimate_interest", (), "Bellen mag: gerechtvaardigd belang."),
    ],
)
def test_the_ground_of_the_call_is_named(ground: str, applications: tuple[object, ...], line: str) -> None:
    assert line in text(person(applications=applications), decision=granted(ground=ground)).lines


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_confidential_vacancy_never_shows(language: str) -> None:
    applicant = person(touches=TOUCHES + APPLIED, applications=(applied(SECRET),))
    visitor = person(touches=VIEWS, viewed=(SECRET,))

    for word in ("Directeur", "12 nov", "12 Nov", "olliciteer", "sollicitatie op", "You applied", "not applied"):
        assert word not in shown(applicant, language)
    for word in ("Directeur", "23 nov", "23 Nov", "Te bieden", "To offer"):
        assert word not in shown(visitor, language)


def test_of_a_colleague_neither_the_application_nor_the_vacancy_shows() -> None:
    policy = replace(POLICY, audience=replace(POLICY.audience, internal=True))
    facts = person(
        contact=replace(CONTACT, email="sanne@bureau.example"),
        touches=TOUCHES + APPLIED + VIEWS,
        applications=(applied(NURSE),),
        viewed=(NURSE,),
        previous=(granted(),),
    )

    written = plan_person(facts, policy, now=NOW, score=scored(facts))

    told = " ".join(" ".join(one.after.values()) for one in written)
    assert "Bel Sanne van de Haterd: open dag" in told
    assert "Waarom nu: gezien op de website op 19, 21 en 23 nov; open dag op 20 okt; mailklik op 22 nov.<br>" in told
    assert "Gezien op de website 19, 21, 23 nov; open dag 20 okt; mailklik 22 nov; stand 24 nov 2026" in told
    for word in ("Verpleegkundige", "olliciteer", "lopende", "vacature"):
        assert word not in told


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_rejection_the_person_was_not_told_of_never_shows(language: str) -> None:
    untold = {"rejected_at": moment("2026-11-20 10:00"), "reject_reason": "Te weinig ervaring"}
    facts = person(touches=TOUCHES + APPLIED, applications=(applied(NURSE, status="rejected", **untold),))

    for word in ("afgewezen", "ervaring", "uitslag", "20 nov", "20 Nov", "rejected", "outcome"):
        assert word not in shown(facts, language)


def test_a_rejection_that_was_told_shows_its_day_and_not_its_reason() -> None:
    told = {"told_at": moment("2026-11-20 10:00"), "reject_reason": "Te weinig ervaring"}
    facts = person(applications=(applied(NURSE, status="rejected", **told),), touches=VIEWS)

    found = shown(facts)

    assert "Gesolliciteerd: Verpleegkundige, 12 nov, uitslag verteld op 20 nov." in found
    for word in ("ervaring", "Haterd: ", "Te bieden"):  # neither called about it nor offered it again
        assert word not in found


def test_the_vacancy_offered_is_the_open_one_looked_at_on_most_days() -> None:
    often, newer, closed = NURSE, Job("9", "Kok", status="open"), Job("10", "Kapper", status="closed")
    days = ("2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21")
    touches = (
        *touched("vacancy_visit", *days[:2], job_id="8"),
        *touched("vacancy_visit", days[3], job_id="9"),
        *touched("vacancy_visit", *days, job_id="10"),
    )

    assert "Te bieden: Verpleegkundige, open t/m 4 dec." in shown(
        person(touches=touches, viewed=(often, newer, closed))
    )


def test_no_score_no_time_of_day_and_no_relative_date_is_in_a_task() -> None:
    facts = person(touches=TOUCHES + APPLIED, applications=(applied(NURSE),))

    for word in (str(scored(facts).value), "22:47", "47", "vorige week", "gisteren", "vandaag"):
        assert word not in "\n".join(text(facts).lines)


def test_names_stay_as_registered_and_the_contacts_name_is_used_where_the_candidate_has_none() -> None:
    belgian = LinkedCandidate("recruitee", replace(SANNE, name_infix=None, last_name="Van de Lanotte"))
    nameless = LinkedCandidate("recruitee", replace(SANNE, first_name=None, name_infix=None, last_name=None))

    assert text(person(candidates=(belgian,))).subject == "Bel Sanne Van de Lanotte"
    assert text(person(candidates=(nameless,))).subject == "Bel Sanne van de Haterd"


NAMES = st.one_of(
    st.text(max_size=300), st.sampled_from(['<b>O\'Neil</b> & "zonen"', "Zoë 👩‍⚕️", "[wl:ffffffffffff]", "~ x"])
)


@given(name=NAMES, job=NAMES, many=st.integers(0, 60), language=st.sampled_from(["nl", "en"]))
def test_whatever_people_typed_a_body_fits_and_is_escaped_once(name: str, job: str, many: int, language: str) -> None:
    days = tuple((TODAY - timedelta(days=n)).isoformat() for n in range(0, many * 5, 5))
    jobs = tuple(applied(replace(NURSE, remote_id=str(n), name=job + str(n))) for n in range(many % 5))
    facts = person(
        candidates=(LinkedCandidate("recruitee", replace(SANNE, last_name=name)),),
        touches=tuple(touch for kind in KINDS for touch in touched(kind, *days, job_id="8")),
        applications=jobs,
        viewed=(replace(NURSE, name=job),),
    )

    found = text(facts, language)

    body = task_body(found, "ab" * 32)
    lines = body.split("<br>")
    assert len(body) <= 1200
    assert 0 < len(found.subject) <= 255
    assert lines[-1] == "[wl:abababababab]"
    assert body.count("[wl:") == 1
    assert [escape(unescape(line), quote=False) for line in lines] == lines
    assert all(line == " ".join(line.split()) for line in (*found.lines, found.subject))


def test_a_new_task_tells_which_template_of_the_team_could_not_be_filled() -> None:
    own = Templates(POLICY.write.templates.built_in, {"nl/fan": "Bel {{ name }}\n\n{{ offer[99] }}"})
    policy = replace(POLICY, write=replace(POLICY.write, templates=own))
    facts = replace(NOT_APPLIED, previous=(granted(ground="consent"),))

    (task,) = (
        one for one in plan_person(facts, policy, now=NOW, score=scored(facts)) if one.kind is ActionKind.CREATE_TASK
    )

    assert task.reason == "hot; template_failed:nl/fan"
    assert task.after["hs_task_subject"] == "Bel Sanne van de Haterd: open dag"
