"""Whom to call first: one entry a person, in one stable order, and who may not be called last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from sync.core.audience import audience
from sync.core.calendar import local_day
from sync.core.contact_policy import call_bar, is_held_out
from sync.core.engagement import Scorer
from sync.core.facts import Owners, PersonFacts, StoredScore
from sync.core.keys import known_markers
from sync.core.model import Owner, Score
from sync.core.person_score import UNSCORED, person_score
from sync.core.plays import (
    PLAYS,
    Case,
    No,
    Wish,
    abandoned_application,
    call_back,
    fan,
    no_answer,
    promise,
    unanswered,
)
from sync.core.policy import Policy
from sync.core.routing import recruiter


class Urgency(IntEnum):
    """What goes first. LATER: an appointment or a next attempt that is for another day."""

    CALL_BACK = 0
    PROMISE = 1
    UNANSWERED = 2
    ABANDONED = 3
    FAN = 4
    REST = 5
    LATER = 6


_BY_PLAY = {
    call_back.PLAY: Urgency.CALL_BACK,
    promise.PLAY: Urgency.PROMISE,
    unanswered.PLAY: Urgency.UNANSWERED,
    abandoned_application.PLAY: Urgency.ABANDONED,
    fan.PLAY: Urgency.FAN,
}
_HAS_A_DAY = frozenset({call_back.PLAY, no_answer.PLAY})
_BY_MOMENT = frozenset({Urgency.CALL_BACK, Urgency.LATER})  # an appointment goes by its time, whoever it is with


@dataclass(frozen=True, slots=True)
class Call:
    """One person on the list. `wish`: the strongest thing asked for; None: nothing but the score. `bar`: why they may
    not be called. `owner` None: nobody's."""

    facts: PersonFacts
    score: Score
    urgency: Urgency
    wish: Wish | None = None
    owner: Owner | None = None
    bar: No | None = None

    @property
    def order(self) -> tuple[bool, int, float, float, int]:
        """Sorts calls: who may be called, the most urgent, the warmest; of equals the lowest person id."""
        at = self.wish.due_at.timestamp() if self.wish and self.urgency in _BY_MOMENT else 0.0
        return (self.bar is not None, self.urgency, at, -self.score.raw, self.facts.person_id)

    @property
    def is_for_today(self) -> bool:
        """Whether it belongs on the list of the day."""
        return self.bar is None and self.urgency is not Urgency.LATER


@dataclass(frozen=True, slots=True)
class Lister:
    """Makes a person's entry as of `now`, aware UTC."""

    policy: Policy
    now: datetime
    owners: Owners
    scorer: Scorer

    def call(self, facts: PersonFacts) -> Call | None:
        """The person's entry. None: neither a score nor anything asked for, or nobody in the audience."""
        today = local_day(self.now, self.policy.time.zone)
        score = live_score(facts, self.policy, self.scorer, self.now)
        wish = self._wish(with_score(facts, score))
        if score.value is None and wish is None:
            return None
        return Call(
            facts,
            score,
            urgency_of(Case(facts, self.policy, self.now), wish),
            wish,
            recruiter(facts, self.policy.routing, self.owners, today),
            call_bar(facts, self.policy, self.now, wish.play if wish else None),
        )

    def _wish(self, facts: PersonFacts) -> Wish | None:
        if facts.score is None or audience(facts, self.policy.audience) is not None:
            return None
        case = Case(facts, self.policy, self.now)
        standing = [(urgency_of(case, wish), wish.due_at, wish.play, wish) for wish in _standing(case)]
        return min(standing, default=(None, None, None, None), key=lambda one: one[:3])[3]


def live_score(facts: PersonFacts, policy: Policy, scorer: Scorer, now: datetime) -> Score:
    """The score as of now, whatever the last run stored; unscored for a person outside the audience."""
    if audience(facts, policy.audience) is not None:
        return UNSCORED
    return person_score(facts, scorer, local_day(now, policy.time.zone))


def with_score(facts: PersonFacts, score: Score) -> PersonFacts:
    """The facts with that score; a person who was never scored stays so."""
    if facts.score is None:
        return facts
    return replace(facts, score=StoredScore(score.value, score.raw, score.band, facts.score.band_since))


def urgency_of(case: Case, wish: Wish | None) -> Urgency:
    """What kind of call it is. An appointment, or a next attempt, of a later day waits for that day."""
    if wish is None:
        return Urgency.REST
    if wish.play in _HAS_A_DAY and local_day(wish.due_at, case.policy.time.zone) > case.today:
        return Urgency.LATER
    return _BY_PLAY.get(wish.play, Urgency.REST)


def todays(calls: Iterable[Call], capacity: int) -> dict[str, list[Call]]:
    """What each recruiter can do today, by owner id, in call order; who is nobody's is on no list."""
    found: dict[str, list[Call]] = {}
    for call in sorted(calls, key=lambda one: one.order):
        own = found.setdefault(call.owner.remote_id, []) if call.owner and call.is_for_today else None
        if own is not None and len(own) < capacity:
            own.append(call)
    return found


def _standing(case: Case) -> Iterator[Wish]:
    """What the plays want and was not done yet. Plays that rest on behaviour leave some people alone."""
    objects = case.facts.contact is not None and case.facts.contact.no_profiling
    for play in PLAYS.values():
        wish = play.wish(case) if play.is_on(case.policy) and not (play.profiles and objects) else None
        if wish is None or play.gate(case) is not None or _is_done(case, wish):
            continue
        if not (play.profiles and is_held_out(case.facts, case.policy)):
            yield wish


def _is_done(case: Case, wish: Wish) -> bool:
    """Whether the occasion had its task, and that was closed."""
    markers = known_markers(case.facts, case.policy.portal_id, wish.play, wish.occasion)
    return any(task.marker in markers and not task.open for task in case.facts.tasks)
