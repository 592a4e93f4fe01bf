"""What each stage has to look at, and from when. Stages meet here and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from sync.core.model import RecordRef
from sync.store.db import Mirror
from sync.store.rows import ref_json
from sync.store.sql import query
from sync.store.times import to_text

PERSON = "person"

_ENQUEUE = (
    "INSERT INTO work (stage, source, remote_id, due_at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET due_at = excluded.due_at WHERE excluded.due_at < due_at"
)
_ENQUEUE_PEOPLE = (
    "INSERT INTO work (stage, source, remote_id, due_at) SELECT ?, 'person', CAST(value AS TEXT), ? FROM json_each(?) "
    "WHERE value > 0 ON CONFLICT DO UPDATE SET due_at = excluded.due_at WHERE excluded.due_at < due_at"
)
_SET_PEOPLE_DUE = (
    "INSERT INTO work (stage, source, remote_id, due_at) SELECT ?, 'person', key, value FROM json_each(?) "
    "WHERE true ON CONFLICT DO UPDATE SET due_at = excluded.due_at"
)
_TAKE = "SELECT source, remote_id FROM work WHERE stage = ? AND due_at <= ? ORDER BY due_at, source, remote_id LIMIT ?"
_FINISH = "DELETE FROM work WHERE stage = ? AND (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(?))"


def enqueue(db: Mirror, stage: str, refs: Iterable[RecordRef], due_at: datetime) -> None:
    """Asks a stage to look at records from `due_at`; an earlier moment that stands already stays."""
    at = to_text(due_at)
    db.change_many(_ENQUEUE, [(stage, ref.source, ref.remote_id, at) for ref in refs])


def enqueue_people(db: Mirror, stage: str, person_ids: Iterable[int], due_at: datetime) -> None:
    """As `enqueue`, for people. Grouped tasks, whose ids are below 0, are nobody's and are left out."""
    db.change(_ENQUEUE_PEOPLE, (stage, to_text(due_at), json.dumps(list(person_ids))))


def enqueue_everyone(db: Mirror, due_at: datetime) -> None:
    """Asks reconcile, and so every stage behind it, to look at every live record again."""
    db.change(query("enqueue_everyone"), {"due_at": to_text(due_at)})


def take_due(db: Mirror, stage: str, now: datetime, limit: int | None) -> list[RecordRef]:
    """Records due by `now`, longest due first (`limit` None: all). They stay until `finish`."""
    return [
        RecordRef(source, remote_id)
        for source, remote_id in db.rows(_TAKE, (stage, to_text(now), -1 if limit is None else limit))
    ]


def due_people(db: Mirror, stage: str, now: datetime, limit: int | None) -> list[int]:
    """People due by `now`, longest due first. They stay in the work list until `finish_people`."""
    return [int(ref.remote_id) for ref in take_due(db, stage, now, limit)]


def finish(db: Mirror, stage: str, refs: Iterable[RecordRef]) -> None:
    """Takes records off a stage's work list."""
    db.change(_FINISH, (stage, ref_json(refs)))


def finish_people(db: Mirror, stage: str, person_ids: Iterable[int], next_due: Mapping[int, datetime]) -> None:
    """Takes people off a stage's work list; those in `next_due` come back at that moment."""
    ids = [person_id for person_id in person_ids if person_id not in next_due]
    finish(db, stage, [RecordRef(PERSON, str(person_id)) for person_id in ids])
    db.change(_SET_PEOPLE_DUE, (stage, json.dumps({str(one): to_text(at) for one, at in next_due.items()})))


def count_due(db: Mirror, stage: str, now: datetime) -> int:
    """How many records or people a stage has due by `now`."""
    row = db.row("SELECT count(*) FROM work WHERE stage = ? AND due_at <= ?", (stage, to_text(now)))
    assert row is not None
    return int(row[0])


def due_among(db: Mirror, stage: str, person_ids: Iterable[int]) -> dict[int, datetime]:
    """When these people are next due at a stage; who is not on its list has no key."""
    sql = (
        "SELECT remote_id, due_at FROM work "
        "WHERE stage = ? AND source = ? AND remote_id IN (SELECT value FROM json_each(?))"
    )
    ids = json.dumps([str(person_id) for person_id in person_ids])
    return {int(person_id): datetime.fromisoformat(at) for person_id, at in db.rows(sql, (stage, PERSON, ids))}
