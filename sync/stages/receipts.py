"""Receipts: what a confirmed write leaves in the mirror, and what a refusal teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.protocols import Crm, Page, WriteResult
from mappings import hubspot as hubspot_mapping
from sync.core.identity import RULE_VERSION
from sync.core.model import HUBSPOT, ActionKind, Contact, OutboxState, RecordRef, Task
from sync.core.task_life import TASK_CHANGES, expires_at
from sync.errors import InvalidRecord
from sync.stages.pull import Intake
from sync.stages.run import Run
from sync.store import baselines, conflicts, links, merges, outbox, people, work
from sync.store import crm as crm_rows
from sync.store import tasks as task_rows
from sync.store.outbox import OutboxRow
from sync.store.tasks import Look


def record(run: Run, kind: ActionKind, row: OutboxRow, result: WriteResult) -> None:
    """Book one confirmed write; called inside the transaction that settles its row."""
    if kind is ActionKind.UPDATE_CONTACT:
        _record_update(run, row)
    elif kind is ActionKind.CREATE_TASK:
        _record_task(run, row, result)
    elif kind is ActionKind.CREATE_CONTACT:
        _record_contact(run, row, result)
    elif kind in TASK_CHANGES:
        _record_change(run, kind, row, result)


def _record_update(run: Run, row: OutboxRow) -> None:
    contact_id = row.contact_id or ""
    baselines.save(run.db, "contact", {contact_id: row.after}, run.now)
    if row.after.get("warmline_candidate_id") == "":  # unique: the person's other contact could not have it before
        work.enqueue_people(run.db, "plan", [row.person_id], run.now)
    conflicts.clear(run.db, "contact", [(contact_id, name) for name in row.after])
    crm_rows.echo_contact(run.db, contact_id, row.after, run.now)


def _record_task(run: Run, row: OutboxRow, result: WriteResult) -> None:
    """The visible text as the answer shows it is what a later edit is measured against; HubSpot may rewrite HTML."""
    shown = {**row.after, **{name: value for name, value in result.properties.items() if value is not None}}
    task = hubspot_mapping.to_task({"id": result.object_id, "properties": shown, "contact_ids": list(row.contacts)})
    task = replace(task, marker=row.key[:12], created_at=run.now)
    confirmed = "hs_task_body" in result.properties
    task_rows.save_own_task(run.db, task, row.person_id, row.play, confirmed=confirmed, now=run.now)
    _look_when_it_expires(run, row.person_id)


def _look_when_it_expires(run: Run, person_id: int) -> None:
    """A task that nobody touches and nothing happens to is looked at again when it expires."""
    for task in task_rows.load_own_tasks(run.db, [person_id]).get(person_id, ()):
        if task.open:
            work.enqueue_people(run.db, "decide", [person_id], expires_at(task, run.policy.time))


def _record_change(run: Run, kind: ActionKind, row: OutboxRow, result: WriteResult) -> None:
    """The mirror shows at once what was done, so that its echo in the next pull is no news; who had to wait for this
    task is decided anew."""
    task_id = row.object_id or ""
    look = task_rows.load_looks(run.db, [task_id]).get(task_id)
    if kind is ActionKind.ARCHIVE_TASK:
        task_rows.mark_tasks_archived(run.db, [task_id], run.now)
    elif look is not None:
        task, seen = _as_written(row, result, look)
        task_rows.save_seen(run.db, [task], run.now)
        task_rows.note_written(run.db, task_id, seen, row.play)
    work.enqueue_people(run.db, "decide", [row.person_id], run.now)


def _as_written(row: OutboxRow, result: WriteResult, look: Look) -> tuple[Task, str]:
    """The task and its visible hash after a confirmed change: as the answer shows it, as far as that can be read."""
    told = {**row.after, **{name: value for name, value in result.properties.items() if value is not None}}
    expected = look.sent or look.task.visible_hash
    try:
        seen = hubspot_mapping.visible_hash(told) if hubspot_mapping.is_whole(result.properties) else expected
        return hubspot_mapping.after_write(look.task, told, seen), seen
    except InvalidRecord:
        return hubspot_mapping.after_write(look.task, row.after, expected), expected


def _record_contact(run: Run, row: OutboxRow, result: WriteResult) -> None:
    """A contact made for a candidate is linked to it at once; the next pull fills in the rest of its row."""
    contact_id = result.object_id or ""
    payload = row.after
    contact = Contact(
        contact_id,
        email=payload.get("email"),
        first_name=payload.get("firstname"),
        last_name=payload.get("lastname"),
        phone=payload.get("phone"),
        stored_candidate_id=payload.get("warmline_candidate_id"),
    )
    crm_rows.save_contacts(run.db, [contact], run.now)
    links.set_link(run.db, RecordRef(HUBSPOT, contact_id), row.person_id, "created", {}, RULE_VERSION, run.now)
    candidate_id = payload.get("warmline_candidate_id")
    if candidate_id:
        baselines.save(run.db, "contact", {contact_id: {"warmline_candidate_id": candidate_id}}, run.now)
    work.enqueue(run.db, "reconcile", [RecordRef(HUBSPOT, contact_id)], run.now)
    work.enqueue_people(run.db, "score", [row.person_id], run.now)


def follow_merge(run: Run, old_id: str, new_id: str) -> None:
    """HubSpot answered with another id than asked: the contact was merged. Links, touches, tasks and baselines
    follow."""
    with run.db.write(run.lease):
        merges.move_contact(run.db, old_id, new_id, run.now)
        work.enqueue(run.db, "reconcile", [RecordRef(HUBSPOT, old_id), RecordRef(HUBSPOT, new_id)], run.now)


@dataclass(frozen=True, slots=True)
class ContactReader:
    """How one contact is read again as the pull would read it. `properties`: those the pull asks for."""

    crm: Crm
    intake: Intake
    properties: Sequence[str]


def after_refusal(run: Run, reader: ContactReader, row: OutboxRow, result: WriteResult) -> OutboxState:
    """What a refused write says about the world: a contact that already exists is read and matched, one that is gone is
    marked. The state the row ends in."""
    if row.kind is ActionKind.CREATE_CONTACT and result.existing_id is not None:
        _read_existing(run, reader, row, result.existing_id)
        return OutboxState.WITHDRAWN
    if row.kind is ActionKind.UPDATE_CONTACT and result.missing and row.contact_id is not None:
        with run.db.write(run.lease):
            mark_gone(run, [row])
            outbox.settle(run.db, row.key, OutboxState.WITHDRAWN, now=run.now, error=result.reason)
        return OutboxState.WITHDRAWN
    if row.kind in TASK_CHANGES and result.missing and row.object_id is not None:
        return _close_missing(run, row, row.object_id, result)
    return OutboxState.DEAD


def _close_missing(run: Run, row: OutboxRow, task_id: str, result: WriteResult) -> OutboxState:
    """The task is gone: what should close it has nothing left to do."""
    state = OutboxState.WITHDRAWN if row.kind is ActionKind.UPDATE_TASK else OutboxState.DONE
    with run.db.write(run.lease):
        task_rows.mark_tasks_archived(run.db, [task_id], run.now)
        outbox.settle(run.db, row.key, state, now=run.now, error=result.reason)
        work.enqueue_people(run.db, "decide", [row.person_id], run.now)
    return state


def mark_gone(run: Run, rows: Sequence[OutboxRow]) -> None:
    """The contacts of these rows are not in HubSpot any more; called inside a transaction. Reconcile undoes their
    links."""
    mark_contacts_gone(run, sorted({row.contact_id for row in rows if row.contact_id is not None}))


def mark_contacts_gone(run: Run, ids: Sequence[str]) -> None:
    """These contacts are not in HubSpot any more; called inside a transaction."""
    crm_rows.mark_contacts_deleted(run.db, ids, run.now)
    work.enqueue(run.db, "reconcile", [RecordRef(HUBSPOT, contact_id) for contact_id in ids], run.now)


def _read_existing(run: Run, reader: ContactReader, row: OutboxRow, contact_id: str) -> None:
    """No contact is made twice: the existing one goes through the link rules; what no rule links waits for a person's
    review."""
    found = reader.crm.fetch_contacts([contact_id], reader.properties)
    with run.db.write(run.lease):
        reader.intake.store(run.db, Page(list(found.values()), None), run)
        outbox.settle(run.db, row.key, OutboxState.WITHDRAWN, now=run.now, error=f"contact {contact_id} already exists")
        facts = people.load_facts(run.db, [row.person_id]).get(row.person_id)
        candidates = [RecordRef(one.source, one.candidate.remote_id) for one in facts.candidates] if facts else []
        work.enqueue(run.db, "reconcile", [*candidates, RecordRef(HUBSPOT, contact_id)], run.now)
