"""Bands over time, from touch days: a score at any past day follows from the touch days up to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sync.core.engagement import Scorer
from sync.core.facts import PersonFacts
from sync.core.model import Band

_Touch = tuple[date, str, date | None]  # its day, its kind, and the day from which it does not count any more

LONGEST_DAYS = 360  # bands before are forgotten: six half-lives
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
    """What a person's bands follow from: the kinds seen on each local day, with the day from which each does not count
    any more (None: it does), whether HubSpot saw the person, and since which local day the mirror knows them: before it
    there was no band to keep.
    """

    days: Mapping[date, Mapping[str, date | None]]
    seen: bool
    known_since: date


def visible(facts: PersonFacts, days: Mapping[date, Mapping[str, date | None]], known_since: date) -> Visible:
    """Who objects to profiling, or is not in HubSpot, is visible to nobody, also in the past."""
    if facts.contact is None or facts.contact.no_profiling:
        return Visible({}, False, known_since)
    return Visible(days, facts.contact.seen, known_since)


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


def band_now(person: Visible, scorer: Scorer, today: date) -> tuple[Band, date]:
    """The band a person is in had each day been scored since they are known, and since which local day."""
    first = max(person.known_since, today - timedelta(days=LONGEST_DAYS))
    days = [first + timedelta(days=place) for place in range((today - first).days + 1)]
    bands = bands_on(person, scorer, days)
    others = [day for day, band in zip(days, bands, strict=True) if band is not bands[-1]]
    return bands[-1], others[-1] + timedelta(days=1) if others else first


def bands_on(person: Visible, scorer: Scorer, days: Sequence[date]) -> list[Band]:
    """The person's band at the end of each of these local days, which are in order."""
    quiet = Band.COLD if person.seen else Band.UNSCORED
    if not person.days:
        return [quiet] * len(days)
    wanted, bands = set(days), list[Band]()
    band: Band | None = None
    day = days[0] - timedelta(days=WARM_UP_DAYS)
    lasting, passing = _by_end(person)
    sums = _worth(lasting, scorer, day - timedelta(days=1))
    fading = {kind: scorer.fading(kind) for _, kind, _ in lasting}
    while day <= days[-1]:
        for kind in sums:
            sums[kind] *= fading[kind]
        for kind in person.days.get(day, ()):
            worth = scorer.worth(kind, 0) if kind in fading else None
            if worth is not None:
                sums[kind] = sums.get(kind, 0.0) + worth
        kept = band if day > person.known_since else None
        raw = scorer.capped(sums | _worth(passing, scorer, day) if passing else sums)
        band = quiet if raw is None else scorer.band(scorer.value(raw), kept)
        if day in wanted:
            bands.append(band)
        day += timedelta(days=1)
    return bands


def _by_end(person: Visible) -> tuple[list[_Touch], list[_Touch]]:
    """Touch days of kinds of which every day counts for ever, and of kinds of which one ends."""
    touches = [(day, kind, until) for day, kinds in person.days.items() for kind, until in kinds.items()]
    ending = {kind for _, kind, until in touches if until}
    return [one for one in touches if one[1] not in ending], [one for one in touches if one[1] in ending]


def _worth(touches: Sequence[_Touch], scorer: Scorer, today: date) -> dict[str, float]:
    """What touch days are worth on a day, by kind."""
    sums: dict[str, float] = {}
    for day, kind, until in touches:
        worth = scorer.worth(kind, (today - day).days)
        if worth is not None and (until is None or today < until):
            sums[kind] = sums.get(kind, 0.0) + worth
    return sums


def _place(band: Band) -> int:
    return ORDER.index(band) if band in ORDER else -1
