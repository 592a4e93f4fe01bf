"""The wall clock. Nothing else reads it, so a run can be replayed at any moment."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """`now` is what vendor and domain dates are compared with and can be fixed; the other three are always real."""

    def __init__(self, fixed: datetime | None = None) -> None:
        if fixed is not None and fixed.tzinfo is None:
            raise ValueError("a fixed now needs a time zone")
        self._fixed = fixed.astimezone(UTC) if fixed else None

    def now(self) -> datetime:
        """This moment, aware UTC; the fixed one when `clock.now` is set."""
        return self._fixed or datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only go forward: durations and limiters."""
        return time.monotonic()

    def real_time(self) -> float:
        """Epoch seconds of the real clock: leases between processes."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Waits; not at all for 0 or less."""
        if seconds > 0:
            time.sleep(seconds)
