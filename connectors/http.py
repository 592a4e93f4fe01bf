"""The one way out over HTTP: a session with a timeout on every call, a token that goes to one host, and retry
by certainty.

A read may be sent again whatever happened to it. A write only if it was certainly not done: refused (429,
423, 477) or never sent. Nothing here logs or raises a body, a header, or a URL with its query.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from connectors.credentials import Credentials, SessionAuth
from connectors.protocols import RequestCounts
from connectors.retry import Lasting, NotSent, Patience, Retries, Unusable, Waits
from sync.errors import (
    AuthError,
    BadAnswer,
    Busy,
    NetworkFault,
    RateLimited,
    ServerFault,
)

__all__ = [
    "Answer",
    "Gate",
    "NotSent",
    "Patience",
    "Request",
    "Transport",
    "Waits",
    "checked_base_url",
    "retry_after_s",
]

# urllib3 writes every path with its query at DEBUG.
logging.getLogger("urllib3").setLevel(logging.WARNING)

LOCKED_WAIT_S = 2.0  # HubSpot: at least 2 s between requests on the same records after a 423
LASTING = frozenset({522, 525, 526, 530})  # between the vendor and its gateway: asking again at once does not help


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `path` starts with `/`.

    `is_read`: sending it twice changes nothing (a search is a read, though a POST).

    `bucket`: which of the vendor's limits it counts against. `accept`: the content type wanted when it is not JSON; the
    answer is then not looked at.

    `may_redirect`: a redirect is an answer too; it is never followed.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    body: bytes | None = None
    is_read: bool = True
    bucket: str = ""
    content_type: str = "application/json"
    accept: str = ""
    may_redirect: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: any 2xx, or a 4xx that is the vendor's considered no."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The parsed body, None when empty. Raises BadAnswer, without any of the body in it."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError:
            pass
        raise BadAnswer("The answer is not JSON.")


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds the vendor asks to wait, never negative; None if it does not say.

    A date counts from the answer's own Date.
    """
    text = headers.get("Retry-After", "").strip()
    try:
        if text.isdigit():
            return float(text)
        asked = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, asked.total_seconds())
    except (TypeError, ValueError):
        return None


class Gate(Protocol):
    """The rate limit, as the transport meets it."""

    def acquire(self, bucket: str) -> None:
        """Returns when the request may be sent. Raises DailyLimitReached."""

    def learn(self, bucket: str, headers: Mapping[str, str]) -> None:
        """Takes note of what an answer says about the limits."""

    def refused(self, bucket: str, answer: Answer) -> RateLimited:
        """The error for a 429; its `retry_after_s` is the wait before the next try."""


def checked_base_url(base_url: str) -> str:
    """The base URL without a slash at its end.

    Raises ValueError unless it is scheme, host and at most a port and a path.
    """
    parts = urlsplit(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("a base URL is http(s)://host[:port], without a name, password or query in it")
    return base_url.rstrip("/")


def _session(credentials: Credentials) -> requests.Session:
    session = requests.Session()
    session.headers.update({"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "warmline"})
    session.auth = SessionAuth(credentials)
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_connections=2, pool_maxsize=8, max_retries=0))
    return session


class Transport:
    """Sends requests to one host and counts them. Retried answers are only seen in the counts."""

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        gate: Gate,
        patience: Patience | None = None,
        waits: Waits | None = None,
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._host = urlsplit(base_url).hostname or ""
        self._credentials = credentials
        self._gate = gate
        self._patience = patience or Patience()
        self._session = _session(credentials)
        self._retries = Retries(self._patience, waits or Waits(), lambda: self._count("retried"))
        self.counts = RequestCounts()
        self.before_write: Callable[[], None] = lambda: None  # raises when a write may not leave any more

    def send(self, request: Request) -> Answer:
        """The answer, 2xx or a refusal the caller must look at.

        Raises AuthError, DailyLimitReached, and when tries are used up RateLimited, Busy, ServerFault,
        NetworkFault (NotSent when the request never left), BadAnswer. ServerFault, NetworkFault and BadAnswer
        after a write: it may have been done.
        """
        self._retries.wait_out()
        retrying = self._retries.of_reads if request.is_read else self._retries.of_writes
        answer = retrying(self._send_once, request)
        if answer.status == 401 and self._credentials.renew():
            self._count("retried")
            answer = retrying(self._send_once, request)
        if answer.status == 401:
            raise AuthError(
                f"{self._host} refused the token (401).",
                fix="Check the token setting, and that the tokens of HubSpot and the ATS are not swapped;"
                " then run `warmline doctor`.",
            )
        return answer

    def _send_once(self, request: Request) -> Answer:
        self._gate.acquire(request.bucket)
        if not request.is_read:
            self.before_write()
        self._count("reads" if request.is_read else "writes")
        answer = self._exchange(request)
        self._gate.learn(request.bucket, answer.headers)
        if answer.status == 429:
            self._count("throttled")
            raise self._gate.refused(request.bucket, answer)
        self._refuse_fault(request, answer)
        self._retries.note_answer()
        return answer

    def _exchange(self, request: Request) -> Answer:
        if not request.path.startswith("/"):
            raise ValueError("a path starts with /")
        patience = self._patience
        try:
            response = self._session.request(
                request.method,
                self._base_url + request.path,
                params=list(request.query),
                data=request.body,
                headers=_headers_of(request),
                timeout=(patience.connect_timeout_s, patience.read_timeout_s),
                allow_redirects=False,
            )
            return Answer(response.status_code, response.headers, response.content)
        except requests.RequestException as error:
            fault = self._fault(request, error)
        raise fault  # outside the handler: requests' own text holds the whole URL

    def _fault(self, request: Request, error: requests.RequestException) -> NetworkFault:
        cause = error.args[0] if error.args else None
        unconnected = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
        if unconnected or isinstance(error, requests.ConnectTimeout):
            return NotSent(f"No connection to {self._host} ({type(error).__name__}).")
        return NetworkFault(f"No answer from {self._host} to {request} ({type(error).__name__}).")

    def _refuse_fault(self, request: Request, answer: Answer) -> None:
        status = answer.status
        if status in {423, 477}:
            asked = retry_after_s(answer.headers)
            raise Busy(
                f"{request}: records locked or account moving ({status}).",
                retry_after_s=asked or LOCKED_WAIT_S,
            )
        if status in LASTING:
            raise Lasting(f"{self._host} cannot be reached behind its gateway ({status}, {request}).")
        if status >= 500 or status == 408:
            raise ServerFault(
                f"{self._host} answered {status} to {request}.", retry_after_s=retry_after_s(answer.headers)
            )
        if not 200 <= status < 300 and status < 400 and not request.may_redirect:
            raise Unusable(f"{self._host} answered {status} to {request}; redirects are not followed.")
        if request.is_read and not request.accept and status < 300 and not _looks_like_json(answer.body):
            raise BadAnswer(f"{self._host} did not answer JSON to {request}.")

    def _count(self, kind: str) -> None:
        self.counts = replace(self.counts, **{kind: getattr(self.counts, kind) + 1})


def _headers_of(request: Request) -> dict[str, str]:
    content = {"Content-Type": request.content_type} if request.body is not None else {}
    return content | ({"Accept": request.accept} if request.accept else {})


def _looks_like_json(body: bytes) -> bool:
    """Whether the body's ends are JSON's: shows an HTML page or a cut-off answer without parsing twice."""
    return not body or (body.lstrip()[:1] in (b"{", b"[") and body.rstrip()[-1:] in (b"}", b"]"))
