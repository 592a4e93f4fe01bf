"""What recruiters were told: each occasion once, also when it is not known whether the message arrived."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.core.notices import Notice
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import to_moment, to_text

SENT, DONE, FAILED = "SENT", "DONE", "FAILED"
_SAVE = (
    "INSERT INTO notification (owner_id, occasion, task_id, state, at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET state = excluded.state, at = excluded.at"
)


def told(db: Mirror, owner_ids: Collection[str]) -> set[tuple[str, str]]:
    """Owner and occasion of all that was told, or may have been."""
    sql = (
        "SELECT owner_id, occasion FROM notification "
        "WHERE state <> 'FAILED' AND owner_id IN (SELECT value FROM json_each(?))"
    )
    return {(owner_id, occasion) for owner_id, occasion in db.rows(sql, (json.dumps(list(owner_ids)),))}


def note(db: Mirror, notices: Sequence[Notice], state: str, now: datetime) -> None:
    """Keeps what becomes of telling these. SENT goes before the message leaves: a crash between is never repeated."""
    db.change_many(_SAVE, [(one.owner_id, one.occasion, one.task_id, state, to_text(now)) for one in notices])


def people_to_tell_of(db: Mirror, plays: Sequence[str]) -> list[int]:
    """Everybody with an open task of one of these plays."""
    sql = (
        "SELECT DISTINCT person_id FROM task "
        "WHERE person_id > 0 AND archived = 0 AND coalesce(status, '') <> 'COMPLETED' "
        "AND play IN (SELECT value FROM json_each(?)) ORDER BY person_id"
    )
    return [row[0] for row in db.rows(sql, (json.dumps(list(plays)),))]


@dataclass(frozen=True, slots=True)
class GroupDue:
    """An open grouped task, when it is due, and how many applicants in it wait for a first reaction."""

    task_id: str
    owner_id: str
    due_at: datetime
    waiting: int


def groups_due(db: Mirror, until: datetime) -> list[GroupDue]:
    """Open grouped tasks that are due before a moment and in which somebody waits."""
    return [
        GroupDue(task_id, owner_id, to_moment(due_at), waiting)
        for task_id, owner_id, due_at, waiting in db.rows(query("groups_due"), {"until": to_text(until)})
    ]


def forget_before(db: Mirror, moment: datetime) -> None:
    """Drops what is too old to be told again."""
    db.change("DELETE FROM notification WHERE at < ?", (to_text(moment),))


def counts(db: Mirror) -> dict[str, int]:
    """How many occasions were told, refused, and have no certain answer."""
    found = Counter(dict(db.rows("SELECT state, count(*) FROM notification GROUP BY state")))
    return {"told": found[DONE], "failed": found[FAILED], "uncertain": found[SENT]}
