"""Where a person's hand edit stands in the way of what warmline would write, and what was decided about it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sync.core.model import Contact
from sync.store.db import Mirror
from sync.store.rows import Values
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_moment, to_text


class Ruling(Enum):
    """What becomes of a conflict."""

    OPEN = "open"  # nobody decided yet; nothing is written
    OURS = "ours"  # warmline's value goes back at the next sync, over the value that was seen only
    THEIRS = "theirs"  # the property is the people's until somebody empties it


@dataclass(frozen=True, slots=True)
class Edit:
    """Who set the value that stands there, by HubSpot's history. `source`: its source type, such as CRM_UI. None: not
    known."""

    source: str | None = None
    user_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One property: what warmline wants (`ours`) and what stands there (`theirs`)."""

    object_id: str
    property: str
    ours: str
    theirs: str
    edit: Edit = Edit()


@dataclass(frozen=True, slots=True)
class StoredConflict:
    """A conflict as kept. `object_type`: contact or task. `at`: when warmline found it. `person_id` None: the contact
    is nobody's person."""

    object_type: str
    conflict: Conflict
    at: datetime
    ruling: Ruling = Ruling.OPEN
    taken_at: datetime | None = None
    person_id: int | None = None


def save(db: Mirror, object_type: str, rows: Iterable[Conflict], now: datetime) -> None:
    """Keeps conflicts, one a property.

    One that stands already keeps its moment while the value in HubSpot is the same. Another value opens it again where
    ours was taken; where theirs was taken it stays so.
    """
    at = to_text(now)
    values: list[Values] = [
        (object_type, one.object_id, one.property, one.ours, one.theirs, at, *_edit_values(one.edit)) for one in rows
    ]
    db.change_many(query("save_conflict"), values)


def _edit_values(edit: Edit) -> Values:
    return edit.source, edit.user_id, optional_text(edit.at)


def load(db: Mirror, object_type: str | None = None, ids: Collection[str] | None = None) -> list[StoredConflict]:
    """Conflicts, decided ones too, in order of object and property; of all objects unless said."""
    params = {"object": object_type, "ids": None if ids is None else json.dumps(list(ids))}
    return [_stored(row) for row in db.rows(query("load_conflicts"), params)]


def _stored(row: Values) -> StoredConflict:
    kind, object_id, name, ours, theirs, at, state, taken_at, source, user_id, edited_at, person_id = row
    edit = Edit(source, user_id, optional_moment(edited_at))
    conflict = Conflict(object_id, name, ours, theirs, edit)
    return StoredConflict(kind, conflict, to_moment(at), Ruling(state), optional_moment(taken_at), person_id)


def count_open(db: Mirror) -> int:
    """How many conflicts wait for a decision."""
    row = db.row("SELECT count(*) FROM conflict WHERE state = 'open'")
    assert row is not None
    return int(row[0])


def rule(db: Mirror, object_type: str, pairs: Iterable[tuple[str, str]], ruling: Ruling, now: datetime) -> None:
    """Keeps a decision about conflicts: (object id, property)."""
    sql = "UPDATE conflict SET state = ?, taken_at = ? WHERE object = ? AND object_id = ? AND property = ?"
    at = to_text(now)
    db.change_many(sql, [(ruling.value, at, object_type, object_id, name) for object_id, name in pairs])


def clear(db: Mirror, object_type: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Drops conflicts that ended: (object id, property)."""
    sql = "DELETE FROM conflict WHERE object = ? AND object_id = ? AND property = ?"
    db.change_many(sql, [(object_type, object_id, name) for object_id, name in pairs])


def note_changed(db: Mirror, contacts: Sequence[Contact]) -> None:
    """Marks the conflicts of contacts that changed in HubSpot since they were last looked at; a pulled page at a
    time."""
    ids = json.dumps([one.remote_id for one in contacts])
    sql = (
        "SELECT object_id, max(contact_stamp) FROM conflict "
        "WHERE object = 'contact' AND object_id IN (SELECT value FROM json_each(?)) GROUP BY object_id"
    )
    known: Mapping[str, str | None] = dict(db.rows(sql, (ids,)))
    if not known:
        return
    stamps = {one.remote_id: optional_text(one.updated_at) for one in contacts}
    later = [(stamps[one], one) for one, stamp in known.items() if stamps[one] and stamps[one] != stamp]
    db.change_many("UPDATE conflict SET contact_stamp = ?, look = 1 WHERE object = 'contact' AND object_id = ?", later)


def to_look_at(db: Mirror) -> list[StoredConflict]:
    """Conflicts of contacts that changed in HubSpot since they were last looked at."""
    ids = [row[0] for row in db.rows("SELECT DISTINCT object_id FROM conflict WHERE object = 'contact' AND look = 1")]
    return load(db, "contact", ids) if ids else []


def looked_at(db: Mirror, contact_ids: Collection[str]) -> None:
    """Notes that these contacts were looked at."""
    sql = "UPDATE conflict SET look = 0 WHERE object = 'contact' AND object_id IN (SELECT value FROM json_each(?))"
    db.change(sql, (json.dumps(list(contact_ids)),))


def of_gone_contacts(db: Mirror) -> list[tuple[str, str]]:
    """Conflicts of contacts that are not in HubSpot any more: (contact id, property)."""
    sql = (
        "SELECT object_id, property FROM conflict JOIN contact ON remote_id = object_id "
        "WHERE object = 'contact' AND deleted_at IS NOT NULL ORDER BY object_id, property"
    )
    return [(contact_id, name) for contact_id, name in db.rows(sql)]


def contested(standing: Sequence[StoredConflict]) -> dict[str, dict[str, str]]:
    """What warmline wants where a person's edit stands, by property by object."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in standing:
        found[one.conflict.object_id][one.conflict.property] = one.conflict.ours
    return found


def owed(standing: Sequence[StoredConflict]) -> dict[str, frozenset[str]]:
    """The properties that go back to warmline's value, by object."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in standing:
        if one.ruling is Ruling.OURS:
            found[one.conflict.object_id].add(one.conflict.property)
    return {contact_id: frozenset(names) for contact_id, names in found.items()}
