"""The one way out over HTTP: a session with a timeout on every call, a token that goes to one host, and retry
by certainty.

A read may be sent again whatever happened to it. A write only if it was certainly not done: refused (429,
423, 477) or never sent. Nothing here logs or raises a body, a header, or a URL with its query.
"""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from urllib3.exceptions import MaxRetryError, NewConnectionError

from connectors.credentials import Credentials, SessionAuth
from connectors.protocols import RequestCounts
from sync.errors import (
    AuthError,
    BadAnswer,
    Busy,
    DailyLimitReached,
    NetworkFault,
    RateLimited,
    RetriableError,
    ServerFault,
)

# urllib3 writes every path with its query at DEBUG.
logging.getLogger("urllib3").setLevel(logging.WARNING)

LOCKED_WAIT_S = 2.0  # HubSpot: at least 2 s between requests on the same records after a 423


class NotSent(NetworkFault):
    """No connection could be made: the request certainly did nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `path` starts with `/`.

    `is_read`: sending it twice changes nothing (a search is a read, though a POST).

    `bucket`: which of the vendor's limits it counts against.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    body: bytes | None = None
    is_read: bool = True
    bucket: str = ""
    content_type: str = "application/json"

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


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for one answer and how often to ask again. Times in seconds."""

    connect_timeout_s: float = 5.0
    read_timeout_s: float = 30.0
    attempts: int = 6
    first_wait_s: float = 0.5
    longest_wait_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Waits:
    """Where waiting and chance come from. `jitter` gives 0 up to 1."""

    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random


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
        self._waits = waits or Waits()
        self._session = _session(credentials)
        self._retry_reads = self._retrying(self._may_repeat_read)
        self._retry_writes = self._retrying(self._may_repeat_write)
        self.counts = RequestCounts()

    def send(self, request: Request) -> Answer:
        """The answer, 2xx or a refusal the caller must look at.

        Raises AuthError, DailyLimitReached, and when tries are used up RateLimited, Busy, ServerFault,
        NetworkFault (NotSent when the request never left), BadAnswer. ServerFault, NetworkFault and BadAnswer
        after a write: it may have been done.
        """
        retrying = self._retry_reads if request.is_read else self._retry_writes
        answer = retrying(self._send_once, request)
        if answer.status == 401 and self._credentials.renew():
            self._count("retried")
            answer = retrying(self._send_once, request)
        if answer.status == 401:
            raise AuthError(
                f"{self._host} refused the token (401).",
                fix="Check the token setting, then run `warmline doctor`.",
            )
        return answer

    def _send_once(self, request: Request) -> Answer:
        self._gate.acquire(request.bucket)
        self._count("reads" if request.is_read else "writes")
        answer = self._exchange(request)
        self._gate.learn(request.bucket, answer.headers)
        if answer.status == 429:
            self._count("throttled")
            raise self._gate.refused(request.bucket, answer)
        self._refuse_fault(request, answer)
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
                headers={"Content-Type": request.content_type} if request.body is not None else None,
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
        if status >= 500 or status == 408:
            raise ServerFault(
                f"{self._host} answered {status} to {request}.", retry_after_s=retry_after_s(answer.headers)
            )
        if not 200 <= status < 300 and status < 400:
            raise _Unusable(f"{self._host} answered {status} to {request}; redirects are not followed.")
        if request.is_read and status < 300 and not _looks_like_json(answer.body):
            raise BadAnswer(f"{self._host} did not answer JSON to {request}.")

    def _retrying(self, may_repeat: Callable[[BaseException], bool]) -> Retrying:
        return Retrying(
            sleep=self._waits.sleep,
            stop=stop_after_attempt(self._patience.attempts),
            wait=self._wait,
            retry=retry_if_exception(may_repeat),
            before_sleep=lambda _: self._count("retried"),
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        longest, chance = self._patience.longest_wait_s, self._waits.jitter()
        asked = error.retry_after_s if isinstance(error, RetriableError) else None
        if asked is not None:
            return min(asked + 0.25 * chance, longest)
        backoff: float = self._patience.first_wait_s * 2 ** (state.attempt_number - 1)
        return min(backoff, longest) * (0.5 + 0.5 * chance)

    def _may_repeat_read(self, error: BaseException) -> bool:
        return isinstance(error, RetriableError) and not isinstance(error, _Unusable) and not self._is_hopeless(error)

    def _may_repeat_write(self, error: BaseException) -> bool:
        return isinstance(error, RateLimited | Busy | NotSent) and not self._is_hopeless(error)

    def _is_hopeless(self, error: RetriableError) -> bool:
        """Whether waiting here is no use: the day's quota is gone, or an account's move takes hours."""
        is_moving = isinstance(error, Busy) and (error.retry_after_s or 0) > self._patience.longest_wait_s
        return is_moving or isinstance(error, DailyLimitReached)

    def _count(self, kind: str) -> None:
        self.counts = replace(self.counts, **{kind: getattr(self.counts, kind) + 1})


class _Unusable(BadAnswer):
    """An answer that asking again will not change."""


def _looks_like_json(body: bytes) -> bool:
    """Whether the body's ends are JSON's: shows an HTML page or a cut-off answer without parsing twice."""
    return not body or (body.lstrip()[:1] in (b"{", b"[") and body.rstrip()[-1:] in (b"}", b"]"))
