"""The figures behind `/metrics`: totals that only grow, and what can be counted at any moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import optional_moment, to_moment, to_text


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure under a name. `labels`: never about a person."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def add(db: Mirror, amounts: Iterable[Amount]) -> None:
    """Adds to totals."""
    db.change_many(query("add_to_metric"), [_row(one) for one in amounts])


def put(db: Mirror, amounts: Iterable[Amount]) -> None:
    """Keeps figures as they are now."""
    db.change_many(query("set_metric"), [_row(one) for one in amounts])


def _row(one: Amount) -> tuple[str, str, float]:
    return one.name, json.dumps(dict(one.labels), sort_keys=True), one.value


def load(db: Mirror) -> list[Amount]:
    """Everything kept, in order of name and labels."""
    rows = db.rows("SELECT name, value, labels FROM metric ORDER BY name, labels")
    return [Amount(name, value, json.loads(labels)) for name, value, labels in rows]


def tasks_made(db: Mirror, keys: Sequence[str]) -> list[tuple[str, datetime, datetime | None]]:
    """Of new tasks with these action keys: the play, when it was made, the person's last touch before that."""
    rows = db.rows(query("tasks_made"), {"keys": json.dumps(list(keys))}) if keys else []
    return [(play or "", to_moment(done), optional_moment(touch)) for play, done, touch in rows]


def add_news(db: Mirror, rows: Mapping[str, int], now: datetime, keep_after: datetime) -> None:
    """Keeps that streams had news in this hour, and forgets hours before `keep_after`."""
    hour = to_text(now)[:13]
    db.change_many(query("add_stream_hour"), [(stream, hour, number) for stream, number in rows.items()])
    db.change("DELETE FROM stream_hour WHERE hour < ?", (to_text(keep_after)[:13],))


def news(db: Mirror) -> dict[str, dict[datetime, int]]:
    """By stream: the hours (UTC) that had news, and how many rows."""
    found: dict[str, dict[datetime, int]] = {}
    for stream, hour, rows in db.rows("SELECT stream, hour, rows FROM stream_hour ORDER BY stream, hour"):
        found.setdefault(stream, {})[datetime.fromisoformat(f"{hour}:00:00+00:00")] = rows
    return found


def read_until(db: Mirror) -> dict[str, datetime]:
    """By stream: the end of its last complete window."""
    rows = db.rows("SELECT stream, since FROM cursor WHERE since IS NOT NULL ORDER BY stream")
    return {stream: to_moment(since) for stream, since in rows}


def outbox_waiting(db: Mirror) -> list[tuple[str, str, int, datetime]]:
    """By kind and state that is not settled: how many rows, and since when the longest waits."""
    rows = db.rows(query("outbox_ages"))
    return [(kind, state, number, to_moment(since)) for kind, state, number, since in rows]


def counts_by(db: Mirror) -> dict[str, dict[str, int]]:
    """Records in quarantine by stream, open tasks by play."""
    open_tasks = (
        "SELECT play, count(*) FROM task "
        "WHERE play IS NOT NULL AND archived = 0 AND coalesce(status, '') <> 'COMPLETED' GROUP BY play ORDER BY play"
    )
    return {
        "quarantine": dict(db.rows("SELECT stream, count(*) FROM quarantine GROUP BY stream ORDER BY stream")),
        "tasks": dict(db.rows(open_tasks)),
    }
