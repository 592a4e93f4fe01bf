"""Play `abandoned_application`: somebody saw the page to apply, and no application came. Offer help.

The call is for who is warm; everybody else is left to the reminder mail (`sync/core/triggers.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sync.core.calendar import add_working_minutes, day_start, local_day, next_opening
from sync.core.facts import PersonFacts
from sync.core.model import Band, Decision, Job, TouchDay
from sync.core.plays.spell import backlog_end, lasting, stands
from sync.core.plays.wish import Case, Wish
from sync.core.touches import APPLICATION_STARTED, APPLICATION_SUBMITTED, finished_on
from sync.core.wording_reasons import known_jobs
from sync.core.wording_say import Say

PLAY = "abandoned_application"

_WARM = frozenset({Band.WARM, Band.HOT})


@dataclass(frozen=True, slots=True)
class Start:
    """A local day on which the page to apply for an open vacancy was seen, without an application since.

    `at`: when it was last seen that day, aware UTC. `ripe_at`: the end of the time people get to finish it.
    """

    job_id: str
    day: date
    at: datetime
    ripe_at: datetime

    @property
    def occasion(self) -> str:
        """The vacancy and the day."""
        return f"{self.job_id}:{self.day.isoformat()}"


def wish(case: Case) -> Wish | None:
    """A call to somebody warm who began to apply and did not finish in time; None for anybody else.

    The occasion is the vacancy and the day, the newest of several, and stays while the spell lasts. A task that stands
    is wanted until they apply or the vacancy closes, however they cool down.
    """
    start = _chosen(case)
    if start is None:
        return None
    score = case.facts.score
    is_due = start.ripe_at <= case.now and score is not None and score.band in _WARM
    if not (is_due or stands(case, PLAY, start.occasion)):
        return None
    working, minutes = case.policy.time, case.policy.plays.abandoned_application.due_working_minutes
    due_at = max(add_working_minutes(start.ripe_at, minutes, working), next_opening(case.now, working))
    return Wish(PLAY, start.occasion, (f"started:{start.occasion}",), due_at)


def next_at(case: Case) -> datetime | None:
    """When the time to finish an application ends, or one that was begun is too long ago."""
    moments = [moment for start in fresh_starts(case) for moment in (start.ripe_at, too_old_at(start.at, case))]
    return min((moment for moment in moments if moment > case.now), default=None)


def told(facts: PersonFacts, decision: Decision, say: Say) -> Mapping[str, object]:
    """The vacancy and the day its page was seen."""
    job_id, _, day = next(iter(decision.why), "::").partition(":")[2].rpartition(":")
    job = known_jobs(facts).get(job_id)
    return {
        "started_job": say.job(job),
        "started_on": say.day(date.fromisoformat(day)) if day else "",
        "open_until": say.open_until(job),
    }


def fresh_starts(case: Case) -> list[Start]:
    """What was begun lately and not finished, oldest first; not what was old when warmline began."""
    begun = unfinished(case)
    since = backlog_end(case) if begun else case.now
    return [one for one in begun if one.at >= since and case.now < too_old_at(one.at, case)]


def too_old_at(at: datetime, case: Case) -> datetime:
    """When what was begun then is left alone."""
    return at + timedelta(days=case.policy.plays.abandoned_application.within_days)


def is_open(job: Job | None, case: Case) -> bool:
    """Whether people can apply for a vacancy, its last day included, and hear of it: a secret one is not named."""
    if job is None or job.confidential or job.status != "open":
        return False
    return job.closed_at is None or local_day(job.closed_at, case.policy.time.zone) >= case.today


def has_applied(facts: PersonFacts, job_id: str, started: TouchDay) -> bool:
    """Whether an application for the vacancy is known, of whatever day, or one that may be for it came since."""
    if any(one.application.job_id == job_id and one.application.status != "prospect" for one in facts.applications):
        return True
    submitted = [one for one in facts.touches if one.kind == APPLICATION_SUBMITTED and not one.suspect]
    return finished_on(started, submitted) is not None


def _chosen(case: Case) -> Start | None:
    """Of what was begun, the one whose task stands; else that of the spell that goes on; else the newest."""
    kept = next((one for one in unfinished(case) if stands(case, PLAY, one.occasion)), None)
    fresh = fresh_starts(case)
    lasts = lasting(case, PLAY)
    going_on = next((one for one in fresh if one.occasion == lasts), None)
    return kept or going_on or max(fresh, key=lambda one: (one.at, one.job_id), default=None)


def unfinished(case: Case) -> list[Start]:
    """Everything that was begun for a vacancy that is open, and not finished, however long ago; oldest first."""
    return sorted(_each_start(case), key=lambda one: (one.at, one.job_id))


def _each_start(case: Case) -> Iterator[Start]:
    facts, working = case.facts, case.policy.time
    minutes = case.policy.plays.abandoned_application.wait_working_minutes
    begun = [one for one in facts.touches if one.kind == APPLICATION_STARTED and one.job_id and not one.suspect]
    jobs = known_jobs(facts) if begun else {}
    for one in begun:
        if one.day > case.today or not is_open(jobs.get(one.job_id), case) or has_applied(facts, one.job_id, one):
            continue
        at = one.last_at or day_start(one.day + timedelta(days=1), working.zone)
        yield Start(one.job_id, one.day, at, add_working_minutes(at, minutes, working))
