"""What people read outside tasks: the `warmline_why` line, and words for bands, dates, points and refusals.

Rules (docs/wording.md): dates and never "last week"; no times of day; names as registered; what is unknown is left out.
Confidential vacancies and rejections the person was not told of never show. Text is plain: whoever makes HTML of it
escapes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from sync.core.facts import PersonFacts
from sync.core.keys import primary_candidate
from sync.core.model import Band, Point, Refusal, Score
from sync.core.names import full_name
from sync.core.wording_reasons import reasons
from sync.core.wording_say import Say, words_of
from sync.core.wording_words import said_days

LONGEST_WHY = 300

_NO_ZONE = ZoneInfo("UTC")  # reasons are days, which have no zone any more


def why(score: Score, facts: PersonFacts, *, language: str, today: date) -> str:
    """The `warmline_why` line: `why_parts` and the day it holds for, at most 300 characters."""
    as_of = words_of(language).why_as_of.format(day=date_words(today, language))
    kept: list[str] = []
    for part in why_parts(score, facts, language=language, today=today):
        if len("; ".join([*kept, part, as_of])) <= LONGEST_WHY:
            kept.append(part)
    text = "; ".join([*kept, as_of])
    return text[:1].upper() + text[1:]


def why_parts(score: Score, facts: PersonFacts, *, language: str, today: date) -> tuple[str, ...]:
    """What the score comes from, best reasons first, then whether the person applied. Unscored: that nothing
    is known.
    """
    say = Say(language, today, _NO_ZONE)
    words = say.words
    if score.band is Band.UNSCORED:
        return (words.why_unscored,)
    found = [reason.said(say, " ", ", ") for reason in reasons(score, facts, say)]
    parts = found or [words.why_nothing]
    return tuple(parts if has_applied(facts) else [*parts, words.why_not_applied])


def has_applied(facts: PersonFacts) -> bool:
    """Whether the person ever applied; being a prospect is no application."""
    return any(one.application.status != "prospect" for one in facts.applications)


def point_words(point: Point, language: str) -> str:
    """One line of a breakdown in words: 'gezien op de website 23 nov 2026'."""
    what, day = kind_word(point.kind, language), date_words(point.day, language)
    return words_of(language).points.format(what=what, day=day)


def kind_word(kind: str, language: str) -> str:
    """What a touch of a kind is called: 'open dag'. A kind without a word is shown by its name."""
    return words_of(language).kinds.get(kind, kind.replace("_", " "))


def band_word(band: Band, language: str) -> str:
    """The band as people say it: heet, warm, lauw, koud, onbekend."""
    return words_of(language).bands[band.value]


def refusal_words(refusal: Refusal, language: str) -> str:
    """Why somebody is not called, in a few words."""
    return words_of(language).refusals[refusal]


def date_words(day: date, language: str) -> str:
    """'24 nov 2026', '24 Nov 2026'."""
    return f"{day.day} {words_of(language).months[day.month - 1]} {day.year}"


def days_words(days: Iterable[date], language: str, *, today: date) -> str:
    """Local days in order, months said once: '19, 21 en 23 nov'. The year only where it is not this year's.
    None → ''.
    """
    return said_days(days, words_of(language), today)


def person_name(facts: PersonFacts) -> str:
    """The person's name as registered: the candidate's, else the contact's. Unknown → ''."""
    primary = primary_candidate(facts)
    if primary:
        one = primary.candidate
        name = full_name(one.first_name, one.name_infix, one.last_name)
        if name:
            return name
    return full_name(facts.contact.first_name, None, facts.contact.last_name) if facts.contact else ""
