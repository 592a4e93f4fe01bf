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
from sync.bootstrap.intakes import crm_intakes, version_of
from sync.bootstrap.look import PORTAL, property_specs
from sync.bootstrap.sources import Connected, connect_sources
from sync.core.identity import RULE_VERSION
from sync.core.policy import Policy
from sync.errors import MissingScope, NotServed, PortalMismatch, RejectedAction, WarmlineError
from sync.stages.apply import Sender
from sync.stages.provision import mismatches
from sync.stages.receipts import ContactReader
from sync.stages.run import Progress, Run, silent
from sync.store import cursors, runs, work
from sync.store import intake as file_ledger
from sync.store import lease as leases
from sync.store.db import Mirror
from sync.store.lease import Lease
from sync.worker import Feed, Limits, Outcome, run_once

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
    """A run in progress: the lease is held until the session closes. `notes`: what is switched off and why."""

    app: App
    run: Run
    crm: Crm
    feeds: Sequence[Feed]
    sender: Sender
    notes: list[str]
    started: float

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
            outcome = run_once(self.run, self.feeds, self.sender, limits)
            self.notes += [f"{one.stream} is off: {one.error}" for one in outcome.streams if one.off]
            return outcome
        except WarmlineError as error:
            with self.run.db.write():
                runs.finish_run(
                    self.run.db, self.run.run_id, complete=False, reason=error.message, report={}, now=self.run.now
                )
            raise

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

    def _read_anew(self) -> None:
        with self.run.db.write(self.run.lease):
            cursors.forget_all(self.run.db)
            work.enqueue_everyone(self.run.db, self.run.now)
            kept = timedelta(days=self.app.settings.schedule.keep_runs_days)
            runs.forget_before(self.run.db, self.run.now - kept)

    def _look_again_at_everyone(self) -> None:
        """Changed settings change scores, decisions and texts of people about whom there is no news."""
        version = policy_version(self.run.policy)
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
        sources = {feed.source.name: feed.source for feed in self.feeds}
        return {name: getattr(source, "requests", RequestCounts()) for name, source in sources.items()}


@contextmanager
def open_session(app: App, command: str, *, progress: Progress = silent) -> Iterator[Session]:
    """Take the lease, greet HubSpot, check the portal, and hand over a run. The lease is released whatever happens.

    Raises LeaseHeld at once when another worker runs; AuthError, PortalMismatch, MirrorError before anything is
    written.
    """
    crm = app.connect()
    db = app.open_mirror()
    try:
        sources = connect_sources(app, partial(file_ledger.file_read, db))
        held = Held(crm, sources, db, _acquire(app, db))
        try:
            yield _session(app, command, held, progress)
        finally:
            leases.release(db, held.lease)
    finally:
        db.close()


def _acquire(app: App, db: Mirror) -> Lease:
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
    portal_id = _check_portal(app, held, notes)
    policy = app.policy(portal_id, _writable(app, crm, notes))
    run = Run(db, lease, new_run_id(app.clock.real_time()), app.clock.now(), policy, progress, app.clock.monotonic)
    log.run_id.set(run.run_id)
    with db.write(lease):
        runs.set_setting(db, PORTAL, portal_id)
        runs.start_run(db, run.run_id, command, run.now)
    intakes = crm_intakes(app)
    feeds = [Feed(crm, spec, intakes[spec.noun]) for spec in crm.streams]
    feeds += [Feed(one.source, spec, one.intakes[spec.noun]) for one in held.sources for spec in one.source.streams]
    reader = ContactReader(crm, intakes["contacts"], app.contact_properties)
    sender = Sender(crm, timedelta(minutes=app.settings.writes.not_before_minutes), reader)
    return Session(app, run, crm, feeds, sender, notes, app.clock.monotonic())


def new_run_id(real_time: float) -> str:
    """Sorts by when the run really started, so that runs at the same fixed `now` have an order too."""
    return f"{int(real_time * 1000):011x}{uuid.uuid4().hex[:5]}"


def _check_portal(app: App, held: Held, notes: list[str]) -> str:
    """The portal the token belongs to, the same as the settings and the mirror say. Raises PortalMismatch before any
    write."""
    known = runs.setting(held.db, PORTAL)
    try:
        portal_id = check_expected_portal(app, held.crm)
    except (MissingScope, NotServed, RejectedAction):
        portal_id = app.settings.hubspot.portal_id or known or ""
        notes.append("account-info cannot be read, so the portal could not be checked: run `warmline doctor`")
    if known and portal_id != known:
        raise PortalMismatch(
            f"The token belongs to portal {portal_id}, the mirror holds portal {known}; nothing was read or written.",
            fix="Use one mirror.path for each portal.",
        )
    return portal_id


def check_expected_portal(app: App, crm: Crm) -> str:
    """The portal the token belongs to.

    Raises PortalMismatch when the settings name another, MissingScope when it cannot be asked.
    """
    expected = app.settings.hubspot.portal_id
    portal_id = crm.fetch_account().portal_id
    if expected and portal_id != expected:
        raise PortalMismatch(
            f"The token belongs to portal {portal_id}, the settings say {expected}; nothing was read or written.",
            fix="Correct hubspot.portal_id, or use the token of that portal.",
        )
    return portal_id


def _writable(app: App, crm: Crm, notes: list[str]) -> frozenset[str]:
    """Names of warmline's properties that exist as they should; the others switch their feature off."""
    states = crm.fetch_properties()
    specs = property_specs(app, everything=True)
    wrong = mismatches(specs, states)
    notes.extend(wrong)
    usable = {spec.name for spec in specs if spec.name in states and not states[spec.name].archived}
    usable -= {sentence.partition(" ")[0] for sentence in wrong}
    missing = [spec.name for spec in property_specs(app, everything=False) if spec.name not in usable]
    if missing:
        notes.append(f"{len(missing)} contact properties are missing, what needs them is off: run `warmline provision`")
    return frozenset(usable)


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
