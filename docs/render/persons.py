"""Invented people, and what warmline makes of them: scores, decisions, texts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from config.settings import load
from docs.render.markdown import table
from sync.core.actions import task_body
from sync.core.calendar import local_day
from sync.core.contact_policy import allow
from sync.core.engagement import Scorer, without
from sync.core.explaining import head, point_rows, since_line, total_line, without_line
from sync.core.facts import LinkedApplication, LinkedCandidate, Owners, PersonFacts, StoredScore
from sync.core.keys import task_key
from sync.core.model import Application, Candidate, Contact, Decision, Job, Owner, PersonId, RecordRef, Score, TouchDay
from sync.core.plays import PLAYS, Case
from sync.core.policy import Policy
from sync.core.wording import kind_word, point_words, refusal_words, task_text, why

NO_SETTINGS = Path(__file__).with_name("empty.toml")  # so that a settings file of the reader is not found
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # Tuesday, 09:00 in Amsterdam
RECRUITER = Owner("71", "kim@example.org", "Kim de Boer")
NURSE = Job("j1", name="Verpleegkundige wijkteam", status="open", closed_at=datetime(2026, 12, 4, 12, tzinfo=UTC))
SECRET = Job("j2", name="Directeur", status="open", confidential=True)


@dataclass(frozen=True, slots=True)
class Example:
    """An invented person and what the example shows."""

    title: str
    about: str
    facts: PersonFacts


@cache
def policy(language: str) -> Policy:
    """The default settings, with what a team must fill in itself."""
    environ = {
        "WARMLINE_TEAM__LANGUAGE": language,
        "WARMLINE_ROUTING__RECRUITERS": str(RECRUITER.email),
        "WARMLINE_ROUTING__FALLBACK_OWNER": str(RECRUITER.email),
        "WARMLINE_CONTACT__CALL_GROUNDS": "application,consent",
    }
    settings = load(NO_SETTINGS, environ)
    return settings.policy("12345678", frozenset(), local_day(NOW, settings.team.zone))


def touched(kind: str, *days: int, job_id: str = "") -> tuple[TouchDay, ...]:
    """Touch days in November 2026; below 1 they count back into October."""
    return tuple(TouchDay(kind, date.fromordinal(date(2026, 10, 31).toordinal() + day), job_id=job_id) for day in days)


def person(number: int, first: str, infix: str | None, last: str, **known: object) -> PersonFacts:
    """A candidate linked to a contact on e-mail and first name."""
    candidate = Candidate(f"c{number}", first, infix, last, email_addresses=(f"{first.lower()}@example.org",))
    contact = Contact(str(500 + number), email=f"{first.lower()}@example.org", first_name=first, seen=True)
    links = ((RecordRef("ats", f"c{number}"), "self"), (RecordRef("hubspot", str(500 + number)), "email_first_name"))
    facts = {"links": links, "candidates": (LinkedCandidate("ats", candidate),), "contact": contact} | known
    return PersonFacts(PersonId(number), **facts)  # type: ignore[arg-type]


def applied(job: Job, status: str, day: int) -> LinkedApplication:
    """An application of November 2026."""
    at = datetime(2026, 11, day, 10, tzinfo=UTC)
    return LinkedApplication("ats", Application(f"a{day}", job_id=job.remote_id, status=status, applied_at=at), job)


VISITS = touched("site_visit", 19, 21, 23) + touched("mail_click", 22)
EXAMPLES = (
    Example(
        "A fan who never applied",
        "The person is hot, and had touches on three days within a week: either is enough for `fan`.",
        person(1, "Sanne", "van de", "Haterd", touches=(*VISITS, *touched("event_attended", -11))),
    ),
    Example(
        "Hot, with a running application",
        "The task names the vacancy, and what the call rests on.",
        person(
            2,
            "Youssef",
            None,
            "Ben Ali",
            applications=(applied(NURSE, "active", 12),),
            touches=(*touched("application_submitted", 12, job_id="j1"), *touched("reply", 20), *touched("form", 11)),
        ),
    ),
    Example(
        "Applied to a confidential vacancy",
        "Neither the vacancy nor the application shows.",
        person(
            3,
            "Ingrid",
            "ter",
            "Horst",
            applications=(applied(SECRET, "active", 18),),
            touches=(*touched("application_submitted", 18, job_id="j2"), *touched("meeting_held", 17), *VISITS),
        ),
    ),
    Example(
        "Does not want to be called",
        "The wish is refused, and the refusal says why.",
        person(
            4,
            "Tomasz",
            None,
            "Nowak",
            contact=Contact("504", email="tomasz@example.org", first_name="Tomasz", seen=True, do_not_call=True),
            touches=(*VISITS, *touched("reply", 20)),
        ),
    ),
)


def examples() -> str:
    return "\n\n".join(_example(one) for one in EXAMPLES)


def _example(example: Example) -> str:
    parts = [f"## {example.title}", example.about]
    for language, name in (("nl", "Dutch"), ("en", "English")):
        parts.append(f"### {name}")
        parts += _texts(example.facts, language)
    return "\n\n".join(parts)


def _texts(facts: PersonFacts, language: str) -> list[str]:
    rules = policy(language)
    zone = rules.time.zone
    today = local_day(NOW, zone)
    score = Scorer(rules.score).score(facts.touches, today=today, seen=True, previous=None)
    decision = decided(facts, score, rules)
    told = [f"`warmline_why`:\n\n> {why(score, facts, language=language, today=today)}"]
    if decision is None:
        return [*told, "No play asks for a task."]
    if decision.refused is not None:
        return [*told, f"Refused: `{decision.refused.value}`, in words: {refusal_words(decision.refused, language)}."]
    text = task_text(facts, score, decision, language=language, today=today, zone=zone)
    key = task_key(facts, rules.portal_id, decision.play, decision.occasion)
    body = "\n".join(task_body(text, key).split("<br>"))
    return [*told, f"The task:\n\n```text\n{text.subject}\n\n{body}\n```"]


def decided(facts: PersonFacts, score: Score, rules: Policy) -> Decision | None:
    """The decision of the first play that wants something; None when none does."""
    today = local_day(NOW, rules.time.zone)
    stored = StoredScore(score.value, score.raw, score.band, today)
    owners = Owners({str(RECRUITER.email): RECRUITER}, {RECRUITER.remote_id: RECRUITER})
    for play in PLAYS.values():
        wish = play.wish(Case(replace(facts, score=stored), rules, NOW))
        if wish is not None:
            return allow(wish, facts, rules, owners=owners, load={}, now=NOW)
    return None


def worked_example() -> str:
    rules = policy("en").score
    touches = EXAMPLES[0].facts.touches
    today = local_day(NOW, policy("en").time.zone)
    score = Scorer(rules).score(touches, today=today, seen=True, previous=None)
    rows = [
        (
            point_words(point, "en"),
            point.age_days,
            point.weight,
            f"{rules.kinds[point.kind].half_life_days:g}",
            f"{point.points:.3f}",
        )
        for point in score.points
    ]
    rest = without(touches, "event_attended", rules, today=today, seen=True)
    return "\n\n".join(
        [
            table(("touch day", "age in days", "weight", "half-life", "points"), rows),
            f"The points sum to raw = {score.raw:.3f}.\n"
            f"The score is round(100 · (1 − e^(−{score.raw:.3f} / {rules.scale:g}))) = {score.value}, "
            f"band `{score.band.value}`.\n"
            f"Without the {kind_word('event_attended', 'en')} it would be {rest.value}.",
        ]
    )


def explained_example() -> str:
    """The first person as `explain` shows their score, on the day after a fourth visit."""
    facts, rules = EXAMPLES[0].facts, policy("nl")
    touches = (*facts.touches, *touched("site_visit", 24))
    today, scorer = local_day(NOW, rules.time.zone), Scorer(rules.score)
    now = scorer.score(touches, today=today, seen=True, previous=None)
    before = scorer.score(touches, today=today - timedelta(days=1), seen=True, previous=None)
    kinds = sorted({point.kind for point in now.points})
    rest = {kind: without(touches, kind, rules.score, today=today, seen=True).value for kind in kinds}
    lines = [total_line(now, "nl"), since_line(before, now, "nl"), without_line(rest, "nl")]
    rows = point_rows(now, rules.score, "nl")
    return table(head("nl"), rows) + "\n\n```text\n" + "\n".join(lines) + "\n```"
