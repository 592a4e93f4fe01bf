"""Where a person's hand edit stands in the way of what warmline would write."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sync.store.db import Mirror
from sync.store.times import to_moment, to_text


@dataclass(frozen=True, slots=True)
class Conflict:
    """One property: what warmline wants (`ours`) and what stands there (`theirs`)."""

    object_id: str
    property: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class StoredConflict:
    """A conflict as kept. `object_type`: contact or task. `at`: since when it stands."""

    object_type: str
    conflict: Conflict
    at: datetime


def save(db: Mirror, object_type: str, rows: Iterable[Conflict], now: datetime) -> None:
    """Keeps conflicts, one a property; one that stands already keeps its moment."""
    sql = (
        "INSERT INTO conflict (object, object_id, property, ours, theirs, at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (object, object_id, property) DO UPDATE SET ours = excluded.ours, theirs = "
        "excluded.theirs"
    )
    at = to_text(now)
    db.change_many(sql, [(object_type, one.object_id, one.property, one.ours, one.theirs, at) for one in rows])


def load(db: Mirror, object_type: str | None = None, ids: Collection[str] | None = None) -> list[StoredConflict]:
    """Conflicts, in order of object and property; of all objects unless said."""
    sql = (
        "SELECT object, object_id, property, ours, theirs, at FROM conflict WHERE object = "
        "coalesce(:object, object) "
        "AND (:ids IS NULL OR object_id IN (SELECT value FROM json_each(:ids))) ORDER BY object, "
        "object_id, property"
    )
    params = {"object": object_type, "ids": None if ids is None else json.dumps(list(ids))}
    return [
        StoredConflict(kind, Conflict(object_id, name, ours, theirs), to_moment(at))
        for kind, object_id, name, ours, theirs, at in db.rows(sql, params)
    ]


def clear(db: Mirror, object_type: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Drops conflicts that ended: (object id, property)."""
    sql = "DELETE FROM conflict WHERE object = ? AND object_id = ? AND property = ?"
    db.change_many(sql, [(object_type, object_id, name) for object_id, name in pairs])
