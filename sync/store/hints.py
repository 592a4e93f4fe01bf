"""What webhooks named and the worker has not read yet. Written by the web process beside the worker: every transaction
here is tiny."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import to_text

MOST = 1_000  # of a stream; a flood of more is one increment of the stream, which costs fewer requests
WHOLE = ""  # stands for the stream's next increment


@dataclass(frozen=True, slots=True)
class Hint:
    """A record a vendor says changed. `at`: when, aware UTC."""

    source: str
    noun: str
    remote_id: str
    at: datetime


def add(db: Mirror, hints: Iterable[Hint], now: datetime) -> None:
    """Keeps hints; a record that is named twice stands once. More of a stream than MOST become one."""
    rows = [
        {"source": one.source, "noun": one.noun, "id": one.remote_id, "at": to_text(one.at), "now": to_text(now)}
        for one in hints
    ]
    db.change_many(query("add_hint"), rows)
    for source, noun in {(row["source"], row["noun"]) for row in rows}:
        found = db.row("SELECT count(*) FROM hint WHERE source = ? AND noun = ?", (source, noun))
        if found is not None and found[0] > MOST:
            db.change("DELETE FROM hint WHERE source = ? AND noun = ?", (source, noun))
            whole = {"source": source, "noun": noun, "id": WHOLE, "at": to_text(now), "now": to_text(now)}
            db.change(query("add_hint"), whole)


def any_waiting(db: Mirror) -> bool:
    """Whether the worker has something to look at."""
    return db.row("SELECT 1 FROM hint LIMIT 1") is not None


def waiting(db: Mirror) -> dict[tuple[str, str], dict[str, int]]:
    """By source and noun: the ids named, and how often."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for source, noun, remote_id, times in db.rows("SELECT source, noun, remote_id, times FROM hint"):
        found[source, noun][remote_id] = times
    return dict(found)


def remove(db: Mirror, source: str, noun: str, taken: Mapping[str, int]) -> None:
    """Drops hints that were looked at. One that was named again meanwhile stays."""
    sql = "DELETE FROM hint WHERE source = ? AND noun = ? AND remote_id = ? AND times = ?"
    db.change_many(sql, [(source, noun, remote_id, times) for remote_id, times in taken.items()])


def remove_others(db: Mirror, streams: Collection[tuple[str, str]]) -> None:
    """Drops hints of streams nobody reads: a source that was taken out of the settings."""
    sql = "DELETE FROM hint WHERE json_array(source, noun) NOT IN (SELECT value FROM json_each(?))"
    db.change(sql, (json.dumps([json.dumps(list(one), separators=(",", ":")) for one in streams]),))


def counts(db: Mirror) -> dict[str, int]:
    """How many wait, by source."""
    return dict(db.rows("SELECT source, count(*) FROM hint GROUP BY source ORDER BY source"))
