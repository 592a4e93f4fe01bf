"""The list of the day: who stands on which recruiter's, and where."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sync.store.db import Mirror
from sync.store.runs import set_setting, setting
from sync.store.times import to_day

MADE_ON = "call_list_day"


def made_on(db: Mirror) -> date | None:
    """The local day the last list was made on; None: none was."""
    day = setting(db, MADE_ON)
    return to_day(day) if day else None


def load_ranks(db: Mirror, person_ids: Collection[int]) -> dict[int, int]:
    """The rank of people on the last list; who is on none has no key."""
    sql = "SELECT person_id, rank FROM call_rank WHERE person_id IN (SELECT value FROM json_each(?))"
    return dict(db.rows(sql, (json.dumps(list(person_ids)),)))


def list_of(db: Mirror, day: date, owner_id: str) -> list[int]:
    """A recruiter's people of that day, in order."""
    sql = "SELECT person_id FROM call_rank WHERE day = ? AND owner_id = ? ORDER BY rank"
    return [row[0] for row in db.rows(sql, (day.isoformat(), owner_id))]


def save_list(db: Mirror, day: date, people: Mapping[str, Sequence[int]]) -> list[int]:
    """Makes these the lists of the day, by owner, in order; everybody whose rank is another than before."""
    before = dict(db.rows("SELECT person_id, rank FROM call_rank"))
    rows = [
        (day.isoformat(), owner_id, person_id, rank)
        for owner_id, own in people.items()
        for rank, person_id in enumerate(own, 1)
    ]
    now = {person_id: rank for _, _, person_id, rank in rows}
    db.change("DELETE FROM call_rank")
    db.change_many("INSERT INTO call_rank (day, owner_id, person_id, rank) VALUES (?, ?, ?, ?)", rows)
    set_setting(db, MADE_ON, day.isoformat())
    return sorted(one for one in {*before, *now} if before.get(one) != now.get(one))
