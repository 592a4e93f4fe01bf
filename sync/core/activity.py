"""Contact between the team and people, by any channel: headers only, never what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.core.model import Task

CALL, EMAIL, MEETING, TASK = "call", "email", "meeting", "task"
IN, OUT = "in", "out"
COMPLETED = "completed"
WRONG_NUMBER = "wrong_number"
DO_NOT_CONTACT = "do_not_contact"  # the person asked, and whoever called noted it as how the call ended

_CONTACT_TYPES = frozenset({"CALL", "EMAIL"})
_MISSED = frozenset({"no_answer", "busy", "voicemail", "live_message"})
_NOT_HELD = frozenset({"canceled", "rescheduled", "no_show"})


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


def is_act(activity: Activity) -> bool:
    """Whether somebody of the team did something with the person: any attempt of ours, and what both took part in.

    HubSpot keeps no direction of messages: what the team logs counts.
    """
    match activity.channel:
        case "call":
            return activity.direction != IN or activity.outcome not in _MISSED | {WRONG_NUMBER}
        case "meeting":
            return activity.outcome not in _NOT_HELD
        case "email":
            return activity.direction == OUT
        case _:
            return activity.channel == TASK or activity.direction != IN


def is_missed_attempt(activity: Activity) -> bool:
    """Whether the team called and did not reach the person: no answer, busy, a voicemail, or a message left with
    somebody else.
    """
    return activity.channel == CALL and activity.direction != IN and activity.outcome in _MISSED


def is_waiting(activity: Activity) -> bool:
    """Whether the person turned to the team and the ball is with the team: a mail or message that came in, a call
    nobody took.
    """
    if activity.direction != IN:
        return False
    return activity.outcome in _MISSED if activity.channel == CALL else activity.channel != MEETING


def is_planned(activity: Activity, now: datetime) -> bool:
    """Whether it is still to take place, and was not called off."""
    return activity.at > now and is_act(activity)


def asked_not_to_be_called(activities: Iterable[Activity]) -> bool:
    """Whether a call ended with the person asking not to be contacted; until somebody changes how that call ended."""
    return any(one.channel == CALL and one.outcome == DO_NOT_CONTACT for one in activities)
