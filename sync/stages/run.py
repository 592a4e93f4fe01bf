"""What every stage of a run is handed: the open mirror, the lease, the moment, the policy. Stages add nothing to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from sync.core.calendar import local_day
from sync.core.policy import Policy
from sync.core.rules_change import RulesChange
from sync.store.db import Mirror
from sync.store.lease import Lease

Progress = Callable[[str, int, int | None], None]
OnRulesChange = Callable[[RulesChange], None]


def silent(label: str, done: int, total: int | None) -> None:  # noqa: ARG001
    """The progress of a run nobody watches."""


def untold(change: RulesChange) -> None:  # noqa: ARG001
    """What a change of rules did, for nobody."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `now`: aware UTC, the same for the whole run, so that every decision of it speaks of one moment.

    `progress(label, done, total)`: told after each page or batch; `total` None when unknown. `monotonic`: real
    seconds, for durations in the log only. `sleep`: waits real seconds, in tests none. `on_rules_change`: told what
    other rules did to the scores, before anything is written to HubSpot.
    """

    db: Mirror
    lease: Lease
    run_id: str
    now: datetime
    policy: Policy
    progress: Progress = field(default=silent)
    monotonic: Callable[[], float] = field(default=lambda: 0.0)
    on_rules_change: OnRulesChange = field(default=untold)
    sleep: Callable[[float], None] = field(default=lambda _: None)

    @property
    def today(self) -> date:
        """The team's local day of `now`."""
        return local_day(self.now, self.policy.time.zone)


BATCH = 500
