"""Play `call_back`: a recruiter agreed on a moment (`warmline_call_back_at`). Call at that very minute.

The property is the people's: warmline reads it and never clears it. A moment is kept once the team was in touch from
shortly before it on (docs/decisions/0056).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sync.core.activity import Activity, is_act
from sync.core.calendar import day_start, local_day, working_days_after
from sync.core.facts import OwnTask, PersonFacts
from sync.core.keys import known_markers
from sync.core.model import Decision
from sync.core.plays.acts import since_made
from sync.core.plays.wish import STEP, Case, Wish
from sync.core.policy import Policy
from sync.core.wording_say import Say

PLAY = "call_back"
MISSED = "missed"


def wish(case: Case) -> Wish | None:
    """A call at the agreed moment, until it is kept; None without one, and when it was missed too long ago.

    The occasion is the moment. Once it was missed, the task that stands for it is written anew, as that of '…/missed'.
    """
    at = _agreed(case.facts)
    if at is None or case.now >= _too_late_at(at, case.policy) or _is_kept(case, at):
        return None
    reasons = (f"{PLAY}:{at.isoformat()}", *((MISSED,) if is_missed(case) else ()))
    return Wish(PLAY, _occasion(case, at), reasons, at, priority="HIGH")


def next_at(case: Case) -> datetime | None:
    """When the moment counts as missed, then when it is too long ago."""
    at = _agreed(case.facts)
    if at is None:
        return None
    moments = (_missed_at(at, case.policy), _too_late_at(at, case.policy))
    return next((moment for moment in moments if moment > case.now), None)


def counts(case: Case, task: OwnTask, activity: Activity) -> bool:
    """Whether an act keeps the appointment: a mail that confirms it days before does not, unless somebody emptied the
    property since.
    """
    at = _agreed(case.facts)
    return since_made(case, task, activity) if at is None else is_act(activity) and activity.at >= _kept_from(at, case)


def is_missed(case: Case) -> bool:
    """Whether the agreed moment went by so long ago, without contact, that somebody has to be told."""
    at = _agreed(case.facts)
    return at is not None and case.now >= _missed_at(at, case.policy) and not _is_kept(case, at)


def told(_: PersonFacts, decision: Decision, say: Say) -> Mapping[str, object]:
    """The agreed moment, and whether it was missed."""
    at = decision.due_at
    return {
        "agreed": say.moment(at) if at else "",
        "agreed_time": say.time(at) if at else "",
        "missed": MISSED in decision.why,
    }


def _agreed(facts: PersonFacts) -> datetime | None:
    at = facts.contact.call_back_at if facts.contact else None
    return at.astimezone(UTC) if at else None


def _missed_at(at: datetime, policy: Policy) -> datetime:
    return at + timedelta(minutes=policy.plays.call_back.missed_after_minutes)


def _too_late_at(at: datetime, policy: Policy) -> datetime:
    last = working_days_after(local_day(at, policy.time.zone), policy.plays.call_back.late_working_days, policy.time)
    return day_start(last + timedelta(days=1), policy.time.zone)


def _is_kept(case: Case, at: datetime) -> bool:
    return any(_kept_from(at, case) <= one.at <= case.now and is_act(one) for one in case.facts.activities)


def _kept_from(at: datetime, case: Case) -> datetime:
    return at - timedelta(minutes=case.policy.plays.call_back.early_minutes)


def _occasion(case: Case, at: datetime) -> str:
    """The moment, and where it is needed which step of it: a task that stands is written anew once it is missed, and a
    moment that was taken back or moved, and agreed on again, has a task of its own.
    """
    first, tasks = at.isoformat(), case.facts.tasks
    missed = f"{first}{STEP}{MISSED}"
    if is_missed(case) and any((task.open and task.play == PLAY) or _is_of(case, task, missed) for task in tasks):
        return missed
    occasion, turn = first, 1
    while any(_was_left(case, task, occasion, missed) for task in tasks):
        turn += 1
        occasion = f"{first}{STEP}{turn}"
    return occasion


def _was_left(case: Case, task: OwnTask, occasion: str, missed: str) -> bool:
    """Whether the task was made for the occasion and ended because the recruiter chose another moment, or none."""
    if task.open or task.play != PLAY:
        return False
    markers = known_markers(case.facts, case.policy.portal_id, PLAY, occasion)
    is_of, is_moved = task.marker in markers, not _is_of(case, task, missed)
    return (is_of and task.withdrawn) or (not is_of and is_moved and task.first_marker in markers)


def _is_of(case: Case, task: OwnTask, occasion: str) -> bool:
    return task.marker in known_markers(case.facts, case.policy.portal_id, PLAY, occasion)
