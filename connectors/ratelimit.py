"""HubSpot's request budget: burst, search, associations, daily; learned from headers, with a share left for
other apps.

Why these: docs/vendor-facts.md, limits. Every header is optional.
"""

from __future__ import annotations

import json
import re
import threading
import time
from bisect import bisect_right, insort
from collections.abc import Callable, Mapping
from typing import Any

from connectors.http import Answer, retry_after_s
from connectors.retry import LONGEST_ASKED_S
from sync.errors import DailyLimitReached, RateLimited

BURST = "burst"
SEARCH = "search"  # 5 a second for the whole account, outside the burst bucket, without headers
ASSOCIATIONS = "associations"  # batch calls: outside the burst bucket, 100 in 10 s at the lowest tier

BURST_FLOOR = 100  # the lowest tier's burst, assumed until a header says otherwise
INTERVAL_S = 10.0
SEARCHES_PER_S = 4
UNNAMED_WAIT_S = 1.0  # after a 429 that tells neither its policy nor a wait


class OpenGate:
    """No limit but what a 429 says."""

    def acquire(self, _bucket: str) -> None:
        pass

    def learn(self, _bucket: str, _headers: Mapping[str, str]) -> None:
        pass

    def refused(self, _bucket: str, answer: Answer) -> RateLimited:
        return RateLimited("Too many requests (429).", retry_after_s=retry_after_s(answer.headers))


class RollingWindow:
    """At most `limit` requests in any `interval_s`. Moments are the injected clock's."""

    def __init__(self, limit: int, interval_s: float) -> None:
        self.limit = limit
        self.interval_s = interval_s
        self._sent: list[float] = []
        self._shut_until = float("-inf")

    def book(self, now: float) -> float:
        """Seconds to wait before the request may go; the place is taken at once, so that threads do not race
        for it.
        """
        del self._sent[: bisect_right(self._sent, now - self.interval_s)]
        start = max(now, self._shut_until)
        if len(self._sent) >= self.limit:
            start = max(start, self._sent[-self.limit] + self.interval_s)
        insort(self._sent, start)
        return start - now

    def fill(self, used: int, now: float) -> None:
        """Counts requests the vendor has seen and this process has not sent (another process on the same
        key).
        """
        for _ in range(used - len(self._sent)):
            insort(self._sent, now)

    def shut(self, until: float) -> None:
        """Nothing goes before `until`."""
        self._shut_until = max(self._shut_until, until)

    def shut_for(self, now: float) -> float:
        """Seconds until anything may go again; 0 when it may."""
        return max(0.0, self._shut_until - now)


class Limiter:
    """The gate of one portal: waits before a request would be throttled, stops before the day's reserve is
    eaten.

    `share`: part of each burst this app uses. `daily_reserve`: part of the account's day that is left to its
    other apps.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        *,
        share: float = 0.8,
        daily_reserve: float = 0.2,
        searches_per_s: int = SEARCHES_PER_S,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._share = share
        self._reserve = daily_reserve
        self._lock = threading.Lock()
        self._day_is_spent = False
        self.daily_left: int | None = None  # of the whole account, as the last answer said
        self._windows = {
            BURST: RollingWindow(self._allowed(BURST_FLOOR), INTERVAL_S),
            SEARCH: RollingWindow(searches_per_s, 1.0),
            ASSOCIATIONS: RollingWindow(self._allowed(BURST_FLOOR), INTERVAL_S),
        }

    def acquire(self, bucket: str) -> None:
        """Returns when a request of this bucket may be sent, also when a 429 came while it waited.

        Raises DailyLimitReached: the day is spent, or was found to be.
        """
        with self._lock:
            self._check_daily()
            wait_s = self._windows[bucket].book(self._clock())
        while wait_s > 0:
            self._sleep(wait_s)
            with self._lock:
                self._check_daily()
                wait_s = self._windows[bucket].shut_for(self._clock())

    def learn(self, bucket: str, headers: Mapping[str, str]) -> None:
        """Takes over the limits an answer names.

        Burst headers count on burst requests only; daily ones always.
        """
        with self._lock:
            self._learn_daily(headers)
            if bucket == BURST:
                self._learn_burst(headers)

    def refused(self, bucket: str, answer: Answer) -> RateLimited:
        """The error for a 429, its wait by the policy the body names (docs/vendor-facts.md)."""
        policy = _policy(answer.body)
        asked = retry_after_s(answer.headers)
        with self._lock:
            if "daily" in policy:
                self._day_is_spent = True
                return DailyLimitReached(
                    "The portal's daily quota is used up.", fix="Resumes after the portal's midnight."
                )
            wait_s = self._wait_by_policy(policy, asked)
            self._shut(bucket, policy, UNNAMED_WAIT_S if wait_s is None else min(wait_s, LONGEST_ASKED_S))
        return RateLimited("Too many requests (429).", retry_after_s=wait_s)

    def _wait_by_policy(self, policy: str, asked: float | None) -> float | None:
        """Seconds until the window that was full has room; None when the answer does not tell."""
        if policy.startswith("ten"):
            longest = min(self._windows[BURST].interval_s, INTERVAL_S)
            return longest if asked is None else min(asked, longest)
        if policy:
            return 1.0 if asked is None else min(asked, INTERVAL_S)
        return asked

    def _shut(self, bucket: str, policy: str, wait_s: float) -> None:
        """Hold back everything the policy is about. Searches have no headers: each 429 teaches that others search too,
        and that fewer fit."""
        until = self._clock() + wait_s
        self._windows[bucket].shut(until)
        if policy.startswith("ten"):
            self._windows[BURST].shut(until)
        elif bucket == SEARCH:
            self._windows[SEARCH].limit = max(1, self._windows[SEARCH].limit - 1)

    def _allowed(self, maximum: int) -> int:
        return max(1, int(maximum * self._share))

    def _check_daily(self) -> None:
        if self._day_is_spent:
            raise DailyLimitReached(
                "The portal's daily quota is down to the share kept for other apps.",
                fix="Resumes after the portal's midnight.",
            )

    def _learn_daily(self, headers: Mapping[str, str]) -> None:
        limit = _number(headers, "X-HubSpot-RateLimit-Daily")
        remaining = _number(headers, "X-HubSpot-RateLimit-Daily-Remaining")
        if limit and remaining is not None:
            self._day_is_spent = remaining <= limit * self._reserve
            self.daily_left = remaining

    def _learn_burst(self, headers: Mapping[str, str]) -> None:
        window = self._windows[BURST]
        maximum = _number(headers, "X-HubSpot-RateLimit-Max")
        interval_ms = _number(headers, "X-HubSpot-RateLimit-Interval-Milliseconds")
        remaining = _number(headers, "X-HubSpot-RateLimit-Remaining")
        if interval_ms:
            window.interval_s = interval_ms / 1000
        if maximum:
            window.limit = self._allowed(maximum)
            if remaining is not None:
                window.fill(min(maximum - remaining, maximum), self._clock())


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _policy(body: bytes) -> str:
    """What a 429 says about itself, lower case, from `policyName` or the message; "" when it says nothing
    (plain text).
    """
    try:
        told: Any = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(told, dict):
        return ""
    text = f"{told.get('policyName') or ''} {told.get('message') or ''}".lower()
    found = re.search(r"daily|ten_?secondly(_rolling)?|secondly", text)
    return found.group() if found else ""
