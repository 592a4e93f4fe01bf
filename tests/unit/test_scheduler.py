"""The schedule on a manual clock: APScheduler's own arithmetic, driven from moment to moment without waiting."""

from __future__ import annotations

import itertools
import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler

from sync.core.schedule import Cadence, Job, jobs
from sync.errors import AuthError, LeaseHeld
from sync.log import RedactingJson
from sync.scheduler import Begin, Stopping, Worker, add_jobs
from sync.stages.run import Progress

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
CADENCE = Cadence(
    hot=timedelta(minutes=2),
    other=timedelta(minutes=15),
    sources={"ats": timedelta(hours=1)},
    full_at=time(4, 10),
    full_days=frozenset(range(7)),
    grace=timedelta(hours=4),
    zone=AMSTERDAM,
)
JITTER_S = 10.0


def now() -> datetime:
    return datetime.now(UTC)


class Manual(BaseScheduler):
    """Fires what is due when it is told to; jobs run in the caller."""

    def __init__(self) -> None:
        super().__init__(executors={"default": DebugExecutor()}, timezone=UTC)

    def wakeup(self) -> None:
        """Nobody waits."""

    def shutdown(self, wait: bool = True) -> None:
        super().shutdown(wait)

    def fire_until(self, end: datetime, clock: time_machine.Traveller) -> None:
        """Move the clock from one due moment to the next."""
        while (due := min(job.next_run_time for job in self.get_jobs())) <= end:
            clock.move_to(max(due, now()))
            self._process_jobs()


class Diary:
    """A run that notes when it was asked for, and takes as long as it is told."""

    def __init__(self, clock: time_machine.Traveller, lasts: Callable[[str], float] = lambda _: 1.0) -> None:
        self.runs: list[tuple[str, datetime]] = []
        self._clock, self._lasts = clock, lasts

    def __call__(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        self.runs.append((job.name, now()))
        self._clock.shift(self._lasts(job.name))
        return {"complete": True}

    def of(self, name: str) -> list[datetime]:
        return [at for job, at in self.runs if job == name]


@pytest.fixture(autouse=True)
def quiet_apscheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("apscheduler"), "disabled", True)
    for name in ("apscheduler.scheduler", "apscheduler.executors.default"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 1, 8, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def started(diary: Callable[[Job, Progress], Mapping[str, Any]], **begin: Any) -> tuple[Manual, Worker]:
    """The schedule as `warmline run` begins it."""
    todo = jobs(CADENCE)
    worker = Worker(todo, diary, now)
    scheduler = Manual()
    add_jobs(scheduler, todo, CADENCE, worker.attempt, Begin(now(), **{"jitter_s": JITTER_S, **begin}))
    scheduler.start()
    return scheduler, worker


def gaps(moments: list[datetime]) -> set[int]:
    return {round((after - before).total_seconds()) for before, after in itertools.pairwise(moments)}


def test_in_thirty_days_every_schedule_is_kept_and_nothing_runs_twice(clock: time_machine.Traveller) -> None:
    diary = Diary(clock, lambda _: 0.0)
    scheduler, worker = started(diary)
    days = 30

    scheduler.fire_until(now() + timedelta(days=days, seconds=JITTER_S), clock)

    assert Counter(name for name, _ in diary.runs) == {
        "hot": days * 720,
        "other": days * 96 + 1,
        "source ats": days * 24 + 1,
        "full": days,
    }
    assert (
        gaps(diary.of("hot")) == {120} and gaps(diary.of("other")) == {900} and gaps(diary.of("source ats")) == {3600}
    )
    nights = [at.astimezone(AMSTERDAM) for at in diary.of("full")]
    assert [night.date() for night in nights] == [date(2026, 11, 2) + timedelta(days=one) for one in range(days)]
    assert all(time(4, 10) <= night.time() <= time(4, 10, 10) for night in nights)


@pytest.mark.parametrize("night", ["2026-10-25", "2027-03-28"])
def test_the_full_read_runs_once_in_a_night_the_clock_changes(night: str) -> None:
    day = date.fromisoformat(night)
    with time_machine.travel(datetime.combine(day - timedelta(days=1), time(12), UTC), tick=False) as clock:
        diary = Diary(clock, lambda _: 0.0)
        scheduler, _ = started(diary, jitter_s=0.0)

        scheduler.fire_until(now() + timedelta(days=2), clock)

    full = [at.astimezone(AMSTERDAM) for at in diary.of("full")]
    assert [(at.date(), at.time()) for at in full] == [(day, time(4, 10)), (day + timedelta(days=1), time(4, 10))]
    assert gaps(diary.of("hot")) == {120}


def test_runs_that_come_due_during_a_long_run_are_made_up_for_once(clock: time_machine.Traveller) -> None:
    diary = Diary(clock, lambda name: 1500.0 if name == "other" and len(diary.of("other")) == 1 else 1.0)
    scheduler, _ = started(diary, jitter_s=0.0)

    scheduler.fire_until(now() + timedelta(minutes=30), clock)

    first = [round((at - datetime(2026, 11, 1, 8, tzinfo=UTC)).total_seconds() / 60) for at in diary.of("hot")]
    assert first == [
        25,
        26,
        28,
        30,
    ]  # due from minute 2 on: one run for all of them when the run of 25 minutes has ended


def test_a_worker_that_missed_a_night_begins_with_the_full_read(clock: time_machine.Traveller) -> None:
    diary = Diary(clock)
    scheduler, _ = started(diary, jitter_s=0.0, full_now=True)

    scheduler.fire_until(now() + timedelta(days=1), clock)

    assert [at.astimezone(AMSTERDAM).isoformat()[:16] for at in diary.of("full")] == [
        "2026-11-01T09:00",
        "2026-11-02T04:10",
    ]


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """The log as an operator gets it."""
    found: list[dict[str, Any]] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(RedactingJson().format(record)))

    logger, handler = logging.getLogger("sync.scheduler"), Collect()
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield found
    logger.removeHandler(handler)


def raising(error: Exception) -> Callable[[Job, Progress], Mapping[str, Any]]:
    def run(job: Job, progress: Progress) -> Mapping[str, Any]:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            AuthError("HubSpot refused the token.", fix="Renew it."),
            {
                "level": "ERROR",
                "action": "run_failed",
                "error": "AuthError",
                "message": "HubSpot refused the token. Renew it.",
            },
        ),
        (
            LeaseHeld("Another worker runs on this portal."),
            {"level": "INFO", "action": "run_skipped", "message": "Another worker runs on this portal."},
        ),
        (
            # the text of an unexpected error may hold a person
            ValueError("Fenna Haterd"),
            {
                "level": "ERROR",
                "action": "run_failed",
                "error": "builtins.ValueError",
                "message": "An unexpected error ended the run.",
            },
        ),
        (Stopping("Stopped."), {"level": "INFO", "action": "run_stopped", "message": "Stopped."}),
    ],
)
def test_a_run_that_fails_is_one_line_and_the_schedule_goes_on(
    clock: time_machine.Traveller, lines: list[dict[str, Any]], error: Exception, line: dict[str, Any]
) -> None:
    scheduler, _ = started(raising(error), jitter_s=0.0)

    scheduler.fire_until(now() + timedelta(minutes=4), clock)

    told = [{key: value for key, value in one.items() if key not in ("at", "logger")} for one in lines]
    assert told == [{**line, "job": job} for job in ("other", "source ats", "hot", "hot")]


def test_a_schedule_that_does_not_run_is_told_once_and_so_is_its_return(
    clock: time_machine.Traveller, lines: list[dict[str, Any]]
) -> None:
    worker = Worker(jobs(CADENCE), Diary(clock), now)

    for _ in range(8):
        clock.shift(60)
        worker.watch()
    worker.attempt("hot")
    worker.watch()

    told = [(one["level"], one["action"], one["job"]) for one in lines]
    assert told == [
        ("ERROR", "schedule_missed", "hot"),
        ("INFO", "run", "hot"),
        ("INFO", "schedule_resumed", "hot"),
    ]


def test_a_stop_ends_the_run_in_hand_at_its_next_safe_point_and_begins_no_other(clock: time_machine.Traveller) -> None:
    pages: list[int] = []

    def run(job: Job, progress: Progress) -> Mapping[str, Any]:
        for page in range(3):
            pages.append(page)
            worker.stop.asked = page == 1
            progress("hubspot.contacts", page, None)
        return {}

    worker = Worker(jobs(CADENCE), run, now)
    worker.attempt("hot")
    worker.attempt("other")

    assert pages == [0, 1]


def test_a_stop_does_not_wait_for_ever_for_a_run_that_reaches_no_safe_point() -> None:
    begun, free = threading.Event(), threading.Event()

    def run(job: Job, progress: Progress) -> Mapping[str, Any]:
        begun.set()
        free.wait(10)
        return {}

    worker = Worker(jobs(CADENCE), run, now)
    thread = threading.Thread(target=worker.attempt, args=("hot",))
    thread.start()
    begun.wait(10)

    waited_in_vain = worker.wait_idle(0.01)
    free.set()
    thread.join()

    assert (waited_in_vain, worker.wait_idle(0.01)) == (False, True)
