"""Thirty days of a worker: people visit and apply, recruiters work, and nothing is done twice.

The days hold the spring clock change and Easter. Two runs a working day and a full one each
night stand for the schedule.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from sandbox.server import start
from sandbox.store import Record
from sandbox.world import World, build, portal
from sync.bootstrap import open_session
from sync.core.model import OutboxState
from sync.reports.runs import outcome_report
from tests.integration.conftest import ZONE, Stage

FIRST = date(2027, 3, 8)
EASTER_MONDAY = date(2027, 3, 29)  # the clock changes in the night before Easter Sunday
DAYS, PEOPLE, VACANCIES = 30, 40, 3
FULL, QUIET, RUNS = time(4, 10), time(12, 34), (time(12, 30), time(17, 20))
MERGED, ARCHIVED, ERASED = 4, 17, 22
MOST_NEW, MOST_OPEN = 8, 15
OPENS, CLOSES = time(9), time(18)


@dataclass
class Life:
    """The world as it goes on, and what was seen of it after each run."""

    stage: Stage
    world: World
    rng: random.Random = field(default_factory=lambda: random.Random(11))
    incomplete: list[str] = field(default_factory=list)
    crowded: list[str] = field(default_factory=list)
    overloaded: list[tuple[str, int]] = field(default_factory=list)
    quiet_writes: list[int] = field(default_factory=list)
    dead: int = 0
    runs: int = 0
    newcomers: int = 0

    @property
    def contacts(self) -> list[str]:
        """Live contacts, oldest first."""
        records = self.stage.portal.stores["contacts"].records
        return [one.id for one in records.values() if not one.archived_at]

    def run(self, moment: datetime, *, full: bool = False) -> None:
        """One run, and a look at HubSpot after it."""
        self.stage.at(moment)
        with open_session(self.stage.app(), "run") as session:
            share = None if self.runs else 1.0  # the first plan touches everyone
            outcome = session.execute(session.limits(writes=True, share=share), full=full)
            session.finish(outcome, outcome_report(session, outcome, duration_s=0.0))
        self.runs += 1
        self.incomplete += [f"{moment:%d %b %H:%M} {reason}" for reason in (*outcome.reasons, *session.notes)]
        self.dead += outcome.applied.count(OutboxState.DEAD).total()
        self._look()

    def _look(self) -> None:
        linked = Counter(who for task in open_tasks(self.stage) for who in contacts_of(self.stage, task))
        owned = Counter(task.properties["hubspot_owner_id"] for task in open_tasks(self.stage))
        self.crowded += [who for who, count in linked.items() if count > 1]
        self.overloaded += [(owner, count) for owner, count in owned.items() if count > MOST_OPEN]

    def day(self, number: int) -> None:
        """A night's full read and a day with its runs; after the one at noon nothing happens for a while."""
        today = FIRST + timedelta(days=number)
        self.run(datetime.combine(today, FULL, ZONE), full=True)
        for at in RUNS if today.weekday() < 5 else ():
            moment = datetime.combine(today, at, ZONE)
            self.stage.at(moment - timedelta(minutes=30))
            self._visitors(number // 7)
            self._applicants(number)
            if today.weekday() < 5:
                self._recruiters()
            self._accidents(number, at)
            self.run(moment)
            if at == RUNS[0] and today.weekday() == 2:
                self._nothing_happens(datetime.combine(today, QUIET, ZONE), full=number % 2 == 0)

    def _nothing_happens(self, moment: datetime, *, full: bool) -> None:
        self.stage.writes()
        self.run(moment, full=full)
        self.quiet_writes.append(self.stage.writes())

    def _visitors(self, week: int) -> None:
        """A week in which most people look around, then one in which nobody does."""
        acts = (self.stage.portal.click, self.stage.portal.click, self.stage.portal.visit)
        for who in self.contacts:
            if week % 2 == 0 and self.rng.random() < 0.7:
                self.rng.choice(acts)(who, self.stage.now - timedelta(minutes=self.rng.randint(1, 120)))

    def _applicants(self, number: int) -> None:
        """Somebody new, known to HubSpot every other time; or somebody known applies again or hears something."""
        recruitee = self.stage.portal.dialect("recruitee")
        offers = [
            one["id"] for one in recruitee.offers.values() if one["kind"] == "job" and one["status"] == "published"
        ]
        chance = self.rng.random()
        if chance < 0.3:
            self.newcomers += 1
            name, email = f"Nieuw{self.newcomers:02d} Vos", f"nieuw{self.newcomers:02d}@example.org"
            made = recruitee.add_candidate(name, emails=[email], admin_id=recruitee.admins[number % 3]["id"])
            recruitee.add_placement(made["id"], self.rng.choice(offers))
            if self.newcomers % 2:
                first, _, last = name.partition(" ")
                known = {"firstname": first, "lastname": last, "email": email}
                self.stage.portal.create_by_hand("contacts", known)
        elif chance < 0.5:
            recruitee.add_placement(self.rng.choice(list(recruitee.candidates)), self.rng.choice(offers))
        elif chance < 0.7:
            recruitee.message(self.rng.choice(list(recruitee.candidates)))

    def _recruiters(self) -> None:
        """Most tasks are done in time; some are deleted, some rewritten."""
        for task in open_tasks(self.stage):
            chance = self.rng.random()
            if chance < 0.3:
                self.stage.portal.complete_task(task.id)
            elif chance < 0.32:
                self.stage.portal.delete_task(task.id)
            elif chance < 0.34:
                self.stage.portal.edit("tasks", task.id, {"hs_task_subject": "Eerst mailen"})

    def _accidents(self, number: int, at: time) -> None:
        if at != RUNS[0]:
            return
        if number == MERGED:
            waiting = [who for task in open_tasks(self.stage) for who in contacts_of(self.stage, task)]
            known = self.stage.portal.record("contacts", waiting[0]).properties
            double = {"firstname": known["firstname"], "lastname": known["lastname"], "email": "dubbel@example.org"}
            self.stage.portal.merge(self.stage.portal.create_by_hand("contacts", double).id, waiting[0])
        elif number == ARCHIVED:
            waiting = [who for task in open_tasks(self.stage) for who in contacts_of(self.stage, task)]
            self.stage.portal.archive("contacts", waiting[0])
        elif number == ERASED:
            recruitee = self.stage.portal.dialect("recruitee")
            recruitee.delete(min(recruitee.candidates))


def open_tasks(stage: Stage) -> list[Record]:
    """Warmline's tasks that wait."""
    return [task for task in stage.tasks() if task.properties["hs_task_is_completed"] != "1" and not task.archived_at]


def contacts_of(stage: Stage, task: Record) -> list[str]:
    """The contacts a task is about."""
    return stage.portal.associations.of("tasks", task.id, "contacts")


def made_on(task: Record) -> date:
    """The local day a task was made; a weekend's and Easter's tasks are found on the day the office opens."""
    day = task.created_at.astimezone(ZONE).date()
    while day.weekday() > 4 or day == EASTER_MONDAY:
        day += timedelta(days=1)
    return day


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """The thirty days, lived once."""
    folder: Path = tmp_path_factory.mktemp("thirty")
    now = datetime.combine(FIRST, time(3), ZONE)
    world = build(now)
    world.people = world.people[:PEOPLE]
    world.vacancies = world.vacancies[:VACANCIES]
    world.applications = [one for one in world.applications if one.person in world.people]
    for place, one in enumerate(world.applications):
        one.vacancy = world.vacancies[place % VACANCIES]
        one.stage_id = f"{one.vacancy.id}-s{one.stage_id[-1]}"
        if one.status in ("active", "rejected"):  # who waits for an answer is no fan
            one.status, one.reject_reason = "withdrawn", None
            one.moments = {name: at for name, at in one.moments.items() if name not in ("rejected_at", "told_at")}
    state = portal(world)
    state.limits.burst = state.limits.search = None  # their windows run on real time
    with start(state) as sandbox:
        stage = Stage(sandbox, folder)
        stage.at(now)
        first, second, away, *_ = (one.email for one in world.recruiters)
        stage.env = {
            "MIRROR__PATH": str(stage.mirror),
            "HUBSPOT__BASE_URL": sandbox.base_url,
            "HUBSPOT__TOKEN": state.token,
            "SOURCES__ATS__KIND": "recruitee",
            **{f"SOURCES__ATS__{key.upper()}": value for key, value in sandbox.ats_settings("recruitee").items()},
            "ROUTING__RECRUITERS": f"{first},{second}",
            "ROUTING__OWNERS": f"{away}={second}",
            "ROUTING__FALLBACK_OWNER": first,
            "CONTACT__CALL_GROUNDS": "application,legitimate_interest",
            "CONTACT__TRACKING_CONSENT": "portal",
            "WRITES__ENABLED": "true",
            "PLAYS__PROMISE__ENABLED": "false",  # answers that are owed are held by no cap
            "TEAM__DOMAINS": "team.example.com",
        }
        stage.provision()
        lived = Life(stage, world)
        for number in range(DAYS):
            lived.day(number)
        yield lived


def test_every_run_is_complete(life: Life) -> None:
    assert life.runs == DAYS + 22 * 2 + 4
    assert life.incomplete == []
    assert life.dead == 0


def test_a_quiet_run_writes_nothing(life: Life) -> None:
    assert life.quiet_writes == [0] * 4


def test_no_person_has_two_open_tasks_at_a_time(life: Life) -> None:
    assert life.crowded == []


def test_an_occasion_makes_one_task(life: Life) -> None:
    markers = [task.properties["hs_task_body"].rpartition("[wl:")[2] for task in life.stage.tasks()]

    assert len(markers) > 25
    assert len(set(markers)) == len(markers)


def test_who_got_a_task_rests_a_week(life: Life) -> None:
    made: dict[str, list[datetime]] = {}
    for task in life.stage.tasks():
        for who in contacts_of(life.stage, task):
            made.setdefault(who, []).append(task.created_at)
    again = {who: sorted(moments) for who, moments in made.items() if len(moments) > 1}
    gaps = [after - before for moments in again.values() for before, after in zip(moments, moments[1:], strict=False)]

    assert gaps
    assert min(gaps) >= timedelta(days=7)
    assert max(len(moments) for moments in made.values()) <= 3


def test_a_recruiter_gets_eight_new_tasks_a_day_and_fifteen_open_ones_at_most(life: Life) -> None:
    tasks = life.stage.tasks()
    new = Counter((task.properties["hubspot_owner_id"], made_on(task)) for task in tasks)

    assert max(new.values()) == MOST_NEW, "the cap was reached, so it was tried"
    assert life.overloaded == []
    assert {owner for owner, _ in new} == {one.owner_id for one in life.world.recruiters[:2]}


def test_tasks_are_due_while_the_office_is_open(life: Life) -> None:
    due = [datetime.fromisoformat(task.properties["hs_timestamp"]).astimezone(ZONE) for task in life.stage.tasks()]

    assert [at for at in due if not OPENS <= at.time() <= CLOSES] == []
    assert [at for at in due if at.weekday() > 4 or at.date() == EASTER_MONDAY] == []
