"""The plays by name: each a small module that says when a person deserves a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sync.core.activity import Activity
from sync.core.facts import OwnTask, PersonFacts
from sync.core.model import Decision, Refusal
from sync.core.plays import (
    abandoned_application,
    call_back,
    cooling,
    event_follow_up,
    fan,
    no_answer,
    promise,
    retention,
    silver_medalist,
    unanswered,
)
from sync.core.plays.acts import since_made
from sync.core.plays.candidacy import candidacy
from sync.core.plays.wish import DIALOGUE, OWED, REQUESTED, Case, No, Wish
from sync.core.policy import Policy
from sync.core.wording_say import Say


def _never(_: Case) -> None:
    return None


def _no_reminder(_: Policy) -> None:
    return None


def _not_done(_: Case, __: OwnTask) -> None:
    return None


def _nothing_more(_: PersonFacts, __: Decision, ___: Say) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class Play:
    """`wish`: what the play wants for a person. `switch`: whether its own settings let it; see `is_on`.

    `next_at`: when the play has to look again though nothing new comes in, aware UTC and later than now; None: never.
    `gate`: whom this play leaves alone though contact policy lets them be called.
    `cools`: a wish that ends has cooled down, and leaves its task standing; else the reason is gone, and the task goes.
    `is_held`: caps, rest and a full desk hold it back, and it is due in working hours. `profiles`: it rests on how the
    person behaves. `ignores`: which refusals it looks past; an erasure is never among them. `ground`: what its task
    rests on by itself, whatever the team attests.
    `apart`: its tasks take no room of the others on a desk, and have as much of their own.
    `counts`: whether something the team did ends the play's open task; `done_by`: what else shows that it was done.
    `reminds`: minutes before the due moment at
    which HubSpot reminds the recruiter; None: not at all.
    `told`: what its template may use besides the variables of every task (docs/wording.md), as text, numbers and lists.
    """

    wish: Callable[[Case], Wish | None]
    switch: Callable[[Policy], bool]
    next_at: Callable[[Case], datetime | None] = _never
    gate: Callable[[Case], No | None] = _never
    cools: bool = False
    is_held: bool = True
    profiles: bool = True
    apart: bool = False
    ignores: frozenset[Refusal] = frozenset()
    ground: str | None = None
    counts: Callable[[Case, OwnTask, Activity], bool] = since_made
    done_by: Callable[[Case, OwnTask], str | None] = _not_done
    reminds: Callable[[Policy], int | None] = _no_reminder
    told: Callable[[PersonFacts, Decision, Say], Mapping[str, object]] = _nothing_more

    def is_on(self, policy: Policy) -> bool:
        """Whether the play may want anything: its own switch, that of all plays, and that of scoring where it rests on
        behaviour."""
        return policy.plays.enabled and (policy.score.enabled or not self.profiles) and self.switch(policy)


PLAYS: Mapping[str, Play] = {
    fan.PLAY: Play(fan.wish, lambda policy: policy.plays.fan.enabled, gate=candidacy, cools=True),
    call_back.PLAY: Play(
        call_back.wish,
        lambda policy: policy.plays.call_back.enabled,
        next_at=call_back.next_at,
        counts=call_back.counts,
        reminds=lambda policy: policy.plays.call_back.reminder_minutes,
        told=call_back.told,
        is_held=False,
        profiles=False,
        ignores=REQUESTED,
        ground="request",
    ),
    promise.PLAY: Play(
        promise.wish,
        lambda policy: policy.plays.promise.enabled,
        next_at=promise.next_at,
        counts=promise.counts,
        done_by=promise.done_by,
        told=promise.told,
        is_held=False,
        profiles=False,
        ignores=OWED,
        ground="application",
    ),
    unanswered.PLAY: Play(
        unanswered.wish,
        lambda policy: policy.plays.unanswered.enabled,
        next_at=unanswered.next_at,
        counts=unanswered.counts,
        told=unanswered.told,
        profiles=False,
        # they wrote or called themselves: the answer goes by the same channel, also after a no
        ignores=DIALOGUE | {Refusal.CHANNEL, Refusal.REST_NO},
    ),
    no_answer.PLAY: Play(
        no_answer.wish,
        lambda policy: policy.plays.no_answer.enabled,
        counts=no_answer.counts,
        told=no_answer.told,
        profiles=False,
        ignores=frozenset({Refusal.REST, Refusal.GAP}),
    ),
    abandoned_application.PLAY: Play(
        abandoned_application.wish,
        lambda policy: policy.plays.abandoned_application.enabled,
        next_at=abandoned_application.next_at,
        gate=candidacy,
        told=abandoned_application.told,
    ),
    silver_medalist.PLAY: Play(
        silver_medalist.wish,
        lambda policy: policy.plays.silver_medalist.enabled,
        gate=candidacy,
        told=silver_medalist.told,
    ),
    event_follow_up.PLAY: Play(
        event_follow_up.wish,
        lambda policy: policy.plays.event_follow_up.enabled,
        next_at=event_follow_up.next_at,
        gate=candidacy,
        told=event_follow_up.told,
    ),
    cooling.PLAY: Play(
        cooling.wish,
        lambda policy: policy.plays.cooling.enabled,
        gate=candidacy,
        told=cooling.told,
    ),
    retention.PLAY: Play(
        retention.wish,
        lambda policy: policy.plays.retention.enabled,
        next_at=retention.next_at,
        told=retention.told,
        profiles=False,
        apart=True,
        # it asks for the very consent that is missing, and by mail
        ignores=frozenset({Refusal.NO_GROUND, Refusal.DO_NOT_CALL, Refusal.NO_PROFILING}),
    ),
}

__all__ = ["PLAYS", "Case", "No", "Play", "Wish"]
