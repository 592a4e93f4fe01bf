"""To forget somebody, second part: out of the mirror and its files, and warmline's traces out of HubSpot.

Whoever holds the lease does it: the command itself, or the run that is under way, between two pages or stages. What was
kept in the first part (`bury.py`) is enough to go on after a crash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.protocols import Crm, Record, WriteRow, WriteStatus
from mappings import hubspot as hubspot_mapping
from sync.core.forgetting import OWN_TASK, PERSON
from sync.core.model import HUBSPOT, ActionKind, OutboxState, RecordRef
from sync.errors import InvalidRecord
from sync.stages.hand_edits import value_of
from sync.stages.run import Run
from sync.store import crm as crm_rows
from sync.store import erasures, personal, scrub, work
from sync.store.db import Mirror
from sync.store.erasures import ASKED, ATS_SCOPE, CRM_SCOPE, DONE, PERSON_SCOPE, PURGED, Erasure
from sync.store.lease import Lease
from sync.store.personal import ATS, CRM, OWN, Subject

CANDIDATE_ID = "warmline_candidate_id"
# What people recorded of an objection protects the person in HubSpot, where the contact stays.
OBJECTIONS = frozenset({"warmline_do_not_call", "warmline_no_profiling"})
WRITE_BATCH = 100
AT_ONCE = 50  # people whose traces are looked for together
_FAILED = {
    WriteStatus.REJECTED: OutboxState.DEAD,
    WriteStatus.RETRY: OutboxState.DEFERRED,
    WriteStatus.UNKNOWN: OutboxState.UNKNOWN,
}
_SIDES = {PERSON_SCOPE: (ATS, CRM, OWN), ATS_SCOPE: (ATS, OWN), CRM_SCOPE: (CRM, OWN)}


@dataclass(slots=True)
class Cleared:
    """What was taken out of HubSpot. `ended`: by write its kind and how it ended. `left`: people whose traces there are
    not gone for certain; `why`: what HubSpot said."""

    contacts: int = 0
    tasks: int = 0
    ended: dict[str, tuple[str, OutboxState]] = field(default_factory=dict)
    left: int = 0
    why: set[str] = field(default_factory=set)


def purge_asked(db: Mirror, lease: Lease, sleep: scrub.Sleep) -> int:
    """Delete from the mirror whoever is to be forgotten, and what is left of them in its files; how many. Nobody: one
    look at an empty index."""
    asked = erasures.in_state(db, ASKED)
    if not asked:
        return 0
    values: set[str] = set()
    for erasure in asked:
        values |= set(scrub.values_of(db, subject_of(db, erasure)))
        with db.write(lease):
            _purge(db, erasure)
    scrub.empty_log(db, sleep)
    if scrub.search(db, values).total and scrub.rewrite(db):
        scrub.empty_log(db, sleep)
    return len(asked)


def subject_of(db: Mirror, erasure: Erasure) -> Subject:
    """The person of an erasure as the mirror's keys know them."""
    return personal.subject_of(db, erasures.records_of(db, erasure.id))


def _purge(db: Mirror, erasure: Erasure) -> None:
    """One person; of one side's erasure the other side's records stay, as somebody new."""
    subject = subject_of(db, erasure)
    erasures.add_records(db, erasure.id, [RecordRef(OWN_TASK, one) for one in subject.tasks])
    keep = ("candidate",) if erasure.scope == ATS_SCOPE else ()
    personal.purge(db, subject, _SIDES[erasure.scope], keep=keep)
    if erasure.scope != PERSON_SCOPE:
        stay = [ref for ref in subject.refs if (ref.source == HUBSPOT) is (erasure.scope == ATS_SCOPE)]
        work.enqueue(db, "reconcile", stay, erasure.at)
    erasures.move_on(db, erasure.id, PURGED, erasure.look_until)


def clear(run: Run, crm: Crm, *, may_write: bool = True) -> Cleared:
    """Empty warmline's properties of the forgotten, and archive its tasks about them, whatever people made of them.

    What HubSpot shows is asked anew each time, so a run that was cut off is simply followed by another. `may_write`
    False: only looked, and done is whoever left no traces. Raises RetriableError, MissingScope."""
    done = Cleared()
    waiting = erasures.in_state(run.db, PURGED)
    for start in range(0, len(waiting), AT_ONCE):
        _clear_some(run, crm, waiting[start : start + AT_ONCE], done, may_write)
    return done


@dataclass(slots=True)
class _Traces:
    """What HubSpot shows of some people. `emptied`: by contact the properties to empty. `whose`: the erasure of each
    contact, `task_of`: of each task."""

    whose: dict[str, str] = field(default_factory=dict)
    task_of: dict[str, str] = field(default_factory=dict)
    emptied: dict[str, dict[str, str]] = field(default_factory=dict)
    tasks: list[str] = field(default_factory=list)


def _clear_some(run: Run, crm: Crm, some: Sequence[Erasure], done: Cleared, may_write: bool) -> None:
    traces = _Traces()
    records = {one.id: erasures.records_of(run.db, one.id) for one in some}
    contacts = _contacts(run, crm, {one.id: records[one.id] for one in some if one.scope != CRM_SCOPE}, traces)
    _look_for_tasks(run, crm, records, [str(one["id"]) for one in contacts], traces)
    unfinished = {traces.whose[one] for one in traces.emptied} | {traces.task_of[one] for one in traces.tasks}
    if may_write:
        unfinished = _send(crm, traces, done)
    unfinished |= {one.id for one in some if one.look_until is not None and one.look_until > run.now}
    done.left += len(unfinished)
    with run.db.write(run.lease):
        for one in some:
            if one.id not in unfinished:
                erasures.move_on(run.db, one.id, DONE)


def _contacts(run: Run, crm: Crm, records: Mapping[str, Sequence[RecordRef]], traces: _Traces) -> list[Record]:
    """People's contacts, and those made for a candidate of theirs. Not one they were merged into that the mirror holds
    as somebody else."""
    names = sorted(run.policy.write.properties - OBJECTIONS)
    whose = {ref.remote_id: one for one, refs in records.items() for ref in refs if ref.source == HUBSPOT}
    if CANDIDATE_ID in names:
        ids = {f"{ref.source}:{ref.remote_id}": one for one, refs in records.items() for ref in refs if _is_ats(ref)}
        made = crm.fetch_contacts_by(CANDIDATE_ID, list(ids), [CANDIDATE_ID]) if ids else {}
        whose |= {str(one["id"]): ids[asked] for asked, one in made.items()}
    found = crm.fetch_contacts(list(whose), names or ["hs_object_id"]) if whose else {}
    strange = {str(one["id"]) for asked, one in found.items() if str(one["id"]) != asked} - whose.keys()
    others = set(crm_rows.live_contact_ids(run.db, strange))
    for asked, one in found.items():
        contact_id = str(one["id"])
        if contact_id not in others and not one.get("archived"):
            traces.whose[contact_id] = whose[asked]
            if values := {name: "" for name in names if value_of(one, name)}:
                traces.emptied[contact_id] = values
    return [one for one in found.values() if str(one["id"]) in traces.whose]


def _is_ats(ref: RecordRef) -> bool:
    return ref.source not in (HUBSPOT, PERSON, OWN_TASK) and not ref.source.endswith(".attendance")


def _look_for_tasks(
    run: Run, crm: Crm, records: Mapping[str, Sequence[RecordRef]], contact_ids: Sequence[str], traces: _Traces
) -> None:
    """Warmline's tasks that are not archived, closed ones too: those it knows, and those on the contacts that carry its
    marker. Not those about other people too: they are made anew without this one."""
    properties = hubspot_mapping.task_properties()
    known = {ref.remote_id: one for one, refs in records.items() for ref in refs if ref.source == OWN_TASK}
    found = dict(crm.fetch_tasks(list(known), properties)) if known else {}
    around = crm.fetch_tasks_of(contact_ids, properties) if contact_ids else {}
    for contact_id, tasks in around.items():
        for record in filter(_is_ours, tasks):
            found[str(record["id"])] = record
            known.setdefault(str(record["id"]), traces.whose[contact_id])
    shared = personal.shared_tasks(run.db, found, contact_ids)
    traces.tasks = sorted(one for one, record in found.items() if not record.get("archived") and one not in shared)
    traces.task_of = known


def _is_ours(record: Record) -> bool:
    try:
        return hubspot_mapping.to_task(record).marker is not None
    except InvalidRecord:
        return False


def _send(crm: Crm, traces: _Traces, done: Cleared) -> set[str]:
    """Archive and empty; the erasures of what is not done for certain."""
    archived = [WriteRow(one, one, {}) for one in traces.tasks]
    emptied = [WriteRow(one, one, values) for one, values in traces.emptied.items()]
    unfinished: set[str] = set()
    for kind, write, rows, whose in (
        (ActionKind.ARCHIVE_TASK, crm.archive_tasks, archived, traces.task_of),
        (ActionKind.UPDATE_CONTACT, crm.update_contacts, emptied, traces.whose),
    ):
        for start in range(0, len(rows), WRITE_BATCH):
            for answer in write(rows[start : start + WRITE_BATCH]):
                is_gone = answer.status is WriteStatus.DONE or answer.missing
                state = OutboxState.DONE if is_gone else _FAILED[answer.status]
                done.ended[f"forget {kind.value} {answer.key}"] = (kind.value, state)
                if not is_gone:
                    unfinished.add(whose[answer.key])
                    done.why |= {answer.reason} - {""}
    done.contacts = _count_done(done, ActionKind.UPDATE_CONTACT)
    done.tasks = _count_done(done, ActionKind.ARCHIVE_TASK)
    return unfinished


def _count_done(done: Cleared, kind: ActionKind) -> int:
    return sum(1 for one in done.ended.values() if one == (kind.value, OutboxState.DONE))
