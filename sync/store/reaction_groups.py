"""Grouped tasks of those who wait for a first reaction (docs/decisions/0054)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sync.core.model import RecordRef
from sync.core.reaction_groups import Group, Place, Waiting
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import optional_moment, to_moment, to_text


def load_waiting(db: Mirror, watched_since: datetime | None) -> list[Waiting]:
    """Who waits for a first reaction and can be in a grouped task, longest waiting first. Who waited longer than the
    team's norm already when warmline came is aimed at the date they were told."""
    found = []
    for source, application_id, job_id, owner_id, person_id, contact_id, *moments, group_id in db.rows(
        query("waiting_applicants")
    ):
        began_at, internal_at, public_at = (to_moment(one) for one in moments[:3])
        told_at = optional_moment(moments[3]) or public_at
        late = watched_since is not None and internal_at <= watched_since
        aim_at = told_at if late or moments[3] else min(internal_at, public_at)
        one = Waiting(
            source, application_id, job_id, owner_id, person_id, contact_id, began_at, aim_at, told_at, group_id
        )
        found.append(one)
    return found


def load_groups(db: Mirror) -> list[Group]:
    """Grouped tasks that are still followed, the oldest first."""
    return [
        Group(
            id=row[0],
            source=row[1],
            job_id=row[2],
            owner_id=row[3],
            key=row[4],
            wanted=row[5],
            task_id=row[6],
            is_open=row[7] == 1,
            untouched=row[8] == 1,
            by_us=row[9] == 1,
            completed=row[10] == 1,
            closed_at=optional_moment(row[11]),
            contact_ids=tuple(json.loads(row[12])),
            due_at=optional_moment(row[13]),
            revision=row[14],
            made=row[15],
            changing=row[16] == 1,
        )
        for row in db.rows(query("live_groups"))
    ]


def make_group(db: Mirror, place: Place, key: str) -> int:
    """Keeps a new grouped task; its id. One that has the key already is followed again."""
    sql = (
        "INSERT INTO reaction_group (source, job_id, owner_id, key) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (key) DO UPDATE SET is_left = 0 RETURNING id"
    )
    [(group_id,)] = db.change_rows(sql, (*place, key))
    return int(group_id)


def has_key(db: Mirror, key: str) -> bool:
    """Whether there was a grouped task by this key."""
    return db.row("SELECT 1 FROM reaction_group WHERE key = ?", (key,)) is not None


def put_in_groups(db: Mirror, members: Mapping[int, Sequence[Waiting]]) -> None:
    """Puts applicants into grouped tasks, by group."""
    rows = [[one.source, one.application_id, group_id] for group_id, those in members.items() for one in those]
    db.change(query("put_in_group"), {"members": json.dumps(rows)})


def note_wanted(db: Mirror, wanted: Mapping[int, str]) -> None:
    """Keeps what grouped tasks were last planned to show, by group."""
    db.change_many("UPDATE reaction_group SET wanted = ? WHERE id = ?", [(one, key) for key, one in wanted.items()])


def tick(db: Mirror, group: Group, at: datetime) -> list[int]:
    """Counts a grouped task that a person completed as a reaction to everybody it is associated with; those people."""
    params = {
        "at": to_text(at),
        "source": group.source,
        "job_id": group.job_id,
        "contacts": json.dumps(group.contact_ids),
    }
    return sorted({row[0] for row in db.change_rows(query("tick_group"), params)})


def leave(db: Mirror, group_ids: Collection[int], *, free: Collection[int]) -> None:
    """Follows grouped tasks no more. `free`: those of which the people may be in another one."""
    db.change(query("leave_groups"), {"groups": json.dumps(sorted(group_ids))})
    db.change(query("free_of_groups"), {"groups": json.dumps(sorted(free))})


def kept_groups(db: Mirror, group_ids: Collection[int]) -> set[int]:
    """Those of these groups in which somebody heard from a person."""
    return {row[0] for row in db.rows(query("kept_in_group"), {"groups": json.dumps(sorted(group_ids))})}


def unknown_todos(db: Mirror) -> dict[str, tuple[str, ...]]:
    """To-dos with warmline's marker of which the mirror does not know who made them: contacts by marker."""
    return {marker: tuple(json.loads(contacts)) for _, marker, contacts in db.rows(query("unknown_todos"))}


def applications_around(db: Mirror, contact_ids: Collection[str]) -> list[tuple[RecordRef, str]]:
    """Every application to the vacancies these contacts applied to: the vacancy, and the application's id."""
    rows = db.rows(query("applications_around"), {"contacts": json.dumps(sorted(contact_ids))})
    return [(RecordRef(source, job_id), application_id) for source, job_id, application_id in rows]


def own_tasks(db: Mirror) -> None:
    """Gives tasks without a person to the groups whose key they carry."""
    db.change(query("own_group_tasks"), {})


def rejoin(db: Mirror) -> None:
    """Puts who waits and is in no group into the one whose task they are associated with."""
    db.change(query("rejoin_groups"), {})
