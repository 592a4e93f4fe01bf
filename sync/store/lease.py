"""The lease row: one worker a portal, whatever starts the workers.

Times here are the real clock, never WARMLINE_CLOCK__NOW.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sync.errors import LeaseHeld, LeaseLost
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import to_text

STALE_AFTER_S = 60.0
# Longer than a worker that is awake can need from one proof to the next: a vendor's longest wait and an answer that
# does not come.
AWAY_AFTER_S = 120.0


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that was taken. `token`: new for each worker."""

    name: str
    token: str


def acquire(  # noqa: PLR0913 -- who asks, when, and how to see who is alive
    db: Mirror,
    *,
    name: str,
    token: str,
    host: str,
    pid: int,
    now: datetime,
    real_time: float,
    is_alive: Callable[[int], bool],
) -> Lease:
    """The lease on `name` for this worker. `real_time`: epoch seconds. `is_alive`: whether a process id of
    this host runs.

    A lease of a dead process on this host is taken over at once, any other when it was not renewed for 60 s.
    Raises LeaseHeld, naming host, process and since when, while another worker has it.
    """
    with db.write():
        held = db.row("SELECT token, host, pid, since, renewed_at FROM lease WHERE name = ?", (name,))
        if held is not None and held[0] != token:
            _, held_host, held_pid, since, renewed_at = held
            dead = held_host == host and not is_alive(held_pid)
            # Both ways: after the clock was set back, a lease from "the future" must not last.
            stale = abs(real_time - renewed_at) > STALE_AFTER_S
            if not dead and not stale:
                raise LeaseHeld(
                    f"Another worker runs on this portal: host {held_host}, process {held_pid}, since {since}.",
                    fix="Wait until it is done, or stop that process.",
                )
        row = {
            "name": name,
            "token": token,
            "host": host,
            "pid": pid,
            "since": to_text(now),
            "renewed_at": real_time,
        }
        db.change(query("take_lease"), row)
    return Lease(name, token)


def renew(db: Mirror, lease: Lease, real_time: float) -> None:
    """Shows that the worker still runs. Raises LeaseLost when another one took the lease."""
    with db.write():
        row = (real_time, lease.name, lease.token)
        if not db.change("UPDATE lease SET renewed_at = ? WHERE name = ? AND token = ?", row):
            raise LeaseLost(
                "Another worker took this portal while this one was away.", fix="Run `warmline sync` again."
            )


def prove(db: Mirror, lease: Lease) -> None:
    """Shows, in the last moment before a write leaves, that this worker has not been away.

    Raises LeaseLost when another worker took the lease, and also when nobody did and it was not renewed for 120 s:
    what this worker compared before it went to sleep may be old (docs/decisions/0035).
    """
    with db.write():
        row = {"name": lease.name, "token": lease.token, "away_after_s": AWAY_AFTER_S}
        if not db.change(query("prove_lease"), row):
            raise LeaseLost(
                "This worker was away too long, or another one took this portal; the write in hand was not sent.",
                fix="Run `warmline sync` again.",
            )


def release(db: Mirror, lease: Lease) -> None:
    """Gives the lease back; nothing happens when another worker has taken it."""
    with db.write():
        db.change("DELETE FROM lease WHERE name = ? AND token = ?", (lease.name, lease.token))
