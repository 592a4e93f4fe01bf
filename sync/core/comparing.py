"""Our figure beside a public one: measured as near to it as the mirror allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.core.disclosure import is_few
from sync.core.promise import FIRST_REACTION, Promise
from sync.core.service import Answer, Served, answer
from sync.core.spans import times

_WEEK = timedelta(days=7)
_LEFT_OUT = {Answer.WITHDRAWN, Answer.UNSEEN}


@dataclass(frozen=True, slots=True)
class _Heard:
    """Whose it is, how long ago they applied, and after how long they heard; None: not yet."""

    person: str
    ago: timedelta
    after: timedelta | None
    answer: Answer


def own_figures(served: Sequence[Served], now: datetime) -> dict[str, float | None]:
    """Ours by measure: shares in per cent, `decision_weeks` in calendar weeks. None: of fewer than five people.

    `never`: of those who heard or whose date passed. `within_week`, `not_within_…`: of those who applied that long ago
    or heard before. Whoever withdrew, and whoever of whom it cannot be seen, is left out.
    """
    found = [_heard(one.person, promise, now) for one in served if (promise := one.promise(FIRST_REACTION)) is not None]
    counted = [one for one in found if one.answer not in _LEFT_OUT]
    return {name: figure(counted) for name, figure in MEASURES.items()} | {"decision_weeks": _weeks(served)}


def _heard(person: str, promise: Promise, now: datetime) -> _Heard:
    after = promise.kept_at - promise.began_at if promise.kept_at else None
    return _Heard(person, now - promise.began_at, after, answer(promise, now))


def _never(found: Iterable[_Heard]) -> float | None:
    return _share([(one.person, one.answer is Answer.NEVER) for one in found if one.answer is not Answer.WAITING])


def _within(span: timedelta, *, heard: bool = True) -> Callable[[Iterable[_Heard]], float | None]:
    """How many heard within a span; `heard` False: how many did not."""

    def share(found: Iterable[_Heard]) -> float | None:
        told = [one for one in found if one.after is not None or one.ago > span]
        return _share([(one.person, (one.after is not None and one.after <= span) is heard) for one in told])

    return share


def _share(found: Sequence[tuple[str, bool]]) -> float | None:
    """How many per cent are true."""
    if is_few({person for person, _ in found}):
        return None
    return round(100 * sum(1 for _, is_so in found if is_so) / len(found), 1)


def _weeks(served: Iterable[Served]) -> float | None:
    spans = [(one.person, one.decided_at - one.began_at) for one in served if one.decided_at is not None]
    middle = times((span / _WEEK, person) for person, span in spans if span >= timedelta()).median
    return None if middle is None else round(middle, 1)


MEASURES: Mapping[str, Callable[[Iterable[_Heard]], float | None]] = {
    "never": _never,
    "within_week": _within(_WEEK),
    "not_within_five_weeks": _within(5 * _WEEK, heard=False),
    "not_within_two_months": _within(timedelta(days=61), heard=False),
}
