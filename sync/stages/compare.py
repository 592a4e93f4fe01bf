"""The last look before a write: what stands in HubSpot now, against what warmline last wrote and what it wants.

A person's hand edit wins (docs/architecture.md): a property that differs from our baseline is left alone and noted
as a conflict; the other properties of the row are sent as planned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from connectors.protocols import Crm, PropertyValue, Record
from mappings.hubspot_properties import canonical, property_types
from sync.core.actions import Verdict, after_history, three_way, written_since
from sync.core.promise_moves import REPLY_DUE_AT
from sync.stages.hand_edits import Standing, value_of, with_edits
from sync.stages.run import Run
from sync.store import baselines, conflicts
from sync.store.conflicts import Conflict, Ruling
from sync.store.outbox import OutboxRow

GONE = "the contact is not in HubSpot any more"
MERGED = "the contact was merged into another one"


@dataclass(slots=True)
class Compared:
    """`send`: rows with the properties to write. `same`: nothing to write. `withheld`: with the reason. `moved`: old
    and new id.

    `adopted`: values by property by contact id that become the baseline."""

    send: list[tuple[OutboxRow, dict[str, str]]] = field(default_factory=list)
    same: list[OutboxRow] = field(default_factory=list)
    withheld: list[tuple[OutboxRow, str]] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)
    adopted: dict[str, dict[str, str]] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Present:
    """What HubSpot and the mirror know of the contacts of a batch. `standing`: the conflicts the mirror holds."""

    records: Mapping[str, Record]
    baseline: Mapping[str, Mapping[str, str]]
    standing: Standing
    history: Mapping[str, Mapping[str, Sequence[PropertyValue]]]


def compare_contacts(run: Run, crm: Crm, rows: Sequence[OutboxRow]) -> Compared:
    """Compare at most 100 update rows with HubSpot as it is now: one batch read, and histories only where no baseline
    is known or a new conflict is found."""
    ids = [row.contact_id for row in rows if row.contact_id is not None]
    names = sorted({name for row in rows for name in row.after})
    standing = {(one.conflict.object_id, one.conflict.property): one for one in conflicts.load(run.db, "contact", ids)}
    present = Present(crm.fetch_contacts(ids, names), baselines.load(run.db, "contact", ids), standing, {})
    unknown = [row for row in rows if _needs_history(row, present)]
    if unknown:
        history = crm.fetch_history([row.contact_id for row in unknown if row.contact_id], names)
        present = replace(present, history=history)
    compared = Compared()
    for row in rows:
        _compare_row(row, present, compared)
    compared.conflicts = with_edits(crm, compared.conflicts, standing, present.history)
    return compared


def _verdict(row: OutboxRow, name: str, record: Record, present: Present) -> Verdict:
    contact_id = row.contact_id or ""
    there = value_of(record, name)
    standing = present.standing.get((contact_id, name))
    if standing is not None and standing.ruling is Ruling.THEIRS:
        return Verdict.CONFLICT if there else Verdict.SEND
    known = present.baseline.get(contact_id, {}).get(name)
    kind = property_types().get(name, "string")
    return three_way(row.after[name], there, known, lambda value: canonical(kind, value))


def _needs_history(row: OutboxRow, present: Present) -> bool:
    record = present.records.get(row.contact_id or "")
    return record is not None and any(_is_open(row, name, record, present) for name in row.after)


def _is_open(row: OutboxRow, name: str, record: Record, present: Present) -> bool:
    """Whether only the history tells whose value stands there. A conflict that is known already was looked up then."""
    verdict = _verdict(row, name, record, present)
    is_new = (row.contact_id or "", name) not in present.standing
    return verdict is Verdict.HISTORY or (verdict is Verdict.CONFLICT and is_new)


def _is_ours(contact_id: str, name: str, present: Present) -> bool:
    """Whether the value is one warmline wrote after the backup this mirror was put back from."""
    if (contact_id, name) in present.standing:
        return False
    past = [(one.value, one.source_type, one.source_id) for one in present.history.get(contact_id, {}).get(name, ())]
    kind = property_types().get(name, "string")
    known = present.baseline.get(contact_id, {}).get(name)
    return written_since(past, known, lambda value: canonical(kind, value))


def _compare_row(row: OutboxRow, present: Present, compared: Compared) -> None:
    contact_id = row.contact_id or ""
    record = present.records.get(contact_id)
    if record is None:
        compared.withheld.append((row, GONE))
        return
    if str(record["id"]) != contact_id:
        compared.withheld.append((row, MERGED))
        compared.moved.append((contact_id, str(record["id"])))
        return
    send = _sendable(row, record, present, compared)
    if send:
        compared.send.append((row, send))
    elif any(conflict.object_id == contact_id for conflict in compared.conflicts):
        compared.withheld.append((row, "a person changed it in HubSpot"))
    else:
        compared.same.append(row)


def _sendable(row: OutboxRow, record: Record, present: Present, compared: Compared) -> dict[str, str]:
    contact_id = row.contact_id or ""
    send: dict[str, str] = {}
    for name, desired in row.after.items():
        verdict = _verdict(row, name, record, present)
        if verdict is Verdict.HISTORY:
            verdict = after_history(_last_source(present.history.get(contact_id, {}).get(name, ())))
        if verdict is Verdict.CONFLICT and _is_ours(contact_id, name, present):
            verdict = Verdict.SEND
        if verdict is Verdict.SEND:
            send[name] = desired
        elif verdict is Verdict.SAME:
            compared.adopted.setdefault(contact_id, {})[name] = desired
        elif name != REPLY_DUE_AT:  # with that one a person moves the promise: the next read takes it over
            compared.conflicts.append(Conflict(contact_id, name, desired, value_of(record, name)))
    return send


def _last_source(values: Sequence[PropertyValue]) -> str:
    return values[0].source_type if values else ""
