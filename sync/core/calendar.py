"""Working time and local days of the team. Moments are aware UTC, days are local dates of the zone given."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sync.core.policy import WorkingTime
from sync.errors import FatalError

_ONE_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 400  # days looked ahead for a working day before the settings are called wrong


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The zone's date at an aware moment."""
    return moment.astimezone(zone).date()


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """First moment of a local day, aware UTC. Where summer time skips midnight it is the first moment that
    exists.
    """
    return _utc(day, time(0), zone)


def is_working_day(day: date, working: WorkingTime) -> bool:
    """Whether recruiters work on this local day."""
    return day.weekday() in working.weekdays and day not in working.holidays


def first_day_of(day: date, working: WorkingTime) -> date:
    """The first local day whose tasks recruiters find together with those of `day`: on a Sunday or Monday, Saturday."""
    for _ in range(_LONGEST_CLOSURE):
        if is_working_day(day - _ONE_DAY, working):
            break
        day -= _ONE_DAY
    return day


def working_days_after(day: date, n: int, working: WorkingTime) -> date:
    """The n-th working day after `day`. n = 0: `day` itself if it is one, else the next. FatalError: no
    working days set.
    """
    if n == 0:
        return _first_working_day(day, working)
    for _ in range(n):
        day = _first_working_day(day + _ONE_DAY, working)
    return day


def next_opening(moment: datetime, working: WorkingTime) -> datetime:
    """`moment` itself within working time, else the next opening, aware UTC. Closing time is outside."""
    day = local_day(moment, working.zone)
    if is_working_day(day, working) and moment < closing(day, working):
        return max(moment.astimezone(UTC), _utc(day, working.opens, working.zone))
    return opening_after(day, working)


def within_hours(moment: datetime, working: WorkingTime) -> datetime:
    """`moment` itself from opening to closing time, that included, of a working day; else the next opening, aware
    UTC."""
    day = local_day(moment, working.zone)
    if is_working_day(day, working) and moment == closing(day, working):
        return moment.astimezone(UTC)
    return next_opening(moment, working)


def closing(day: date, working: WorkingTime) -> datetime:
    """When work ends on a local day, aware UTC: some days close early. Asked of working days."""
    early = (day.month, day.day) in working.early_days and working.early_closes < working.closes
    return _utc(day, working.early_closes if early else working.closes, working.zone)


def opening_after(day: date, working: WorkingTime) -> datetime:
    """Opening of the first working day later than `day`, aware UTC."""
    return _utc(_first_working_day(day + _ONE_DAY, working), working.opens, working.zone)


def add_working_minutes(moment: datetime, minutes: int, working: WorkingTime) -> datetime:
    """The moment at which `minutes` of working time have passed since `moment`, aware UTC.

    Real minutes, also on days the clock changes. A sum that ends at closing time stays there; 0 minutes
    outside working time is the next opening. Cases: the tests of this module.
    """
    at = next_opening(moment, working)
    left = timedelta(minutes=minutes)
    while True:
        day = local_day(at, working.zone)
        closes = closing(day, working)
        if at + left <= closes:
            return at + left
        left -= closes - at
        at = opening_after(day, working)


def _first_working_day(day: date, working: WorkingTime) -> date:
    for ahead in range(_LONGEST_CLOSURE):
        if is_working_day(day + timedelta(days=ahead), working):
            return day + timedelta(days=ahead)
    raise FatalError(
        f"There is no working day in the {_LONGEST_CLOSURE} days from {day.isoformat()}.",
        fix="Set the team's working days and holidays.",
    )


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
