"""Request limits of a portal: rolling ten seconds, search per second, day (docs/vendor-facts.md).

They run on real time.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.errors import too_many

WINDOW_S = 10.0


@dataclass
class Limits:
    """The three buckets. None switches a bucket off.

    `monotonic` can be replaced by a test that does not want to wait.
    """

    burst: int | None = 190
    search: int | None = 5
    daily: int | None = 650_000
    daily_used: int = 0
    monotonic: Callable[[], float] = time.monotonic
    _burst_at: dict[str, deque[float]] = field(default_factory=dict)
    _search_at: deque[float] = field(default_factory=deque)
    _day: object = None

    def admit(self, token: str, kind: str, portal_now: datetime) -> None:
        """Count one request, or raise the ApiError 429 of the first full bucket.

        `kind`: plain, search or exempt.
        Exempt requests (associations) and searches stay out of the ten-second bucket but count for the day.
        """
        self._turn_day(portal_now)
        now = self.monotonic()
        if self.daily is not None and self.daily_used >= self.daily:
            raise too_many("DAILY")
        if kind == "search":
            self._take(self._search_at, self.search, 1.0, now, "SECONDLY")
        elif kind == "plain":
            self._take(self._burst_at.setdefault(token, deque()), self.burst, WINDOW_S, now, "TEN_SECONDLY_ROLLING")
        self.daily_used += 1

    def headers(self, token: str, kind: str) -> dict[str, str]:
        """The X-HubSpot-RateLimit headers; none on search, none for buckets that are off."""
        found: dict[str, str] = {}
        if kind == "search":
            return found
        if self.burst is not None:
            used = len(self._burst_at.get(token, ()))
            found |= {
                "X-HubSpot-RateLimit-Max": str(self.burst),
                "X-HubSpot-RateLimit-Remaining": str(max(0, self.burst - used)),
                "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            }
        if self.daily is not None:
            found |= {
                "X-HubSpot-RateLimit-Daily": str(self.daily),
                "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, self.daily - self.daily_used)),
            }
        return found

    def _take(self, taken_at: deque[float], most: int | None, window_s: float, now: float, policy: str) -> None:
        while taken_at and taken_at[0] <= now - window_s:
            taken_at.popleft()
        if most is not None and len(taken_at) >= most:
            raise too_many(policy)
        taken_at.append(now)

    def _turn_day(self, portal_now: datetime) -> None:
        if self._day is not None and portal_now.date() != self._day:
            self.daily_used = 0
        self._day = portal_now.date()


def portal_time(now: datetime, zone: str) -> datetime:
    """`now` in the portal's zone, where the daily quota turns at midnight."""
    return now.astimezone(ZoneInfo(zone))
