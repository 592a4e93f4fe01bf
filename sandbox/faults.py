"""Faults on request: the next matching requests fail in the way a test asks for."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

# Before the request is served; nothing is applied:
#   status       answer `status` and `body`
#   drop_before  close the connection
#   hang         wait `hang_s`, then close
#   garbage      200 with a body that is not JSON
#   hollow       the status of a success and nothing in it: `{"status": "COMPLETE", "results": []}`, `{}` or no body
# The request is served, and the answer goes wrong:
#   drop_after, hang_after, garbage_after: as above
#   status_after answer `status` and `body`
#   slow         wait `hang_s`, then serve
# Of a batch write all but the last row:
#   omit         is served, and the answer is silent about the last row
#   partial      is served, and the answer is a 207 whose only error names the last row, with `category`
# The limit the request counts against:
#   throttle     other apps fill it for `hang_s` seconds; it answers 429 by its own policy, with a Retry-After when
#                `headers` has one
BEFORE = ("status", "drop_before", "hang", "garbage", "hollow")
AFTER = ("drop_after", "hang_after", "garbage_after", "status_after")
ROWS = ("omit", "partial")
KINDS = (*BEFORE, *AFTER, *ROWS, "slow", "throttle")


@dataclass
class Fault:
    """One planned fault.

    It uses up one of `times` per matching request, after letting `skip` matches through.
    """

    kind: str
    path_regex: str = ".*"
    method: str = "*"
    times: int = 1
    skip: int = 0
    status: int = 500
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    hang_s: float = 30.0
    category: str = "INTERNAL_ERROR"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"fault kind {self.kind!r} is not one of {KINDS}")
        re.compile(self.path_regex)

    def matches(self, method: str, path: str) -> bool:
        """Whether the request is meant; the expression is searched anywhere in the path."""
        return self.times > 0 and self.method in ("*", method) and re.search(self.path_regex, path) is not None

    def answer(self) -> Any:
        """The body of a fault with a status or garbage of its own."""
        if self.kind.startswith("garbage"):
            return self.body if isinstance(self.body, str) else "<html>502 but not really"
        return self.body if self.body is not None else {"status": "error", "message": "internal error"}

    def divided(self, raw_body: bytes) -> tuple[bytes, dict[str, Any]]:
        """What `omit` and `partial` let through of a batch, and the row they keep back.

        ValueError for a request that is no batch: such a fault was planned for the wrong path.
        """
        body = json.loads(raw_body or b"{}")
        rows = body.get("inputs") if isinstance(body, dict) else None
        if not rows:
            raise ValueError(f"a fault {self.kind!r} needs a batch of rows")
        return json.dumps({**body, "inputs": rows[:-1]}).encode(), rows[-1]


class Faults:
    """The planned faults, first planned first served."""

    def __init__(self) -> None:
        self.planned: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Plan one more."""
        self.planned.append(fault)
        return fault

    def clear(self) -> None:
        """Plan none."""
        self.planned.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault this request suffers, used up by one; None mostly."""
        for fault in self.planned:
            if not fault.matches(method, path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            return fault
        return None

    def as_json(self) -> list[dict[str, Any]]:
        """The faults that still have times left."""
        return [asdict(fault) for fault in self.planned if fault.times > 0]
