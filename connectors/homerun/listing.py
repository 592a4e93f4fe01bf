"""All applications of a company, listed once for both streams that are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.homerun.api import APPLICATIONS, Api
from connectors.protocols import Rejected, Shortage, Window
from connectors.rows import Row


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything a walk showed. `shortage`: the vendor counts more than came."""

    rows: Sequence[Row]
    rejected: Sequence[Rejected]
    shortage: Shortage | None


class Listing:
    """A company has a few thousand applications; they are held while the two streams of a run are read."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._kept: tuple[Window, Whole] | None = None

    def read(self, window: Window) -> Whole:
        """All applications as they are now, kept for the same window."""
        found: dict[str, Row] = {}
        rejected: list[Rejected] = []
        total: int | None = None
        for leaf in self._api.walk(APPLICATIONS):
            found.update((str(row["id"]), row) for row in leaf.rows)
            rejected += leaf.rejected
            total = leaf.total
        came = len(found) + len(rejected)
        short = Shortage(came, total) if total is not None and came < total else None
        whole = Whole(list(found.values()), rejected, short)
        self._kept = window, whole
        return whole

    def take(self, window: Window) -> Whole:
        """Those kept for this window, which are then forgotten; read anew when there are none."""
        kept = self._kept
        whole = kept[1] if kept and kept[0] == window else self.read(window)
        self._kept = None
        return whole
