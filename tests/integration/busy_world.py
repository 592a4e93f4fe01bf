"""A stage on which anything may happen in any order, and what must hold of it whatever happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.schema import ObjectSchema
from sandbox.server import RunningSandbox
from sandbox.store import Record
from sync.bootstrap import open_session
from sync.errors import WarmlineError
from sync.reports.runs import outcome_report
from sync.store.db import Mirror, open_mirror
from tests.integration.at_rest import (
    DEAD_LINKS,
    LIVE_CANDIDATES,
    OPEN_TASKS,
    QUARANTINED,
    UNFINISHED,
    Crash,
    after_pages,
    crashing,
    mirrored_contacts,
    reading,
    same,
    shown,
)
from tests.integration.conftest import Stage, address, applied, candidate, empty_stage

COUNTS = ("stored", "unchanged", "duplicate", "suppressed", "quarantined")
OPEN = frozenset({"NOT_STARTED", "IN_PROGRESS", "WAITING", "DEFERRED"})
ROUNDS = 12  # runs in which the stage must have come to rest
OBJECTIONS = frozenset({"warmline_do_not_call", "warmline_no_profiling"})  # never cleared


@dataclass
class Person:
    """Somebody of the ATS: the row as last dropped, and the application."""

    row: dict[str, Any]
    application: dict[str, Any] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        """Neither deleted nor anonymised."""
        return not (self.row.get("deleted_at") or self.row.get("anonymised_at"))


@dataclass
class BusyWorld:
    """The stage, and what a careful observer remembers of it.

    `edits`: values people typed, by contact and property. `touched`: what people made of tasks. `known_tasks`: tasks
    seen after an earlier run.
    """

    stage: Stage
    people: list[Person] = field(default_factory=list)
    edits: dict[tuple[str, str], str] = field(default_factory=dict)
    touched: dict[str, dict[str, str]] = field(default_factory=dict)
    known_tasks: set[str] = field(default_factory=set)
    merged: set[str] = field(default_factory=set)
    typed: int = 0
    runs: int = 0

    # who is there ----------------------------------------------------------------------------------------------

    def contacts(self, *, archived: bool = False) -> list[Record]:
        """HubSpot's contacts, or those in its recycle bin."""
        records = self.stage.portal.stores["contacts"].records.values()
        return [one for one in records if bool(one.archived_at) == archived]

    def tasks(self) -> list[Record]:
        """Warmline's tasks that are not in the recycle bin."""
        return [one for one in self.stage.tasks() if not one.archived_at]

    def join(self, *, ats: bool, crm: bool) -> None:
        """Somebody new, in one system or in both."""
        number = len(self.people) + self.typed + 1
        self.typed += 1
        first, last = f"Naam{'abcdefghijklmnopqrstuvwxyz'[number % 26]}{number}", f"Vos{number}"
        if crm:
            self.stage.contact(first, last)
        if ats:
            self.people.append(Person(candidate(f"c{number}", first, last)))
            self.tell(self.people[-1])

    # the ATS ---------------------------------------------------------------------------------------------------

    def tell(self, person: Person, **changes: Any) -> None:
        """The ATS exports a candidate's row anew. None takes a field out."""
        person.row = {name: value for name, value in {**person.row, **changes}.items() if value is not None}
        person.row["updated_at"] = self._stamp()
        self.stage.drop("candidates", person.row)

    def apply_for_job(self, person: Person, **changes: Any) -> None:
        """The ATS exports an application of the candidate."""
        known = person.application or applied(f"a{person.row['id']}", person.row["id"], "j1", self.stage.now)
        person.application = {**known, **changes, "updated_at": self._stamp()}
        self.stage.drop("applications", person.application)

    def _stamp(self) -> str:
        """A moment after every earlier one, also while the clock stands."""
        self.typed += 1
        return (self.stage.now + timedelta(milliseconds=self.typed)).isoformat()

    # people in HubSpot -----------------------------------------------------------------------------------------

    def type_value(self, contact: Record, name: str, value: str) -> None:
        """A person types a value into one of warmline's properties, or clears it."""
        self.stage.portal.edit("contacts", contact.id, {name: value})
        self.edits.pop((contact.id, name), None)
        if value:
            self.edits[contact.id, name] = value

    def merge(self, primary: Record, secondary: Record, *, keep_id: bool) -> None:
        """A person merges two contacts; what was typed into either stands where it survived."""
        old = (primary.id, secondary.id)
        survivor = self.stage.portal.merge(*old, keep_id=keep_id)
        typed = {name: value for one in reversed(old) for (id_, name), value in self.edits.items() if id_ == one}
        self.edits = {key: value for key, value in self.edits.items() if key[0] not in old}
        for name, value in typed.items():
            if survivor.properties.get(name) == value:
                self.edits[survivor.id, name] = value
        self.merged.add(survivor.id)

    def erase(self, contact: Record) -> None:
        """HubSpot's GDPR delete."""
        self.edits = {key: value for key, value in self.edits.items() if key[0] != contact.id}
        self.stage.portal.gdpr_delete(contact.id)

    def act_on_task(self, task: Record, changes: dict[str, str]) -> None:
        """A recruiter changes a task, not in the minute it was made."""
        self.stage.later(minutes=2)
        self.stage.portal.edit("tasks", task.id, changes)
        self.touched[task.id] = {**self.touched.get(task.id, {}), **changes}

    # the worker ------------------------------------------------------------------------------------------------

    def run(
        self, *, full: bool = False, writes: bool = True, meanwhile: Callable[[str], None] | None = None
    ) -> dict[str, Any]:
        """One run, which may end early in one of warmline's own errors; its report, or why it ended early.

        `meanwhile`: called after each stored page with the stream's name.
        """
        self.runs += 1
        app = self.stage.app()
        before = self._open_by_contact()
        report: dict[str, Any] = {}
        try:
            with open_session(app, "sync", progress=after_pages(meanwhile)) as session:
                outcome = session.execute(session.limits(writes=writes, confirm_create=100), full=full)
                report = outcome_report(session, outcome, duration_s=0.0)
                session.finish(outcome, report)
                self.stage.outcome = outcome
        except (WarmlineError, Crash) as error:
            report = {"complete": False, "error": repr(error)}
        self._check(report, before)
        return report

    def crash(self, transaction: int, *, committed: bool) -> None:
        """A run whose process ends before or after the commit of its nth transaction."""
        with crashing(transaction, committed=committed):
            self.run()
        db = open_mirror(self.stage.mirror)
        with db.write():
            db.change("DELETE FROM lease")  # of a process that is dead: here it is this one
        db.close()

    def _check(self, report: dict[str, Any], before: Counter[str]) -> None:
        """What holds after every run."""
        for stream, counts in report.get("streams", {}).items():
            assert counts["fetched"] == sum(counts[name] for name in COUNTS), (stream, counts)
        self._check_edits()
        self._check_tasks(before)

    def _check_edits(self) -> None:
        store = self.stage.portal.stores["contacts"]
        if any(one.row.get("anonymised_at") for one in self.people):  # erasure goes over edits, all but objections
            self.edits = {key: value for key, value in self.edits.items() if not self._was_cleared(*key)}
        stand = {key: store.records[key[0]].properties.get(key[1], "") for key in self.edits}
        same(stand, self.edits)
        for task_id, changes in self.touched.items():
            properties = self.stage.portal.stores["tasks"].records[task_id].properties
            same({name: properties.get(name, "") for name in changes}, changes)

    def _was_cleared(self, contact_id: str, name: str) -> bool:
        properties = self.stage.portal.stores["contacts"].records[contact_id].properties
        left = {one for one, value in properties.items() if one.startswith("warmline_") and value} - OBJECTIONS
        return not left and name not in OBJECTIONS

    def _check_tasks(self, before: Counter[str]) -> None:
        markers = Counter(one.properties["hs_task_body"].rpartition("[wl:")[2] for one in self.stage.tasks())
        assert set(markers.values()) <= {1}, "a task was made twice"
        new = [one for one in self.tasks() if one.id not in self.known_tasks and _is_open(one)]
        owners = [contact for one in new for contact in self._contacts_of(one)]
        assert all(count == 1 for count in Counter(owners).values()), "two new tasks for one person"
        now = self._open_by_contact()
        assert not [one for one in owners if before[one] and now[one] > 1], "a second open task for one person"
        self.known_tasks = {one.id for one in self.stage.tasks()}

    def _contacts_of(self, task: Record) -> list[str]:
        return self.stage.portal.associations.of("tasks", task.id, "contacts")

    def _open_by_contact(self) -> Counter[str]:
        return Counter(contact for one in self.tasks() if _is_open(one) for contact in self._contacts_of(one))

    # at rest ---------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Faults end and time goes by until a run has nothing left to do; then both systems and the mirror agree."""
        self.stage.portal.faults.clear()
        for round_ in range(ROUNDS):
            self.stage.later(minutes=25)
            self.stage.writes()
            report = self.run(full=round_ == 0)
            if report.get("complete") and not self.stage.writes() and round_ > 1:
                break
        else:
            raise AssertionError(f"the stage does not come to rest: {report}")
        self._check_quiet()
        with reading(self.stage.mirror) as db:
            self._check_mirror(db)

    def _check_quiet(self) -> None:
        self.stage.later(minutes=1)
        report = self.run()
        assert report["complete"]
        assert self.stage.writes() == 0
        same({kind: counts["planned"] for kind, counts in report["actions"].items() if counts["planned"]}, {})

    def _check_mirror(self, db: Mirror) -> None:
        same(mirrored_contacts(db), {one.id: shown(one) for one in self.contacts()})
        told = {one.row["id"]: one.row["email_addresses"][0] for one in self.people if one.live}
        same(dict(db.rows(LIVE_CANDIDATES)), told)
        for nothing in (DEAD_LINKS, UNFINISHED, QUARANTINED):
            same(db.rows(nothing), [])
        same(dict(db.rows(OPEN_TASKS)), {one.id: one.properties["hs_task_status"] for one in self.tasks()})


def new_world(sandbox: RunningSandbox, schema: ObjectSchema, folder: Path) -> BusyWorld:
    """Four people in both systems, one only in the ATS, one only in HubSpot."""
    folder.mkdir(parents=True)
    stage = empty_stage(sandbox, folder)
    stage.portal.stores["contacts"].schema = deepcopy(schema)
    stage.portal.search_lag_s = 30
    world = BusyWorld(stage)
    for _ in range(4):
        world.join(ats=True, crm=True)
    world.join(ats=True, crm=False)
    world.join(ats=False, crm=True)
    return world


def new_address(number: int) -> str:
    """An address nobody has yet."""
    return address(f"nieuw{number}", "adres")


def _is_open(task: Record) -> bool:
    return task.properties["hs_task_status"] in OPEN
