"""What came in and could not be mapped, and which dropped files were read."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sync.store.db import Mirror
from sync.store.times import to_text


def quarantine(db: Mirror, stream: str, rejected: Sequence[tuple[str, str, str]], now: datetime) -> None:
    """Keeps records that could not be mapped: (ref, field, reason), never the value.

    A ref stands once, with its last reason.
    """
    sql = (
        "INSERT INTO quarantine (stream, ref, field, reason, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (stream, ref) DO UPDATE SET field = excluded.field, reason = excluded.reason, at = "
        "excluded.at"
    )
    at = to_text(now)
    db.change_many(sql, [(stream, ref, field, reason, at) for ref, field, reason in rejected])


def clear_quarantine(db: Mirror, stream: str, refs: Collection[str]) -> int:
    """Takes records that could be mapped after all out of quarantine; how many were in it."""
    sql = "DELETE FROM quarantine WHERE stream = ? AND ref IN (SELECT value FROM json_each(?))"
    return db.change(sql, (stream, json.dumps(list(refs))))


def forget_unseen(db: Mirror, stream: str) -> int:
    """Takes records a finished snapshot did not show out of quarantine; how many."""
    sql = (
        "DELETE FROM quarantine WHERE stream = :stream "
        "AND ref NOT IN (SELECT remote_id FROM snapshot_seen WHERE stream = :stream)"
    )
    return db.change(sql, {"stream": stream})


def list_quarantine(db: Mirror) -> list[tuple[str, str, str, str, datetime]]:
    """Everything in quarantine: stream, ref, field, reason and since when, in order of stream and ref."""
    rows = db.rows("SELECT stream, ref, field, reason, at FROM quarantine ORDER BY stream, ref")
    return [(stream, ref, field, reason, datetime.fromisoformat(at)) for stream, ref, field, reason, at in rows]


def file_read(db: Mirror, source: str, sha256: str, name: str) -> bool:
    """Whether the last file read to its end under this name had this content."""
    sql = "SELECT 1 FROM file_ledger WHERE source = ? AND sha256 = ? AND name = ?"
    return db.row(sql, (source, sha256, name)) is not None


def read_files_again(db: Mirror, source: str) -> None:
    """Makes the next pull read the files of a source although they did not change."""
    db.change("DELETE FROM file_ledger WHERE source = ?", (source,))


def save_receipt(  # noqa: PLR0913 -- one column each
    db: Mirror, source: str, name: str, sha256: str, rows: int, rejected: int, now: datetime
) -> None:
    """Keeps that a dropped file was read to its end, with how many rows it had and how many were rejected."""
    sql = (
        "INSERT INTO file_ledger (source, sha256, name, rows, rejected, at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (source, name) DO UPDATE SET sha256 = excluded.sha256, rows = excluded.rows, rejected = "
        "excluded.rejected, at = excluded.at"
    )
    db.change(sql, (source, sha256, name, rows, rejected, to_text(now)))
