"""GET requests of one ATS company, and its refusals. Their bodies may quote people: only status and path leave here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.http import Answer, Request, Transport
from connectors.protocols import RequestCounts
from connectors.rows import Row
from sync.errors import BadAnswer, MissingScope


class Refused(BadAnswer):
    """A 4xx that asking again will not change."""

    def __init__(self, vendor: str, path: str, status: int) -> None:
        super().__init__(f"{vendor} refused GET {path} ({status}).")
        self.status = status


class VendorApi:
    """`vendor`: its name in sentences. `permission`: the next step when the token may not see something."""

    def __init__(self, vendor: str, transport: Transport, permission: str) -> None:
        self.vendor = vendor
        self._transport, self._permission = transport, permission

    @property
    def counts(self) -> RequestCounts:
        """Requests made so far."""
        return self._transport.counts

    def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Answer:
        """A 2xx. Raises Refused for a 4xx, MissingScope for a 403, and what the transport raises."""
        answer = self._transport.send(Request("GET", path, query))
        if answer.status == 403:
            raise MissingScope(f"{self.vendor} does not show {path} to this token (403).", fix=self._permission)
        if answer.status >= 400:
            raise Refused(self.vendor, path, answer.status)
        return answer

    def read(self, path: str, query: Sequence[tuple[str, str]] = (), *, rows: str = "data") -> tuple[list[Any], Row]:
        """The list under the key `rows`, and the object it came in. Raises BadAnswer for another shape too."""
        body = self.get(path, query).json()
        found = body.get(rows) if isinstance(body, dict) else None
        if not isinstance(found, list):
            raise BadAnswer(f"{self.vendor}'s answer to GET {path} has no list of {rows}.")
        return found, body
