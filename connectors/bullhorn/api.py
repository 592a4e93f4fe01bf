"""Bullhorn's lists: /search over the index (Lucene) and /query over the database (JPQL), with the session they need.

Bodies of refusals may quote people: only status and path leave here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from connectors.bullhorn.login import Login
from connectors.bullhorn.wires import Wires
from connectors.http import Answer, Request
from connectors.offset_walk import Fetched
from connectors.protocols import RequestCounts
from connectors.rows import count_of, split_readable
from connectors.vendor_api import Refused
from sync.errors import AuthError, BadAnswer, MissingScope, NotServed

CANDIDATE, JOB, SUBMISSION, HISTORY = "Candidate", "JobOrder", "JobSubmission", "JobSubmissionHistory"
PLACEMENT, USER = "Placement", "CorporateUser"
SEARCHED = frozenset({CANDIDATE, JOB, PLACEMENT})  # the others are asked of the database
LONGEST_TEXT = 7_500  # characters of a query in an address; longer ones go in the body
CAPS = 10  # a server that gives less than asked gives a multiple of this
PERMISSION = "Ask Bullhorn's support to let this user read it through the REST API."


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows of an entity by ascending id. `text`: Lucene or JPQL, by where the entity is asked for."""

    entity: str
    text: str
    fields: Sequence[str]
    start: int = 0
    count: int = 20


class Api:
    """Reads of one company."""

    def __init__(self, login: Login, wires: Wires) -> None:
        self._login, self._wires = login, wires
        self._known: dict[str, frozenset[str]] = {}

    @property
    def counts(self) -> RequestCounts:
        """Requests made so far, logins too."""
        return self._wires.counts

    def page(self, asked: Asked) -> Fetched:
        """A page of rows; `total` is Bullhorn's count, or where a short page shows that the list ends.

        A field this company does not have is left out. Raises NotServed for an entity it does not have, Refused for
        another 4xx, MissingScope, and what the transport raises.
        """
        try:
            body = self._json(self._request(asked))
        except Refused as refused:
            if refused.status not in (400, 404):
                raise
            body = self._again(asked, refused)
        given = body.get("data") if isinstance(body, dict) else None
        if not isinstance(given, list):
            raise BadAnswer(f"Bullhorn's answer for {asked.entity} has no list of data.")
        rows, rejected = split_readable(given)
        dated = [{**row, "updated_at": row.get("dateLastModified")} for row in rows]
        return Fetched(dated, rejected, _total(count_of(body.get("total")), asked, len(given)))

    def statuses(self) -> list[str] | None:
        """The statuses submissions go through, in the company's order; None when they cannot be read."""
        name = "jobResponseStatusList"
        try:
            body = self._json(Request("GET", f"/settings/{name}"))
        except (Refused, MissingScope):
            return None
        found = body.get(name) if isinstance(body, dict) else body
        found = found.split(",") if isinstance(found, str) else found
        texts = [one.strip() for one in found if isinstance(one, str)] if isinstance(found, list) else []
        return list(dict.fromkeys(filter(None, texts))) or None

    def _request(self, asked: Asked) -> Request:
        way, word, order = ("search", "query", "sort") if asked.entity in SEARCHED else ("query", "where", "orderBy")
        known = self._known.get(asked.entity)
        fields = [name for name in asked.fields if known is None or name in known]
        query = [("fields", ",".join(fields)), (order, "id"), ("start", str(asked.start)), ("count", str(asked.count))]
        path = f"/{way}/{asked.entity}"
        if len(quote_plus(asked.text)) > LONGEST_TEXT:
            return Request("POST", path, query, json.dumps({word: asked.text}).encode())
        return Request("GET", path, [(word, asked.text), *query])

    def _again(self, asked: Asked, refused: Refused) -> Any:
        """Once more with the fields the entity has; the refusal when it has them all."""
        if asked.entity in self._known:
            raise refused
        try:
            body = self._json(Request("GET", f"/meta/{asked.entity}", [("fields", "*")]))
        except Refused as unknown:
            if unknown.status != 404 or refused.status != 404:
                raise refused from None
            fix = "Check the base_url setting."
            raise NotServed(f"Bullhorn does not serve {asked.entity} (404).", fix=fix) from None
        told = body.get("fields") if isinstance(body, dict) else None
        names = [one.get("name") for one in told if isinstance(one, dict)] if isinstance(told, list) else []
        if not set(asked.fields) - set(names):
            raise refused
        self._known[asked.entity] = frozenset({"id", *(name for name in names if isinstance(name, str))})
        return self._json(self._request(asked))

    def _json(self, request: Request) -> Any:
        answer = self._answer(request)
        if answer.status == 403:
            raise MissingScope(f"Bullhorn does not show {request.path} to this user (403).", fix=PERMISSION)
        if answer.status >= 400:
            raise Refused("Bullhorn", request.path, answer.status)
        return answer.json()

    def _answer(self, request: Request) -> Answer:
        """The answer; a session that ended is followed by a new one, once."""
        try:
            return self._wires.to_session(self._login.session()).send(request)
        except AuthError as error:
            if not self._login.is_open:
                raise error from None
        self._login.end()
        session = self._login.session()
        try:
            return self._wires.to_session(session).send(request)
        except AuthError:
            raise AuthError(f"Bullhorn refused {request} in a new session (401).", fix=PERMISSION) from None


def _total(told: int | None, asked: Asked, given: int) -> int | None:
    """Rows there are: as told; else where the list ends, if a page of fewer rows than asked for can only be its last.

    A server may give less than asked for, but then a round number.
    """
    is_end = given < asked.count and (given % CAPS or not given)
    return asked.start + given if told is None and is_end else told
