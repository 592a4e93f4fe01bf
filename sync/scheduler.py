"""The schedule of an unattended worker: when each job runs, how a run ends in one log line, how the worker stops.

APScheduler is used here only. Jobs run one after the other on one thread; the main thread waits for SIGTERM and sees
to it that schedules are kept. A stop is obeyed at the run's safe points: after a page or a batch, when its transaction
is committed.
"""

from __future__ import annotations

import logging
import random
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from sync.core.schedule import FULL, HOT, Cadence, Job, overdue
from sync.errors import LeaseHeld, WarmlineError
from sync.stages.run import Progress

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WATCH_S = 15.0
SIGNALS = (signal.SIGTERM, signal.SIGINT)

RunJob = Callable[[Job, Progress], Mapping[str, Any]]
Now = Callable[[], datetime]

_log = logging.getLogger(__name__)


class Stopping(WarmlineError):
    """The worker was asked to stop; raised at a safe point of a run."""


class Stop:
    """Whether the worker was asked to stop. As a run's progress it ends that run after the page or batch in hand."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, label: str, done: int, total: int | None) -> None:  # noqa: ARG002
        """Raises Stopping once the worker was asked to stop."""
        if self.asked:
            raise Stopping("The worker was stopped; the next run goes on where this one was.")


class Worker:
    """Runs jobs and remembers when each last began. `run`: does one run and says what it did, for the log line.

    `now`: aware UTC of the real clock.
    """

    def __init__(self, jobs: Sequence[Job], run: RunJob, now: Now) -> None:
        self.stop = Stop()
        self._jobs = {job.name: job for job in jobs}
        self._run = run
        self._now = now
        self._begun = dict.fromkeys(self._jobs, now())
        self._missed: set[str] = set()
        self._in_hand = threading.Lock()

    def attempt(self, name: str) -> None:
        """Do one run of a job and log how it ended. Never raises: a failing run does not stop the schedule."""
        if self.stop.asked:
            return
        with self._in_hand:
            self._begun[name] = self._now()
            # A context of its own: the run's id is in its lines and in no other's.
            copy_context().run(_log_run, self._jobs[name], self._run, self.stop)

    def watch(self) -> None:
        """Log, once, each job that has not begun for three of its intervals, and that it began again."""
        now = self._now()
        late = {name for name, job in self._jobs.items() if overdue(job, self._begun[name], now)}
        for name in sorted(late - self._missed):
            _log.error(
                "Schedule %s did not run since %s.",
                name,
                self._begun[name].isoformat(timespec="seconds"),
                extra={"action": "schedule_missed", "job": name},
            )
        for name in sorted(self._missed - late):
            _log.info("Schedule %s runs again.", name, extra={"action": "schedule_resumed", "job": name})
        self._missed = late

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until no run is in hand; False when one still is after `timeout_s`."""
        if not self._in_hand.acquire(timeout=timeout_s):
            return False
        self._in_hand.release()
        return True


def _log_run(job: Job, run: RunJob, stop: Stop) -> None:
    """One line a run, whatever became of it. Of an unexpected error only its type: its text may hold anything."""
    names = {"job": job.name}
    try:
        told = run(job, stop)
    except Stopping as error:
        _log.info(error.message, extra={"action": "run_stopped", **names})
    except LeaseHeld as error:
        _log.info(error.message, extra={"action": "run_skipped", **names})
    except WarmlineError as error:
        _log.error(str(error), extra={"action": "run_failed", "error": type(error).__name__, **names})
    except Exception as error:  # noqa: BLE001 -- the schedule goes on whatever a run met
        _log.error("An unexpected error ended the run.", extra={"action": "run_failed", "error": _type(error), **names})
    else:
        level = logging.INFO if told.get("complete", True) else logging.WARNING
        _log.log(level, "Run ended.", extra={"action": "run", **names, **told})


def _type(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


@dataclass(frozen=True, slots=True)
class Begin:
    """How a schedule begins. `full_now`: with a full read that was missed.

    `jitter_s`: interval jobs keep one random offset up to that (a new one each time would add up), the nightly one has
    another each night.
    """

    now: datetime
    jitter_s: float = 0.0
    full_now: bool = False


def add_jobs(
    scheduler: BaseScheduler, jobs: Sequence[Job], cadence: Cadence, attempt: Callable[[str], None], begin: Begin
) -> None:
    """Put the jobs into a scheduler. All but the hot one, which reads least, begin at once."""
    at_once = begin.now + timedelta(seconds=random.uniform(0, begin.jitter_s))
    for job in jobs:
        if job.name == FULL:
            trigger: Any = _nightly(cadence, begin.jitter_s)
            first, grace = at_once if begin.full_now else trigger.get_next_fire_time(None, begin.now), cadence.grace
        else:
            first, grace = at_once + cadence.hot if job.name == HOT else at_once, job.every
            trigger = IntervalTrigger(seconds=int(job.every.total_seconds()), start_date=first, timezone=UTC)
        scheduler.add_job(
            attempt,
            trigger,
            args=(job.name,),
            id=job.name,
            next_run_time=first,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=int(grace.total_seconds()),
        )


def _nightly(cadence: Cadence, jitter_s: float) -> CronTrigger:
    """Weekdays by name: APScheduler counts its numbers from another day than cron (agronholm/apscheduler#286)."""
    days = ",".join(WEEKDAYS[day] for day in sorted(cadence.full_days))
    at = cadence.full_at
    return CronTrigger(
        day_of_week=days,
        hour=at.hour,
        minute=at.minute,
        second=at.second,
        timezone=cadence.zone,
        jitter=jitter_s or None,
    )


def make_scheduler() -> BackgroundScheduler:
    """A scheduler that keeps its jobs in memory and runs them one after the other."""
    # Its own lines say in many words what Worker says in one.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    return BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone=UTC)


def hold_signals() -> None:
    """Keep SIGTERM and SIGINT waiting until `serve` asks for them; call before any thread is started."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def add_look(scheduler: BaseScheduler, name: str, look: Callable[[], None], every_s: float) -> None:
    """Look for something every so often, between runs: one that is due while a run is in hand comes after it, once."""
    trigger = IntervalTrigger(seconds=every_s, timezone=UTC)
    scheduler.add_job(look, trigger, id=name, max_instances=1, coalesce=True, misfire_grace_time=None)


def serve(
    scheduler: BaseScheduler, worker: Worker, *, stop_within_s: float, watch: Callable[[], None] = lambda: None
) -> bool:
    """Keep the schedule until SIGTERM or SIGINT, then let the run in hand reach its next safe point.

    `watch`: called every 15 seconds on the waiting thread, also while a run hangs.

    False: it did not get there within `stop_within_s`; the caller ends the process, which loses nothing (a row that was
    being sent is looked up by the next run).
    """
    scheduler.start()
    _log.info(
        "The schedule runs.", extra={"action": "worker_started", "jobs": [job.id for job in scheduler.get_jobs()]}
    )
    while signal.sigtimedwait(SIGNALS, WATCH_S) is None:
        worker.watch()
        watch()
    worker.stop.asked = True
    scheduler.shutdown(wait=False)
    finished = worker.wait_idle(stop_within_s)
    if finished:
        _log.info("Stopped.", extra={"action": "worker_stopped"})
    else:
        _log.warning(
            "Stopped in the middle of a step.", extra={"action": "worker_stopped_hard", "waited_s": stop_within_s}
        )
    return finished
