"""What is wrong at this moment and whether it was told, so that each is told once and its end once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from sync.store.db import Mirror
from sync.store.times import to_text


def note(db: Mirror, found: Mapping[str, str], now: datetime) -> None:
    """Keeps what is wrong, by name; one that stands already keeps since when."""
    sql = (
        "INSERT INTO incident (name, sentence, since) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET sentence = excluded.sentence"
    )
    db.change_many(sql, [(name, sentence, to_text(now)) for name, sentence in found.items()])


def claim_untold(db: Mirror, now: datetime) -> dict[str, str]:
    """Takes what was not told yet and notes that it is told now; sentences by name."""
    sql = "UPDATE incident SET told_at = ? WHERE told_at IS NULL RETURNING name, sentence"
    return dict(sorted(db.change_rows(sql, (to_text(now),))))


def give_back(db: Mirror, names: Collection[str]) -> None:
    """Notes that these were not told after all."""
    sql = "UPDATE incident SET told_at = NULL WHERE name IN (SELECT value FROM json_each(?))"
    db.change(sql, (json.dumps(list(names)),))


def end(db: Mirror, still: Collection[str]) -> dict[str, str]:
    """Drops everything else than these; the sentences of what was told, by name."""
    sql = "DELETE FROM incident WHERE name NOT IN (SELECT value FROM json_each(?)) RETURNING name, sentence, told_at"
    gone = db.change_rows(sql, (json.dumps(list(still)),))
    return {name: sentence for name, sentence, told_at in sorted(gone) if told_at is not None}


def standing(db: Mirror) -> dict[str, str]:
    """What is wrong as last noted: sentences by name."""
    return dict(db.rows("SELECT name, sentence FROM incident ORDER BY name"))
