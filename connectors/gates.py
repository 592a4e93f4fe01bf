"""The gate of an ATS with one request limit: paced by a window, and by what the vendor's headers say is left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

from connectors.http import Answer, retry_after_s
from connectors.ratelimit import RollingWindow
from sync.errors import RateLimited

EPOCH_FROM = 10_000_000  # a Reset below this is seconds left, from here on seconds since 1970
LONGEST_S = 120.0
RESERVE = 1  # requests left at which the gate shuts: somebody else may be using the same key


class WindowGate:
    """At most `limit` requests in any `interval_s` (None: only what the headers say).

    `prefix`: of the headers <prefix>Remaining and <prefix>Reset, such as `X-Rate-Limit-`; a Reset is seconds left or
    since 1970. Every header is optional. Raises nothing while waiting.
    """

    def __init__(
        self,
        limit: int | None = None,
        interval_s: float = 1.0,
        *,
        prefix: str = "",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._window = RollingWindow(limit if limit is not None else 1_000_000, interval_s)
        self._prefix, self._clock, self._sleep = prefix, clock, sleep
        self._lock = threading.Lock()

    def acquire(self, _bucket: str) -> None:
        with self._lock:
            wait_s = self._window.book(self._clock())
        if wait_s > 0:
            self._sleep(wait_s)

    def learn(self, _bucket: str, headers: Mapping[str, str]) -> None:
        remaining = _whole(headers, f"{self._prefix}Remaining")
        left_s = self._left_s(headers)
        if self._prefix and remaining is not None and remaining <= RESERVE and left_s is not None:
            with self._lock:
                self._window.shut(self._clock() + left_s)

    def refused(self, _bucket: str, answer: Answer) -> RateLimited:
        asked = retry_after_s(answer.headers)
        wait_s = self._left_s(answer.headers) if asked is None else min(asked, LONGEST_S)
        if wait_s is not None:
            with self._lock:
                self._window.shut(self._clock() + wait_s)
        return RateLimited("Too many requests (429).", retry_after_s=wait_s)

    def _left_s(self, headers: Mapping[str, str]) -> float | None:
        """Seconds until the vendor's window starts anew; None when it does not say."""
        reset = _whole(headers, f"{self._prefix}Reset") if self._prefix else None
        if reset is None:
            return None
        if reset < EPOCH_FROM:
            return min(float(reset), LONGEST_S)
        try:
            now = parsedate_to_datetime(headers.get("Date", "")).timestamp()
        except (TypeError, ValueError):
            return None
        return min(max(0.0, reset - now), LONGEST_S)


def _whole(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() else None
