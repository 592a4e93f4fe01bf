"""What plays that rest on behaviour share: one occasion a spell, and no task about what is old when warmline begins."""

from __future__ import annotations

from datetime import datetime, timedelta

from sync.core.calendar import day_start, local_day, working_days_after
from sync.core.keys import known_markers
from sync.core.plays.wish import Case

BACKLOG_WORKING_DAYS = 3  # what was older when warmline began is no task: one made in time would have expired


def lasting(case: Case, play: str) -> str | None:
    """The occasion of the spell that goes on: the play's last decision, while that one was wanted."""
    return next((one.occasion for one in case.facts.previous if one.play == play and one.wanted), None)


def stands(case: Case, play: str, occasion: str) -> bool:
    """Whether the play's task for this occasion is open: cooling down closes nothing."""
    markers = known_markers(case.facts, case.policy.portal_id, play, occasion)
    return any(task.open and task.marker in markers for task in case.facts.tasks)


def backlog_end(case: Case) -> datetime:
    """What happened before this moment was old when warmline began to watch, aware UTC."""
    working = case.policy.time
    began = local_day(case.facts.watched_since or case.now, working.zone)
    day = began
    while working_days_after(day, BACKLOG_WORKING_DAYS, working) >= began:
        day -= timedelta(days=1)
    return day_start(day + timedelta(days=1), working.zone)
