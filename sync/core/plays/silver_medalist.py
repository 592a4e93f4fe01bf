"""Play `silver_medalist`: somebody came far, was told a no, and still shows interest. Talk about what else there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from sync.core.applications import application_ref
from sync.core.calendar import add_working_minutes, local_day
from sync.core.facts import LinkedApplication, PersonFacts
from sync.core.model import Decision
from sync.core.plays.spell import lasting, stands
from sync.core.plays.wish import Case, Wish
from sync.core.touches import VACANCY_VISIT
from sync.core.wording_reasons import known_jobs
from sync.core.wording_say import Say

PLAY = "silver_medalist"

_LATE = frozenset({"interview", "offer"})


def wish(case: Case) -> Wish | None:
    """A call to somebody who was rejected after an interview or an offer, was told so, and did something since then and
    lately; None for anybody else.

    The occasion is the application and the first day of their interest as it lasts. A task that stands is wanted as
    long as the rejection holds.
    """
    one = _last_late_rejection(case.facts)
    if one is None:
        return None
    days, ref = _days_since(one, case), application_ref(one)
    lasts = lasting(case, PLAY)
    going_on = lasts is not None and lasts.rpartition(":")[0] == ref
    occasion = lasts if lasts and going_on else f"{ref}:{days[0].isoformat()}" if days else ""
    if not occasion or not (days or stands(case, PLAY, occasion)):
        return None
    due_at = add_working_minutes(case.now, case.policy.plays.silver_medalist.due_working_minutes, case.policy.time)
    told_on = local_day(_told_at(one), case.policy.time.zone)
    # the application itself is no subject of the task: it is over
    return Wish(PLAY, occasion, (f"came_far:{ref}", f"told:{told_on.isoformat()}", *_since(days)), due_at)


def told(facts: PersonFacts, decision: Decision, say: Say) -> Mapping[str, object]:
    """The vacancy they came far for, when they were told, and what they did since."""
    known = dict(reason.split(":", 1) for reason in decision.why)
    one = next((one for one in facts.applications if application_ref(one) == known.get("came_far")), None)
    told_on = known.get("told")
    return {
        "came_far_for": say.job(one),
        "told_on": say.day(date.fromisoformat(told_on)) if told_on else "",
        "since_then": tuple(_did(facts, known.get("since", ""), say)),
    }


def _did(facts: PersonFacts, days: str, say: Say) -> Iterator[str]:
    """What they did on these days, by kind, the latest first; what was about a confidential vacancy left out."""
    wanted, jobs = {date.fromisoformat(day) for day in days.split(",") if day}, known_jobs(facts)
    found: dict[str, list[date]] = {}
    for one in facts.touches:
        job = jobs.get(one.job_id)
        if one.day in wanted and not one.suspect and not (job and job.confidential):
            found.setdefault(_what(one.kind, say.job(job), say), []).append(one.day)
    for what in sorted(found, key=lambda what: (-max(found[what]).toordinal(), what)):
        yield f"{what}{say.words.on}{say.days(found[what])}"


def _what(kind: str, job: str, say: Say) -> str:
    return say.words.viewed.format(job=job) if kind == VACANCY_VISIT and job else say.kind(kind)


def _last_late_rejection(facts: PersonFacts) -> LinkedApplication | None:
    """Of the rejections after an interview or an offer, the one told last."""
    late = [one for one in facts.applications if _is_told(one) and _came_far(one, facts)]
    return max(late, key=lambda one: (_told_at(one), application_ref(one)), default=None)


def _is_told(one: LinkedApplication) -> bool:
    return one.application.status == "rejected" and one.application.told_at is not None


def _told_at(one: LinkedApplication) -> datetime:
    at = one.application.told_at
    assert at is not None  # noqa: S101 -- asked of rejections that were told only
    return at


def _came_far(one: LinkedApplication, facts: PersonFacts) -> bool:
    """Whether the application was ever in an interview or an offer, by where it is, where it was, or how it moved."""
    kinds = {stage.remote_id: stage.kind for stage in (one.job.stages if one.job else ())}
    return any(kinds.get(stage_id) in _LATE for stage_id in _stages_of(one, facts))


def _stages_of(one: LinkedApplication, facts: PersonFacts) -> Iterator[str]:
    application = one.application
    if application.stage_id:
        yield application.stage_id
    yield from (stage_id for stage_id, _ in application.stage_entries)
    for move in facts.moves:
        if (move.source, move.application_id) == (one.source, application.remote_id):
            yield from (stage_id for stage_id in (move.from_stage_id, move.to_stage_id) if stage_id)


def _days_since(one: LinkedApplication, case: Case) -> list[date]:
    """The days of weighing touches after they were told, not too long ago; first to last. Those of the day itself may
    be about the news.
    """
    weighing = {name for name, kind in case.policy.score.kinds.items() if kind.weight > 0}
    told_on = local_day(_told_at(one), case.policy.time.zone)
    first = max(told_on, case.today - timedelta(days=case.policy.plays.silver_medalist.within_days))
    days = {one.day for one in case.facts.touches if one.kind in weighing and not one.suspect}
    return sorted(day for day in days if first < day <= case.today)


def _since(days: list[date]) -> tuple[str, ...]:
    return (f"since:{','.join(day.isoformat() for day in days[-3:])}",) if days else ()
