"""The month itself: days with their runs, what happens between them, and a look at HubSpot after each."""

from __future__ import annotations

import random
import tempfile
import time as real_time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from benchmarks.month.cast import cast_of
from benchmarks.month.people import People
from benchmarks.month.promised import check_promises
from benchmarks.month.stage import ZONE, Place, place
from benchmarks.month.team import Team
from benchmarks.month.watch import CLOSES, OPENS, Watch
from sync.bootstrap import open_view
from sync.core.model import OutboxState
from sync.store.times import to_text

FIRST = date(2027, 3, 1)  # the clock changes on Sunday 28 March, and Monday 29 March is Easter Monday
HOLIDAYS = frozenset({date(2027, 3, 29)})
WORKING_DAY = (time(7, 40), time(10, 30), time(13, 30), time(16, 30))
DAY_OFF = (time(10, 0),)
AFTER = timedelta(seconds=20)  # runs begin so long after a whole minute, at which things happen and deadlines end
AWAY = (date(2027, 3, 23), date(2027, 3, 25))  # the second recruiter; the third stands in
OPEN_DAY = time(10)  # on the first Saturday
WRITTEN = "SELECT kind, play, reason, coalesce(contact_id, object_id) FROM outbox WHERE sent_at >= :now"


@dataclass
class Month:
    """How it went. `waits`: from what somebody did to the task it made in the next run, by play; `queued`: tasks made
    later than that. `requests`: reads and writes of each run."""

    watch: Watch
    runs: int = 0
    quiet_runs: int = 0
    waits: dict[str, list[timedelta]] = field(default_factory=dict)
    queued: int = 0
    requests: list[tuple[int, int]] = field(default_factory=list)
    promises: Counter[str] = field(default_factory=Counter)
    took_s: float = 0.0


@dataclass
class _Life:
    place: Place
    people: People
    team: Team
    month: Month
    since: datetime
    done: set[tuple[str, str, datetime]] = field(default_factory=set)

    def day(self, day: date, *, open_day: bool) -> None:
        """What happens and every run of one day; after the last one, one more with nothing in between."""
        for number, at in enumerate(WORKING_DAY if is_working_day(day) else DAY_OFF):
            moment = datetime.combine(day, at, ZONE) + AFTER
            self._live(moment)
            if open_day and number == 0:
                self.place.at(moment - timedelta(minutes=30))
                self.people.open_day(datetime.combine(day, OPEN_DAY, ZONE) - timedelta(hours=6))
            self._run(moment, full=number == 0)
        self._quiet_run()
        self.month.watch.check_properties()
        self.month.promises = check_promises(self.month.watch, self.done)

    def _live(self, until: datetime) -> None:
        begin, end = self.since - AFTER + timedelta(minutes=1), until - AFTER
        acts = [*self.people.acts(begin, end), *self.team.acts(begin, end)]
        for moment, act in sorted(acts, key=lambda one: one[0]):
            self.place.at(moment.replace(second=0, microsecond=0))
            act()

    def _run(self, moment: datetime, *, full: bool) -> None:
        known = set(self.month.watch.made)
        self.place.at(moment)
        self._sync(full=full)
        self.month.watch.look()
        for task in self.month.watch.made.values():
            last = max((self.people.touched.get(who, self.since) for who in task.contacts), default=self.since)
            if task.id not in known and last > self.since:
                self.month.waits.setdefault(task.play, []).append(task.at - last)
            elif task.id not in known:
                self.month.queued += 1
        self.since = moment

    def _sync(self, *, full: bool = False) -> int:
        """One run; how many writes it made."""
        self.place.portal.stats.__init__()  # type: ignore[misc]
        outcome, report = self.place.run(full=full, share=None if self.month.runs else 1.0)
        self.month.runs += 1
        stats = self.place.portal.stats
        self.month.requests.append((stats.total - stats.writes, stats.writes))
        for reason in (*outcome.reasons, *self.place.notes):
            self.month.watch.fail(f"run: {reason}")
        if outcome.applied.count(OutboxState.DEAD).total():
            self.month.watch.fail("run: a write was refused for good")
        for play, counts in report["decisions"].items():
            if counts["refused"] > counts["wanted"]:
                self.month.watch.fail(f"run: {play} refused more than it wanted")
        return stats.writes

    def _quiet_run(self) -> None:
        self.place.at(self.place.now + AFTER)
        writes = self._sync()
        self.month.quiet_runs += 1
        if writes:
            with open_view(self.place.app()) as view:
                rows = view.db.rows(WRITTEN, {"now": to_text(self.place.now)})
            self.month.watch.fail(f"a run without news made {writes} writes: {rows}")


def live(days: int, people: int, recruiters: int = 6, first: date = FIRST, seed: int = 7) -> Month:
    """So many days from `first` on; the first Saturday has an open day."""
    rng, began = random.Random(seed), real_time.monotonic()
    begin = datetime.combine(first, time(7), ZONE)
    cast = cast_of(people, recruiters, begin, rng)
    away, stand_in = cast.recruiters[1], cast.recruiters[2 % recruiters]
    absent = f"{away.email} {AWAY[0]}..{AWAY[1]} {stand_in.email}"
    with tempfile.TemporaryDirectory() as name, place(cast, Path(name), begin, absent) as stage:
        team = Team(stage, rng, is_open, lambda owner, at: owner is away and AWAY[0] <= local(at) <= AWAY[1])
        watch = Watch(stage, lambda at: is_working_day(local(at)), working_day, team.handled, team.contacts)
        life = _Life(stage, People(stage, rng), team, Month(watch), begin + AFTER)
        saturday = next(first + timedelta(days=n) for n in range(7) if (first + timedelta(days=n)).weekday() == 5)
        for number in range(days):
            day = first + timedelta(days=number)
            life.day(day, open_day=day == saturday)
        life.month.took_s = real_time.monotonic() - began
        return life.month


def local(moment: datetime) -> date:
    """The local day."""
    return moment.astimezone(ZONE).date()


def is_working_day(day: date) -> bool:
    """Whether the office is open that day."""
    return day.weekday() < 5 and day not in HOLIDAYS


def is_open(moment: datetime) -> bool:
    """Whether recruiters are at work."""
    return is_working_day(local(moment)) and OPENS <= moment.astimezone(ZONE).time() < CLOSES


def working_day(moment: datetime) -> date:
    """The day a task is found on: of a weekend or holiday the next working day."""
    day = local(moment)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
