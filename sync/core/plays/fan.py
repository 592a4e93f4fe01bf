"""Play `fan`: somebody who keeps coming back, applied or not. Call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from sync.core.calendar import add_working_minutes
from sync.core.facts import PersonFacts
from sync.core.model import Band, TouchDay
from sync.core.plays.wish import Case, Wish
from sync.core.policy import KindPolicy
from sync.core.touches import APPLICATION_STARTED, APPLICATION_SUBMITTED

PLAY = "fan"

_NOT_A_VISIT = frozenset({APPLICATION_SUBMITTED, APPLICATION_STARTED})


def wish(case: Case) -> Wish | None:
    """A call while the person is hot, or had weighing touches on enough different local days lately; None
    otherwise.

    Applying is no sign of coming back: those touches make no day. The occasion is the day the spell began
    (its newest weighing touch day) and is taken from the previous decision while that one was wanted, so that
    a spell has one task.
    """
    facts, policy, score = case.facts, case.policy.plays.fan, case.facts.score
    if score is None:
        return None
    touched = _touch_days(facts.touches, case.policy.score.kinds, case.today)
    first = case.today - timedelta(days=policy.within_days - 1)
    lately = sorted({touch.day for touch in touched if touch.day >= first and touch.kind not in _NOT_A_VISIT})
    reasons: tuple[str, ...] = ("hot",) if score.band is Band.HOT else ()
    if len(lately) >= policy.days:
        reasons += ("days:" + ",".join(day.isoformat() for day in lately),)
    if not reasons:
        return None
    entered = max((touch.day for touch in touched), default=score.band_since)
    due_at = add_working_minutes(case.now, policy.due_working_minutes, case.policy.time)
    return Wish(PLAY, _lasting_occasion(facts) or entered.isoformat(), reasons, due_at)


def _touch_days(touches: Iterable[TouchDay], kinds: Mapping[str, KindPolicy], today: date) -> list[TouchDay]:
    weighing = {name for name, kind in kinds.items() if kind.weight > 0}
    return [touch for touch in touches if touch.kind in weighing and touch.day <= today and not touch.suspect]


def _lasting_occasion(facts: PersonFacts) -> str | None:
    return next((one.occasion for one in facts.previous if one.play == PLAY and one.wanted), None)
