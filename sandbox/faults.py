"""Faults on request: the next matching requests fail in the way a test asks for."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

# status: answer `status` and `body`, nothing applied.        drop_before: close the connection, nothing
# applied.
# drop_after: apply, then close without an answer.            hang: wait `hang_s`, then close, nothing
# applied.
# garbage: 200 with a body that is not JSON, nothing applied.
KINDS = ("status", "drop_before", "drop_after", "hang", "garbage")


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

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"fault kind {self.kind!r} is not one of {KINDS}")
        re.compile(self.path_regex)

    def matches(self, method: str, path: str) -> bool:
        """Whether the request is meant; the expression is searched anywhere in the path."""
        return self.times > 0 and self.method in ("*", method) and re.search(self.path_regex, path) is not None

    def answer(self) -> Any:
        """The body of a `status` or `garbage` fault."""
        if self.kind == "garbage":
            return self.body if isinstance(self.body, str) else "<html>502 but not really"
        return self.body if self.body is not None else {"status": "error", "message": "internal error"}


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
