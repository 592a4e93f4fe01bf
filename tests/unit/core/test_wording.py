"""The why line, and small words."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from sync.core.engagement import score
from sync.core.facts import PersonFacts
from sync.core.model import Band, Job, Point, Refusal, Score
from sync.core.wording import (
    band_word,
    date_words,
    days_words,
    kind_word,
    point_words,
    refusal_words,
    why,
    why_parts,
)
from sync.core.wording_en import EN
from sync.core.wording_nl import NL
from sync.core.wording_say import Say
from tests.unit.core.make import KINDS, OWNERS, SCORING, TODAY, ZONE, applied, moment, person, touched

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


def reason(facts: PersonFacts, language: str = "nl") -> str:
    return why(scored(facts), facts, language=language, today=TODAY)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_confidential_vacancy_never_shows_in_the_why_line(language: str) -> None:
    seen = touched("vacancy_visit", "2026-11-21", job_id="8")
    facts = person(touches=TOUCHES + APPLIED + seen, applications=(applied(SECRET),), viewed=(SECRET,))

    shown = reason(facts, language)

    for word in ("Directeur", "12 nov", "12 Nov", "niet gesolliciteerd", "not applied", "21 nov en"):
        assert word not in shown


def test_a_vacancy_looked_at_is_named() -> None:
    seen = touched("vacancy_visit", "2026-11-19", "2026-11-23", job_id="8")

    assert reason(person(touches=seen, viewed=(NURSE,))) == (
        "Vacature Verpleegkundige bekeken 19, 23 nov; niet gesolliciteerd; stand 24 nov 2026"
    )
    assert reason(person(touches=seen, viewed=(NURSE, replace(NURSE, name="Kok")))) == (  # two sources use the id
        "Vacature bekeken 19, 23 nov; niet gesolliciteerd; stand 24 nov 2026"
    )
    assert reason(person(touches=seen, viewed=(NURSE, SECRET))) == (
        "Nu geen contactmomenten; niet gesolliciteerd; stand 24 nov 2026"
    )


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


def test_a_reader_is_told_days_and_promised_moments_in_the_teams_zone() -> None:
    dutch, english = (Say(language, TODAY, ZONE, OWNERS) for language in ("nl", "en"))
    winter, summer = moment("2026-11-25 12:00"), moment("2025-07-01 00:30")  # the second is 30 June in UTC

    assert [dutch.moment(winter), english.moment(winter)] == ["wo 25 nov 12:00", "Wed 25 Nov 12:00"]
    assert [dutch.moment(summer), english.moment(summer)] == ["di 1 jul 2025 00:30", "Tue 1 Jul 2025 00:30"]
    assert [dutch.day(winter), dutch.weekday(date(2026, 11, 29)), dutch.time(winter)] == [
        "25 nov",
        "zo 29 nov",
        "12:00",
    ]
    assert [dutch.month(summer), english.month(date(2025, 3, 31))] == ["jul 2025", "Mar 2025"]
    assert dutch.days((winter, date(2026, 11, 19))) == "19 en 25 nov"


def test_a_reader_is_told_names_of_vacancies_and_recruiters_where_they_may_be() -> None:
    say = Say("nl", TODAY, ZONE, OWNERS)

    assert [say.job(one) for one in (NURSE, applied(NURSE), SECRET, applied(None), None)] == [
        "Verpleegkundige",
        "Verpleegkundige",
        "",
        "",
        "",
    ]
    assert [say.recruiter(one) for one in ("71", "99", None)] == ["Anna Bakker", "", ""]
    assert say.clip("  Jan\n\tde  Wit " + "x" * 100) == "Jan de Wit " + "x" * 68 + "…"
    assert say.kind("coffee_chat") == "coffee chat"
