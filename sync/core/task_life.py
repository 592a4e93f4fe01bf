"""What becomes of a task after it was made: completed, archived, handed over, or rewritten by a stronger play.

A task a person edited, reassigned or took up is left alone. Objection and erasure alone go before a person's edit
(docs/decisions/0030).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sync.core.activity import IN, OUT, TASK, Activity
from sync.core.calendar import add_working_minutes, working_days_after
from sync.core.contact_policy import may_call
from sync.core.facts import OwnTask, PersonFacts
from sync.core.keys import known_markers, live_candidates
from sync.core.model import ActionKind, Contact, Decision, Owner, Refusal
from sync.core.plays import PLAYS
from sync.core.plays.precedence import is_at_hand, may_rewrite, precedence
from sync.core.policy import Policy, WorkingTime

EXPIRES_AFTER_WORKING_DAYS = 3  # of the due date: by then the reason it was made for has gone stale

TASK_CHANGES = (ActionKind.ARCHIVE_TASK, ActionKind.COMPLETE_TASK, ActionKind.UPDATE_TASK)  # in the order of sending

ERASED = "erased"
OBJECTION = "objection"
_NOT_SPOKEN = frozenset({"no_answer", "busy", "voicemail", "live_message", "wrong_number"})
_NOT_HELD = frozenset({"canceled", "rescheduled", "no_show"})


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an open task. `reason`: a stable code, with what it rests on after a colon.

    `owner_id`, `due_at`: of an update, what changes (None: stays). `decision`: the stronger play's, whose text the task
    gets.
    """

    kind: ActionKind
    task: OwnTask
    reason: str
    owner_id: str | None = None
    due_at: datetime | None = None
    decision: Decision | None = None


def changes(facts: PersonFacts, policy: Policy, *, now: datetime, owner: Owner | None) -> tuple[Change, ...]:
    """What warmline's open tasks of a person need at `now`; at most one open task is left, those people changed apart.

    `owner`: whose tasks the person's are now (None: nobody's, and a task stays where it is). `facts.previous` are the
    decisions as just made.
    """
    waiting = [task for task in facts.tasks if task.open]
    overruled = _overruling(facts)
    if overruled:
        return tuple(_archive(task, overruled) for task in waiting if task.remote_id)
    ended = {task.remote_id: change for task in waiting if (change := _ending(facts, task, policy, now))}
    left = sorted((task for task in waiting if task.remote_id not in ended), key=_strength)
    weaker = [_archive(task, "second_task") for task in left[1:] if is_at_hand(task)]
    kept = [change for task in left[:1] if (change := _update(facts, task, policy, now, owner))]
    return (*ended.values(), *weaker, *kept)


def overrules_people(reason: str) -> bool:
    """Whether a change for this reason is made although a person edited the task."""
    return reason.partition(":")[0] in (ERASED, OBJECTION)


def next_look(facts: PersonFacts, policy: Policy, now: datetime) -> datetime | None:
    """When an open task of the person has to be looked at again though nothing new comes in; None: never.

    A task expires, or something planned with the person (a meeting) takes place.
    """
    waiting = [task for task in facts.tasks if task.open and is_at_hand(task)]
    moments = [expires_at(task, policy.time) for task in waiting]
    if waiting:
        moments += [activity.at for activity in facts.activities if _is_act(activity)]
    return min((moment for moment in moments if moment > now), default=None)


def expires_at(task: OwnTask, working: WorkingTime) -> datetime:
    """The due time of day on the third working day after the due date, aware UTC; without a due moment, after the
    task was made.
    """
    due_at = (task.due_at or task.made_at).astimezone(working.zone)
    day = working_days_after(due_at.date(), EXPIRES_AFTER_WORKING_DAYS, working)
    return datetime.combine(day, due_at.time(), tzinfo=working.zone).astimezone(UTC)


def strongest(facts: PersonFacts) -> Decision | None:
    """Of the person's granted decisions the one of the strongest play; None without any."""
    granted = [one for one in facts.previous if one.wanted and one.refused is None and one.owner_id and one.due_at]
    return min(granted, key=lambda one: (precedence(one.play), one.play), default=None)


def _overruling(facts: PersonFacts) -> str | None:
    """Why the person's tasks go whatever a person made of them."""
    if facts.erased and not live_candidates(facts):
        return ERASED
    objection = _objection(facts.contact) if facts.contact else None
    return f"{OBJECTION}:{objection.value}" if objection else None


def _objection(contact: Contact) -> Refusal | None:
    gates = (
        (contact.do_not_call, Refusal.DO_NOT_CALL),
        (contact.opted_out, Refusal.OPTED_OUT),
        (contact.no_profiling, Refusal.NO_PROFILING),
    )
    return next((refusal for shut, refusal in gates if shut), None)


def _ending(facts: PersonFacts, task: OwnTask, policy: Policy, now: datetime) -> Change | None:
    if not is_at_hand(task):
        return None
    act = next(_acts(facts, task, now), None)
    if act is not None:
        return Change(ActionKind.COMPLETE_TASK, task, f"acted:{act.channel}")
    vanished = _vanished(facts, task, policy)
    if vanished:
        return _archive(task, vanished)
    return _archive(task, "expired") if expires_at(task, policy.time) <= now else None


def _acts(facts: PersonFacts, task: OwnTask, now: datetime) -> Iterator[Activity]:
    return (one for one in facts.activities if task.made_at < one.at <= now and _is_act(one))


def _is_act(activity: Activity) -> bool:
    """Whether somebody of the team did something with the person: any attempt of ours, and what both took part in.

    HubSpot keeps no direction of messages: what the team logs counts.
    """
    match activity.channel:
        case "call":
            return activity.direction != IN or activity.outcome not in _NOT_SPOKEN
        case "meeting":
            return activity.outcome not in _NOT_HELD
        case "email":
            return activity.direction == OUT
        case _:
            return activity.channel == TASK or activity.direction != IN


def _vanished(facts: PersonFacts, task: OwnTask, policy: Policy) -> str | None:
    """Why the task has no reason any more. Cooling down is none."""
    if task.lost:
        return "unlinked"
    refusal = may_call(facts, policy) if facts.contact else None  # without: it may be on its way, after a merge
    if refusal:
        return f"refused:{refusal.value}"
    play = PLAYS.get(task.play or "")
    if play is None:
        return None
    if not play.is_on(policy):
        return f"play_off:{task.play}"
    return None if play.cools or _is_wanted(facts, task, policy) else f"not_wanted:{task.play}"


def _is_wanted(facts: PersonFacts, task: OwnTask, policy: Policy) -> bool:
    """Whether a play still names the occasion the task was made for, granted or refused."""
    wanted = (one for one in facts.previous if one.wanted and one.play == task.play)
    return any(task.marker in known_markers(facts, policy.portal_id, one.play, one.occasion) for one in wanted)


def _strength(task: OwnTask) -> tuple[bool, bool, int, datetime, str]:
    """What a person changed goes first, then the stronger play, then the older. A task that is not known in HubSpot yet
    comes last: it may never appear.
    """
    return not task.remote_id, task.untouched, precedence(task.play), task.made_at, task.remote_id


def _update(facts: PersonFacts, task: OwnTask, policy: Policy, now: datetime, owner: Owner | None) -> Change | None:
    if not is_at_hand(task):
        return None
    decision = strongest(facts)
    if decision and may_rewrite(decision.play, task):
        reason = f"stronger:{decision.play}"
        return Change(ActionKind.UPDATE_TASK, task, reason, decision.owner_id, decision.due_at, decision)
    if owner is None or owner.remote_id == task.owner_id:
        return None
    is_late = task.due_at is None or task.due_at <= now
    due_at = add_working_minutes(now, policy.plays.fan.due_working_minutes, policy.time) if is_late else None
    return Change(ActionKind.UPDATE_TASK, task, f"rerouted:{owner.remote_id}", owner.remote_id, due_at)


def _archive(task: OwnTask, reason: str) -> Change:
    return Change(ActionKind.ARCHIVE_TASK, task, reason)
