"""What went wrong and what people may do about it: `conflicts --json` and `failures --json`."""

from __future__ import annotations

from typing import Any

from sync.core.model import OutboxState, person_ref
from sync.store import conflicts, failures
from sync.store.conflicts import Ruling, StoredConflict
from sync.store.db import Mirror
from sync.store.outbox import OutboxRow
from sync.store.times import optional_text, to_text

NEXT = {
    Ruling.OPEN: "nothing is written until it is decided, emptied or made equal",
    Ruling.OURS: "the next sync writes warmline's value over it",
    Ruling.THEIRS: "left alone until it is emptied in HubSpot",
}


def conflict_list(db: Mirror, contact: str | None = None, name: str | None = None) -> list[StoredConflict]:
    """Conflicts of contacts, decided ones too; of one contact (its id, or the person's as p12) and property when
    named."""
    return [
        one
        for one in conflicts.load(db, "contact")
        if (contact is None or contact in (one.conflict.object_id, _person(one)))
        and (name is None or name == one.conflict.property)
    ]


def conflict_report(one: StoredConflict) -> dict[str, Any]:
    """One conflict. `since`: since when the value stands in HubSpot; `source` and `user_id`: who set it. Null: not
    known."""
    conflict, edit = one.conflict, one.conflict.edit
    return {
        "contact_id": conflict.object_id,
        "person_id": _person(one),
        "property": conflict.property,
        "ours": conflict.ours,
        "theirs": conflict.theirs,
        "source": edit.source,
        "user_id": edit.user_id,
        "since": optional_text(edit.at),
        "at": to_text(one.at),
        "state": one.ruling.value,
        "taken_at": optional_text(one.taken_at),
        "next": _next(one),
    }


def _next(one: StoredConflict) -> str:
    if one.ruling is Ruling.OURS and one.person_id is None:
        return "the contact is nobody's person: nothing is written"
    if one.ruling is Ruling.OURS and not one.conflict.theirs:
        return "it was emptied in HubSpot: the next sync fills it"
    return NEXT[one.ruling]


def _person(one: StoredConflict) -> str | None:
    return None if one.person_id is None else person_ref(one.person_id)


def failure_report(row: OutboxRow) -> dict[str, Any]:
    """One write that did not get through. `reason`: HubSpot's category, codes and property names, never its
    message."""
    return {
        "key": row.key,
        "state": row.state.value,
        "kind": row.kind.value,
        "contact_id": row.contact_id,
        "person_id": person_ref(row.person_id),
        "play": row.play,
        "properties": sorted(row.after),
        "reason": row.error,
        "attempts": row.attempts,
        "since": to_text(_since(row)),
        "next_at": optional_text(row.not_before),
    }


def _since(row: OutboxRow) -> Any:
    if row.state is OutboxState.DEAD:
        return row.done_at or row.planned_at
    return (row.sent_at if row.state is OutboxState.UNKNOWN else None) or row.planned_at


def mending_counts(db: Mirror) -> dict[str, int]:
    """What waits for a person: open conflicts, and writes that were refused for good."""
    return {"conflicts": conflicts.count_open(db), "failures": failures.count_dead(db)}
