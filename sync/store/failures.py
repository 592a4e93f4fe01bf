"""Writes that did not get through: refused for good, put off again and again, or without an answer for long."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.core.model import OutboxState
from sync.core.writes import is_stubborn
from sync.store import outbox, work
from sync.store.db import Mirror
from sync.store.outbox import OutboxRow
from sync.store.sql import query
from sync.store.times import to_text


@dataclass(frozen=True, slots=True)
class Retried:
    """Keys that go again, and keys that gave way to a newer write of the same kind for the same contact or person."""

    again: tuple[str, ...]
    replaced: tuple[str, ...]


def list_dead(db: Mirror) -> list[OutboxRow]:
    """Writes HubSpot refused for good, in order of planning."""
    return outbox.list_rows(db, [OutboxState.DEAD])


def list_stubborn(db: Mirror, now: datetime) -> list[OutboxRow]:
    """Writes that were put off again and again, or had no certain answer for long, in order of planning."""
    waiting = outbox.list_rows(db, [OutboxState.DEFERRED, OutboxState.UNKNOWN])
    return [row for row in waiting if is_stubborn(row.state, row.attempts, row.sent_at, now)]


def count_dead(db: Mirror) -> int:
    """How many writes HubSpot refused for good."""
    row = db.row("SELECT count(*) FROM outbox WHERE state = 'DEAD'")
    assert row is not None
    return int(row[0])


def find(db: Mirror, key: str) -> list[OutboxRow]:
    """DEAD and DEFERRED writes whose action key begins so; '' is all of them."""
    rows = outbox.list_rows(db, [OutboxState.DEAD, OutboxState.DEFERRED])
    return [row for row in rows if row.key.startswith(key)]


def retry(db: Mirror, rows: Sequence[OutboxRow], now: datetime) -> Retried:
    """Lets DEAD and DEFERRED writes go again; their people are decided and planned anew before anything is sent.

    A create that was sent more than once is UNKNOWN first, so that it is looked up.
    """
    keys = json.dumps([row.key for row in rows])
    again = {row[0] for row in db.change_rows(query("retry_rows"), {"keys": keys, "now": to_text(now)})}
    left = [row.key for row in rows if row.key not in again]
    sql = "UPDATE outbox SET state = 'WITHDRAWN' WHERE state = 'DEAD' AND key IN (SELECT value FROM json_each(?))"
    db.change(sql, (json.dumps(left),))
    _plan_anew(db, {row.person_id for row in rows}, now)
    return Retried(tuple(sorted(again)), tuple(sorted(left)))


def _plan_anew(db: Mirror, person_ids: Collection[int], now: datetime) -> None:
    for stage in ("decide", "plan"):
        work.enqueue_people(db, stage, sorted(person_ids), now)
