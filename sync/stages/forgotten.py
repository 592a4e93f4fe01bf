"""What a run does about people who were forgotten: purges them between two steps, clears HubSpot, lets come back who
applied again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from connectors.protocols import Crm, Page, Source, StreamSpec
from sync.core.model import OutboxState, RecordRef
from sync.errors import MissingScope, RetriableError
from sync.stages.circuit import Circuit
from sync.stages.erase import clear, purge_asked
from sync.stages.pull import Intake, pull_stream
from sync.stages.receipts import ContactReader
from sync.stages.reread import reread
from sync.stages.run import Run
from sync.store import ats, cursors, erasures, intake
from sync.store.erasures import PURGED


@dataclass(slots=True)
class Told:
    """What there is to say afterwards. `reasons`: what kept the run from being complete; `cause`: of HubSpot. `ended`:
    by write its kind and how it ended."""

    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    cause: RetriableError | None = None
    ended: dict[str, tuple[str, OutboxState]] = field(default_factory=dict)


def honour(run: Run) -> None:
    """Purge whoever was asked to be forgotten since the last step."""
    purge_asked(run.db, run.lease, run.sleep)


def clear_forgotten(run: Run, crm: Crm, *, may_write: bool) -> Told:
    """Take warmline's traces of the forgotten out of HubSpot, where writing is on."""
    honour(run)
    told = Told()
    waiting = len(erasures.in_state(run.db, PURGED))
    if not waiting:
        return told
    if not may_write:
        told.notes.append(f"{waiting} forgotten people are not cleared in HubSpot yet: writes are off")
        return told
    try:
        done = clear(run, crm)
        told.ended = done.ended
    except (RetriableError, MissingScope) as error:
        told.cause = error if isinstance(error, RetriableError) else None
        told.reasons.append(f"clearing HubSpot of forgotten people stopped: {error}")
        return told
    if done.contacts or done.tasks:
        told.notes.append(f"forgotten people: {done.contacts} contacts cleared, {done.tasks} tasks archived in HubSpot")
    if done.left:
        why = f" ({', '.join(sorted(done.why))})" if done.why else ""
        told.reasons.append(f"{done.left} forgotten people are not cleared in HubSpot for certain{why}")
    return told


class Feed(Protocol):
    """One stream: where it comes from and how it enters the mirror."""

    @property
    def source(self) -> Source: ...
    @property
    def spec(self) -> StreamSpec: ...
    @property
    def intake(self) -> Intake: ...


def let_come_back(
    run: Run, feeds: Iterable[Feed], reader: ContactReader, circuit: Circuit
) -> Iterator[tuple[str, RetriableError]]:
    """Read who was forgotten and applied again: the candidates, then the contacts with their addresses. Each stream
    that could not be read, with why; what was not read is in the next run."""
    refs = erasures.coming_back(run.db)
    for feed in feeds if refs else ():
        own = [ref for ref in refs if ref.source == feed.source.name]
        if feed.spec.noun != "candidates" or not own or circuit.closed(feed.source.name):
            continue
        try:
            _read_candidates(run, feed, own)
            _read_contacts(run, reader, own)
        except RetriableError as error:
            yield f"{feed.source.name}.candidates", error
            continue
        with run.db.write(run.lease):
            erasures.is_back(run.db, own)


def _read_candidates(run: Run, feed: Feed, refs: Sequence[RecordRef]) -> None:
    """By id; where a source cannot be asked so, all of its candidates."""
    name = feed.source.name
    known = reread(feed.source, "candidates", [ref.remote_id for ref in refs])
    with run.db.write(run.lease):
        if known is not None:
            feed.intake.store(run.db, Page(known.found, None), run)
            return
        cursors.ask_whole(run.db, f"{name}.candidates")
        intake.read_files_again(run.db, name)
    pulled = pull_stream(run, feed.source, feed.spec, feed.intake)
    if pulled.cause is not None:
        raise pulled.cause


def _read_contacts(run: Run, reader: ContactReader, refs: Sequence[RecordRef]) -> None:
    addresses = ats.addresses_of(run.db, refs)
    found = reader.crm.fetch_contacts_by("email", addresses, reader.properties) if addresses else {}
    records = list({str(one["id"]): one for one in found.values()}.values())
    with run.db.write(run.lease):
        reader.intake.store(run.db, Page(records, None), run)
