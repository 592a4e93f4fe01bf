"""When people's retention ends, and whom warmline erased for that while HubSpot and the ATS still hold a record."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sync.core.model import RecordRef
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import to_moment, to_text


@dataclass(frozen=True, slots=True)
class Proposal:
    """A record of somebody warmline erased, which is still to be erased where it is. `erasure_id`: whose."""

    record: RecordRef
    erasure_id: str
    ended_at: datetime
    erased_at: datetime


def save_ends(db: Mirror, ends: Mapping[int, datetime | None]) -> None:
    """When the retention of people ends; None: no end is known."""
    known = [(one, to_text(end)) for one, end in ends.items() if end is not None]
    without = [one for one, end in ends.items() if end is None]
    db.change("DELETE FROM retention WHERE person_id IN (SELECT value FROM json_each(?))", (json.dumps(without),))
    db.change_many(query("save_retention"), known)


def ending(db: Mirror, before: datetime) -> list[int]:
    """People whose retention ends at a moment or ended before it, the earliest first."""
    sql = "SELECT person_id FROM retention WHERE ends_at <= ? ORDER BY ends_at, person_id"
    return [row[0] for row in db.rows(sql, (to_text(before),))]


def count_people(db: Mirror) -> int:
    """Everybody in the mirror who has a record."""
    return int(db.rows("SELECT count(DISTINCT person_id) FROM person_link")[0][0])


def propose(db: Mirror, erasure_id: str, records: Iterable[RecordRef], ended_at: datetime) -> None:
    """Keeps the ids of records that are to be erased where they are."""
    db.change_many(query("save_proposal"), [(*ref, erasure_id, to_text(ended_at)) for ref in records])


def proposals(db: Mirror) -> list[Proposal]:
    """Every record that is still to be erased where it is, the longest waiting person first."""
    return [
        Proposal(RecordRef(source, remote_id), erasure_id, to_moment(ended_at), to_moment(at))
        for source, remote_id, erasure_id, ended_at, at in db.rows(query("proposals"))
    ]


def drop_proposals(db: Mirror, records: Collection[RecordRef]) -> None:
    """These records are erased where they were."""
    sql = "DELETE FROM erasure_proposal WHERE source = ? AND remote_id = ?"
    db.change_many(sql, [tuple(ref) for ref in records])
