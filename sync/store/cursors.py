"""Where each stream goes on."""

from __future__ import annotations

from sync.core.cursor import Position
from sync.store.db import Mirror
from sync.store.times import optional_moment, optional_text


def load(db: Mirror, stream: str) -> Position | None:
    """The stream's position; None: it was never read."""
    row = db.row("SELECT since, until, token, version FROM cursor WHERE stream = ?", (stream,))
    if row is None:
        return None
    since, until, token, version = row
    return Position(since=optional_moment(since), until=optional_moment(until), token=token, version=version)


def save(db: Mirror, stream: str, position: Position) -> None:
    """Keeps the stream's position; in the same transaction as the page it comes with."""
    sql = (
        "INSERT INTO cursor (stream, since, until, token, version) VALUES (?, ?, ?, ?, ?) ON CONFLICT "
        "(stream) "
        "DO UPDATE SET since = excluded.since, until = excluded.until, token = excluded.token, version = "
        "excluded.version"
    )
    row = (optional_text(position.since), optional_text(position.until), position.token, position.version)
    db.change(sql, (stream, *row))


def forget_all(db: Mirror) -> None:
    """Makes the next pull of every stream read everything; a whole read that is under way goes on."""
    db.change("DELETE FROM cursor WHERE since IS NOT NULL OR until IS NULL")


def read_before(db: Mirror, stream: str) -> bool:
    """Whether the stream was read to its end, and no whole read of it is under way."""
    position = load(db, stream)
    return position is not None and position.since is not None
