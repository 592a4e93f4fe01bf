"""What warmline last wrote, or adopted, per property: a person's hand edit shows against it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sync.store.db import Mirror
from sync.store.times import to_text


def load(db: Mirror, object_type: str, ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Values by property by object ('contact' or 'task'); an object without any has no key."""
    sql = (
        "SELECT object_id, property, value FROM baseline "
        "WHERE object = ? AND object_id IN (SELECT value FROM json_each(?)) ORDER BY object_id, property"
    )
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for object_id, name, value in db.rows(sql, (object_type, json.dumps(list(ids)))):
        found[object_id][name] = value
    return dict(found)


def save(db: Mirror, object_type: str, values: Mapping[str, Mapping[str, str]], now: datetime) -> None:
    """Keeps values by property by object; other properties stay."""
    sql = (
        "INSERT INTO baseline (object, object_id, property, value, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (object, object_id, property) DO UPDATE SET value = excluded.value, at = excluded.at"
    )
    at = to_text(now)
    rows = [
        (object_type, one, name, value, at) for one, properties in values.items() for name, value in properties.items()
    ]
    db.change_many(sql, rows)
