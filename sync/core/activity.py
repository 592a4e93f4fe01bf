"""Contact between the team and people, by any channel: headers only, never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.core.model import Task

TASK = "task"
IN, OUT = "in", "out"
COMPLETED = "completed"

_CONTACT_TYPES = frozenset({"CALL", "EMAIL"})


@dataclass(frozen=True, slots=True)
class Activity:
    """One call, meeting, e-mail or message of anyone, with the contacts it was about.

    `at`: when it took place, or is to take place. `direction`, `outcome`: None when not known. `archived`: deleted
    at the source, or no contact with anybody (any more).
    """

    remote_id: str
    channel: str
    at: datetime
    contact_ids: tuple[str, ...] = ()
    direction: str | None = None
    outcome: str | None = None
    owner_id: str | None = None
    duration_s: int | None = None
    archived: bool = False
    updated_at: datetime | None = None


def task_activity(task: Task, *, now: datetime, days: int) -> Activity:
    """What a task says about contact: a completed call or e-mail task of anyone is one, any other is none (`archived`).

    A task completed more than `days` ago decides nothing and is none either. Where HubSpot dates no completion, the
    due moment counts.
    """
    at = task.completed_at or task.due_at or task.updated_at
    is_contact = task.type in _CONTACT_TYPES and task.status == "COMPLETED" and not task.archived
    return Activity(
        remote_id=task.remote_id,
        channel=TASK,
        at=at or now,
        contact_ids=task.contact_ids,
        direction=OUT,
        outcome=COMPLETED,
        owner_id=task.owner_id,
        archived=not is_contact or at is None or at < now - timedelta(days=days),
        updated_at=task.updated_at,
    )
