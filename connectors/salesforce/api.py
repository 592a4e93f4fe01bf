"""Salesforce's calls and refusals. A refusal's message may quote a value: only its code and the path leave here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.http import Answer, Request, Transport
from connectors.protocols import RequestCounts
from connectors.rows import Row, count_of
from connectors.salesforce.gate import LATER
from connectors.salesforce.soql import checked_name, literal
from connectors.vendor_api import Refused
from sync.errors import BadAnswer, DailyLimitReached, MissingScope, RateLimited

ROOT = "/services/data"
PERMISSION = "Give the user of the connected app API access, and read access to the object in a permission set."
_CODE = re.compile(r"[A-Z][A-Z_]{3,60}")
_LOCATOR = re.compile(r"[A-Za-z0-9_-]{1,100}")


class Declined(Refused):
    """A 4xx of Salesforce. `code`: its errorCode, empty when it gave none."""

    def __init__(self, path: str, status: int, code: str) -> None:
        super().__init__("Salesforce", path, status)
        self.code = code
        if code:
            self.message = f"Salesforce refused {path} ({status}, {code})."
            self.args = (self.message,)


@dataclass(frozen=True, slots=True)
class Result:
    """A page of a query. `locator`: of the next page, None when there is none."""

    rows: Sequence[Any]
    total: int | None
    done: bool
    locator: str | None


class Api:
    """Calls of one org. `version` is another one when the org does not know the one asked for."""

    def __init__(self, transport: Transport, version: str) -> None:
        self._transport = transport
        self._version = version
        self._is_settled = False

    @property
    def counts(self) -> RequestCounts:
        """Requests made so far."""
        return self._transport.counts

    def query(self, soql: str, *, deleted_too: bool = False) -> Result:
        """The first page of a query."""
        return _result(self.read("/queryAll" if deleted_too else "/query", [("q", soql)]))

    def more(self, locator: str) -> Result:
        """The page behind a locator."""
        return _result(self.read(f"/query/{locator}"))

    def objects(self) -> list[Row]:
        """All objects of the org the user may see."""
        return _rows(self.read("/sobjects/"), "sobjects")

    def describe(self, name: str) -> list[Row]:
        """The fields of an object the user may see."""
        return _rows(self.read(f"/sobjects/{checked_name(name)}/describe"), "fields")

    def deleted(self, name: str, start: datetime, end: datetime) -> Row:
        """What was deleted, and how far the answer reaches."""
        query = [("start", literal(start)), ("end", literal(end))]
        return self.read(f"/sobjects/{checked_name(name)}/deleted/", query)

    def read(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Row:
        """An object. Raises BadAnswer for another shape, and what `send` raises."""
        return _object(self.send("GET", path, query), path)

    def post(self, path: str, body: Mapping[str, str]) -> Row:
        """What a call that changes no data answers, such as the making of a query job."""
        return _object(self.send("POST", path, body=json.dumps(body).encode()), path)

    def send(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]] = (),
        *,
        body: bytes | None = None,
        accept: str = "",
    ) -> Answer:
        """A 2xx. Raises Declined for a 4xx, MissingScope for a 403, DailyLimitReached, what the transport raises."""
        answer = self._send(method, path, query, body, accept)
        if answer.status == 404 and not self._is_settled:
            self._settle_version()
            answer = self._send(method, path, query, body, accept)
        if answer.status >= 400:
            raise _refusal(path, answer)
        self._is_settled = True
        return answer

    def _send(
        self, method: str, path: str, query: Sequence[tuple[str, str]], body: bytes | None, accept: str
    ) -> Answer:
        return self._transport.send(Request(method, f"{ROOT}/v{self._version}{path}", query, body, accept=accept))

    def _settle_version(self) -> None:
        """Take the newest version the org lists, when it does not list the one asked for."""
        self._is_settled = True
        listed = self._transport.send(Request("GET", f"{ROOT}/"))
        found = listed.json() if listed.status < 300 else None
        given = (
            [str(one.get("version")) for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
        )
        known = sorted((one for one in given if re.fullmatch(r"\d{1,3}\.\d", one)), key=float)
        if known and self._version not in known:
            self._version = known[-1]


def _refusal(path: str, answer: Answer) -> Declined | MissingScope | RateLimited:
    codes = _codes(answer)
    if answer.status == 403 and "REQUEST_LIMIT_EXCEEDED" in codes:
        if b"Concurrent" in answer.body:
            return RateLimited("Too many long requests run in this org at once (403).")
        return DailyLimitReached("The org's requests of the last 24 hours are used up (403).", fix=LATER)
    if answer.status == 403:
        return MissingScope(f"Salesforce does not show {path} to this user (403).", fix=PERMISSION)
    return Declined(path, answer.status, codes[0] if codes else "")


def _codes(answer: Answer) -> list[str]:
    """The error codes of a refusal, which is a list of them; empty when it is none."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return []
    rows = told if isinstance(told, list) else [told]
    codes = [str(one.get("errorCode", "")) for one in rows if isinstance(one, Mapping)]
    return [code for code in codes if _CODE.fullmatch(code)]


def _object(answer: Answer, path: str) -> Row:
    body = answer.json()
    if not isinstance(body, dict):
        raise BadAnswer(f"Salesforce did not answer an object to {path}.")
    return body


def _rows(body: Row, key: str) -> list[Row]:
    found = body.get(key)
    if not isinstance(found, list):
        raise BadAnswer(f"Salesforce's answer has no list of {key}.")
    return [one for one in found if isinstance(one, dict)]


def _result(body: Row) -> Result:
    rows = body.get("records")
    if not isinstance(rows, list):
        raise BadAnswer("Salesforce's answer to a query has no records.")
    # only the name of the cursor is taken from the link, so that it leads to no other host
    locator = str(body.get("nextRecordsUrl") or "").rpartition("/")[2]
    known = locator if _LOCATOR.fullmatch(locator) else None
    return Result(rows, count_of(body.get("totalSize")), body.get("done") is not False, known)
