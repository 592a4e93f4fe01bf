"""Forget one person now: keep what recognises them, purge the mirror, clear HubSpot, and search what is left.

Where a run is under way it does the work between two of its steps, and this waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from connectors.protocols import Crm
from sync.bootstrap.app import App
from sync.bootstrap.greeting import greet, open_circuit
from sync.bootstrap.session import new_run_id, take_lease
from sync.core.model import HUBSPOT, RecordRef
from sync.errors import LeaseHeld, WarmlineError
from sync.stages import bury, erase
from sync.stages.bury import Whom
from sync.stages.erase import Cleared
from sync.stages.run import Run
from sync.store import erasures, lease, personal, scrub
from sync.store.db import Mirror
from sync.store.erasures import ASKED, DONE, Erasure
from sync.store.lease import Lease
from sync.store.personal import Subject
from sync.store.scrub import RawSearch

WAIT_S = 300.0
_PAUSE_S = 0.2


@dataclass(slots=True)
class Forgotten:
    """What was done and found. `already`: nothing was left to purge. `tables`: rows found afterwards, by table. `kept`:
    ids still needed to clear HubSpot. `why`: what keeps that from being done; `purged` False: a run still has to."""

    already: bool
    records: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    raw: RawSearch = field(default_factory=lambda: RawSearch({}, 0, 0))
    log_emptied: bool = True
    cleared: Cleared = field(default_factory=Cleared)
    kept: tuple[RecordRef, ...] = ()
    why: str = ""
    purged: bool = True

    @property
    def hits(self) -> int:
        """Rows and places in files where something of the person is left."""
        return sum(self.tables.values()) + self.raw.total

    @property
    def complete(self) -> bool:
        """Nothing is left to do."""
        return self.purged and self.log_emptied and not self.hits and not self.kept


def find(db: Mirror, who: str) -> Whom:
    """Who is meant by WHO; falsy: nobody. Whom the file beside the mirror remembers is known too."""
    bury.remember(db)
    return bury.find(db, who)


def forget(app: App, db: Mirror, whom: Whom, who: str, on_wait: Callable[[], None] = lambda: None) -> Forgotten:
    """Forget a person, as far as it can be done now. What is left is done by the next run. `on_wait`: called once when
    a run is under way and has to be waited for. Raises MirrorError."""
    found = Forgotten(already=not whom.records and not whom.people)
    subject = personal.subject_of(db, whom.all_records)
    values = {*scrub.values_of(db, subject), *([who] if len(who) >= scrub.SHORTEST and "@" in who else [])}
    mine = list(whom.before)
    if not found.already:
        late = timedelta(minutes=app.settings.writes.not_before_minutes)
        with db.write():
            mine.append(bury.bury(db, whom, app.clock.now(), late=late))
    found.records = len(whom.records)
    _work_off(app, db, mine, found, on_wait)
    _prove(app, db, subject, sorted(values), found)
    found.kept = tuple(ref for one in mine for ref in erasures.records_of(db, one.id))
    found.purged = not any(one.state == ASKED for one in _now(db, mine))
    return found


def _now(db: Mirror, mine: Sequence[Erasure]) -> list[Erasure]:
    return erasures.load(db, [one.id for one in mine])


def _work_off(app: App, db: Mirror, mine: Sequence[Erasure], found: Forgotten, on_wait: Callable[[], None]) -> None:
    """Do what is to be done, under the lease; or wait for the run that has it."""
    until, tell_once = app.clock.monotonic() + WAIT_S, on_wait
    while any(one.state != DONE for one in _now(db, mine)):
        try:
            with leased(app, db) as held:
                erase.purge_asked(db, held, app.clock.sleep)
                _clear(app, db, held, found)
            return
        except LeaseHeld as error:
            tell_once()
            tell_once = _silent
            if app.clock.monotonic() > until:
                found.why = f"{error.message} It forgets the person too, and clears HubSpot."
                return
            app.clock.sleep(_PAUSE_S)


def _silent() -> None:
    """It was told."""


@contextmanager
def leased(app: App, db: Mirror) -> Iterator[Lease]:
    """The lease, while it is needed. Raises LeaseHeld."""
    held = take_lease(app, db)
    try:
        yield held
    finally:
        lease.release(db, held)


def _clear(app: App, db: Mirror, held: Lease, found: Forgotten) -> None:
    """Look at HubSpot, and clear it where writing is on. What HubSpot or the settings say against it is told, not
    raised: the mirror is purged all the same."""
    writes = app.settings.writes.enabled
    try:
        run, crm = open_run(app, db, held)
        found.cleared = erase.clear(run, crm, may_write=writes)
    except WarmlineError as error:
        found.why = error.message
        return
    if found.cleared.left and not writes:
        found.why = "writes.enabled is false."
    elif found.cleared.left:
        found.why = (
            "; ".join(sorted(found.cleared.why)) or "A task sent before may still appear; it is looked for again."
        )


def open_run(app: App, db: Mirror, held: Lease) -> tuple[Run, Crm]:
    """A run without a place in the ledger. Raises ConfigError, AuthError, PortalMismatch, RetriableError."""
    crm = app.connect()
    crm.before_each_write(partial(lease.prove, db, held))
    circuit = open_circuit(app, db, scheduled=False)
    greeting = greet(app, crm, db, circuit, [])
    if circuit.closed(HUBSPOT):
        raise WarmlineError(circuit.closed(HUBSPOT))
    policy = app.policy(greeting.portal_id, greeting.properties)
    run_id = new_run_id(app.clock.real_time())
    return Run(db, held, run_id, app.clock.now(), policy, sleep=app.clock.sleep), crm


def _prove(app: App, db: Mirror, subject: Subject, values: Sequence[str], found: Forgotten) -> None:
    found.log_emptied = scrub.empty_log(db, app.clock.sleep)
    found.tables = personal.hits(db, subject)
    found.raw = scrub.search(db, values)
