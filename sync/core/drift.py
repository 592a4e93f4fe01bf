"""Whether the scores lie otherwise than they did: a band whose share moved much has a cause to look for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sync.core.model import Band


@dataclass(frozen=True, slots=True)
class DriftPolicy:
    """`share`: how much a band's share may move, as a part of what it was. `days`: over how many. `people`: a band that
    held fewer than this before and after is not looked at."""

    share: float = 0.5
    days: int = 7
    people: int = 20


@dataclass(frozen=True, slots=True)
class Drift:
    """A band that moved: its share of all people on an earlier day, and now."""

    band: Band
    since: date
    before: float
    after: float

    def __str__(self) -> str:
        return f"{self.band.value} went from {self.before:.0%} of the people on {self.since} to {self.after:.0%}"


def drifts(before: Mapping[Band, int], after: Mapping[Band, int], policy: DriftPolicy, since: date) -> list[Drift]:
    """The bands whose share moved by more than `policy.share` of what it was, in order of bands. Nobody before or
    nobody after: none. Raises nothing."""
    all_before, all_after = sum(before.values()), sum(after.values())
    if not all_before or not all_after:
        return []
    found = []
    for band in Band:
        old, new = before.get(band, 0), after.get(band, 0)
        one = Drift(band, since, old / all_before, new / all_after)
        if max(old, new) >= policy.people and abs(one.after - one.before) > policy.share * one.before:
            found.append(one)
    return found
