"""Apply: outbox rows to HubSpot, one effect an action key whatever crashes.

A row is committed as SENT under this worker's lease token before the request leaves, and settled from the answer. A
row whose answer never came is UNKNOWN: it is looked up in HubSpot before anything is sent again
(docs/architecture.md, writing exactly once).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from connectors.protocols import Crm, WriteResult, WriteRow, WriteStatus
from sync.core.actions import next_state
from sync.core.model import ActionKind, OutboxState
from sync.core.task_life import TASK_CHANGES
from sync.core.writes import portions
from sync.errors import DailyLimitReached, RetriableError
from sync.stages import lookup, receipts
from sync.stages.compare import GONE, Compared, compare_contacts
from sync.stages.compare_tasks import ComparedTasks, compare_tasks, withhold_tasks
from sync.stages.regroup import regroup
from sync.stages.run import Run
from sync.store import baselines, conflicts, outbox, work
from sync.store import tasks as task_rows
from sync.store.outbox import OutboxRow

WRITE_BATCH = 100
ROUNDS = 2  # what a look-up in this run allows to be sent again is sent in this run


@dataclass(slots=True)
class Applied:
    """Where each row touched by this apply ended, by action key, and why it ended early (`error` empty: it did not)."""

    ended: dict[str, tuple[str, OutboxState]] = field(default_factory=dict)
    error: str = ""
    cause: RetriableError | None = None

    def note(self, key: str, kind: str, state: OutboxState) -> None:
        """The newest state of a row; a row looked up after an ambiguous answer counts once, as it ended."""
        self.ended[key] = (kind, state)

    def count(self, *states: OutboxState) -> Counter[str]:
        """Rows that ended in one of these states, by kind."""
        return Counter(kind for kind, state in self.ended.values() if state in states)


@dataclass(frozen=True, slots=True)
class Sender:
    """What writing needs beside the run. `not_before`: the wait after a look-up that found nothing."""

    crm: Crm
    not_before: timedelta
    contacts: receipts.ContactReader


def apply(run: Run, sender: Sender, *, creates: int) -> Applied:
    """Send everything that may be sent now; at most `creates` new contacts. A daily limit or a dead vendor ends it
    early with `error`; the rows stay."""
    done = Applied()
    try:
        with run.db.write(run.lease):
            outbox.orphans(run.db, run.lease.token)
        for _ in range(ROUNDS):
            lookup.settle_unknown(run, sender.crm, sender.not_before, done.note)
            _create_contacts(run, sender, done, creates)
            _update_contacts(run, sender, done)
            _change_tasks(run, sender, done)
            _create_tasks(run, sender, done)
            if not done.count(OutboxState.UNKNOWN):
                return done
        lookup.settle_unknown(run, sender.crm, sender.not_before, done.note)
    except RetriableError as error:
        done.error, done.cause = str(error), error
    return done


def _update_contacts(run: Run, sender: Sender, done: Applied) -> None:
    kind = ActionKind.UPDATE_CONTACT
    while rows := outbox.claimable(run.db, kind, WRITE_BATCH, run.now):
        compared = compare_contacts(run, sender.crm, rows)
        _settle_compared(run, compared, done)
        _send(run, sender, kind, compared.send, done)
        run.progress("write contacts", len(done.ended), None)


def _settle_compared(run: Run, compared: Compared, done: Applied) -> None:
    """What needs no request: rows already as wanted, rows a person's edit stands in the way of, contacts that are
    gone."""
    with run.db.write(run.lease):
        baselines.save(run.db, "contact", compared.adopted, run.now)
        conflicts.clear(run.db, "contact", [(one, name) for one, values in compared.adopted.items() for name in values])
        conflicts.save(run.db, "contact", compared.conflicts, run.now)
        for row in compared.same:
            outbox.settle(run.db, row.key, OutboxState.DONE, now=run.now, object_id=row.contact_id)
        _withhold(run, compared.withheld, done)
        receipts.mark_gone(run, [row for row, reason in compared.withheld if reason == GONE])
    for old, new in compared.moved:
        receipts.follow_merge(run, old, new)


def _withhold(run: Run, rows: Sequence[tuple[OutboxRow, str]], done: Applied) -> None:
    for row, reason in rows:
        outbox.settle(run.db, row.key, OutboxState.WITHDRAWN, now=run.now, error=reason)
        done.note(row.key, row.kind.value, OutboxState.WITHDRAWN)


def _create_contacts(run: Run, sender: Sender, done: Applied, left: int) -> None:
    while left > 0 and (rows := outbox.claimable(run.db, ActionKind.CREATE_CONTACT, min(left, WRITE_BATCH), run.now)):
        left -= len(rows)
        _send(run, sender, ActionKind.CREATE_CONTACT, [(row, row.after) for row in rows], done)


def _change_tasks(run: Run, sender: Sender, done: Applied) -> None:
    for kind in TASK_CHANGES:
        while rows := outbox.claimable(run.db, kind, WRITE_BATCH, run.now):
            compared = compare_tasks(run, sender.crm, rows)
            gone = regroup(run, sender.crm, compared)
            _settle_tasks(run, compared, done)
            _mark_gone(run, gone)
            _send(run, sender, kind, [(row, row.after) for row in compared.send], done)
            run.progress("write tasks", len(done.ended), None)


def _settle_tasks(run: Run, compared: ComparedTasks, done: Applied) -> None:
    """What needs no request, and how the tasks that are sent will look: kept before they are."""
    settled = [*compared.done, *(row for row, _ in compared.withheld)]
    with run.db.write(run.lease):
        task_rows.save_seen(run.db, compared.seen, run.now)
        task_rows.mark_tasks_archived(run.db, compared.gone, run.now)
        for row in (*compared.done, *compared.send):
            if row.object_id in compared.written:
                play = row.play if row in compared.done else None
                task_rows.note_written(run.db, row.object_id, compared.written[row.object_id], play)
        task_rows.note_sending(run.db, compared.sending)
        for row in compared.done:
            outbox.settle(run.db, row.key, OutboxState.DONE, now=run.now)
            done.note(row.key, row.kind.value, OutboxState.DONE)
        _withhold(run, compared.withheld, done)
        work.enqueue_people(run.db, "decide", [row.person_id for row in settled], run.now)


def _create_tasks(run: Run, sender: Sender, done: Applied) -> None:
    kind = ActionKind.CREATE_TASK
    while rows := outbox.claimable(run.db, kind, WRITE_BATCH, run.now):
        send, withheld, gone = withhold_tasks(run, sender.crm, rows)
        with run.db.write(run.lease):
            _withhold(run, withheld, done)
            work.enqueue_people(run.db, "decide", [row.person_id for row, _ in withheld], run.now)
        _mark_gone(run, gone)
        _send(run, sender, kind, [(row, row.after) for row in send], done)
        run.progress("write tasks", len(done.ended), None)


def _mark_gone(run: Run, contact_ids: Sequence[str]) -> None:
    if contact_ids:
        with run.db.write(run.lease):
            receipts.mark_contacts_gone(run, contact_ids)


def _send(
    run: Run, sender: Sender, kind: ActionKind, rows: Sequence[tuple[OutboxRow, dict[str, str]]], done: Applied
) -> None:
    """Send rows by the batch; those that got no certain answer before, in smaller ones."""
    for some in portions(rows, lambda one: one[0].attempts if one[0].state is OutboxState.PENDING else 0, WRITE_BATCH):
        _send_batch(run, sender, kind, some, done)


def _send_batch(
    run: Run, sender: Sender, kind: ActionKind, rows: Sequence[tuple[OutboxRow, dict[str, str]]], done: Applied
) -> None:
    """Claim, send, settle one batch. Whatever happens between claim and settle leaves the rows SENT, to be looked
    up."""
    payloads = {row.key: properties for row, properties in rows}
    with run.db.write(run.lease):
        claimed = outbox.claim(run.db, payloads, token=run.lease.token, now=run.now)
    requests = [WriteRow(row.key, _object_id(kind, row), row.after, _contacts(kind, row)) for row in claimed]
    try:
        results = {result.key: result for result in _write(sender.crm, kind, requests)}
    except DailyLimitReached as error:
        results = {one.key: WriteResult(one.key, WriteStatus.RETRY, reason=str(error)) for one in requests}
        _settle(run, sender, kind, claimed, results, done)
        raise
    _settle(run, sender, kind, claimed, results, done)


def _object_id(kind: ActionKind, row: OutboxRow) -> str | None:
    """None for what is still to be made."""
    if kind is ActionKind.UPDATE_CONTACT:
        return row.contact_id
    return row.object_id if kind in TASK_CHANGES else None


def _contacts(kind: ActionKind, row: OutboxRow) -> tuple[str, ...]:
    return row.contacts if kind is ActionKind.CREATE_TASK else ()


def _write(crm: Crm, kind: ActionKind, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
    writers = {
        ActionKind.CREATE_CONTACT: crm.create_contacts,
        ActionKind.UPDATE_CONTACT: crm.update_contacts,
        ActionKind.CREATE_TASK: crm.create_tasks,
        ActionKind.UPDATE_TASK: crm.update_tasks,
        ActionKind.COMPLETE_TASK: crm.update_tasks,
        ActionKind.ARCHIVE_TASK: crm.archive_tasks,
    }
    return writers[kind](rows)


def _settle(
    run: Run,
    sender: Sender,
    kind: ActionKind,
    rows: Sequence[OutboxRow],
    results: dict[str, WriteResult],
    done: Applied,
) -> None:
    retry = []
    with run.db.write(run.lease):
        for row in rows:
            result = results.get(row.key, WriteResult(row.key, WriteStatus.UNKNOWN))
            state, not_before = next_state(result.status.value, row.attempts, now=run.now, not_before=sender.not_before)
            outbox.settle(
                run.db,
                row.key,
                state,
                now=run.now,
                object_id=result.object_id,
                error=result.reason,
                not_before=not_before,
            )
            done.note(row.key, kind.value, state)
            if state is OutboxState.DONE:
                receipts.record(run, kind, row, result)
            elif state is OutboxState.DEAD:
                retry.append((row, result))
    for row, result in retry:
        done.note(row.key, kind.value, receipts.after_refusal(run, sender.contacts, row, result))
