"""What `make torture` prints: one table a proof, filled while the tests run."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

# `make test` plays a sample of each proof, `make torture` all of it.
EVERYTHING = os.environ.get("WARMLINE_TORTURE") == "all"


@dataclass(slots=True)
class Tally:
    """A table with a title; rows of the same first cell are added up."""

    title: str
    head: tuple[str, ...]
    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, name: str, *numbers: int) -> None:
        """Add to the row of that name."""
        row = self.rows.setdefault(name, [0] * len(numbers))
        self.rows[name] = [old + new for old, new in zip(row, numbers, strict=True)]

    def lines(self) -> list[str]:
        """The table as text, with a total when it has more rows than one."""
        rows = [[name, *map(str, numbers)] for name, numbers in self.rows.items()]
        if len(rows) > 1:
            rows.append(["total", *(str(sum(column)) for column in zip(*self.rows.values(), strict=True))])
        widths = [max(len(row[place]) for row in [self.head, *rows]) for place in range(len(self.head))]
        shown = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
        title = "  ".join(cell.rjust(width) for cell, width in zip(self.head, widths, strict=True))
        return ["", self.title, title, *shown]


TALLIES: list[Tally] = []


def tally(title: str, *head: str) -> Tally:
    """A table that is printed at the end."""
    TALLIES.append(Tally(title, head))
    return TALLIES[-1]


def spread(points: int, most: int, *, every: int = 1) -> range:
    """Numbers below `points`: with `every=2` each second one, and so on; in a sample at most `most`, spread evenly."""
    step = every if EVERYTHING else max(1, -(-points // most))
    return range(step // 2, points, step)
