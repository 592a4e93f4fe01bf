"""How engaged a person is: a decayed sum of touch days, squashed to 0–100, with the lines that add up to it
(docs/scoring.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sync.core.model import Band, Point, Score, TouchDay
from sync.core.policy import KindPolicy, ScorePolicy
from sync.core.touches import APPLICATION_STARTED, APPLICATION_SUBMITTED, finished_on

_MEMO_DAYS = 400  # ages whose decay is worked out once; older touches are rare


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
        self._steps = ((Band.HOT, policy.hot), (Band.WARM, policy.warm), (Band.COOL, policy.cool), (Band.COLD, 0))
        self._edges = dict(self._steps)
        self.enabled = policy.enabled

    def score(
        self, touches: Iterable[TouchDay], *, today: date, seen: bool, previous: Band | None, without: str = ""
    ) -> Score:
        """See `score`. `without`: a kind whose points are left out."""
        found = self._points(self._weighing(touches, today), today)
        points = tuple(point for point in found if point.kind != without)
        raw = sum(point.points for point in points) if points else None
        return self._whole(raw, points, seen=seen, previous=previous)

    def worth(self, kind: str, age_days: int) -> float | None:
        """Points of one touch day of a kind at an age in days, before the kind's cap. None: a kind without weight, or
        a day that is still to come.
        """
        weighing = self._kinds.get(kind)
        return None if weighing is None or age_days < 0 else weighing.at(age_days)

    def raw(self, worths: Mapping[str, Sequence[float]]) -> float | None:
        """The sum of touch days, each kind capped, from the `worth` of each by kind. None: there are none."""
        return self.capped({kind: math.fsum(found) for kind, found in worths.items()})

    def capped(self, sums: Mapping[str, float]) -> float | None:
        """The sum of kinds, each capped, from the sum of each kind's touch days. None: there are none."""
        return math.fsum(min(self._kinds[kind].cap, points) for kind, points in sums.items()) if sums else None

    def fading(self, kind: str) -> float:
        """What a day leaves of the points of a kind, as a share; nothing of one without weight."""
        weighing = self._kinds.get(kind)
        return 0.0 if weighing is None else float(2.0 ** (-1 / weighing.half_life_days))

    def from_raw(self, raw: float | None, *, seen: bool, previous: Band | None) -> Score:
        """The score of somebody of whom only `raw` is known (None: no touch day weighs): `score` without its points."""
        return self._whole(raw, (), seen=seen, previous=previous)

    def _whole(self, raw: float | None, points: tuple[Point, ...], *, seen: bool, previous: Band | None) -> Score:
        """`raw` None: no touch day weighs."""
        if raw is None and not seen:
            return Score(value=None, raw=0.0, band=Band.UNSCORED, points=())
        raw = raw or 0.0
        value = self.value(raw)
        return Score(value=value, raw=raw, band=self.band(value, previous), points=points)

    def value(self, raw: float) -> int:
        """The score, 0–100, of a sum of points."""
        return round(100 * (1 - math.exp(-raw / self._policy.scale)))

    def band(self, value: int, previous: Band | None) -> Band:
        """The band of a score. A higher band a person was in is left only `hysteresis` points below its edge,
        and then one band at a time, so that a late run ends in the same band as daily ones.
        """
        kept = self._edges[previous] if previous is not None and previous is not Band.UNSCORED else -1
        for band, edge in self._steps:
            if value >= edge or (kept >= edge and value > edge - self._policy.hysteresis):
                return band
        return Band.COLD

    def _weighing(self, touches: Iterable[TouchDay], today: date) -> dict[tuple[str, date], TouchDay | list[TouchDay]]:
        """The touches that weigh, by kind and day; several of one day as a list."""
        kinds = self._kinds
        days: dict[tuple[str, date], TouchDay | list[TouchDay]] = {}
        for touch in _unfinished([one for one in touches if not one.suspect and one.day <= today]):
            if touch.kind not in kinds:
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
    """The score without the points of this kind: what to say in 'without the open day 45'. An application that was
    finished does not come back as one that was started.
    """
    return Scorer(policy).score(touches, today=today, seen=seen, previous=previous, without=kind)


def series(
    touches: Iterable[TouchDay], policy: ScorePolicy, days: Sequence[date], *, seen: bool = False
) -> list[tuple[date, int | None]]:
    """The score as of each local day asked for, in that order. None on days before the first touch of
    somebody not `seen`.
    """
    known, scorer = tuple(touches), Scorer(policy)
    return [(day, scorer.score(known, today=day, seen=seen, previous=None).value) for day in days]


def due_on(score: Score, today: date, next_touch: date | None) -> date | None:
    """The next local day the score can be another: tomorrow while it decays, else the day of the next touch to come (a
    booked meeting). None: only a new touch can change it. A value of 0 stays 0, however small the points become.
    """
    return today + timedelta(days=1) if score.value else next_touch


def last_touch(touches: Iterable[TouchDay], today: date) -> datetime | None:
    """Moment of the newest valid touch up to `today`; where only its day is known, noon UTC of it. None
    without touches.
    """
    valid = (touch for touch in touches if touch.day <= today and not touch.suspect)
    return max((touch.last_at or datetime.combine(touch.day, time(12), UTC) for touch in valid), default=None)


def _unfinished(touches: Sequence[TouchDay]) -> Iterable[TouchDay]:
    """Touches but for applications started that are submitted by now."""
    started = [one for one in touches if one.kind == APPLICATION_STARTED]
    if not started:
        return touches
    submitted = [one for one in touches if one.kind == APPLICATION_SUBMITTED]
    ended = {id(one) for one in started if finished_on(one, submitted)}
    return (one for one in touches if id(one) not in ended)


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
