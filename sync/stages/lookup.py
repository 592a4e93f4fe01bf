"""Look-ups: what became of a write whose answer never came. Found: done. Not found: wait, look again, and only then
send again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from connectors.protocols import Crm, Record, WriteResult, WriteStatus
from mappings import hubspot as hubspot_mapping
from sync.core.model import ActionKind, OutboxState
from sync.core.properties.identity import CANDIDATE_ID
from sync.core.task_life import TASK_CHANGES
from sync.core.writes import STUBBORN_ATTEMPTS
from sync.stages import receipts
from sync.stages.run import Run
from sync.store import outbox
from sync.store.outbox import OutboxRow

Note = Callable[[str, str, OutboxState], None]
LIMIT = 500
COMPARED_AGAIN = (ActionKind.UPDATE_CONTACT, *TASK_CHANGES)


def settle_unknown(run: Run, crm: Crm, not_before: timedelta, note: Note) -> None:
    """Look up every UNKNOWN row. An update, and any change of a task, is compared again before it is sent, so it just
    goes back to PENDING; one that keeps breaking waits as a create does."""
    for kind in (*COMPARED_AGAIN, ActionKind.CREATE_CONTACT, ActionKind.CREATE_TASK):
        rows = outbox.load_unknown(run.db, kind, LIMIT)
        if not rows:
            continue
        found = _found(crm, kind, rows)
        for row in rows:
            _settle(run, row, found.get(row.key), not_before, note)


def _found(crm: Crm, kind: ActionKind, rows: Sequence[OutboxRow]) -> dict[str, Record]:
    if kind is ActionKind.CREATE_TASK:
        return _found_tasks(crm, rows)
    if kind is ActionKind.CREATE_CONTACT:
        return _found_contacts(crm, rows)
    return {}


def _found_tasks(crm: Crm, rows: Sequence[OutboxRow]) -> dict[str, Record]:
    """By the marker in the body, through the contact's associations: search lags (docs/vendor-facts.md, tasks)."""
    ids = sorted({contact_id for row in rows for contact_id in row.contacts})
    tasks = [task for found in crm.fetch_tasks_of(ids, hubspot_mapping.task_properties()).values() for task in found]
    by_marker = {hubspot_mapping.to_task(task).marker: task for task in tasks}
    return {row.key: by_marker[row.key[:12]] for row in rows if row.key[:12] in by_marker}


def _found_contacts(crm: Crm, rows: Sequence[OutboxRow]) -> dict[str, Record]:
    values = {row.key: row.after[CANDIDATE_ID] for row in rows if row.after.get(CANDIDATE_ID)}
    found = crm.fetch_contacts_by(CANDIDATE_ID, list(values.values()), [CANDIDATE_ID]) if values else {}
    return {key: found[value] for key, value in values.items() if value in found}


def _settle(run: Run, row: OutboxRow, record: Record | None, not_before: timedelta, note: Note) -> None:
    send_from = row.not_before or run.now + not_before
    until = None
    with run.db.write(run.lease):
        if record is not None:
            state = OutboxState.DONE
        elif send_from <= run.now or (row.kind in COMPARED_AGAIN and row.attempts < STUBBORN_ATTEMPTS):
            state = OutboxState.PENDING
        else:
            state, until = OutboxState.UNKNOWN, send_from
        object_id = str(record["id"]) if record is not None else None
        outbox.settle(run.db, row.key, state, now=run.now, object_id=object_id, error=row.error, not_before=until)
        note(row.key, row.kind.value, state)
        if record is not None:
            result = WriteResult(row.key, WriteStatus.DONE, object_id, record.get("properties", {}))
            receipts.record(run, row.kind, row, result)
