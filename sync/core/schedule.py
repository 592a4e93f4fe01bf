"""When what is due: which streams a job reads, when the nightly full read was last due, what is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOT = "hot"
OTHER = "other"
FULL = "full"
HOT_STREAMS = frozenset({"hubspot.contacts", "hubspot.tasks"})
OVERDUE_INTERVALS = 3


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often what is read. `sources`: a source's own interval, for all its streams. `full_days`: 0 is Monday.

    `grace`: a full read that could not begin by then waits for the next night. `zone`: the team's.
    """

    hot: timedelta
    other: timedelta
    sources: Mapping[str, timedelta]
    full_at: time
    full_days: frozenset[int]
    grace: timedelta
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Job:
    """One schedule. `every`: the longest time between two of its moments."""

    name: str
    every: timedelta

    @property
    def command(self) -> str:
        """Its name in the run ledger."""
        return f"run {self.name}"


HINTED = Job("hints", timedelta.max)  # begins when webhooks named something, so it is never late


def jobs(cadence: Cadence) -> tuple[Job, ...]:
    """The schedules: hot and other, one for each source with an interval of its own, and the nightly full read."""
    own = (Job(f"source {name}", every) for name, every in sorted(cadence.sources.items()))
    return (Job(HOT, cadence.hot), Job(OTHER, cadence.other), *own, Job(FULL, _widest_gap(cadence.full_days)))


def _widest_gap(weekdays: frozenset[int]) -> timedelta:
    days = sorted(weekdays)
    following = [*days[1:], days[0] + 7]
    return timedelta(days=max(after - before for before, after in zip(days, following, strict=True)))


def job_of(cadence: Cadence, stream: str, *, incremental: bool) -> str:
    """The job that reads a stream. Hot: HubSpot's contacts and tasks, and what an ATS can tell by increments."""
    source = stream.partition(".")[0]
    if source in cadence.sources:
        return f"source {source}"
    is_hot = stream in HOT_STREAMS or (incremental and source != "hubspot")
    return HOT if is_hot else OTHER


def takes(cadence: Cadence, job: str, stream: str, *, incremental: bool, read_before: bool) -> bool:
    """Whether a job reads a stream. `read_before`: it was read to its end once; until then every job reads it, so that
    nothing is decided on half a mirror."""
    return job == FULL or not read_before or job_of(cadence, stream, incremental=incremental) == job


def last_full_due(cadence: Cadence, now: datetime) -> datetime:
    """The last moment a full read was due at or before `now`, aware UTC."""
    today = now.astimezone(cadence.zone).date()
    for days in range(8):
        day = today - timedelta(days=days)
        due = datetime.combine(day, cadence.full_at, cadence.zone).astimezone(UTC)
        if day.weekday() in cadence.full_days and due <= now:
            return due
    raise ValueError("a full read needs a weekday")


def owes_full(cadence: Cadence, since: datetime | None, now: datetime) -> bool:
    """Whether a worker that starts now must make up for a full read it missed. `since`: when everything was last read
    whole; None: never, then the first run is one."""
    return full_due(cadence, since, now) and now - last_full_due(cadence, now) <= cadence.grace


def full_due(cadence: Cadence, since: datetime | None, now: datetime) -> bool:
    """Whether a full read was due after everything was last read whole at `since`; None: never, then no."""
    return since is not None and since < last_full_due(cadence, now)


def overdue(job: Job, begun_at: datetime, now: datetime) -> bool:
    """Whether a job has not begun for more than three of its intervals."""
    return job != HINTED and now - begun_at > OVERDUE_INTERVALS * job.every
