"""Tasks as HubSpot has them, and what the mirror keeps of warmline's own: whose, which play's, how it was written."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sync.core.facts import OwnTask
from sync.core.model import HUBSPOT, Task
from sync.store.db import Mirror
from sync.store.rows import Noun, Saved, Values, live_by_id, save_rows, text_list, to_tuple
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_moment, to_text


def _task_values(row: Task) -> Values:
    return (
        text_list(row.contact_ids),
        row.marker,
        row.status,
        row.type,
        row.owner_id,
        optional_text(row.due_at),
        row.visible_hash,
        optional_text(row.created_at),
        optional_text(row.completed_at),
        int(row.archived),
    )


def _task(row: Values) -> Task:
    return Task(
        remote_id=row[0],
        contact_ids=to_tuple(row[1]),
        marker=row[2],
        status=row[3],
        type=row[4],
        owner_id=row[5],
        due_at=optional_moment(row[6]),
        visible_hash=row[7],
        created_at=optional_moment(row[8]),
        completed_at=optional_moment(row[9]),
        archived=row[10] == 1,
        updated_at=optional_moment(row[11]),
    )


TASK = Noun(
    table="task",
    columns=(
        "contact_ids",
        "marker",
        "status",
        "type",
        "owner_id",
        "due_at",
        "visible_hash",
        "remote_created_at",
        "completed_at",
        "archived",
    ),
    values=_task_values,
    record=_task,
    scoped=False,
    deletable=False,
    live="true",
)


def save_tasks(db: Mirror, rows: Sequence[Task], now: datetime) -> Saved:
    """Saves a page of tasks.

    What is known of our own (person, play, hash as written) stays; a task that carries the marker of an
    outbox row gets that row's person and play, any other with a marker the person of its contact.
    """
    saved = save_rows(db, TASK, HUBSPOT, rows, now)
    ids = {"ids": json.dumps([row.remote_id for row in rows])}
    db.change(query("own_new_tasks"), ids)
    adopt_tasks(db)
    db.change(query("keep_first_sight"), ids)
    return saved


def with_markers(db: Mirror, rows: Sequence[Task]) -> list[Task]:
    """Those of these tasks that are warmline's; one whose marker a person took out of the text keeps it."""
    without = json.dumps([row.remote_id for row in rows if row.marker is None])
    sql = (
        "SELECT remote_id, marker FROM task WHERE marker IS NOT NULL AND remote_id IN (SELECT value FROM json_each(?))"
    )
    known = dict(db.rows(sql, (without,)))
    found = [replace(row, marker=row.marker or known.get(row.remote_id)) for row in rows]
    return [row for row in found if row.marker is not None]


def save_own_task(  # noqa: PLR0913 -- the task, whose it is, and how sure its text is
    db: Mirror, task: Task, person_id: int, play: str | None, *, confirmed: bool, now: datetime
) -> None:
    """Keeps a task warmline just made; one the mirror already has stays as it was read.

    `confirmed`: its text is as HubSpot answered it. Otherwise the first sight of it tells how it looked.
    """
    if not live_by_id(db, TASK, [task.remote_id]):
        save_rows(db, TASK, HUBSPOT, [task], now)
    written_hash = task.visible_hash if confirmed else None
    mark_own_task(db, task.remote_id, person_id=person_id, play=play, written_hash=written_hash)


def adopt_tasks(db: Mirror, *, todos: bool = False) -> list[int]:
    """Gives tasks that carry a marker and belong to nobody to the person of their contact; those people. `todos`:
    to-dos too, once it is known which of them are grouped tasks."""
    return sorted({row[0] for row in db.change_rows(query("adopt_tasks"), {"todos": int(todos)})})


def orphans(db: Mirror) -> dict[str, str]:
    """Tasks that carry a marker and belong to nobody: id by marker."""
    return dict(db.rows("SELECT marker, remote_id FROM task WHERE marker IS NOT NULL AND person_id IS NULL"))


def open_own_tasks(db: Mirror) -> list[str]:
    """Ids of warmline's own tasks that are neither completed nor archived."""
    sql = (
        "SELECT remote_id FROM task WHERE marker IS NOT NULL AND archived = 0 "
        "AND coalesce(status, '') <> 'COMPLETED' ORDER BY remote_id"
    )
    return [row[0] for row in db.rows(sql)]


def mark_tasks_archived(db: Mirror, task_ids: Collection[str], now: datetime) -> None:
    """Marks tasks as deleted in HubSpot. Without a row hash, so that one that is restored and seen again is stored."""
    sql = (
        "UPDATE task SET archived = 1, row_hash = '', changed_at = ? "
        "WHERE remote_id IN (SELECT value FROM json_each(?))"
    )
    db.change(sql, (to_text(now), json.dumps(list(task_ids))))


def people_of_tasks(db: Mirror, task_ids: Collection[str]) -> list[int]:
    """The people warmline made these tasks for."""
    sql = (
        "SELECT DISTINCT person_id FROM task "
        "WHERE person_id IS NOT NULL AND remote_id IN (SELECT value FROM json_each(?)) ORDER BY person_id"
    )
    return [row[0] for row in db.rows(sql, (json.dumps(list(task_ids)),))]


def mark_own_task(db: Mirror, task_id: str, *, person_id: int, play: str | None, written_hash: str | None) -> bool:
    """Keeps that a task in the mirror is ours, and how it looked when we wrote it.

    False when the task is not in the mirror.
    """
    sql = (
        "UPDATE task SET person_id = ?, play = coalesce(?, play), written_hash = coalesce(?, written_hash) "
        "WHERE remote_id = ?"
    )
    return db.change(sql, (person_id, play, written_hash, task_id)) > 0


def load_own_tasks(db: Mirror, person_ids: Collection[int]) -> dict[int, tuple[OwnTask, ...]]:
    """Warmline's own tasks by person, newest first; who has none has no key."""
    found: dict[int, list[OwnTask]] = defaultdict(list)
    for row in db.rows(query("own_tasks"), {"people": json.dumps(list(person_ids))}):
        found[row[0]].append(_own_task(row[1:]))
    return {
        person_id: tuple(sorted(tasks, key=lambda task: (task.made_at, task.remote_id), reverse=True))
        for person_id, tasks in found.items()
    }


def _own_task(row: Values) -> OwnTask:
    return OwnTask(
        remote_id=row[0],
        marker=row[1],
        play=row[2],
        owner_id=row[3],
        open=row[4] == 1,
        made_at=to_moment(row[5]),
        closed_at=optional_moment(row[6]),
        due_at=optional_moment(row[7]),
        untouched=row[8] == 1,
        lost=row[9] == 1,
        first_marker=row[10],
        revision=row[11],
        type=row[12],
        withdrawn=row[13] == 1,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """A task with the hashes its visible part may have while no person edited it.

    `written`: as warmline wrote it; None: not known yet, so that its next sight tells; '' : not known any more, so that
    it counts as edited. `sent`: as a change under way makes it.
    """

    task: Task
    written: str | None
    sent: str | None


def load_looks(db: Mirror, task_ids: Collection[str]) -> dict[str, Look]:
    """Tasks in the mirror with how they may look, by id."""
    ids = json.dumps(list(task_ids))
    sql = "SELECT remote_id, written_hash, sent_hash FROM task WHERE remote_id IN (SELECT value FROM json_each(?))"
    hashes = {row[0]: row[1:] for row in db.rows(sql, (ids,))}
    return {task.remote_id: Look(task, *hashes[task.remote_id]) for task in live_by_id(db, TASK, task_ids)}


def note_sending(db: Mirror, hashes: Mapping[str, str]) -> None:
    """Keeps how tasks will look once a change that is about to be sent is made, by id."""
    rows = [(sent_hash, task_id) for task_id, sent_hash in hashes.items()]
    db.change_many("UPDATE task SET sent_hash = ? WHERE remote_id = ?", rows)


def note_written(db: Mirror, task_id: str, written_hash: str, play: str | None) -> None:
    """Keeps how a task looks as warmline wrote it, and for which play; nothing is under way any more."""
    sql = "UPDATE task SET written_hash = ?, sent_hash = NULL, play = coalesce(?, play) WHERE remote_id = ?"
    db.change(sql, (written_hash, play, task_id))


def note_contacts(db: Mirror, task_id: str, contact_ids: Sequence[str]) -> None:
    """Keeps which contacts a task is associated with now."""
    db.change("UPDATE task SET contact_ids = ? WHERE remote_id = ?", (text_list(contact_ids), task_id))


def save_seen(db: Mirror, rows: Sequence[Task], now: datetime) -> None:
    """Keeps warmline's tasks as they were just read or written by id."""
    save_rows(db, TASK, HUBSPOT, with_markers(db, rows), now)


def people_with_open_tasks(db: Mirror) -> list[int]:
    """Everybody who has an open task of warmline's."""
    sql = (
        "SELECT DISTINCT person_id FROM task WHERE person_id IS NOT NULL AND archived = 0 "
        "AND coalesce(status, '') <> 'COMPLETED' ORDER BY person_id"
    )
    return [row[0] for row in db.rows(sql)]


def completed_by_warmline(db: Mirror, task_ids: Collection[str]) -> set[str]:
    """Those of these tasks that warmline itself completed, because of something else a person did."""
    sql = (
        "SELECT object_id FROM outbox WHERE +kind = 'complete_task' AND +state IN ('SENT', 'UNKNOWN', 'DONE') "
        "AND attempts > 0 AND object_id IN (SELECT value FROM json_each(?))"
    )
    return {row[0] for row in db.rows(sql, (json.dumps(list(task_ids)),))}
