"""When a source that does not answer is left alone, and until when.

Two clocks: a pause after failures is a wait, on the real clock; a day's quota ends at the vendor's midnight, on the
clock that vendor dates are compared with (docs/decisions/0033).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST_PAUSE_S = 120.0
LONGEST_PAUSE_S = 1800.0
LONGEST_REST_S = 86_400.0  # what a vendor may ask for: HubSpot moves an account in at most a day
SOON = timedelta(minutes=15)
ZONELESS = timedelta(hours=1)
MINUTE = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Breaker:
    """What is remembered of a source that failed. No breaker: its last run got an answer.

    `failures`: runs in a row that got nothing from it; `since`: the first of them, aware UTC. `retry_at`: epoch
    seconds of the real clock, None: it may be asked; `vendor_asks`: the vendor named that moment. `parked_until`: aware
    UTC, its quota begins anew then; `zone`: the name of the zone that day is counted in.
    """

    failures: int
    since: datetime
    reason: str
    retry_at: float | None = None
    vendor_asks: bool = False
    parked_until: datetime | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """`now`: aware UTC, what dates are compared with. `real_time`: epoch seconds, for waits."""

    now: datetime
    real_time: float


def after_failure(before: Breaker | None, reason: str, *, trips_after: int, at: Moment) -> Breaker:
    """The breaker after one more run that got nothing from the source.

    From `trips_after` such runs in a row on it is left alone for 2, 4, 8, … at most 30 minutes, then one run tries
    again. `trips_after` 0: it is never left alone.
    """
    failures = (before.failures if before else 0) + 1
    since = before.since if before else at.now
    extra = failures - trips_after
    if trips_after == 0 or extra < 0:
        return Breaker(failures, since, reason)
    pause_s = min(FIRST_PAUSE_S * 2 ** min(extra, 10), LONGEST_PAUSE_S)
    return Breaker(failures, since, reason, retry_at=at.real_time + pause_s)


def after_request_to_wait(before: Breaker | None, reason: str, *, wait_s: float, at: Moment) -> Breaker:
    """The breaker after the vendor asked to stay away for `wait_s` seconds; more than a day is taken for a day."""
    failures, since = (before.failures, before.since) if before else (0, at.now)
    return Breaker(failures, since, reason, retry_at=at.real_time + min(wait_s, LONGEST_REST_S), vendor_asks=True)


def after_last_of_quota(reason: str, *, zone: str, at: Moment) -> Breaker:
    """The breaker after the day's quota was used up, parked until the quota begins anew."""
    return Breaker(0, at.now, reason, parked_until=quota_returns(at.now, zone), zone=zone)


def quota_returns(now: datetime, zone: str) -> datetime:
    """The next midnight in the vendor's zone, aware UTC.

    Just after a midnight it may be that the clocks differ, so it is asked again in 15 minutes; where the zone is not
    known, in an hour.
    """
    place = _zone(zone)
    if place is None:
        return now + ZONELESS
    local = now.astimezone(place)
    today = datetime.combine(local.date(), time(), place)
    if local - today < SOON:
        return now + SOON
    return datetime.combine(local.date() + timedelta(days=1), time(), place).astimezone(UTC)


def is_shut(breaker: Breaker, at: Moment, *, tries_anyway: bool = False) -> bool:
    """Whether the source is left alone now. A wait of more than a day comes from a clock that was wrong.

    `tries_anyway`: the run was asked for by itself, so it does not mind warmline's own pauses, only the vendor's.
    """
    if breaker.parked_until is not None and at.now < breaker.parked_until:
        return True
    if tries_anyway and not breaker.vendor_asks:
        return False
    return breaker.retry_at is not None and 0 < breaker.retry_at - at.real_time <= LONGEST_REST_S


def sentence(source: str, breaker: Breaker, zone: tzinfo) -> str:
    """What is the matter with a source, since when and until when, in one line. `zone`: the team's."""
    if breaker.parked_until is not None:
        place = _zone(breaker.zone)
        until = breaker.parked_until.astimezone(place or zone).strftime(MINUTE)
        return f"{source} is parked until {until} ({breaker.zone if place else zone}): {breaker.reason}"
    head = f"{source} has not answered since {breaker.since.astimezone(zone).strftime(MINUTE)}"
    if breaker.retry_at is not None:
        head += f" and is left alone until {datetime.fromtimestamp(breaker.retry_at, zone).strftime(MINUTE)}"
    return f"{head}: {breaker.reason}"


def _zone(name: str) -> ZoneInfo | None:
    """HubSpot may name a zone this machine does not know."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
