"""Receipts: what a confirmed write leaves in the mirror, and what a refusal teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.protocols import Crm, Page, WriteResult
from mappings import hubspot as hubspot_mapping
from sync.core.identity import RULE_VERSION
from sync.core.model import HUBSPOT, ActionKind, Contact, OutboxState, RecordRef
from sync.stages.pull import Intake
from sync.stages.run import Run
from sync.store import baselines, conflicts, links, merges, outbox, people, work
from sync.store import crm as crm_rows
from sync.store.outbox import OutboxRow


def record(run: Run, kind: ActionKind, row: OutboxRow, result: WriteResult) -> None:
    """Book one confirmed write; called inside the transaction that settles its row."""
    if kind is ActionKind.UPDATE_CONTACT:
        _record_update(run, row)
    elif kind is ActionKind.CREATE_TASK:
        _record_task(run, row, result)
    elif kind is ActionKind.CREATE_CONTACT:
        _record_contact(run, row, result)


def _record_update(run: Run, row: OutboxRow) -> None:
    contact_id = row.contact_id or ""
    baselines.save(run.db, "contact", {contact_id: row.after}, run.now)
    conflicts.clear(run.db, "contact", [(contact_id, name) for name in row.after])
    crm_rows.echo_contact(
        run.db,
        contact_id,
        candidate_id=row.after.get("warmline_candidate_id"),
        band=row.after.get("warmline_band"),
        now=run.now,
    )


def _record_task(run: Run, row: OutboxRow, result: WriteResult) -> None:
    """The visible text as the answer shows it is what a later edit is measured against; HubSpot may rewrite HTML."""
    shown = {**row.after, **{name: value for name, value in result.properties.items() if value is not None}}
    task = hubspot_mapping.to_task(
        {"id": result.object_id, "properties": shown, "contact_ids": [row.contact_id] if row.contact_id else []}
    )
    task = replace(task, marker=row.key[:12], created_at=run.now)
    confirmed = "hs_task_body" in result.properties
    crm_rows.save_own_task(run.db, task, row.person_id, row.play, confirmed=confirmed, now=run.now)


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
    return OutboxState.DEAD


def mark_gone(run: Run, rows: Sequence[OutboxRow]) -> None:
    """The contacts of these rows are not in HubSpot any more; called inside a transaction. Reconcile undoes their
    links."""
    ids = sorted({row.contact_id for row in rows if row.contact_id is not None})
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
