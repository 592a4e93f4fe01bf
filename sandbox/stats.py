"""What clients asked of the sandbox, for tests that count requests."""

from __future__ import annotations

from collections import Counter
from typing import Any

READS_BY_POST = ("/batch/read", "/search", "/records/memberships/batch/read")


class Stats:
    """Requests by method and path template, without version: `POST /crm/objects/contacts/batch/read`.

    Type names are filled in, ids stay `{id}`. Status 0 is a request that got no answer (a fault).
    """

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.throttled: Counter[str] = Counter()
        self.bytes_out = 0

    def record(self, method: str, template: str, status: int, size: int = 0) -> None:
        """Count one request."""
        self.requests[method, template, status] += 1
        self.bytes_out += size

    def count(self, method: str | None = None, contains: str = "", status: int | None = None) -> int:
        """Requests so far with this method, this text in the template and this status.

        Each may be left out.
        """
        return sum(
            n
            for (verb, template, code), n in self.requests.items()
            if method in (None, verb) and contains in template and status in (None, code)
        )

    @property
    def total(self) -> int:
        """All requests, refused ones included."""
        return sum(self.requests.values())

    @property
    def writes(self) -> int:
        """Requests that change something at HubSpot when they succeed, refused ones included."""
        return sum(
            n
            for (method, template, _), n in self.requests.items()
            if method != "GET" and not template.endswith(READS_BY_POST)
        )

    def as_json(self) -> dict[str, Any]:
        """Totals, and per template the counts by status."""
        by_template: dict[str, dict[str, int]] = {}
        for (method, template, status), n in sorted(self.requests.items()):
            by_template.setdefault(f"{method} {template}", {})[str(status)] = n
        return {
            "total": self.total,
            "writes": self.writes,
            "reads": self.total - self.writes,
            "bytes_out": self.bytes_out,
            "throttled": dict(self.throttled),
            "throttled_total": sum(self.throttled.values()),
            "requests": by_template,
        }
