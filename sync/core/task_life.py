"""What becomes of a task after it was made: completed, archived, handed over, or rewritten by a stronger play.

A task a person edited, reassigned or took up is left alone. Objection and erasure alone go before a person's edit
(docs/decisions/0030).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sync.core.activity import Activity, is_planned
from sync.core.calendar import add_working_minutes, working_days_after
from sync.core.contact_policy import may_call
from sync.core.facts import OwnTask, PersonFacts
from sync.core.keys import known_markers
from sync.core.model import ActionKind, Decision, Owner, Refusal
from sync.core.person_gates import is_erased, objections
from sync.core.plays import PLAYS
from sync.core.plays.acts import since_made
from sync.core.plays.precedence import is_at_hand, may_rewrite, precedence
from sync.core.plays.wish import STEP, Case
from sync.core.policy import Policy, WorkingTime
from sync.core.routing import next_change

EXPIRES_AFTER_WORKING_DAYS = 3  # of the due date: by then the reason it was made for has gone stale

TASK_CHANGES = (ActionKind.ARCHIVE_TASK, ActionKind.COMPLETE_TASK, ActionKind.UPDATE_TASK)  # in the order of sending

ERASED = "erased"
OBJECTION = "objection"


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
    case = Case(facts, policy, now)
    waiting = [task for task in facts.tasks if task.open]
    ended = {task.remote_id: change for task in waiting if (change := _ending(case, task))}
    left = sorted((task for task in waiting if task.remote_id not in ended), key=_strength)
    weaker = [_archive(task, "second_task") for task in left[1:] if is_at_hand(task)]
    kept = [change for task in left[:1] if (change := _update(case, task, owner))]
    return (*ended.values(), *weaker, *kept)


def overrules_people(reason: str) -> bool:
    """Whether a change for this reason is made although a person edited the task."""
    return reason.partition(":")[0] in (ERASED, OBJECTION)


def next_look(facts: PersonFacts, policy: Policy, now: datetime) -> datetime | None:
    """When an open task of the person has to be looked at again though nothing new comes in; None: never.

    A task expires, something planned with the person (a meeting) takes place, or a recruiter leaves or is back.
    """
    waiting = [task for task in facts.tasks if task.open and is_at_hand(task)]
    moments = [expires_at(task, policy.time) for task in waiting]
    if waiting:
        moments += [activity.at for activity in facts.activities if is_planned(activity, now)]
        moments.append(next_change(policy.routing, now, policy.time.zone) or now)
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


def _ending(case: Case, task: OwnTask) -> Change | None:
    """How the task ends, if it does. An objection and an erasure go before what a person made of it."""
    overruled = _overruling(case.facts, task)
    if overruled:
        return _archive(task, overruled) if task.remote_id else None
    if not is_at_hand(task):
        return None
    act = next(_acts(case, task), None)
    if act is not None:
        return Change(ActionKind.COMPLETE_TASK, task, f"acted:{act.channel}")
    evidence = play.done_by(case, task) if (play := PLAYS.get(task.play or "")) else None
    if evidence:
        return Change(ActionKind.COMPLETE_TASK, task, f"acted:{evidence}")
    vanished = _vanished(case, task)
    if vanished:
        return _archive(task, vanished)
    return _archive(task, "expired") if expires_at(task, case.policy.time) <= case.now else None


def _overruling(facts: PersonFacts, task: OwnTask) -> str | None:
    """Why the task goes whatever a person made of it; what its play may look past is no reason."""
    if is_erased(facts):
        return ERASED
    play = PLAYS.get(task.play or "")
    passed = play.ignores if play else frozenset[Refusal]()
    return next((f"{OBJECTION}:{one.value}" for one in objections(facts) if one not in passed), None)


def _acts(case: Case, task: OwnTask) -> Iterator[Activity]:
    """What the team did that the task asks for, so far."""
    play = PLAYS.get(task.play or "")
    counts = play.counts if play else since_made
    return (one for one in case.facts.activities if one.at <= case.now and counts(case, task, one))


def _vanished(case: Case, task: OwnTask) -> str | None:
    """Why the task has no reason any more. Cooling down is none, nor is another occasion that takes the task over."""
    if task.lost:
        return "unlinked"
    facts, policy = case.facts, case.policy
    # without a contact: it may be on its way, after a merge
    refusal = may_call(facts, policy, case.now, task.play, task.type) if facts.contact else None
    if refusal:
        return f"refused:{refusal.value}"
    play = PLAYS.get(task.play or "")
    if play is None:
        return None
    if not play.is_on(policy):
        return f"play_off:{task.play}"
    if play.cools or _taking_over(case, task) or _is_wanted(facts, task, policy):
        return None
    return f"not_wanted:{task.play}"


def _is_wanted(facts: PersonFacts, task: OwnTask, policy: Policy) -> bool:
    """Whether a play still names the occasion the task was made for, or a later step of it, granted or refused."""
    wanted = (one for one in facts.previous if one.wanted and one.play == task.play)
    return any(
        task.marker in known_markers(facts, policy.portal_id, one.play, occasion)
        for one in wanted
        for occasion in (one.occasion, one.occasion.partition(STEP)[0])
    )


def _taking_over(case: Case, task: OwnTask) -> Decision | None:
    """The decision that writes the task anew: a stronger play's, or its own about another occasion."""
    decision = strongest(case.facts)
    if decision is None or not may_rewrite(decision.play, task):
        return None
    own = known_markers(case.facts, case.policy.portal_id, decision.play, decision.occasion)
    return None if task.marker in own else decision


def _strength(task: OwnTask) -> tuple[bool, bool, int, datetime, str]:
    """What a person changed goes first, then the stronger play, then the older. A task that is not known in HubSpot yet
    comes last: it may never appear.
    """
    return not task.remote_id, task.untouched, precedence(task.play), task.made_at, task.remote_id


def _update(case: Case, task: OwnTask, owner: Owner | None) -> Change | None:
    if not is_at_hand(task):
        return None
    decision = _taking_over(case, task)
    if decision:
        reason = f"{'moved' if decision.play == task.play else 'stronger'}:{decision.play}"
        return Change(ActionKind.UPDATE_TASK, task, reason, decision.owner_id, decision.due_at, decision)
    if owner is None or owner.remote_id == task.owner_id:
        return None
    due_at = _due_anew(case, task)
    return Change(ActionKind.UPDATE_TASK, task, f"rerouted:{owner.remote_id}", owner.remote_id, due_at)


def _due_anew(case: Case, task: OwnTask) -> datetime | None:
    """When a task that is late is due for who gets it now; None: it keeps its moment, as one that may not wait does."""
    play = PLAYS.get(task.play or "")
    if play is not None and not play.is_held:
        return None
    if task.due_at is not None and task.due_at > case.now:
        return None
    return add_working_minutes(case.now, case.policy.plays.fan.due_working_minutes, case.policy.time)


def _archive(task: OwnTask, reason: str) -> Change:
    return Change(ActionKind.ARCHIVE_TASK, task, reason)
