"""Full reads: which ids a snapshot has shown, and which records are therefore gone. And the live ids to look at again.

The stream is `<source>.<noun>`. Of a record that is gone the mirror keeps no name, address or number.
"""

from __future__ import annotations

# ruff: noqa: S608 -- statements are made of table and column names declared here and by the nouns, never of values
import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sync.core.census import Held
from sync.core.model import HUBSPOT
from sync.store.ats_nouns import APPLICATION, ATTENDANCE, CANDIDATE, JOB, USER
from sync.store.crm import CONTACT, OWNER
from sync.store.db import Mirror
from sync.store.rows import Noun
from sync.store.sql import query
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

# What is emptied in the row of somebody who is gone.
PERSONAL = {
    "contact": "email = NULL, additional_emails = '[]', first_name = NULL, last_name = NULL, phone = NULL, "
    "mobile_phone = NULL, ",
    "candidate": "first_name = NULL, name_infix = NULL, last_name = NULL, email_addresses = '[]', "
    "phone_numbers = '[]', origin = NULL, ",
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
    stream = stream_of(noun, source)
    sql = f"{_gone(NOUNS[noun])} AND NOT {_SEEN} RETURNING remote_id"
    gone = db.change_rows(sql, {"stream": stream, "source": source, "now": to_text(now)})
    begin_snapshot(db, stream)
    return sorted(row[0] for row in gone)


def mark_gone(db: Mirror, noun: str, source: str, ids: Collection[str], now: datetime) -> list[str]:
    """Marks these live records as deleted; the ids that were live."""
    sql = f"{_gone(NOUNS[noun])} AND remote_id IN (SELECT value FROM json_each(:ids)) RETURNING remote_id"
    gone = db.change_rows(sql, {"ids": json.dumps(list(ids)), "source": source, "now": to_text(now)})
    return sorted(row[0] for row in gone)


def _gone(table: Noun[Any]) -> str:
    cleared = PERSONAL.get(table.table, "")
    changes = f"{cleared}deleted_at = :now, changed_at = :now"
    return f"UPDATE {table.table} SET {changes} WHERE deleted_at IS NULL{_scope(table)}"


def missing_ids(db: Mirror, noun: str, source: str, most: int) -> list[str]:
    """Live records the snapshot has not shown so far, at most that many."""
    table = NOUNS[noun]
    sql = f"SELECT remote_id FROM {table.table} WHERE deleted_at IS NULL{_scope(table)} AND NOT {_SEEN} LIMIT :most"
    rows = db.rows(sql, {"stream": stream_of(noun, source), "source": source, "most": most})
    return sorted(row[0] for row in rows)


def following_ids(db: Mirror, noun: str, source: str, after: str, most: int) -> list[str]:
    """Ids of live records behind an id, in order of their text, at most that many."""
    table = NOUNS[noun]
    sql = (
        f"SELECT remote_id FROM {table.table} WHERE {table.live}{_scope(table)} AND remote_id > :after "
        "ORDER BY remote_id LIMIT :most"
    )
    return [row[0] for row in db.rows(sql, {"source": source, "after": after, "most": most})]


def stamps(db: Mirror, noun: str, source: str, ids: Collection[str]) -> dict[str, str | None]:
    """The source's own modified time of live records as the mirror has it (UTC text), by id."""
    table = NOUNS[noun]
    sql = (
        f"SELECT remote_id, remote_updated_at FROM {table.table} "
        f"WHERE deleted_at IS NULL{_scope(table)} AND remote_id IN (SELECT value FROM json_each(:ids))"
    )
    return dict(db.rows(sql, {"source": source, "ids": json.dumps(list(ids))}))


def held_contacts(db: Mirror, stream: str, since: datetime) -> Held:
    """The contacts the mirror holds, those in quarantine too, and how many came or went at or after `since`."""
    row = db.row(query("held_contacts"), {"stream": stream, "since": to_text(since)})
    assert row is not None
    return Held(*row)


def changed_contacts(db: Mirror, since: datetime) -> int:
    """Live contacts HubSpot stamped as modified at or after `since`."""
    sql = "SELECT count(*) FROM contact WHERE deleted_at IS NULL AND remote_updated_at >= ?"
    row = db.row(sql, (to_text(since),))
    assert row is not None
    return int(row[0])


def _scope(table: Noun[Any]) -> str:
    return " AND source = :source" if table.scoped else ""
