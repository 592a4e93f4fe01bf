"""The contacts of grouped tasks, set just before their text is: a task never names people it is not associated with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from connectors.protocols import Crm
from sync.core.model import Task
from sync.errors import RejectedAction
from sync.stages.compare import GONE, MERGED
from sync.stages.compare_tasks import ComparedTasks
from sync.stages.run import Run
from sync.store import tasks as task_rows
from sync.store.outbox import OutboxRow


def regroup(run: Run, crm: Crm, compared: ComparedTasks) -> list[str]:
    """Associate each grouped task that changes with who it is about now; safe twice, so that a crash in between costs
    nothing. One that cannot be is withheld and planned anew. The contacts that are not in HubSpot any more. Raises
    RetriableError.
    """
    rows = [row for row in (*compared.send, *compared.done) if row.contact_ids]
    if not rows:
        return []
    looks = task_rows.load_looks(run.db, [row.object_id or "" for row in rows])
    before = {task_id: look.task.contact_ids for task_id, look in looks.items()}
    added = {
        row.key: [one for one in row.contact_ids if one not in before.get(row.object_id or "", ())] for row in rows
    }
    found = crm.fetch_contacts(sorted({one for ids in added.values() for one in ids}), [])
    known = {one: str(record["id"]) for one, record in found.items()}
    for row in rows:
        reason = _reason(added[row.key], known) or _set(
            run, crm, row, added[row.key], before.get(row.object_id or "", ())
        )
        if reason:
            compared.send = [one for one in compared.send if one is not row]
            compared.done = [one for one in compared.done if one is not row]
            compared.withheld.append((row, reason))
        else:
            compared.seen = [_with_contacts(task, row) for task in compared.seen]
    return sorted({one for ids in added.values() for one in ids} - known.keys())


def _with_contacts(task: Task, row: OutboxRow) -> Task:
    return replace(task, contact_ids=row.contact_ids) if task.remote_id == row.object_id else task


def _reason(added: Sequence[str], known: dict[str, str]) -> str:
    if any(one not in known for one in added):
        return GONE
    return MERGED if any(known[one] != one for one in added) else ""


def _set(run: Run, crm: Crm, row: OutboxRow, added: Sequence[str], before: Sequence[str]) -> str:
    task_id = row.object_id or ""
    removed = [one for one in before if one not in row.contact_ids]
    try:
        crm.set_task_contacts(task_id, add=added, remove=removed)
    except RejectedAction as refused:
        return str(refused)
    with run.db.write(run.lease):
        task_rows.note_contacts(run.db, task_id, row.contact_ids)
    return ""
