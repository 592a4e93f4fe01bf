"""Where each stream goes on, and which of them may have shown too little."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime

from sync.core.cursor import Doubt, Position
from sync.store import runs
from sync.store.db import Mirror
from sync.store.times import optional_moment, optional_text, to_text


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


def forget_all(db: Mirror, *, keep: Collection[str] = (), back_to: Mapping[str, datetime] | None = None) -> None:
    """Makes the next pull of every stream read everything; a whole read that is under way goes on. `keep`: sources
    whose streams go on as they were. `back_to`: streams that were read before and go back to a moment only."""
    moments = back_to or {}
    sql = (
        "DELETE FROM cursor WHERE (since IS NOT NULL OR until IS NULL) "
        "AND substr(stream, 1, instr(stream, '.') - 1) NOT IN (SELECT value FROM json_each(?)) "
        "AND stream NOT IN (SELECT value FROM json_each(?))"
    )
    db.change(sql, (json.dumps(list(keep)), json.dumps(list(moments))))
    back = "UPDATE cursor SET since = min(since, ?), until = NULL, token = NULL WHERE stream = ? AND since IS NOT NULL"
    db.change_many(back, [(to_text(moment), stream) for stream, moment in moments.items()])


def read_before(db: Mirror, stream: str) -> bool:
    """Whether the stream was read to its end, and no whole read of it is under way."""
    position = load(db, stream)
    return position is not None and position.since is not None


def was_read(db: Mirror, stream: str, version: str) -> bool:
    """Whether the stream was ever read to its end while it asked for this."""
    return read_before(db, stream) or runs.setting(db, f"read {stream}") == version


def note_read(db: Mirror, stream: str, version: str) -> None:
    """The stream was read to its end; a whole read that comes later does not take that away. Writes only what is
    new."""
    if runs.setting(db, f"read {stream}") != version:
        runs.set_setting(db, f"read {stream}", version)


def load_doubt(db: Mirror, stream: str) -> Doubt:
    """What is remembered of a stream that may have shown too little."""
    text = runs.setting(db, f"doubt {stream}")
    return Doubt(**json.loads(text)) if text else Doubt()


def save_doubt(db: Mirror, stream: str, doubt: Doubt) -> None:
    """Keeps that; writes only what is new."""
    if doubt != load_doubt(db, stream):
        runs.set_setting(db, f"doubt {stream}", json.dumps(asdict(doubt)))


def ask_whole(db: Mirror, stream: str) -> None:
    """Makes the next pull of the stream read everything."""
    save_doubt(db, stream, replace(load_doubt(db, stream), whole=True))
