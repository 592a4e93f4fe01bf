"""Bands over time, from touch days: a score at any past day follows from the touch days up to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sync.core.engagement import Scorer
from sync.core.model import Band

WARM_UP_DAYS = 30  # days before the first one asked for, so that hysteresis has its memory
ORDER = (Band.COLD, Band.COOL, Band.WARM, Band.HOT)  # from low to high


@dataclass(slots=True)
class Week:
    """What happened in the seven days up to and with `until`. `sizes`: people in each band at the end. `rose`, `fell`:
    people who ended the week in a higher or lower band than the week before, by the band they ended in. Who had no
    score before rose.
    """

    until: date
    sizes: Counter[Band] = field(default_factory=Counter)
    rose: Counter[Band] = field(default_factory=Counter)
    fell: Counter[Band] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Visible:
    """What a person's bands follow from: the kinds seen on each local day, whether HubSpot saw the person, and since
    which local day the mirror knows them: before it there was no band to keep.
    """

    days: Mapping[date, Collection[str]]
    seen: bool
    known_since: date


def weekly_flow(people: Iterable[Visible], scorer: Scorer, *, until: date, weeks: int) -> list[Week]:
    """The last `weeks` weeks up to `until`, oldest first. Scores are stepped day by day, so that hysteresis holds."""
    ends = [until - timedelta(weeks=back) for back in range(weeks, -1, -1)]
    found = [Week(end) for end in ends]
    for person in people:
        bands = bands_on(person, scorer, ends)
        for week, before, after in zip(found[1:], bands, bands[1:], strict=False):
            week.sizes[after] += 1
            if before is not after and after is not Band.UNSCORED:
                step = week.rose if _place(after) > _place(before) else week.fell
                step[after] += 1
    return found[1:]


def bands_on(person: Visible, scorer: Scorer, days: Sequence[date]) -> list[Band]:
    """The person's band at the end of each of these local days, which are in order."""
    quiet = Band.COLD if person.seen else Band.UNSCORED
    if not person.days:
        return [quiet] * len(days)
    wanted, bands = set(days), list[Band]()
    band: Band | None = None
    day = days[0] - timedelta(days=WARM_UP_DAYS)
    sums = _sums_before(person, scorer, day)
    fading = {kind: scorer.fading(kind) for kinds in person.days.values() for kind in kinds}
    while day <= days[-1]:
        for kind in sums:
            sums[kind] *= fading[kind]
        for kind in person.days.get(day, ()):
            worth = scorer.worth(kind, 0)
            if worth is not None:
                sums[kind] = sums.get(kind, 0.0) + worth
        kept = band if day > person.known_since else None
        raw = scorer.capped(sums)
        band = quiet if raw is None else scorer.band(scorer.value(raw), kept)
        if day in wanted:
            bands.append(band)
        day += timedelta(days=1)
    return bands


def _sums_before(person: Visible, scorer: Scorer, day: date) -> dict[str, float]:
    """What the days before `day` are worth on the day before it, by kind."""
    sums: dict[str, float] = {}
    for earlier, kinds in person.days.items():
        for kind in kinds:
            worth = scorer.worth(kind, (day - earlier).days - 1)
            if worth is not None:
                sums[kind] = sums.get(kind, 0.0) + worth
    return sums


def _place(band: Band) -> int:
    return ORDER.index(band) if band in ORDER else -1
