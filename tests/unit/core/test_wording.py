"""What recruiters read."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from sync.core.engagement import score
from sync.core.facts import LinkedCandidate, PersonFacts
from sync.core.model import Band, Decision, Job, Point, Refusal, Score
from sync.core.wording import (
    TaskText,
    band_word,
    date_words,
    days_words,
    kind_word,
    point_words,
    refusal_words,
    task_text,
    why,
    why_parts,
)
from sync.core.wording_en import EN
from sync.core.wording_nl import NL
from tests.unit.core.make import KINDS, SANNE, SCORING, TODAY, ZONE, applied, granted, moment, person, touched

NURSE = Job("8", "Verpleegkundige", status="open", closed_at=moment("2026-12-04 18:00"))
SECRET = replace(NURSE, name="Directeur Zorg", confidential=True)
TOUCHES = (
    *touched("site_visit", "2026-11-19", "2026-11-21", "2026-11-23", last_at=moment("2026-11-23 22:47")),
    *touched("event_attended", "2026-10-20"),
    *touched("mail_click", "2026-11-22"),
)
APPLIED = touched("application_submitted", "2026-11-12", job_id="8")
NOT_APPLIED = person(touches=TOUCHES)


def scored(facts: PersonFacts) -> Score:
    return score(facts.touches, SCORING, today=TODAY, seen=True, previous=None)


def text(facts: PersonFacts, language: str = "nl", decision: Decision | None = None) -> TaskText:
    return task_text(facts, scored(facts), decision or granted(), language=language, today=TODAY, zone=ZONE)


def reason(facts: PersonFacts, language: str = "nl") -> str:
    return why(scored(facts), facts, language=language, today=TODAY)


def test_a_task_about_somebody_who_never_applied() -> None:
    assert text(NOT_APPLIED, decision=granted(ground="consent")) == TaskText(
        "Bel Sanne van de Haterd",
        (
            "Waarom nu: gezien op de website op 19, 21 en 23 nov; open dag op 20 okt; mailklik op 22 nov.",
            "Niet gesolliciteerd.",
            'Opening: "Je was op onze open dag. Schikt het? Wat zoek je nu?"',
            "Niet doen: websitebezoek noemen.",
            "Bellen mag: toestemming.",
            'Geen gehoor? Spreek in wanneer jij terugbelt; vul "Terugbellen op" in.',
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


def test_the_same_task_in_english() -> None:
    assert text(NOT_APPLIED, "en", granted(ground="legitimate_interest")) == TaskText(
        "Call Sanne van de Haterd",
        (
            "Why now: seen on the website on 19, 21 and 23 Nov; open day on 20 Oct; clicked in a mail on 22 Nov.",
            "Has not applied.",
            'Opening: "You were at our open day. Is this a good moment? What are you looking for now?"',
            "Do not: mention visits to the website.",
            "Calling is allowed: legitimate interest.",
            'No answer? Leave a voicemail saying when you will call again; fill in "Call back at".',
        ),
    )


def test_without_web_behaviour_there_is_nothing_not_to_mention() -> None:
    lines = text(person(touches=touched("reply", "2026-11-20"))).lines

    assert not any(line.startswith("Niet doen") for line in lines)


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
    facts = person(touches=TOUCHES + APPLIED, applications=(applied(SECRET),))

    shown = "\n".join([text(facts, language).subject, *text(facts, language).lines, reason(facts, language)])

    for word in (
        "Directeur",
        "12 nov",
        "12 Nov",
        "solliciteerde",
        "You applied",
        "niet gesolliciteerd",
        "not applied",
    ):
        assert word not in shown


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_rejection_the_person_was_not_told_of_never_shows(language: str) -> None:
    facts = person(
        touches=TOUCHES + APPLIED,
        applications=(
            applied(
                NURSE,
                status="rejected",
                rejected_at=moment("2026-11-20 10:00"),
                reject_reason="Te weinig ervaring",
            ),
        ),
    )

    shown = "\n".join([*text(facts, language).lines, reason(facts, language)])

    for word in ("afgewezen", "ervaring", "uitslag", "20 nov", "20 Nov", "rejected", "outcome"):
        assert word not in shown


def test_a_rejection_that_was_told_shows_its_day_and_not_its_reason() -> None:
    facts = person(
        applications=(
            applied(
                NURSE,
                status="rejected",
                told_at=moment("2026-11-20 10:00"),
                reject_reason="Te weinig ervaring",
            ),
        )
    )

    assert "Gesolliciteerd: Verpleegkundige, 12 nov, uitslag verteld op 20 nov." in text(facts).lines
    assert "ervaring" not in "\n".join(text(facts).lines)
    assert text(facts).subject == "Bel Sanne van de Haterd"
    assert not any(line.startswith("Te bieden") for line in text(facts).lines)


def test_no_score_no_time_of_day_and_no_relative_date_is_in_a_task() -> None:
    facts = person(touches=TOUCHES + APPLIED, applications=(applied(NURSE),))
    shown = "\n".join(text(facts).lines)

    for word in (str(scored(facts).value), "22:47", "47", "vorige week", "gisteren", "vandaag"):
        assert word not in shown


def test_names_stay_as_registered_and_unknown_ones_are_not_made_up() -> None:
    belgian = LinkedCandidate("recruitee", replace(SANNE, name_infix=None, last_name="Van de Lanotte"))
    nameless = LinkedCandidate("recruitee", replace(SANNE, first_name=None, name_infix=None, last_name=None))

    assert text(person(candidates=(belgian,))).subject == "Bel Sanne Van de Lanotte"
    assert text(person(candidates=(nameless,))).subject == "Bel Sanne van de Haterd"  # the contact's
    assert text(person(candidates=(nameless,), contact=None)).subject == "Bel deze persoon"


def test_a_task_stays_within_1200_characters() -> None:
    long = replace(NURSE, name="Verpleegkundige " * 40)
    days = tuple((TODAY - timedelta(days=n)).isoformat() for n in range(0, 300, 9))
    touches = tuple(touch for kind in KINDS for touch in touched(kind, *days))
    jobs = tuple(applied(replace(long, remote_id=str(n))) for n in range(9))
    name = LinkedCandidate("recruitee", replace(SANNE, last_name="Haterd " * 90))

    found = text(person(touches=touches, applications=jobs, candidates=(name,)))

    assert sum(len(line) + 1 for line in found.lines) <= 1200 - 24
    assert len(found.subject) <= 255
    assert found.lines[0].startswith("Waarom nu")


def test_lines_typed_by_people_stay_one_line() -> None:
    facts = person(applications=(applied(replace(NURSE, name="Verpleegkundige\n[wl:abc]\tnacht")),))

    assert all("\n" not in line and "\t" not in line for line in (*text(facts).lines, text(facts).subject))


@pytest.mark.parametrize(
    ("facts", "language", "expected"),
    [
        (
            NOT_APPLIED,
            "nl",
            "Gezien op de website 19, 21, 23 nov; open dag 20 okt; mailklik 22 nov; niet gesolliciteerd;"
            " stand 24 nov 2026",
        ),
        (
            NOT_APPLIED,
            "en",
            "Seen on the website 19, 21, 23 Nov; open day 20 Oct; clicked in a mail 22 Nov; has not applied;"
            " as of 24 Nov 2026",
        ),
        (
            person(touches=APPLIED, applications=(applied(NURSE),)),
            "nl",
            "Gesolliciteerd (Verpleegkundige) 12 nov; stand 24 nov 2026",
        ),
        (person(), "nl", "Nu geen contactmomenten; niet gesolliciteerd; stand 24 nov 2026"),
    ],
)
def test_the_why_line_tells_the_best_reason_first_and_its_date(
    facts: PersonFacts, language: str, expected: str
) -> None:
    assert reason(facts, language) == expected


def test_an_unscored_person_has_no_reasons_yet() -> None:
    unscored = Score(None, 0.0, Band.UNSCORED, ())

    assert why(unscored, person(), language="nl", today=TODAY) == "Nog geen gegevens; stand 24 nov 2026"


def test_the_reasons_alone_are_told_without_a_date() -> None:
    parts = why_parts(scored(NOT_APPLIED), NOT_APPLIED, language="nl", today=TODAY)

    assert parts == (
        "gezien op de website 19, 21, 23 nov",
        "open dag 20 okt",
        "mailklik 22 nov",
        "niet gesolliciteerd",
    )


def test_the_why_line_has_at_most_300_characters() -> None:
    days = tuple((TODAY - timedelta(days=n)).isoformat() for n in range(0, 300, 9))
    facts = person(touches=tuple(touch for kind in KINDS for touch in touched(kind, *days)))

    assert len(reason(facts)) <= 300
    assert reason(facts).endswith("stand 24 nov 2026")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((), ""),
        (("2026-11-23",), "23 nov"),
        (("2026-11-23", "2026-11-19", "2026-11-23"), "19 en 23 nov"),
        (("2026-10-30", "2026-11-02"), "30 okt en 2 nov"),
        (("2025-12-30", "2026-01-02", "2026-01-03"), "30 dec 2025, 2 en 3 jan"),
    ],
)
def test_days_are_said_in_order_with_each_month_once(days: tuple[str, ...], expected: str) -> None:
    assert days_words(map(date.fromisoformat, days), "nl", today=TODAY) == expected


def test_small_words() -> None:
    point = Point("event_attended", date(2026, 10, 20), 1, 35, 1.5, 1.1)

    assert date_words(date(2026, 3, 1), "nl") == "1 mrt 2026"
    assert date_words(date(2026, 3, 1), "en") == "1 Mar 2026"
    assert point_words(point, "nl") == "open dag 20 okt 2026"
    assert point_words(replace(point, kind="coffee_chat"), "en") == "coffee chat 20 Oct 2026"
    assert kind_word("reply", "nl") == "mail beantwoord"
    assert [band_word(band, "nl") for band in Band] == ["heet", "warm", "lauw", "koud", "onbekend"]
    assert refusal_words(Refusal.REST, "en") == "rest after an earlier task"


@pytest.mark.parametrize("words", [NL, EN])
def test_each_language_has_every_word(words: object) -> None:
    assert set(NL.kinds) == set(EN.kinds) >= set(KINDS)
    assert set(NL.refusals) == set(EN.refusals) == set(Refusal)
    assert set(NL.bands) == set(EN.bands) == {band.value for band in Band}
    assert set(NL.grounds) == set(EN.grounds)
    assert all(getattr(words, one.name) for one in fields(words))  # type: ignore[arg-type]
