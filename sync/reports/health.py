"""Health: whether the last complete run is young enough, whether a run in progress shows life, what did not run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sync.core.breaker import Breaker, is_shut, sentence
from sync.core.breaker import Moment as Moment
from sync.core.schedule import FULL, Cadence, Job, jobs, overdue
from sync.store import breakers, health, runs
from sync.store.db import Mirror
from sync.store.times import to_text

LEASE = "run"
WHOLE = ("sync --full", f"run {FULL}")
COVERING = ("sync", *WHOLE)


def health_report(db: Mirror, cadence: Cadence, limit: timedelta, at: Moment) -> dict[str, Any]:
    """`status --json`'s `health`. `limit`: how old the last complete run may be. Each reason is a sentence."""
    last = runs.last_run(db, complete=True)
    holder = health.lease_holder(db, LEASE)
    alive = holder is not None and holder.is_alive(at.real_time)
    schedule = _schedule(db, cadence, at.now)
    reasons = [
        f"schedule {name} did not run for 3 of its intervals" for name, one in schedule.items() if one["overdue"]
    ]
    if last is None or at.now - last.started_at > limit:
        reasons.insert(0, f"no complete run in the last {limit // timedelta(minutes=1)} minutes")
    if holder is not None and not alive:
        reasons.append("a run began and shows no sign of life")
    sources = {name: _source(name, one, cadence, at) for name, one in breakers.load_all(db).items()}
    reasons += [f"{one['reason']} (see warmline doctor)" for one in sources.values() if one["left_alone"]]
    return {
        "healthy": not reasons,
        "reasons": reasons,
        "last_complete_at": None if last is None else to_text(last.started_at),
        "limit_minutes": limit // timedelta(minutes=1),
        "running": None if holder is None else {"since": to_text(holder.since), "alive": alive},
        "schedule": schedule,
        "sources": sources,
    }


def _source(name: str, breaker: Breaker, cadence: Cadence, at: Moment) -> dict[str, Any]:
    """A source whose last run got nothing from it."""
    return {
        "since": to_text(breaker.since),
        "failed_runs": breaker.failures,
        "left_alone": is_shut(breaker, at),
        "reason": sentence(name, breaker, cadence.zone),
    }


def _schedule(db: Mirror, cadence: Cadence, now: datetime) -> dict[str, Any]:
    """Each schedule of `warmline run`; empty where it never ran (a timer or cron starts `warmline sync`)."""
    first = health.first_scheduled(db)
    if first is None:
        return {}
    return {job.name: _job(db, job, first, now) for job in jobs(cadence)}


def _job(db: Mirror, job: Job, first: datetime, now: datetime) -> dict[str, Any]:
    begun = last_begun(db, job)
    return {
        "every_minutes": job.every // timedelta(minutes=1),
        "last_started_at": None if begun is None else to_text(begun),
        "overdue": overdue(job, begun or first, now),
    }


def last_begun(db: Mirror, job: Job) -> datetime | None:
    """When a run last started that read what the job reads; None: never."""
    commands = WHOLE if job.name == FULL else (job.command, *COVERING)
    found = [run.started_at for name in commands if (run := runs.last_run(db, command=name)) is not None]
    return max(found, default=None)


def read_whole_since(db: Mirror) -> datetime | None:
    """When everything was last read whole: by a full read, else by the first complete run."""
    found = [run.started_at for name in WHOLE if (run := runs.last_run(db, command=name)) is not None]
    return max(found, default=health.first_complete(db))
