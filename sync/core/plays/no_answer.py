"""Play `no_answer`: the team called and did not reach the person. Try again at another part of the day, a few times.

After the last attempt contact policy lets the person rest (docs/decisions/0057).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sync.core.activity import (
    CALL,
    IN,
    MEETING,
    TASK,
    Activity,
    is_act,
    is_missed_attempt,
    is_planned,
)
from sync.core.calendar import local_day, next_opening, working_days_after
from sync.core.facts import OwnTask, PersonFacts
from sync.core.model import Decision
from sync.core.plays.unanswered import activity_ref
from sync.core.plays.wish import Case, Wish
from sync.core.wording_say import Say

PLAY = "no_answer"
LAST = "last"


def wish(case: Case) -> Wish | None:
    """The next attempt after those in a row that nobody took; None when the last calls were enough, the person was in
    touch since, or something is planned with them.

    The occasion is the last attempt.
    """
    policy = case.policy.plays.no_answer
    tried = attempts(case.facts, case.now)
    if not tried or len(tried) >= policy.most_attempts or tried[-1].at < case.now - timedelta(days=policy.within_days):
        return None
    if any(is_planned(one, case.now) for one in case.facts.activities):
        return None
    zone = case.policy.time.zone
    reasons = [f"{one.outcome}:{one.at.astimezone(zone).isoformat(timespec='minutes')}" for one in tried]
    if len(tried) + 1 == policy.most_attempts:
        reasons.append(LAST)
    return Wish(PLAY, activity_ref(tried[-1]), tuple(reasons), _due_at(case, tried))


def counts(_: Case, task: OwnTask, activity: Activity) -> bool:
    """A call, a meeting or a completed task: a mail that announces the next attempt does not make it."""
    is_attempt = activity.channel in (CALL, MEETING, TASK)
    return is_attempt and activity.at > task.made_at and is_act(activity)


def told(_: PersonFacts, decision: Decision, say: Say) -> Mapping[str, object]:
    """Which attempt this is, and when the earlier ones were."""
    tried = [reason.partition(":")[::2] for reason in decision.why if reason != LAST]
    return {
        "attempt": len(tried) + 1,
        "tried": [say.moment(datetime.fromisoformat(at)) for _, at in tried],
        "voicemail": tried[-1][0] == "voicemail",
        "last": LAST in decision.why,
    }


def attempts(facts: PersonFacts, now: datetime) -> list[Activity]:
    """The calls in a row that nobody took, up to the last one, oldest first; none when the person was in touch since.

    Our own mails and messages between them change nothing. A wrong number ends the row: there is nobody to try.
    """
    found: list[Activity] = []
    for one in facts.activities:
        if one.at > now:
            break
        if is_missed_attempt(one):
            found.append(one)
        elif _is_contact(one):
            found = []
    return found


def _is_contact(activity: Activity) -> bool:
    """Whether the person took part, or it is known that this number reaches somebody else."""
    if activity.channel == CALL:
        return True
    if activity.channel == MEETING:
        return is_act(activity)
    return activity.direction == IN


def _due_at(case: Case, tried: Sequence[Activity]) -> datetime:
    """The time of day furthest from those already tried, on the first working day that is left for it."""
    working = case.policy.time
    at = _time_of_day(case, tried)
    first = local_day(tried[-1].at, working.zone)
    day = working_days_after(first, case.policy.plays.no_answer.after_working_days, working)
    day = max(day, working_days_after(case.today, 0, working))
    if _moment(case, day, at) < case.now:
        day = working_days_after(day, 1, working)
    return next_opening(_moment(case, day, at), working)


def _time_of_day(case: Case, tried: Sequence[Activity]) -> time:
    """Of equals the earliest."""
    zone = case.policy.time.zone
    minutes = [_minute(one.at.astimezone(zone).time()) for one in tried]
    times = sorted(case.policy.plays.no_answer.times)
    return max(times, key=lambda one: min(abs(_minute(one) - minute) for minute in minutes))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _moment(case: Case, day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=case.policy.time.zone).astimezone(UTC)
