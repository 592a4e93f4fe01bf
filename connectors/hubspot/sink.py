"""Batch writes: at most 100 rows in, one result a row out.

A refused batch wrote nothing and is halved until the row at fault stands alone, so that one poison row cannot
hold up 99 others. What is not known to be done or not done is UNKNOWN; nothing is ever sent again on a guess
(docs/vendor-facts.md, batches and tasks).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.http import NotSent
from connectors.hubspot.bridge import Bridge
from connectors.hubspot.errors import MISSING_PROPERTY, Refused
from connectors.hubspot.receipts import (
    Marks,
    contact_marks,
    no_marks,
    read_archived,
    read_receipts,
    rejected,
    retry,
    task_marks,
    unknown,
)
from connectors.hubspot.records import batches, read_all
from connectors.hubspot.streams import CONTACTS, TASKS
from connectors.protocols import WriteResult, WriteRow, WriteStatus
from sync.errors import (
    BadAnswer,
    Busy,
    DailyLimitReached,
    FatalError,
    MissingScope,
    NetworkFault,
    RateLimited,
    ServerFault,
)

MAX_ROWS = 100
GDPR_DELETE = "/crm/v3/objects/contacts/gdpr-delete"  # as the SDK spells it
TASK_TO_CONTACT = 204
_ASSOCIATION = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": TASK_TO_CONTACT}

Send = Callable[[Sequence[WriteRow]], list[WriteResult]]


class Sink:
    """Writes contacts and tasks."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def update_contacts(self, rows: Sequence[WriteRow]) -> list[WriteResult]:
        """By record id, never by e-mail (HubSpot: no partial upserts by e-mail)."""
        return self._update(CONTACTS, rows)

    def create_contacts(self, rows: Sequence[WriteRow]) -> list[WriteResult]:
        """REJECTED with `existing_id` where the contact exists already."""
        return self._create(CONTACTS, rows, contact_marks)

    def create_tasks(self, rows: Sequence[WriteRow]) -> list[WriteResult]:
        """Associated in the same call, so that a task never exists without its contact."""
        return self._create(TASKS, rows, task_marks)

    def update_tasks(self, rows: Sequence[WriteRow]) -> list[WriteResult]:
        return self._update(TASKS, rows)

    def set_task_contacts(self, task_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Who joins goes first: a task is never without a contact. 2,000 pairs a call at most, so 100 are safe."""
        pair = TASKS, CONTACTS
        for some in batches(add, MAX_ROWS):
            inputs = [{"from": {"id": task_id}, "to": {"id": one}, "types": [_ASSOCIATION]} for one in some]
            self._bridge.call(self._bridge.associations.create, *pair, body={"inputs": inputs})
        for some in batches(remove, MAX_ROWS):
            inputs = [{"from": {"id": task_id}, "to": [{"id": one} for one in some]}]
            self._bridge.call(self._bridge.associations.archive, *pair, body={"inputs": inputs})

    def archive_tasks(self, rows: Sequence[WriteRow]) -> list[WriteResult]:
        """The answer confirms no row, so they are read once more: what is still there is UNKNOWN."""

        def send(some: Sequence[WriteRow]) -> list[WriteResult]:
            inputs = [{"id": row.object_id} for row in some]
            results = read_archived(self._bridge.call(self._bridge.batch.archive, TASKS, body={"inputs": inputs}), some)
            ids = [one.object_id for one in results if one.status is WriteStatus.DONE and one.object_id]
            found = read_all(self._bridge, TASKS, ids, ["hs_object_id"]) if ids else {}
            left = {key for key, record in found.items() if not record["archived"]}
            doubted = {row.key: unknown(row, "still there after it was archived") for row in some}
            return [doubted[one.key] if one.object_id in left else one for one in results]

        return _Batch(send).run(_checked(rows, has_ids=True))

    def erase_contact(self, contact_id: str) -> WriteResult:
        """By record id, never by e-mail: HubSpot puts an address it does not know on a list of those it refuses."""

        def send(some: Sequence[WriteRow]) -> list[WriteResult]:
            self._bridge.post(GDPR_DELETE, {"objectId": contact_id})
            return [WriteResult(one.key, WriteStatus.DONE, contact_id) for one in some]

        return _Batch(send).run([WriteRow(contact_id, contact_id, {})])[0]

    def record_attendance(self, event_id: str, rows: Sequence[WriteRow]) -> list[WriteResult]:
        """By contact id, never by e-mail: that would make a contact of whoever is not one yet."""
        root = self._bridge.paths.marketing_events

        def send(some: Sequence[WriteRow]) -> list[WriteResult]:
            inputs = [
                {
                    "vid": int(str(row.object_id)),
                    "interactionDateTime": int(row.properties["interactionDateTime"]),
                    "properties": {},
                }
                for row in some
            ]
            try:
                body = self._bridge.post(f"{root}/{event_id}/attendance/attend/create", {"inputs": inputs})
            except Refused as refused:
                if not refused.missing or self._has_event(event_id):
                    raise
                return [rejected(row, f"there is no marketing event {event_id}", None, True) for row in some]
            return read_receipts(_by_contact(body), some, no_marks)

        return _Batch(send).run(_checked(rows, has_ids=True))

    def _has_event(self, event_id: str) -> bool:
        """Whether an event exists, as far as HubSpot says: halving a batch for one that does not costs 200 requests."""
        try:
            self._bridge.get(f"{self._bridge.paths.marketing_events}/participations/{event_id}")
        except Refused as refused:
            return not refused.missing
        except MissingScope:
            return True
        return True

    def _update(self, noun: str, rows: Sequence[WriteRow]) -> list[WriteResult]:
        def send(some: Sequence[WriteRow]) -> list[WriteResult]:
            inputs = [
                {"id": row.object_id, "properties": dict(row.properties), "objectWriteTraceId": row.key} for row in some
            ]
            return read_receipts(
                self._bridge.call(self._bridge.batch.update, noun, body={"inputs": inputs}), some, no_marks
            )

        return _Batch(send).run(_checked(rows, has_ids=True))

    def _create(self, noun: str, rows: Sequence[WriteRow], marks: Marks) -> list[WriteResult]:
        def send(some: Sequence[WriteRow]) -> list[WriteResult]:
            body = {"inputs": [_new_input(row) for row in some]}
            return read_receipts(self._bridge.call(self._bridge.batch.create, noun, body=body), some, marks)

        return _Batch(send).run(_checked(rows, has_ids=False))


@dataclass(slots=True)
class _Batch:
    """One call's rows on their way: sent whole, halved where refused."""

    send: Send
    has_answer: bool = False  # HubSpot has judged some of these rows: from here on nothing is raised

    def run(self, rows: Sequence[WriteRow]) -> list[WriteResult]:
        """Raises FatalError and DailyLimitReached only while nothing has been sent."""
        results: list[WriteResult] = []
        waiting = [list(rows)] if rows else []
        while waiting:
            some = waiting.pop()
            try:
                results += self.send(some)
            except Refused as refused:
                settled, again = _divided(some, refused)
                results += settled
                waiting += again
            except (RateLimited, Busy, NotSent, FatalError) as stop:
                if not self.has_answer and _must_be_seen(stop):
                    raise
                return results + [retry(row, _name(stop)) for part in [some, *waiting] for row in part]
            except (ServerFault, NetworkFault, BadAnswer) as fault:
                results += [unknown(row, _name(fault)) for row in some]
            self.has_answer = True
        return results


def _by_contact(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """An answer that names contacts by `vid`, with ids as other answers have them."""
    results = body.get("results")
    named = [one for one in results if isinstance(one, dict)] if isinstance(results, list) else []
    return {**body, "results": [{"id": str(one.get("vid") or one.get("id") or "")} for one in named]}


def _must_be_seen(stop: Exception) -> bool:
    return isinstance(stop, FatalError | DailyLimitReached)


def _divided(rows: list[WriteRow], refused: Refused) -> tuple[list[WriteResult], list[list[WriteRow]]]:
    """What a refused batch is settled into, and the batches to send again: without the rows at fault if
    known, else halves.
    """
    if len(rows) == 1:
        return [rejected(rows[0], refused.reason, refused.existing_id, refused.missing)], []
    guilty = [row for row in rows if _is_guilty(row, refused)]
    if guilty:
        innocent = [row for row in rows if row not in guilty]
        return [rejected(row, refused.reason, None, False) for row in guilty], [innocent] if innocent else []
    middle = len(rows) // 2
    return [], [rows[middle:], rows[:middle]]


def _is_guilty(row: WriteRow, refused: Refused) -> bool:
    """Whether the refusal is about a property that does not exist and this row carries: all such rows would
    fail alike.
    """
    refusal = refused.refusal
    is_unknown_property = MISSING_PROPERTY in (refusal.category, *refusal.codes)
    return is_unknown_property and any(name in row.properties for name in refusal.names)


def _new_input(row: WriteRow) -> Mapping[str, Any]:
    made: dict[str, Any] = {"properties": dict(row.properties), "objectWriteTraceId": row.key}
    if row.contact_ids:
        made["associations"] = [{"to": {"id": one}, "types": [_ASSOCIATION]} for one in row.contact_ids]
    return made


def _checked(rows: Sequence[WriteRow], *, has_ids: bool) -> Sequence[WriteRow]:
    """The rows. Raises ValueError for what HubSpot refuses as a whole: over 100, or the same row twice."""
    if len(rows) > MAX_ROWS:
        raise ValueError(f"{len(rows)} rows in one write; at most {MAX_ROWS}")
    if len({row.key for row in rows}) < len(rows):
        raise ValueError("the same key twice in one write")
    ids = [row.object_id for row in rows if row.object_id is not None]
    if len(ids) != (len(rows) if has_ids else 0) or len(set(ids)) < len(ids):
        raise ValueError("updates need distinct ids, creates none")
    return rows


def _name(error: Exception) -> str:
    return type(error).__name__
