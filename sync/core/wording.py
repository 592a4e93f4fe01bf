"""What recruiters read: task texts, the `warmline_why` line, and words for bands, dates, points and refusals.

Rules (docs/examples.md): dates and never "last week"; no times of day; no scores in tasks; names as registered;
what is unknown is left out. Confidential vacancies and rejections the person was not told of never show. Text
is plain: whoever makes HTML of it escapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sync.core.applications import has_running_application
from sync.core.calendar import local_day
from sync.core.facts import LinkedApplication, PersonFacts
from sync.core.keys import primary_candidate
from sync.core.model import Application, Band, Decision, Point, Refusal, Score
from sync.core.names import full_name
from sync.core.touches import APPLICATION_SUBMITTED, EVENT_ATTENDED
from sync.core.wording_en import EN
from sync.core.wording_nl import NL
from sync.core.wording_words import Words, said_days

LONGEST_TASK = 1200  # characters of a task's lines, its marker included
LONGEST_WHY = 300

_LANGUAGES: Mapping[str, Words] = {"nl": NL, "en": EN}
_MARKER_ROOM = 24
_LONGEST_FACT = 80
_MOST_DAYS = 4  # dates named of one kind: the newest
_MOST_REASONS = 5
_MOST_APPLICATIONS = 2
_WEB = frozenset({"site_visit", "vacancy_visit", "careers_visit", "mail_click"})


@dataclass(frozen=True, slots=True)
class TaskText:
    """A task as a recruiter reads it: plain text, the marker line not included."""

    subject: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reason:
    """Touch days of one kind (and vacancy, where it may be named) and what they are worth together."""

    what: str
    days: tuple[date, ...]
    points: float


def task_text(
    facts: PersonFacts, score: Score, decision: Decision, *, language: str, today: date, zone: ZoneInfo
) -> TaskText:
    """The text of a call task: why now, what is known, what there is to offer, the ground, what to do without
    an answer.

    At most 1,200 characters with its marker: the reasons worth least go first. Dates are local days of
    `zone`.
    """
    words = _words(language)
    lines = tuple(_fixed_lines(facts, score, decision, words, _Day(today, zone)))
    reasons = [_named(reason, words, today, words.on, words.final) for reason in _reasons(score, facts, words)]
    reasons = reasons[:_MOST_REASONS]
    while reasons:
        now = words.why_now.format(reasons="; ".join(reasons))
        if sum(len(line) + 1 for line in (now, *lines)) <= LONGEST_TASK - _MARKER_ROOM:
            lines = (now, *lines)
            break
        reasons.pop()
    return TaskText(_subject(facts, words), lines)


def why(score: Score, facts: PersonFacts, *, language: str, today: date) -> str:
    """The `warmline_why` line: `why_parts` and the day it holds for, at most 300 characters."""
    as_of = _words(language).why_as_of.format(day=date_words(today, language))
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
    words = _words(language)
    if score.band is Band.UNSCORED:
        return (words.why_unscored,)
    reasons = [_named(reason, words, today, " ", ", ") for reason in _reasons(score, facts, words)]
    parts = reasons or [words.why_nothing]
    return tuple(parts if _applied(facts) else [*parts, words.why_not_applied])


def point_words(point: Point, language: str) -> str:
    """One line of a breakdown in words: 'gezien op de website 23 nov 2026'."""
    words = _words(language)
    return words.points.format(what=_kind(point.kind, words), day=date_words(point.day, language))


def kind_word(kind: str, language: str) -> str:
    """What a touch of a kind is called: 'open dag'. A kind without a word is shown by its name."""
    return _kind(kind, _words(language))


def band_word(band: Band, language: str) -> str:
    """The band as people say it: heet, warm, lauw, koud, onbekend."""
    return _words(language).bands[band.value]


def refusal_words(refusal: Refusal, language: str) -> str:
    """Why somebody is not called, in a few words."""
    return _words(language).refusals[refusal]


def date_words(day: date, language: str) -> str:
    """'24 nov 2026', '24 Nov 2026'."""
    return f"{day.day} {_words(language).months[day.month - 1]} {day.year}"


def days_words(days: Iterable[date], language: str, *, today: date) -> str:
    """Local days in order, months said once: '19, 21 en 23 nov'. The year only where it is not this year's.
    None → ''.
    """
    return said_days(days, _words(language), today)


@dataclass(frozen=True, slots=True)
class _Day:
    today: date
    zone: ZoneInfo


def _words(language: str) -> Words:
    return _LANGUAGES.get(language, NL)


def _kind(kind: str, words: Words) -> str:
    return words.kinds.get(kind, kind.replace("_", " "))


def _clip(text: str | None, most: int = _LONGEST_FACT) -> str:
    flat = " ".join((text or "").split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def _reasons(score: Score, facts: PersonFacts, words: Words) -> list[_Reason]:
    """The breakdown by kind and nameable vacancy, worth most first; applications to confidential vacancies
    left out.
    """
    jobs = {one.application.job_id: one for one in facts.applications if one.application.job_id}
    secret = {one.job.remote_id for one in facts.applications if one.job and one.job.confidential}
    found: dict[str, list[Point]] = {}
    for point in score.points:
        if point.job_id in secret:
            continue
        linked = jobs.get(point.job_id)
        job = _job_name(linked) if linked and point.kind == APPLICATION_SUBMITTED else ""
        what = _kind(point.kind, words) + (f" ({job})" if job else "")
        found.setdefault(what, []).append(point)
    reasons = [
        _Reason(what, tuple(sorted(point.day for point in points)), sum(point.points for point in points))
        for what, points in found.items()
    ]
    return sorted(reasons, key=lambda reason: (-reason.points, reason.what))


def _named(reason: _Reason, words: Words, today: date, on: str, final: str) -> str:
    return reason.what + on + said_days(reason.days[-_MOST_DAYS:], words, today, final)


def _subject(facts: PersonFacts, words: Words) -> str:
    job = next((name for one in _newest_first(facts) if _is_live(one.application) and (name := _job_name(one))), "")
    template = words.subject_job if job else words.subject
    return template.format(name=_clip(person_name(facts), 120) or words.nobody, job=job)


def person_name(facts: PersonFacts) -> str:
    """The person's name as registered: the candidate's, else the contact's. Unknown → ''."""
    primary = primary_candidate(facts)
    if primary:
        one = primary.candidate
        name = full_name(one.first_name, one.name_infix, one.last_name)
        if name:
            return name
    return full_name(facts.contact.first_name, None, facts.contact.last_name) if facts.contact else ""


def _fixed_lines(facts: PersonFacts, score: Score, decision: Decision, words: Words, day: _Day) -> Iterator[str]:
    kinds = {point.kind for point in score.points}
    applied = "; ".join(_application_words(one, words, day) for one in _shown(facts)[:_MOST_APPLICATIONS])
    if applied:
        yield words.applied.format(facts=applied)
    elif not _applied(facts):
        yield words.not_applied
    yield from _offer(facts, words, day)
    about = words.opening_event if EVENT_ATTENDED in kinds else words.opening_applied if applied else ""
    yield words.opening.format(about=about, question=words.opening_question)
    if kinds & _WEB:
        yield words.do_not
    if decision.ground:
        attested = decision.ground == "application" and not _runs_in_the_open(facts)
        ground = "application_attested" if attested else decision.ground
        yield words.ground.format(ground=words.grounds.get(ground, ground))
    yield words.no_answer


def _offer(facts: PersonFacts, words: Words, day: _Day) -> Iterator[str]:
    """The newest open vacancy the person is in the running for, with its last day where that is still to
    come.
    """
    for one in _newest_first(facts):
        name = _job_name(one)
        if name and one.job and one.job.status == "open" and one.application.status in ("active", "prospect"):
            closes = local_day(one.job.closed_at, day.zone) if one.job.closed_at else None
            until = said_days((closes,), words, day.today) if closes and closes >= day.today else ""
            yield words.to_offer.format(job=name, until=words.open_until.format(day=until) if until else "")
            return


def _application_words(one: LinkedApplication, words: Words, day: _Day) -> str:
    application = one.application
    parts = [_job_name(one)]
    if application.applied_at:
        parts.append(said_days((local_day(application.applied_at, day.zone),), words, day.today))
    if application.status == "withdrawn":
        parts.append(words.withdrawn)
    if application.status == "rejected" and application.told_at:
        told = said_days((local_day(application.told_at, day.zone),), words, day.today)
        parts.append(words.told.format(day=told))
    return ", ".join(part for part in parts if part)


def _shown(facts: PersonFacts) -> list[LinkedApplication]:
    """Applications that may be named in HubSpot, newest first."""
    return [one for one in _newest_first(facts) if one.application.status != "prospect" and _job_name(one)]


def _newest_first(facts: PersonFacts) -> list[LinkedApplication]:
    dated = sorted(facts.applications, key=lambda one: (one.source, one.application.remote_id))
    return sorted(dated, key=lambda one: -one.application.applied_at.timestamp() if one.application.applied_at else 0.0)


def _applied(facts: PersonFacts) -> bool:
    return any(one.application.status != "prospect" for one in facts.applications)


def _runs_in_the_open(facts: PersonFacts) -> bool:
    """Whether an application runs that may be mentioned: not one to a confidential vacancy."""
    named = tuple(one for one in facts.applications if not (one.job and one.job.confidential))
    return has_running_application(replace(facts, applications=named))


def _is_live(application: Application) -> bool:
    told = application.status == "rejected" and application.told_at is not None
    return not told and application.status not in ("withdrawn", "hired")


def _job_name(one: LinkedApplication) -> str:
    """The vacancy's name; '' where it is unknown or confidential."""
    return _clip(one.job.name) if one.job and not one.job.confidential else ""
