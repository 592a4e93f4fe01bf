"""The run ledger, and facts about this mirror."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import optional_moment, to_moment, to_text


@dataclass(frozen=True, slots=True)
class StreamCounts:
    """What a stream did in a run: fetched = stored + unchanged + duplicate + suppressed + quarantined."""

    fetched: int = 0
    stored: int = 0
    unchanged: int = 0
    duplicate: int = 0
    suppressed: int = 0
    quarantined: int = 0
    deleted: int = 0

    def __add__(self, other: StreamCounts) -> StreamCounts:
        return StreamCounts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Run:
    """A run. `complete` None: it has not ended. `report`: what `sync --json` printed."""

    run_id: str
    command: str
    started_at: datetime
    finished_at: datetime | None
    complete: bool | None
    reason: str
    report: dict[str, Any]


def start_run(db: Mirror, run_id: str, command: str, now: datetime) -> None:
    """Opens a run."""
    db.change("INSERT INTO run (id, command, started_at) VALUES (?, ?, ?)", (run_id, command, to_text(now)))


def finish_run(
    db: Mirror, run_id: str, *, complete: bool, reason: str, report: Mapping[str, Any], now: datetime
) -> None:
    """Closes a run. `reason`: why it is not complete."""
    sql = "UPDATE run SET finished_at = ?, complete = ?, reason = ?, report = ? WHERE id = ?"
    text = json.dumps(dict(report), ensure_ascii=False)
    db.change(sql, (to_text(now), int(complete), reason, text, run_id))


def save_stream(db: Mirror, run_id: str, stream: str, counts: StreamCounts, error: str = "") -> None:
    """Keeps what a stream has done in a run so far. `error`: why it could not finish."""
    row = (
        counts.fetched,
        counts.stored,
        counts.unchanged,
        counts.duplicate,
        counts.suppressed,
        counts.quarantined,
    )
    db.change(query("save_stream"), (run_id, stream, *row, counts.deleted, error))


def forget_before(db: Mirror, moment: datetime) -> int:
    """Takes runs that started before then off the ledger, the last of each command and ending apart; how many."""
    return db.change(query("forget_runs"), {"before": to_text(moment)})


def forget_hinted(db: Mirror, moment: datetime) -> int:
    """Takes runs that read only what webhooks named, and started before then, off the ledger; how many."""
    return db.change(query("forget_hinted_runs"), {"before": to_text(moment)})


def last_run(db: Mirror, complete: bool | None = None, command: str | None = None) -> Run | None:
    """The run that started last.

    `complete` True or False: of those that ended so; None: of all. `command`: of that one; None: of all but those that
    read only what webhooks named, which say nothing of the rest.
    """
    params = {"complete": None if complete is None else int(complete), "command": command}
    row = db.row(query("last_run"), params)
    if row is None:
        return None
    run_id, name, started_at, finished_at, done, reason, report = row
    ended = None if done is None else done == 1
    return Run(run_id, name, to_moment(started_at), optional_moment(finished_at), ended, reason, json.loads(report))


def list_streams(db: Mirror, run_id: str) -> dict[str, tuple[StreamCounts, str]]:
    """Counts and error of each stream of a run, by stream."""
    sql = (
        "SELECT stream, error, fetched, stored, unchanged, duplicate, suppressed, quarantined, deleted "
        "FROM run_stream WHERE run_id = ? ORDER BY stream"
    )
    return {row[0]: (StreamCounts(*row[2:]), row[1]) for row in db.rows(sql, (run_id,))}


def setting(db: Mirror, name: str) -> str | None:
    """A fact about this mirror; None: not known yet."""
    row = db.row("SELECT value FROM setting WHERE name = ?", (name,))
    return None if row is None else str(row[0])


def set_setting(db: Mirror, name: str, value: str) -> None:
    """Keeps a fact about this mirror."""
    sql = "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    db.change(sql, (name, value))
