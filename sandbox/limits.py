"""Request limits of a portal: rolling ten seconds, search per second, day (docs/vendor-facts.md).

They run on real time.
"""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn
from zoneinfo import ZoneInfo

from sandbox.errors import too_many

WINDOW_S = 10.0


@dataclass
class Limits:
    """The three buckets. None switches a bucket off.

    `monotonic` can be replaced by a test that does not want to wait.
    `impatient`: requests by policy that came while their bucket, which had refused one already, was still full: a
    client that waits out a 429 makes none.
    """

    burst: int | None = 190
    search: int | None = 5
    daily: int | None = 650_000
    daily_used: int = 0
    monotonic: Callable[[], float] = time.monotonic
    impatient: Counter[str] = field(default_factory=Counter)
    _burst_at: dict[str, deque[float]] = field(default_factory=dict)
    _search_at: deque[float] = field(default_factory=deque)
    _full_until: dict[str, float] = field(default_factory=dict)
    _crowded_until: dict[str, float] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _day: object = None

    def admit(self, token: str, kind: str, portal_now: datetime) -> None:
        """Count one request, or raise the ApiError 429 of the first full bucket.

        `kind`: plain, search or exempt.
        Exempt requests (associations) and searches stay out of the ten-second bucket but count for the day.
        """
        self._turn_day(portal_now)
        now = self.monotonic()
        if self.daily is not None and self.daily_used >= self.daily:
            self._refuse("DAILY", now, float("inf"))
        policy = "SECONDLY" if kind == "search" else "TEN_SECONDLY_ROLLING"
        if self._crowded_until.get(kind, now) > now:
            self._refuse(policy, now, self._crowded_until[kind])
        if kind == "search":
            self._take(self._search_at, self.search, 1.0, now, policy)
        elif kind == "plain":
            self._take(self._burst_at.setdefault(token, deque()), self.burst, WINDOW_S, now, policy)
        self.daily_used += 1

    def crowd(self, kind: str, for_s: float, *, tells: bool = False) -> None:
        """Other apps of the account fill the bucket of this kind for so long; `tells`: its 429 say how long."""
        self._crowded_until[kind] = self.monotonic() + for_s
        (self._told.add if tells else self._told.discard)(kind)

    def forget_refusals(self) -> None:
        """No client was told that a bucket is full: the answer was lost."""
        self._full_until.clear()

    def retry_after(self, kind: str) -> dict[str, str]:
        """The Retry-After of a 429 in this bucket, whole seconds; none where the portal does not tell."""
        left = self._crowded_until.get(kind, 0.0) - self.monotonic()
        return {"Retry-After": str(math.ceil(left))} if kind in self._told and left > 0 else {}

    def headers(self, token: str, kind: str, *, day: bool = True) -> dict[str, str]:
        """The X-HubSpot-RateLimit headers; none on search, none for buckets that are off. `day`: those of the day too,
        which an installed app is not told."""
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
        if self.daily is not None and day:
            found |= {
                "X-HubSpot-RateLimit-Daily": str(self.daily),
                "X-HubSpot-RateLimit-Daily-Remaining": str(max(0, self.daily - self.daily_used)),
            }
        return found

    def _take(self, taken_at: deque[float], most: int | None, window_s: float, now: float, policy: str) -> None:
        while taken_at and taken_at[0] <= now - window_s:
            taken_at.popleft()
        if most is not None and len(taken_at) >= most:
            self._refuse(policy, now, taken_at[-most] + window_s if most else float("inf"))
        taken_at.append(now)

    def _refuse(self, policy: str, now: float, until: float) -> NoReturn:
        if now < self._full_until.get(policy, now):
            self.impatient[policy] += 1
        self._full_until[policy] = until
        raise too_many(policy)

    def _turn_day(self, portal_now: datetime) -> None:
        if self._day is not None and portal_now.date() != self._day:
            self.daily_used = 0
            self._full_until.pop("DAILY", None)
        self._day = portal_now.date()


def portal_time(now: datetime, zone: str) -> datetime:
    """`now` in the portal's zone, where the daily quota turns at midnight."""
    return now.astimezone(ZoneInfo(zone))
