"""How engaged a person is: a decayed sum of touch days, squashed to 0–100, with the lines that add up to it
(docs/scoring.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sync.core.model import Band, Point, Score, TouchDay
from sync.core.policy import KindPolicy, ScorePolicy

_MEMO_DAYS = 400  # ages whose decay is worked out once; older touches are rare
_BANDS = (Band.HOT, Band.WARM, Band.COOL, Band.COLD)  # from high to low


class _Kind:
    """A weighing kind: `worth[age]` is what one touch day gives at that age in days."""

    __slots__ = ("cap", "half_life_days", "weight", "worth")

    def __init__(self, policy: KindPolicy) -> None:
        self.weight = policy.weight
        self.half_life_days = policy.half_life_days
        self.cap = policy.cap
        self.worth = [self._decayed(age) for age in range(_MEMO_DAYS)]

    def at(self, age_days: int) -> float:
        return self.worth[age_days] if age_days < _MEMO_DAYS else self._decayed(age_days)

    def _decayed(self, age_days: int) -> float:
        return float(self.weight * 2.0 ** (-age_days / self.half_life_days))


class Scorer:
    """Scores many people by one policy; the decay of every kind and age is worked out once."""

    def __init__(self, policy: ScorePolicy) -> None:
        self._policy = policy
        self._kinds = {name: _Kind(kind) for name, kind in policy.kinds.items() if kind.weight > 0}
        self._edges = {Band.HOT: policy.hot, Band.WARM: policy.warm, Band.COOL: policy.cool, Band.COLD: 0}

    def score(self, touches: Iterable[TouchDay], *, today: date, seen: bool, previous: Band | None) -> Score:
        """See `score`."""
        points = self._points(self._weighing(touches, today), today)
        if not points and not seen:
            return Score(value=None, raw=0.0, band=Band.UNSCORED, points=())
        raw = sum(point.points for point in points)
        value = self.value(raw)
        return Score(value=value, raw=raw, band=self.band(value, previous), points=tuple(points))

    def value(self, raw: float) -> int:
        """The score, 0–100, of a sum of points."""
        return round(100 * (1 - math.exp(-raw / self._policy.scale)))

    def band(self, value: int, previous: Band | None) -> Band:
        """The band of a score. A higher band a person was in is left only `hysteresis` points below its edge,
        and then one band at a time, so that a late run ends in the same band as daily ones.
        """
        sticky = previous is not None and previous is not Band.UNSCORED
        for band in _BANDS:
            edge = self._edges[band]
            if value >= edge:
                return band
            if (
                sticky
                and previous is not None
                and self._edges[previous] >= edge
                and value > edge - self._policy.hysteresis
            ):
                return band
        return Band.COLD

    def _weighing(self, touches: Iterable[TouchDay], today: date) -> dict[tuple[str, date], TouchDay | list[TouchDay]]:
        """The touches that weigh, by kind and day; several of one day as a list."""
        kinds = self._kinds
        days: dict[tuple[str, date], TouchDay | list[TouchDay]] = {}
        for touch in touches:
            if touch.suspect or touch.kind not in kinds or touch.day > today:
                continue
            key = (touch.kind, touch.day)
            there = days.setdefault(key, touch)
            if there is not touch:
                days[key] = [*there, touch] if isinstance(there, list) else [there, touch]
        return days

    def _points(self, days: dict[tuple[str, date], TouchDay | list[TouchDay]], today: date) -> list[Point]:
        """A line for each kind and day, by kind, newest day first. A capped kind's lines are scaled to sum to
        its cap.
        """
        ordinal = today.toordinal()
        by_kind: dict[str, list[tuple[int, TouchDay | list[TouchDay]]]] = {}
        for (name, day), there in days.items():
            by_kind.setdefault(name, []).append((ordinal - day.toordinal(), there))
        points: list[Point] = []
        for name in sorted(by_kind):
            kind, aged = self._kinds[name], by_kind[name]
            aged.sort(key=_age)
            worths = [kind.at(age) for age, _ in aged]
            total = sum(worths)
            scale = kind.cap / total if total > kind.cap else 1.0
            for (age, there), worth in zip(aged, worths, strict=True):
                touch = _union(there) if isinstance(there, list) else there
                points.append(Point(name, touch.day, touch.count, age, kind.weight, worth * scale, touch.job_id))
        return points


def score(touches: Iterable[TouchDay], policy: ScorePolicy, *, today: date, seen: bool, previous: Band | None) -> Score:
    """Engagement of one person on local day `today`, with the points that sum to `raw`.

    `touches` in any order, over all linked records: rows of one kind and day count once. Suspect rows, days
    after `today` and kinds without weight give nothing. No weighing touch: 0 and COLD for a person who was
    `seen`, else None and UNSCORED. `previous`: the band as last computed, for hysteresis. For many people use
    one `Scorer`. Raises nothing.
    """
    return Scorer(policy).score(touches, today=today, seen=seen, previous=previous)


def without(
    touches: Iterable[TouchDay],
    kind: str,
    policy: ScorePolicy,
    *,
    today: date,
    seen: bool,
    previous: Band | None = None,
) -> Score:
    """The score had there been no touch of this kind: what to say in 'without the open day 45'."""
    rest = [touch for touch in touches if touch.kind != kind]
    return score(rest, policy, today=today, seen=seen, previous=previous)


def series(
    touches: Iterable[TouchDay], policy: ScorePolicy, days: Sequence[date], *, seen: bool = False
) -> list[tuple[date, int | None]]:
    """The score as of each local day asked for, in that order. None on days before the first touch of
    somebody not `seen`.
    """
    known, scorer = tuple(touches), Scorer(policy)
    return [(day, scorer.score(known, today=day, seen=seen, previous=None).value) for day in days]


def due_again(score: Score, today: date, touches: Iterable[TouchDay] = ()) -> date | None:
    """The next local day the score can be another: tomorrow while it decays, else the first day of a coming
    touch in `touches` (a booked meeting). None: only a new touch can change it. A value of 0 stays 0, however
    small the points become.
    """
    if score.value:
        return today + timedelta(days=1)
    return min((touch.day for touch in touches if touch.day > today and not touch.suspect), default=None)


def last_touch(touches: Iterable[TouchDay], today: date) -> datetime | None:
    """Moment of the newest valid touch up to `today`; where only its day is known, noon UTC of it. None
    without touches.
    """
    valid = (touch for touch in touches if touch.day <= today and not touch.suspect)
    return max((touch.last_at or datetime.combine(touch.day, time(12), UTC) for touch in valid), default=None)


def _age(aged: tuple[int, object]) -> int:
    return aged[0]


def _union(touches: Sequence[TouchDay]) -> TouchDay:
    """One touch for the rows of a kind and day. The same job seen on two records counts as seen once; jobs
    add up.
    """
    most: dict[str, int] = {}
    for touch in touches:
        most[touch.job_id] = max(touch.count, most.get(touch.job_id, 0))
    first = touches[0]
    return TouchDay(first.kind, first.day, sum(most.values()), None, min((job for job in most if job), default=""))
