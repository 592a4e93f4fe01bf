"""Recruitee's calls and refusals. Bodies of refusals may quote people: only the status and the path leave here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.http import Request, Transport
from connectors.protocols import RequestCounts
from connectors.rows import Row
from sync.errors import BadAnswer, MissingScope, NotServed


class Refused(BadAnswer):
    """A 4xx that asking again will not change."""

    def __init__(self, status: int, path: str, fix: str = "") -> None:
        super().__init__(f"Recruitee refused GET {path} ({status}).", fix=fix)
        self.status = status


class Api:
    """GET requests of one company."""

    def __init__(self, transport: Transport, company: str) -> None:
        self._transport = transport
        self._company = company

    @property
    def counts(self) -> RequestCounts:
        """Requests made so far."""
        return self._transport.counts

    def get(self, path: str, **query: str | int) -> Row:
        """The parsed body. Raises Refused for a 4xx, MissingScope for a 403, and what the transport raises."""
        asked = tuple((name, str(value)) for name, value in query.items())
        answer = self._transport.send(Request("GET", path, asked))
        if answer.status == 403:
            fix = "The token has its user's permissions: use the token of somebody who may see this."
            raise MissingScope(f"Recruitee does not show {path} to this token (403).", fix=fix)
        if answer.status == 422:
            raise Refused(422, path, "Candidate calls may want the company's number: check the company setting.")
        if answer.status >= 400:
            raise Refused(answer.status, path)
        body = answer.json()
        if not isinstance(body, dict):
            raise BadAnswer(f"Recruitee did not answer an object to GET {path}.")
        return body

    def collection(self, path: str, keys: Sequence[str], **query: str | int) -> tuple[list[Any], Row]:
        """The rows under the first of `keys` that holds a list, and the whole body.

        Raises NotServed for a 404: every company has this collection.
        """
        try:
            body = self.get(path, **query)
        except Refused as refused:
            if refused.status != 404:
                raise
            fix = "Check the company setting: the number in the address of Recruitee's settings page."
            raise NotServed(f"Recruitee knows no company {self._company} (404).", fix=fix) from None
        for key in keys:
            if isinstance(body.get(key), list):
                return body[key], body
        raise BadAnswer(f"Recruitee's answer to GET {path} has no {keys[0]}.")
