"""Where Bullhorn's addresses may lead, and the transports to them.

Bullhorn names the data centre of a company in its answers; secrets follow such a name only to a host of Bullhorn's own,
or, with a base URL in the settings, to that one and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from connectors.bullhorn.options import BullhornOptions
from connectors.http import Answer, Patience, Transport, Waits, checked_base_url
from connectors.oauth import NoCredentials
from connectors.protocols import RequestCounts
from connectors.ratelimit import OpenGate
from sync.errors import BadAnswer, RateLimited

HOST = "https://rest.bullhornstaffing.com"
DOMAIN = ".bullhornstaffing.com"
REFUSED_WAIT_S = 1.0  # what Bullhorn's documentation says to do after a 429


class Places:
    """Addresses of one company. Raises ValueError for a base URL that cannot be."""

    def __init__(self, base_url: str | None) -> None:
        self._base = checked_base_url(base_url) if base_url else None

    @property
    def start(self) -> str:
        """Where to ask for the company's data centre."""
        return self._base or HOST

    @property
    def is_fixed(self) -> bool:
        """Whether everything goes to the base URL of the settings."""
        return self._base is not None

    def of(self, told: object) -> str:
        """The address a told URL may be used as, without a slash at its end. Raises BadAnswer for another host."""
        parts = urlsplit(told) if isinstance(told, str) else urlsplit("")
        path = parts.path.rstrip("/")
        if self._base is not None and parts.netloc:
            return self._base + path
        host = parts.hostname or ""
        if parts.scheme != "https" or not host.endswith(DOMAIN) or parts.netloc not in (host, f"{host}:443"):
            raise BadAnswer("Bullhorn named an address that is not below bullhornstaffing.com.")
        return f"https://{host}{path}"


@dataclass(frozen=True, slots=True)
class Session:
    """A session of the REST API: its address, which holds the company's own path, and its token."""

    url: str = field(repr=False)
    token: str = field(repr=False)


class SessionToken:
    """`BhRestToken` of one session. A refused one is renewed by logging in, which may lead to another address."""

    def __init__(self, token: str) -> None:
        self._token = token

    def headers(self) -> Mapping[str, str]:
        return {"BhRestToken": self._token}

    def renew(self) -> bool:
        return False


class PausingGate(OpenGate):
    """No limit is known; after a 429 a second's wait, or what the answer asks for."""

    def refused(self, _bucket: str, answer: Answer) -> RateLimited:
        error = super().refused(_bucket, answer)
        asked = REFUSED_WAIT_S if error.retry_after_s is None else error.retry_after_s
        return RateLimited(error.message, retry_after_s=asked)


class Wires:
    """A transport for logging in a host, and one for the session in use."""

    def __init__(self, options: BullhornOptions, waits: Waits) -> None:
        self._patience = Patience(options.connect_timeout_s, options.read_timeout_s, options.attempts)
        self._waits = waits
        self._open: dict[str, Transport] = {}
        self._session: tuple[Session, Transport] | None = None
        self._ended = RequestCounts()

    def to_login(self, url: str) -> Transport:
        """A transport without a token."""
        if url not in self._open:
            self._open[url] = Transport(url, NoCredentials(), PausingGate(), self._patience, self._waits)
        return self._open[url]

    def to_session(self, session: Session) -> Transport:
        """The transport with the session's token."""
        if self._session is None or self._session[0] != session:
            if self._session is not None:
                self._ended = _sum(self._ended, self._session[1].counts)
            token = SessionToken(session.token)
            self._session = session, Transport(session.url, token, PausingGate(), self._patience, self._waits)
        return self._session[1]

    @property
    def counts(self) -> RequestCounts:
        """Requests made so far; asking for a token is a read."""
        total = self._ended
        for transport in (*self._open.values(), *([self._session[1]] if self._session else [])):
            total = _sum(total, transport.counts)
        return total


def _sum(one: RequestCounts, other: RequestCounts) -> RequestCounts:
    return RequestCounts(
        reads=one.reads + other.reads + other.writes,
        retried=one.retried + other.retried,
        throttled=one.throttled + other.throttled,
    )
