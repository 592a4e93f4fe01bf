"""How long things took: in working time, in days, and the middle one of many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from sync.core.calendar import closing, day_start, is_working_day, local_day, next_opening
from sync.core.disclosure import is_few
from sync.core.policy import WorkingTime

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took: the middle one of all, and the one that nine in ten stay within, both by nearest rank: a
    time that occurred. None where fewer than five people were measured. `measured`: how often."""

    measured: int = 0
    median: float | None = None
    p90: float | None = None


def times(found: Iterable[tuple[float, str]]) -> Times:
    """Of spans and whose they are. None measured → nothing known."""
    measured = list(found)
    if is_few({person for _, person in measured}):
        return Times(len(measured))
    values = sorted(span for span, _ in measured)
    return Times(len(values), nearest_rank(values, 0.5), nearest_rank(values, 0.9))


def nearest_rank(values: Sequence[float], share: float) -> float:
    """The least value that `share` of all stay within. `values`: in order, at least one."""
    return values[max(1, ceil(share * len(values) - 1e-9)) - 1]


class WorkingSpans:
    """Working time between moments of the days from `first` to `last`, those included; counted once for all of them."""

    def __init__(self, working: WorkingTime, first: date, last: date) -> None:
        self._zone = working.zone
        self._days: dict[date, tuple[float, int, datetime, float]] = {}
        hours, days = 0.0, 0
        day = first
        while day <= last:
            opens, open_hours = _opening(day, working)
            self._days[day] = (hours, days, opens, open_hours)
            hours, days = hours + open_hours, days + (open_hours > 0)
            day += _ONE_DAY

    def hours(self, start: datetime, end: datetime) -> float:
        """Working hours from one moment to another; 0 when the end is no later."""
        return max(0.0, self._hours_until(end) - self._hours_until(start))

    def days(self, start: datetime, end: datetime) -> int:
        """Working days after the day of `start`, up to and with the day of `end`: 0 on the same day."""
        first, last = local_day(start, self._zone), local_day(end, self._zone)
        return max(0, self._days_until(last) - self._days_until(first))

    def _hours_until(self, moment: datetime) -> float:
        before, _, opens, open_hours = self._days[local_day(moment, self._zone)]
        return before + min(max((moment - opens).total_seconds() / 3600, 0.0), open_hours)

    def _days_until(self, day: date) -> int:
        _, before, _, open_hours = self._days[day]
        return before + (open_hours > 0)


def _opening(day: date, working: WorkingTime) -> tuple[datetime, float]:
    """When work begins on a local day, and for how many hours it is open."""
    midnight = day_start(day, working.zone)
    if not is_working_day(day, working):
        return midnight, 0.0
    opens = next_opening(midnight, working)
    return opens, (closing(day, working) - opens).total_seconds() / 3600
