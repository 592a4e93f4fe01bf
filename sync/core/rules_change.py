"""What other rules do to the scores: who changes band, who moves most (docs/scoring.md, changed rules)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.core.model import Band

MOST_NAMED = 10  # people named: those whose score moves most


@dataclass(frozen=True, slots=True)
class Move:
    """A person scored by other rules than before. `before` and `after`: the values; None where unscored."""

    person_id: int
    before: int | None
    after: int | None
    left: Band
    entered: Band

    @property
    def size(self) -> int:
        """How far the value moved; unscored counts as 0."""
        return abs((self.after or 0) - (self.before or 0))


@dataclass(frozen=True, slots=True)
class RulesChange:
    """Everyone scored anew by the rules `version`. `moved`: to another value or band. `bands`: people by band before
    and after. `largest`: the largest moves first.
    """

    version: str = ""
    people: int = 0
    moved: int = 0
    bands: Mapping[tuple[Band, Band], int] = field(default_factory=dict)
    largest: tuple[Move, ...] = ()

    def and_also(self, moves: Iterable[Move]) -> RulesChange:
        """This change with more people scored anew."""
        new = list(moves)
        bands = Counter(self.bands) + Counter((one.left, one.entered) for one in new)
        named = sorted([*self.largest, *(one for one in new if one.size)], key=lambda one: (-one.size, one.person_id))
        moved = self.moved + sum(1 for one in new if (one.before, one.left) != (one.after, one.entered))
        return RulesChange(self.version, self.people + len(new), moved, bands, tuple(named[:MOST_NAMED]))


def to_values(change: RulesChange) -> dict[str, Any]:
    """A change as plain values, to keep or to print as JSON."""
    return {
        "rules_version": change.version,
        "people": change.people,
        "moved": change.moved,
        "bands": [
            {"before": left.value, "after": entered.value, "people": number}
            for (left, entered), number in sorted(change.bands.items(), key=lambda one: _order(one[0]))
        ],
        "largest": [
            {
                "person_id": one.person_id,
                "before": one.before,
                "after": one.after,
                "band_before": one.left.value,
                "band_after": one.entered.value,
            }
            for one in change.largest
        ],
    }


def from_values(values: Mapping[str, Any]) -> RulesChange:
    """The change that `to_values` told."""
    bands = {(Band(one["before"]), Band(one["after"])): one["people"] for one in values["bands"]}
    largest = tuple(
        Move(one["person_id"], one["before"], one["after"], Band(one["band_before"]), Band(one["band_after"]))
        for one in values["largest"]
    )
    return RulesChange(values["rules_version"], values["people"], values["moved"], bands, largest)


def _order(pair: tuple[Band, Band]) -> tuple[int, int]:
    places = list(Band)
    return places.index(pair[0]), places.index(pair[1])
