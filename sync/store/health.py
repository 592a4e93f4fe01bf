"""What tells whether somebody is at work: the first runs, and the lease as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sync.store.db import Mirror
from sync.store.lease import STALE_AFTER_S


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lease. `renewed_at`: epoch seconds of the real clock."""

    host: str
    pid: int
    since: datetime
    renewed_at: float

    def is_alive(self, real_time: float) -> bool:
        """Whether it was renewed lately enough that no other worker may take it."""
        return abs(real_time - self.renewed_at) <= STALE_AFTER_S


def lease_holder(db: Mirror, name: str) -> Holder | None:
    """Who holds a lease; None: nobody."""
    row = db.row("SELECT host, pid, since, renewed_at FROM lease WHERE name = ?", (name,))
    return None if row is None else Holder(row[0], row[1], datetime.fromisoformat(row[2]), row[3])


def first_complete(db: Mirror) -> datetime | None:
    """When the first complete run of this mirror started; None: there was none."""
    row = db.row("SELECT started_at FROM run WHERE complete = 1 ORDER BY started_at LIMIT 1")
    return None if row is None else datetime.fromisoformat(row[0])


def first_scheduled(db: Mirror) -> datetime | None:
    """When `warmline run` first did anything here; None: it never did."""
    row = db.row("SELECT started_at FROM run WHERE command GLOB 'run *' ORDER BY started_at LIMIT 1")
    return None if row is None else datetime.fromisoformat(row[0])
