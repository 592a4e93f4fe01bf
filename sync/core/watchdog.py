"""What falls silent: streams without the news they usually have, by their own last weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

WEEKS = 4
LEAST_WEEKS = 2  # of history before anything is said


@dataclass(frozen=True, slots=True)
class Usual:
    """When to speak. `hours`: hours that usually have news and had none. `drop_share`, `drop_rows`: a day below this
    share of the same weekday's usual rows, where those are that many. `holidays`: local days that are not usual."""

    hours: int
    drop_share: float
    drop_rows: int
    zone: ZoneInfo
    holidays: Collection[date] = frozenset()


def silent(news: Mapping[datetime, int], usual: Usual, now: datetime) -> str:
    """Why a stream is unusually silent; '' when it is not. `news`: rows by hour, aware UTC, hours without any absent.

    Each hour since its last news weighs the share of past weeks in which that hour of the week had news.
    """
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    weeks = _weeks_known(news, this_hour)
    if weeks < LEAST_WEEKS:
        return ""
    last = max(hour for hour in news if hour <= this_hour)
    past = [hour for hour in news if hour >= last - timedelta(weeks=WEEKS)]
    slots = Counter(_slot(hour, usual.zone) for hour in past)
    empty = (last + timedelta(hours=n) for n in range(1, min(round((this_hour - last) / timedelta(hours=1)), 24 * 28)))
    missed = sum(
        min(1.0, slots[_slot(hour, usual.zone)] / weeks)
        for hour in empty
        if hour.astimezone(usual.zone).date() not in usual.holidays
    )
    if missed < usual.hours:
        return ""
    since = last.astimezone(usual.zone)
    return f"no news since {since:%Y-%m-%d %H}:00, where {missed:.0f} of the hours since usually have some"


def _weeks_known(news: Mapping[datetime, int], this_hour: datetime) -> int:
    past = [hour for hour in news if hour <= this_hour]
    return min(WEEKS, (max(past) - min(past)) // timedelta(weeks=1)) if past else 0


def _slot(hour: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = hour.astimezone(zone)
    return local.weekday(), local.hour


def dropped(news: Mapping[datetime, int], usual: Usual, now: datetime) -> str:
    """Why yesterday's volume of a stream is a drop; '' when it is none, or yesterday was a holiday."""
    today = now.astimezone(usual.zone).date()
    day, by_day = today - timedelta(days=1), Counter[date]()
    for hour, rows in news.items():
        by_day[hour.astimezone(usual.zone).date()] += rows
    first = min(by_day, default=today)
    same = [day - timedelta(weeks=n) for n in range(1, WEEKS + 1)]
    known = [by_day[one] for one in same if one >= first and one not in usual.holidays]
    if day in usual.holidays or len(known) < LEAST_WEEKS:
        return ""
    usually = median(known)
    if usually < usual.drop_rows or by_day[day] >= usual.drop_share * usually:
        return ""
    return f"{by_day[day]:,} rows on {day.isoformat()}, where that weekday usually brings {usually:,.0f}"


def quiet_streams(news: Mapping[str, Mapping[datetime, int]], usual: Usual, now: datetime) -> Iterator[tuple[str, str]]:
    """(name of the incident, sentence) of every stream that is silent or has dropped."""
    for stream, hours in sorted(news.items()):
        for kind, look in (("silent", silent), ("drop", dropped)):
            sentence = look(hours, usual, now)
            if sentence:
                yield f"{kind} {stream}", f"{stream}: {sentence}"
