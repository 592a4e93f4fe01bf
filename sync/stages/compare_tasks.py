"""The last look before a task is made or changed: may the person still be called, and did a person touch the task.

Compared is what a person sees of the task with how warmline wrote it. One that was edited, reassigned or taken up since
is left alone, unless the change is made over a person's edit (docs/decisions/0030).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.protocols import Crm, Record
from mappings import hubspot as hubspot_mapping
from sync.core.model import ActionKind, Refusal, Task
from sync.core.plays import PLAYS
from sync.core.task_life import overrules_people
from sync.errors import InvalidRecord
from sync.stages.compare import GONE, MERGED
from sync.stages.hand_edits import value_of
from sync.stages.run import Run
from sync.store import tasks as task_rows
from sync.store.outbox import OutboxRow
from sync.store.tasks import Look

EDITED = "a person changed the task in HubSpot"
CLOSED = "a person closed the task in HubSpot"
DELETED = "the task is not in HubSpot any more"
STOP_PROPERTIES = {
    "hs_email_optout": (Refusal.OPTED_OUT, "opted out since it was planned"),
    "warmline_do_not_call": (Refusal.DO_NOT_CALL, "do not call since it was planned"),
    "warmline_no_profiling": (Refusal.NO_PROFILING, "objected to profiling since it was planned"),
}


@dataclass(slots=True)
class ComparedTasks:
    """`send`: rows to send. `done`: what they want is so already. `withheld`: with the reason.

    `seen`: tasks that are not sent, as they stand now; `gone`: ids of those in the recycle bin or nowhere. By id, how a
    task looks as warmline wrote it (`written`), and once what is sent is done (`sending`).
    """

    send: list[OutboxRow] = field(default_factory=list)
    done: list[OutboxRow] = field(default_factory=list)
    withheld: list[tuple[OutboxRow, str]] = field(default_factory=list)
    seen: list[Task] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)
    sending: dict[str, str] = field(default_factory=dict)


def compare_tasks(run: Run, crm: Crm, rows: Sequence[OutboxRow]) -> ComparedTasks:
    """Compare at most 100 changes of tasks with HubSpot as it is now: one batch read, two when some were deleted."""
    ids = [row.object_id for row in rows if row.object_id is not None]
    records = crm.fetch_tasks(ids, hubspot_mapping.task_properties())
    looks = task_rows.load_looks(run.db, ids)
    compared = ComparedTasks()
    for row in rows:
        record = records.get(row.object_id or "")
        if record is None or record.get("archived"):
            _settle_gone(row, compared)
            continue
        try:
            _compare(row, record, looks.get(row.object_id or ""), compared)
        except InvalidRecord as error:
            compared.withheld.append((row, f"the task's {error.field} cannot be read"))
    return compared


def _settle_gone(row: OutboxRow, compared: ComparedTasks) -> None:
    compared.gone.append(row.object_id or "")
    if row.kind is ActionKind.UPDATE_TASK:
        compared.withheld.append((row, DELETED))
    else:
        compared.done.append(row)


def _compare(row: OutboxRow, record: Record, look: Look | None, compared: ComparedTasks) -> None:
    properties = record.get("properties") or {}
    known = {"contact_ids": look.task.contact_ids} if look else {}
    task = hubspot_mapping.to_task({**record, **known})
    wanted = hubspot_mapping.visible_hash({**properties, **row.after})
    untouched = _is_untouched(task, look)
    if task.status == "COMPLETED":
        if row.kind is ActionKind.UPDATE_TASK:
            compared.withheld.append((row, CLOSED))
        else:
            compared.done.append(row)
    elif row.kind is ActionKind.UPDATE_TASK and wanted == task.visible_hash:
        compared.done.append(row)
        if untouched:
            compared.written[task.remote_id] = wanted
    elif untouched or overrules_people(row.reason):
        compared.send.append(row)
        compared.sending[task.remote_id] = wanted
        if look is not None and look.written is None:
            compared.written[task.remote_id] = task.visible_hash
        return
    else:
        compared.withheld.append((row, EDITED))
    compared.seen.append(task)


def _is_untouched(task: Task, look: Look | None) -> bool:
    """Without knowing how it was written, this sight of it tells."""
    if task.status not in (None, "NOT_STARTED"):
        return False
    return look is None or look.written is None or task.visible_hash in (look.written, look.sent)


def withhold_tasks(
    run: Run, crm: Crm, rows: Sequence[OutboxRow]
) -> tuple[list[OutboxRow], list[tuple[OutboxRow, str]], list[str]]:
    """New tasks whose contacts may still be called, the others with the reason (opted out, gone or merged since the
    plan), and the contacts that are gone."""
    ids = sorted({contact_id for row in rows for contact_id in row.contacts})
    names = [
        name for name in STOP_PROPERTIES if not name.startswith("warmline_") or name in run.policy.write.properties
    ]
    records = crm.fetch_contacts(ids, names)
    send: list[OutboxRow] = []
    withheld: list[tuple[OutboxRow, str]] = []
    for row in rows:
        reason = _stopped(records, row)
        if reason:
            withheld.append((row, reason))
        else:
            send.append(row)
    return send, withheld, [one for one in ids if one not in records]


def _stopped(records: Mapping[str, Record], row: OutboxRow) -> str:
    found = {one: records[one] for one in row.contacts if one in records}
    if not found or len(found) < len(row.contacts):
        return GONE
    if any(str(record["id"]) != one for one, record in found.items()):
        return MERGED
    passed = _passed(row)
    for name, (refusal, reason) in STOP_PROPERTIES.items():
        if refusal not in passed and any(value_of(record, name) == "true" for record in found.values()):
            return reason
    return ""


def _passed(row: OutboxRow) -> frozenset[Refusal]:
    """What the play looks past; who may not be called is not called all the same."""
    play = PLAYS.get(row.play or "")
    passed = play.ignores if play else frozenset[Refusal]()
    return passed - {Refusal.DO_NOT_CALL} if row.after.get("hs_task_type") == "CALL" else passed
