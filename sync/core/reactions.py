"""By what an applicant heard something from a person of the team."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.core.activity import CALL, IN, MEETING, TASK, Activity, is_act, is_missed_attempt
from sync.core.facts import LinkedApplication, PersonFacts
from sync.core.promise_policy import PromisePolicy

MOVE, MESSAGE, TOLD, HIRED, TICKED = "stage_move", "ats_message", "told", "hired", "task"


@dataclass(frozen=True, slots=True, order=True)
class Reaction:
    """`evidence`: stage_move, ats_message, told, hired, task, or the channel of a contact in HubSpot."""

    at: datetime
    evidence: str


def first_stages(one: LinkedApplication) -> frozenset[str]:
    """The stages an application comes in at, before anybody looked at it; none when the stages are unknown."""
    stages = one.job.stages if one.job else ()
    lowest = min((stage.position for stage in stages), default=0)
    return frozenset(stage.remote_id for stage in stages if stage.kind == "applied" or stage.position == lowest)


def reactions(facts: PersonFacts, one: LinkedApplication, policy: PromisePolicy, now: datetime) -> Iterator[Reaction]:
    """Every reaction of a person to the applicant until `now`, any order."""
    application = one.application
    since = application.applied_at
    yield from _moves(facts, one, policy)
    if policy.sight(one.source).messages and application.first_reply_at:
        yield Reaction(application.first_reply_at, MESSAGE)
    if application.told_at:
        yield Reaction(application.told_at, TOLD)
    if application.hired_at:
        yield Reaction(application.hired_at, HIRED)
    for activity in facts.activities:
        if activity.at <= now and is_reaction(activity, since, policy):
            yield Reaction(activity.at, activity.channel)


def is_reaction(activity: Activity, applied_at: datetime | None, policy: PromisePolicy) -> bool:
    """Whether the applicant heard something from a person: a call that reached them, a meeting, a mail or message the
    team sent, a completed task. What is sent in nobody's name soon after applying is the automatic confirmation.
    """
    if activity.archived or not is_act(activity):
        return False
    if activity.channel in (CALL, MEETING, TASK):
        return not is_missed_attempt(activity) or activity.outcome in ("voicemail", "live_message")
    if activity.direction == IN:
        return False
    soon = timedelta(minutes=policy.automatic_minutes)
    return activity.owner_id is not None or applied_at is None or activity.at > applied_at + soon


def _moves(facts: PersonFacts, one: LinkedApplication, policy: PromisePolicy) -> Iterator[Reaction]:
    """An application that was put past the first stage as it came in was put there by a machine."""
    application, first = one.application, first_stages(one)
    came_in = application.applied_at
    soon = came_in + timedelta(minutes=policy.automatic_minutes) if came_in else None
    for move in facts.moves:
        if (move.source, move.application_id) != (one.source, application.remote_id):
            continue
        is_moved_on = bool(first) and move.to_stage_id not in first and (soon is None or move.at > soon)
        if move.from_stage_id is not None or is_moved_on:
            yield Reaction(move.at, MOVE)
