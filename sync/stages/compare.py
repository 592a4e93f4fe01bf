"""The last look before a write: what stands in HubSpot now, against what warmline last wrote and what it wants.

A person's hand edit wins (docs/architecture.md): a property that differs from our baseline is left alone and noted
as a conflict; the other properties of the row are sent as planned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.protocols import Crm, PropertyValue, Record
from mappings.hubspot_properties import canonical, property_types
from sync.core.actions import Verdict, after_history, three_way
from sync.stages.run import Run
from sync.store import baselines
from sync.store.conflicts import Conflict
from sync.store.outbox import OutboxRow

GONE = "the contact is not in HubSpot any more"
MERGED = "the contact was merged into another one"
STOP_PROPERTIES = {
    "hs_email_optout": "opted out since it was planned",
    "warmline_do_not_call": "do not call since it was planned",
    "warmline_no_profiling": "objected to profiling since it was planned",
}


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
    """What HubSpot and the mirror know of the contacts of a batch."""

    records: Mapping[str, Record]
    baseline: Mapping[str, Mapping[str, str]]
    history: Mapping[str, Mapping[str, Sequence[PropertyValue]]]


def compare_contacts(run: Run, crm: Crm, rows: Sequence[OutboxRow]) -> Compared:
    """Compare at most 100 update rows with HubSpot as it is now: one batch read, and histories only where no baseline
    is known."""
    ids = [row.contact_id for row in rows if row.contact_id is not None]
    names = sorted({name for row in rows for name in row.after})
    records = crm.fetch_contacts(ids, names)
    baseline = baselines.load(run.db, "contact", ids)
    unknown = [row for row in rows if _needs_history(row, records.get(row.contact_id or ""), baseline)]
    history = crm.fetch_history([row.contact_id for row in unknown if row.contact_id], names) if unknown else {}
    present = Present(records, baseline, history)
    compared = Compared()
    for row in rows:
        _compare_row(row, present, compared)
    return compared


def _verdict(row: OutboxRow, name: str, record: Record, baseline: Mapping[str, Mapping[str, str]]) -> Verdict:
    known = baseline.get(row.contact_id or "", {}).get(name)
    return three_way(
        row.after[name],
        _value(record, name),
        known,
        lambda value: canonical(property_types().get(name, "string"), value),
    )


def _needs_history(row: OutboxRow, record: Record | None, baseline: Mapping[str, Mapping[str, str]]) -> bool:
    return record is not None and any(_verdict(row, name, record, baseline) is Verdict.HISTORY for name in row.after)


def _value(record: Record, name: str) -> str:
    return str(record.get("properties", {}).get(name) or "")


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
        verdict = _verdict(row, name, record, present.baseline)
        if verdict is Verdict.HISTORY:
            verdict = after_history(_last_source(present.history.get(contact_id, {}).get(name, ())))
        if verdict is Verdict.SEND:
            send[name] = desired
        elif verdict is Verdict.SAME:
            compared.adopted.setdefault(contact_id, {})[name] = desired
        else:
            compared.conflicts.append(Conflict(contact_id, name, desired, _value(record, name)))
    return send


def _last_source(values: Sequence[PropertyValue]) -> str:
    return values[0].source_type if values else ""


def withhold_tasks(
    run: Run, crm: Crm, rows: Sequence[OutboxRow]
) -> tuple[list[OutboxRow], list[tuple[OutboxRow, str]]]:
    """New tasks whose contact may still be called, and the others with the reason: opted out, gone or merged since
    the plan."""
    ids = sorted({row.contact_id for row in rows if row.contact_id is not None})
    names = [
        name for name in STOP_PROPERTIES if not name.startswith("warmline_") or name in run.policy.write.properties
    ]
    records = crm.fetch_contacts(ids, names)
    send: list[OutboxRow] = []
    withheld: list[tuple[OutboxRow, str]] = []
    for row in rows:
        reason = _stopped(records.get(row.contact_id or ""), row)
        if reason:
            withheld.append((row, reason))
        else:
            send.append(row)
    return send, withheld


def _stopped(record: Record | None, row: OutboxRow) -> str:
    if record is None:
        return GONE
    if str(record["id"]) != row.contact_id:
        return MERGED
    return next((reason for name, reason in STOP_PROPERTIES.items() if _value(record, name) == "true"), "")
