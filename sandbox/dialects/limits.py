"""A vendor's request limit that starts anew every so many seconds."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.errors import ApiError


@dataclass
class FixedWindow:
    """At most `limit` requests in each window of `window_s`. None switches it off.

    `monotonic` can be replaced by a test whose client sleeps on fake time.
    """

    limit: int | None
    window_s: float
    monotonic: Callable[[], float] = time.monotonic
    used: int = 0
    _opened_at: float = -math.inf

    def admit(self) -> None:
        """Count one request, or raise ApiError 429."""
        self._turn()
        if self.limit is not None and self.used >= self.limit:
            raise ApiError(429, "Too many requests", None)
        self.used += 1

    @property
    def left(self) -> int:
        """Requests left in the window."""
        self._turn()
        return max(0, (self.limit or 0) - self.used)

    @property
    def reset_s(self) -> int:
        """Whole seconds, rounded up, until the next window."""
        self._turn()
        return max(0, math.ceil(self._opened_at + self.window_s - self.monotonic()))

    def _turn(self) -> None:
        now = self.monotonic()
        if not 0 <= now - self._opened_at < self.window_s:
            self._opened_at, self.used = now, 0
