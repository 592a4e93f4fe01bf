"""Salesforce's limit: so many requests a day for the whole org, told in a header of every answer."""

from __future__ import annotations

import re
from collections.abc import Mapping

from connectors.http import Answer, retry_after_s
from sync.errors import DailyLimitReached, RateLimited

USAGE = re.compile(r"(?<![\w-])api-usage=(\d+)/(\d+)")
LATER = "Resumes when requests of the last 24 hours run out of the count."


class DailyGate:
    """Shuts when only `reserve` (0 to 1) of the org's day is left: other programs need it."""

    def __init__(self, reserve: float) -> None:
        self._reserve = reserve
        self.used, self.limit = 0, 0  # as last told; limit 0: not told yet

    def acquire(self, _bucket: str) -> None:
        if self.limit and self.used >= self.limit * (1 - self._reserve):
            raise DailyLimitReached(f"{self.used:,} of the org's {self.limit:,} requests a day are used.", fix=LATER)

    def learn(self, _bucket: str, headers: Mapping[str, str]) -> None:
        found = USAGE.search(headers.get("Sforce-Limit-Info", ""))
        if found:
            self.used, self.limit = int(found[1]), int(found[2])

    def refused(self, _bucket: str, answer: Answer) -> RateLimited:
        return RateLimited("Too many requests (429).", retry_after_s=retry_after_s(answer.headers))
