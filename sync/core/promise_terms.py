"""By when an applicant is to hear something, in working days of the team."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sync.core.calendar import (
    closing,
    day_start,
    is_working_day,
    local_day,
    next_opening,
    working_days_after,
)
from sync.core.policy import WorkingTime
from sync.core.promise_policy import PromisePolicy

_ONE_DAY = timedelta(days=1)
_LONGEST_LEAD = 400  # days looked back for working time


def public_due_at(began_at: datetime, days: int, working: WorkingTime) -> datetime:
    """What the applicant may expect: the end of the last working day of the vacancy's term, aware UTC."""
    return closing(working_days_after(local_day(began_at, working.zone), days, working), working)


def internal_due_at(began_at: datetime, policy: PromisePolicy, working: WorkingTime) -> datetime:
    """What the team asks of itself: the same time of day, that many working days later, aware UTC. What begins outside
    hours begins at the next opening."""
    began = next_opening(began_at, working).astimezone(working.zone)
    day = working_days_after(began.date(), policy.internal_working_days, working)
    at = datetime.combine(day, began.time(), tzinfo=working.zone).astimezone(UTC)
    return min(at, closing(day, working))


def before(moment: datetime, minutes: int, working: WorkingTime) -> datetime:
    """The moment from which `minutes` of working time are left until `moment`, aware UTC."""
    left, day = timedelta(minutes=minutes), local_day(moment, working.zone)
    for _ in range(_LONGEST_LEAD):
        if is_working_day(day, working):
            opens = _opening(day, working)
            ends = min(moment, closing(day, working))
            if ends - left >= opens:
                return ends - left
            left -= max(ends - opens, timedelta())
        day -= _ONE_DAY
    return moment.astimezone(UTC)


def _opening(day: date, working: WorkingTime) -> datetime:
    return next_opening(day_start(day, working.zone), working)
