"""Full reads: which ids a snapshot has shown, and which records are therefore gone.

The stream is `<source>.<noun>`.
"""

from __future__ import annotations

# ruff: noqa: S608 -- statements are made of table names declared by the nouns, never of values
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sync.core.model import HUBSPOT
from sync.store.ats_nouns import APPLICATION, ATTENDANCE, CANDIDATE, JOB, USER
from sync.store.crm import CONTACT, OWNER
from sync.store.db import Mirror
from sync.store.rows import Noun
from sync.store.times import to_text

NOUNS: dict[str, Noun[Any]] = {
    "candidates": CANDIDATE,
    "jobs": JOB,
    "applications": APPLICATION,
    "users": USER,
    "attendance": ATTENDANCE,
    "contacts": CONTACT,
    "owners": OWNER,
}

_SEEN = "(remote_id IN (SELECT remote_id FROM snapshot_seen WHERE stream = :stream))"


def stream_of(noun: str, source: str) -> str:
    """The stream's name. The source of attendance is already '<ats>.attendance'."""
    return source if source.endswith(f".{noun}") else f"{source}.{noun}"


def begin_snapshot(db: Mirror, stream: str) -> None:
    """Forgets what an earlier, unfinished snapshot of the stream has shown."""
    db.change("DELETE FROM snapshot_seen WHERE stream = ?", (stream,))


def under_way(db: Mirror, stream: str) -> bool:
    """Whether a snapshot of the stream was begun, has shown records, and has not ended."""
    return db.row("SELECT 1 FROM snapshot_seen WHERE stream = ? LIMIT 1", (stream,)) is not None


def mark_seen(db: Mirror, stream: str, ids: Iterable[str]) -> None:
    """Keeps that the snapshot has shown these ids."""
    sql = "INSERT INTO snapshot_seen (stream, remote_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
    db.change_many(sql, [(stream, one) for one in ids])


def count_missing(db: Mirror, noun: str, source: str = HUBSPOT) -> tuple[int, int]:
    """How many live records the mirror has, and how many of those the snapshot has shown."""
    table = NOUNS[noun]
    sql = f"SELECT count(*), coalesce(sum({_SEEN}), 0) FROM {table.table} WHERE deleted_at IS NULL{_scope(table)}"
    row = db.row(sql, {"stream": stream_of(noun, source), "source": source})
    assert row is not None
    return row[0], row[1]


def delete_missing(db: Mirror, noun: str, source: str, now: datetime) -> list[str]:
    """Marks live records the snapshot has not shown as deleted, and ends the snapshot; their ids."""
    table = NOUNS[noun]
    stream = stream_of(noun, source)
    sql = (
        f"UPDATE {table.table} SET deleted_at = :now, changed_at = :now "
        f"WHERE deleted_at IS NULL{_scope(table)} AND NOT {_SEEN} RETURNING remote_id"
    )
    gone = db.change_rows(sql, {"stream": stream, "source": source, "now": to_text(now)})
    begin_snapshot(db, stream)
    return sorted(row[0] for row in gone)


def _scope(table: Noun[Any]) -> str:
    return " AND source = :source" if table.scoped else ""
