"""A run in progress: lease taken, portal checked, parts wired; booked and released whatever happens."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from connectors.protocols import Crm, RequestCounts
from sync import log
from sync.bootstrap.app import App
from sync.bootstrap.booking import add_hinted, book_ended, try_metrics_file
from sync.bootstrap.greeting import check_sources, greet, open_circuit
from sync.bootstrap.intakes import crm_intakes, version_of
from sync.bootstrap.look import PORTAL
from sync.bootstrap.sources import Connected, connect_sources
from sync.bootstrap.telling import tell
from sync.core.identity import RULE_VERSION
from sync.core.model import HUBSPOT
from sync.core.policy import Policy
from sync.errors import PlanTooLarge, WarmlineError
from sync.reports.metering import book
from sync.stages import bury, own_tasks, switches
from sync.stages.ageing import Keep, age
from sync.stages.apply import Sender
from sync.stages.attendance import Sheets
from sync.stages.circuit import Circuit
from sync.stages.hints import pull_hinted
from sync.stages.receipts import ContactReader
from sync.stages.retention import Guard, erase_due
from sync.stages.run import OnRulesChange, Progress, Run, silent, untold
from sync.store import cursors, marketing_events, runs, work
from sync.store import intake as file_ledger
from sync.store import lease as leases
from sync.store.db import Mirror
from sync.store.lease import Lease
from sync.worker import Feed, Limits, Outcome, clear_hubspot, run_once

LEASE = "run"
POLICY = "policy_version"


@dataclass(frozen=True, slots=True)
class Held:
    """What a session holds open."""

    crm: Crm
    sources: Sequence[Connected]
    db: Mirror
    lease: Lease


@dataclass(slots=True)
class Session:
    """A run in progress: the lease is held until the session closes. `notes`: what is switched off and why. `known`:
    every feed, also those this run does not read."""

    app: App
    command: str
    run: Run
    crm: Crm
    feeds: Sequence[Feed]
    sender: Sender
    circuit: Circuit
    notes: list[str]
    started: float
    known: Sequence[Feed]

    def limits(
        self, *, writes: bool, confirm_create: int | None = None, share: float | None = None, lists: bool = True
    ) -> Limits:
        """The brakes of this run, from the settings and the command's flags."""
        guards = self.app.settings.guards
        return Limits(
            writes=writes,
            plan_share=guards.plan_share if share is None else share,
            plan_rows=guards.plan_rows,
            new_tasks=guards.new_tasks,
            source_share=guards.source_share,
            confirm_create=confirm_create,
            lists=lists,
            sheets=Sheets(self.app.settings.attendance.events),
        )

    def execute(self, limits: Limits, *, full: bool = False) -> Outcome:
        """Do the run. A fatal error is booked in the run ledger before it is raised on.

        `full`: read every stream whole, so that what a window never shows (archived, missed by search) is found, and
        reconcile everyone. Dropped files that did not change say nothing new and are not read again.
        """
        try:
            if full:
                self._read_anew()
            self._look_again_at_everyone()
            hinted = list(pull_hinted(self.run, self.known, self.circuit, limits.source_share))
            outcome = run_once(self.run, self.feeds, self.sender, limits, self.circuit)
            add_hinted(self.run, outcome, hinted)
            if full:
                self._erase_due(outcome, limits)
            outcome.reasons += self.circuit.settle(self.run)
            self.notes += tell(self.app, self.run) if limits.writes else []
            self.notes += [f"{one.stream} is off: {one.error}" for one in outcome.streams if one.off and one.lost]
            self.notes += outcome.notes
            return outcome
        except WarmlineError as error:
            with self.run.db.write():
                runs.finish_run(
                    self.run.db, self.run.run_id, complete=False, reason=error.message, report={}, now=self.run.now
                )
                book(self.run, self.command, "failed", {"duration_s": self.duration_s})
            raise

    def _erase_due(self, outcome: Outcome, limits: Limits) -> None:
        """Erase whose retention ended, once everything was read: who applied again is known then."""
        settings = self.app.settings
        if not settings.retention.erase or any(one.error and not one.off for one in outcome.streams):
            return
        guards, late = settings.guards, timedelta(minutes=settings.writes.not_before_minutes)
        try:
            outcome.ended = erase_due(self.run, Guard(guards.erase_share, guards.erase_people, late))
        except PlanTooLarge as error:
            self.notes.append(f"{error.message} {error.fix}")
            return
        if outcome.ended.erased:
            self.notes.append(f"{outcome.ended.erased} people were erased: their retention ended")
            clear_hubspot(self.run, self.sender, limits, self.circuit, outcome)

    def finish(self, outcome: Outcome, report: dict[str, Any]) -> None:
        """Book the run."""
        with self.run.db.write(self.run.lease):
            runs.finish_run(
                self.run.db,
                self.run.run_id,
                complete=outcome.complete,
                reason="; ".join(outcome.reasons),
                report=report,
                now=self.run.now,
            )
            book_ended(self.run, self.command, outcome, report, getattr(self.crm, "daily_left", None))
        self.notes += try_metrics_file(self.app, self.run.db)

    def _read_anew(self) -> None:
        with self.run.db.write(self.run.lease):
            closed = [name for name in self.circuit.versions if self.circuit.closed(name)]
            days = {one.stream: one.spec.late_days for one in self.feeds if one.source.name not in closed}
            back_to = {stream: self.run.now - timedelta(days=late) for stream, late in days.items() if late}
            cursors.forget_all(self.run.db, keep=closed, back_to=back_to)
            switches.ask_again(self.run.db)
            own_tasks.look_anew(self.run)
            work.enqueue_everyone(self.run.db, self.run.now)
            settings = self.app.settings
            kept = timedelta(days=settings.schedule.keep_runs_days)
            runs.forget_before(self.run.db, self.run.now - kept)
            age(self.run, Keep(settings.hubspot.activities_days, settings.oversight.audit_days))

    def _look_again_at_everyone(self) -> None:
        """Changed settings change scores, decisions and texts of people about whom there is no news."""
        version = policy_version(self.run.policy)
        if self.circuit.closed(HUBSPOT):
            return  # what may be written is not known, so whether it changed is not either
        if runs.setting(self.run.db, POLICY) == version:
            return
        with self.run.db.write(self.run.lease):
            work.enqueue_everyone(self.run.db, self.run.now)
            runs.set_setting(self.run.db, POLICY, version)

    @property
    def duration_s(self) -> float:
        """Real seconds since the session opened."""
        return self.app.clock.monotonic() - self.started

    def request_counts(self) -> dict[str, RequestCounts]:
        """Requests made by each source."""
        sources = {feed.source.name: feed.source for feed in self.known}
        return {name: getattr(source, "requests", RequestCounts()) for name, source in sources.items()}


@contextmanager
def open_session(
    app: App, command: str, *, progress: Progress = silent, on_rules_change: OnRulesChange = untold
) -> Iterator[Session]:
    """Take the lease, greet HubSpot, check the portal, and hand over a run. The lease is released whatever happens.

    Raises LeaseHeld at once when another worker runs; AuthError, PortalMismatch, MirrorError before anything is
    written.
    """
    crm = app.connect()
    db = app.open_mirror()
    try:
        sources = connect_sources(app, partial(file_ledger.file_read, db))
        held = Held(crm, sources, db, take_lease(app, db))
        crm.before_each_write(partial(leases.prove, db, held.lease))
        crm.remember_events(partial(marketing_events.marks, db))
        try:
            session = _session(app, command, held, progress)
            session.run = replace(session.run, on_rules_change=on_rules_change)
            yield session
        finally:
            leases.release(db, held.lease)
    finally:
        db.close()


def take_lease(app: App, db: Mirror) -> Lease:
    """The lease on this portal. Raises LeaseHeld while another worker has it."""
    return leases.acquire(
        db,
        name=LEASE,
        token=uuid.uuid4().hex,
        host=socket.gethostname(),
        pid=os.getpid(),
        now=app.clock.now(),
        real_time=app.clock.real_time(),
        is_alive=process_is_alive,
    )


def process_is_alive(pid: int) -> bool:
    """Whether a process of that number runs on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Ended, and only waiting for its parent to notice: in a container without an init that can last for ever."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state == "Z"


def _session(app: App, command: str, held: Held, progress: Progress) -> Session:
    crm, db, lease = held.crm, held.db, held.lease
    notes: list[str] = []
    bury.remember(db)
    check_sources(app, db, lease)
    circuit = open_circuit(app, db, scheduled=command.startswith("run "))
    greeting = greet(app, crm, db, circuit, notes)
    policy = app.policy(greeting.portal_id, greeting.properties)
    run = Run(db, lease, new_run_id(app.clock.real_time()), app.clock.now(), policy, progress, app.clock.monotonic)
    run = replace(run, sleep=app.clock.sleep)
    log.run_id.set(run.run_id)
    with db.write(lease):
        runs.set_setting(db, PORTAL, greeting.portal_id)
        runs.start_run(db, run.run_id, command, run.now)
    intakes = crm_intakes(app)
    own = [Feed(crm, spec, intakes[spec.noun]) for spec in crm.streams]
    others = [Feed(one.source, spec, one.intakes[spec.noun]) for one in held.sources for spec in one.source.streams]
    # Single events last: a page is told from another by the vacancies of the ATS.
    feeds = sorted([*own, *others], key=lambda feed: feed.spec.late_days > 0)
    reader = ContactReader(crm, intakes["contacts"], app.contact_properties)
    sender = Sender(crm, timedelta(minutes=app.settings.writes.not_before_minutes), reader)
    return Session(app, command, run, crm, feeds, sender, circuit, notes, app.clock.monotonic(), feeds)


def new_run_id(real_time: float) -> str:
    """Sorts by when the run really started, so that runs at the same fixed `now` have an order too."""
    return f"{int(real_time * 1000):011x}{uuid.uuid4().hex[:5]}"


def policy_version(policy: Policy) -> str:
    """Changes when anything the core decides by changes, the list of holidays apart; then everyone is looked at
    again."""
    timeless = replace(policy, time=replace(policy.time, holidays=frozenset()))
    return version_of([*_spelled(timeless), f"identity rules {RULE_VERSION}"])


def _spelled(value: object) -> list[str]:
    """A value spelled the same in every process: Python orders the members of a set anew each time."""
    if is_dataclass(value):
        return [f"{one.name}={_spelled(getattr(value, one.name))}" for one in fields(value)]
    if isinstance(value, Mapping):
        return sorted(f"{key}={_spelled(one)}" for key, one in value.items())
    if isinstance(value, frozenset | tuple):
        return sorted(str(_spelled(one)) for one in value)
    return [repr(value)]
