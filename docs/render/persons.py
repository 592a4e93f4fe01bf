"""What warmline makes of invented people: scores, decisions, texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from config.settings import load
from docs.render.markdown import table
from docs.render.people import COLLEAGUE, NOW, RECRUITER, Alone, Example, fan, tasks_alone, touched
from docs.render.people import examples as people
from sync.core.actions import task_body
from sync.core.calendar import local_day
from sync.core.contact_policy import allow
from sync.core.engagement import Scorer, without
from sync.core.explaining import head, point_rows, since_line, total_line, without_line
from sync.core.facts import Owners, PersonFacts, StoredScore
from sync.core.keys import action_key, task_key
from sync.core.model import Decision, Score
from sync.core.plays import PLAYS, Case
from sync.core.policy import Policy
from sync.core.wording import kind_word, point_words, refusal_words, why
from sync.core.wording_templates import TaskText, render
from sync.core.wording_texts import Scene, task_text

NO_SETTINGS = Path(__file__).with_name("empty.toml")  # so that a settings file of the reader is not found
OWNERS = Owners(
    {str(one.email): one for one in (RECRUITER, COLLEAGUE)}, {one.remote_id: one for one in (RECRUITER, COLLEAGUE)}
)
SANNE = fan.EXAMPLES[0].facts
LANGUAGES = (("nl", "Dutch"), ("en", "English"))


def policy(language: str, environ: Mapping[str, str] | None = None) -> Policy:
    """The default settings, with what a team must fill in itself, and what an example adds."""
    return _policy(language, tuple(sorted((environ or {}).items())))


@cache
def _policy(language: str, environ: tuple[tuple[str, str], ...]) -> Policy:
    known = {
        "WARMLINE_TEAM__LANGUAGE": language,
        "WARMLINE_ROUTING__RECRUITERS": f"{RECRUITER.email},{COLLEAGUE.email}",
        "WARMLINE_ROUTING__FALLBACK_OWNER": str(RECRUITER.email),
        "WARMLINE_CONTACT__CALL_GROUNDS": "application,consent",
    }
    settings = load(NO_SETTINGS, known | dict(environ))
    return settings.policy("12345678", frozenset(), local_day(NOW, settings.team.zone))


def examples() -> str:
    """Every example, by play."""
    parts = [f"## `{play}`\n\n" + "\n\n".join(_example(play, one) for one in some) for play, some in people().items()]
    return "\n\n".join([*parts, "## About more than one person", *(_told_alone(one) for one in tasks_alone())])


def tasks(language: str) -> list[str]:
    """The tasks among the examples, as text."""
    found = [_made(play, one, language) for play, some in people().items() for one in some]
    return [one for one in found if "[wl:" in one] + [_alone(one, language) for one in tasks_alone()]


def _told_alone(example: Alone) -> str:
    parts = [f"### {example.title}", example.about]
    for language, name in LANGUAGES:
        parts += [f"#### {name}", _alone(example, language)]
    return "\n\n".join(parts)


def _alone(example: Alone, language: str) -> str:
    rules = policy(language)
    say = Scene(rules, NOW, OWNERS).say(RECRUITER.remote_id)
    text = render(rules.write.templates, language, example.template, example.told(say))
    return _task(text, action_key(rules.portal_id, example.template, "1"))


def _example(play: str, example: Example) -> str:
    parts = [f"### {example.title}", example.about]
    for language, name in LANGUAGES:
        parts.append(f"#### {name}")
        parts.append(_reason(example, language))
        parts.append(_made(play, example, language))
    return "\n\n".join(parts)


def _scored(facts: PersonFacts, rules: Policy) -> Score:
    today = local_day(NOW, rules.time.zone)
    return Scorer(rules.score).score(facts.touches, today=today, seen=True, previous=None)


def _reason(example: Example, language: str) -> str:
    rules = policy(language, example.environ)
    today = local_day(NOW, rules.time.zone)
    told = why(_scored(example.facts, rules), example.facts, language=language, today=today)
    return f"`warmline_why`:\n\n> {told}"


def _made(play: str, example: Example, language: str) -> str:
    """The task a play makes for somebody, or why it makes none."""
    rules = policy(language, example.environ)
    score = _scored(example.facts, rules)
    decision = decided(play, example.facts, score, rules)
    if decision is None:
        return "The play asks for no task."
    if decision.refused is not None:
        return f"Refused: `{decision.refused.value}`, in words: {refusal_words(decision.refused, language)}."
    text = task_text(example.facts, score, decision, Scene(rules, NOW, OWNERS))
    return _task(text, task_key(example.facts, rules.portal_id, decision.play, decision.occasion))


def _task(text: TaskText, key: str) -> str:
    body = "\n".join(task_body(text, key).split("<br>"))
    return f"The task:\n\n```text\n{text.subject}\n\n{body}\n```"


def decided(play: str, facts: PersonFacts, score: Score, rules: Policy) -> Decision | None:
    """The decision on what a play wants; None when it wants nothing."""
    stored = StoredScore(score.value, score.raw, score.band, local_day(NOW, rules.time.zone))
    known = replace(facts, score=stored)
    wish = PLAYS[play].wish(Case(known, rules, NOW))
    return allow(wish, known, rules, owners=OWNERS, load={}, now=NOW) if wish else None


def worked_example() -> str:
    rules = policy("en").score
    touches = SANNE.touches
    score = _scored(SANNE, policy("en"))
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
    today = local_day(NOW, policy("en").time.zone)
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
    rules = policy("nl")
    touches = (*SANNE.touches, *touched("vacancy_visit", 24, job_id="j1"))
    today, scorer = local_day(NOW, rules.time.zone), Scorer(rules.score)
    now = scorer.score(touches, today=today, seen=True, previous=None)
    before = scorer.score(touches, today=today - timedelta(days=1), seen=True, previous=None)
    kinds = sorted({point.kind for point in now.points})
    rest = {kind: without(touches, kind, rules.score, today=today, seen=True).value for kind in kinds}
    lines = [total_line(now, "nl"), since_line(before, now, "nl"), without_line(rest, "nl")]
    rows = point_rows(now, rules.score, "nl")
    return table(head("nl"), rows) + "\n\n```text\n" + "\n".join(lines) + "\n```"
