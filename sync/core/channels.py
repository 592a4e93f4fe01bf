"""From touch to application to hire, by where people came from (docs/reports.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sync.core.disclosure import Hidden, hidden_groups, is_few
from sync.core.spans import Times, times


@dataclass(frozen=True, slots=True)
class Journey:
    """A person's way: the first and the last touch up to the day they applied, that day included; without an
    application, of all. Days are local. `touched_on`, `applied_on`, `hired_on` None: not (known). `hired`: of that
    application. `origin`: where the application, or the candidate, came from by the source; '' unknown.
    """

    person: str
    origin: str = ""
    first_kind: str = ""
    last_kind: str = ""
    touched_on: date | None = None
    applied_on: date | None = None
    hired: bool = False
    hired_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the people of a channel came. `touched`: before they applied, or at all. `to_applied`, `to_hired`: whole
    days from the first touch to applying, and from applying to being hired."""

    people: int = 0
    touched: int = 0
    applied: int = 0
    hired: int = 0
    to_applied: Times = Times()
    to_hired: Times = Times()


@dataclass(frozen=True, slots=True)
class Channel:
    """One row: `reach` None where it is `hidden`."""

    key: str
    reach: Reach | None
    hidden: Hidden | None = None


@dataclass(frozen=True, slots=True)
class Channels:
    """`total` None: it is of fewer than five people. `rows`: by key; '' where the channel is not known."""

    total: Reach | None
    rows: tuple[Channel, ...]


def channels(journeys: Sequence[Journey], by: Callable[[Journey], str]) -> Channels:
    """The reach of all and of each channel, those of too few people hidden. `journeys`: any order, one a person."""
    found: dict[str, list[Journey]] = defaultdict(list)
    for one in journeys:
        found[by(one)].append(one)
    hidden = hidden_groups({key: {one.person for one in those} for key, those in found.items()})
    rows = tuple(Channel(key, None if key in hidden else reach(found[key]), hidden.get(key)) for key in sorted(found))
    return Channels(None if is_few({one.person for one in journeys}) else reach(journeys), rows)


def reach(journeys: Sequence[Journey]) -> Reach:
    """How far these people came."""
    ways = [
        ((one.applied_on - one.touched_on).days, one.person)
        for one in journeys
        if one.applied_on is not None and one.touched_on is not None
    ]
    hires = [
        ((one.hired_on - one.applied_on).days, one.person)
        for one in journeys
        if one.hired and one.hired_on is not None and one.applied_on is not None and one.hired_on >= one.applied_on
    ]
    return Reach(
        people=len({one.person for one in journeys}),
        touched=sum(1 for one in journeys if one.touched_on is not None),
        applied=sum(1 for one in journeys if one.applied_on is not None),
        hired=sum(1 for one in journeys if one.hired),
        to_applied=times(ways),
        to_hired=times(hires),
    )
