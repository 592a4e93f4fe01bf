"""Bullhorn's way in: which data centre, a code for the user's password, tokens for the code, a session for the token.

Sessions end when Bullhorn likes. A refresh token works once, so it is forgotten before it is sent; when it is refused,
the password opens the way anew, which is why none is kept between runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.bullhorn.options import BullhornOptions
from connectors.bullhorn.wires import Places, Session, Wires
from connectors.http import Answer, Request
from sync.errors import AuthError, BadAnswer, MissingScope, NetworkFault, ServerFault

SERVICES, OAUTH = "/rest-services", "/oauth"
TRIES = 3  # of the way from password to token: a code works once, so a lost answer costs a new one
USER_FIX = (
    "Check username and password, and that this user has logged in to Bullhorn by hand once and accepted its terms."
)
CLIENT_FIX = "Check client_id and client_secret: Bullhorn gives them to its API customers."
SESSION_FIX = "Ask Bullhorn whether this user may use the REST API."
Query = Sequence[tuple[str, str]]


class Login:
    """The session of one company, made when it is first needed."""

    def __init__(self, options: BullhornOptions, places: Places, wires: Wires) -> None:
        self._options, self._places, self._wires = options, places, wires
        self._session: Session | None = None
        self._refresh_token: str | None = None
        self._data_centre: tuple[str, str] | None = None

    def session(self) -> Session:
        """The session in use. Raises AuthError, MissingScope, RetriableError."""
        if self._session is None:
            self._session = self._logged_in(self._refreshed() or self._granted())
        return self._session

    @property
    def is_open(self) -> bool:
        """Whether there is a session: what was refused then is not the login."""
        return self._session is not None

    def end(self) -> None:
        """Forget a session that was refused."""
        self._session = None

    def _addresses(self) -> tuple[str, str]:
        """Where the company's tokens and its sessions are given."""
        if self._data_centre is None:
            query = [("username", self._options.username)]
            path = f"{SERVICES}/loginInfo"
            answer = self._send(self._places.start, Request("GET", path, query), USER_FIX, may_lack=True)
            told = {} if answer.status == 404 else _object(answer, path)
            oauth, rest = told.get("oauthUrl"), told.get("restUrl")
            if self._places.is_fixed:
                oauth, rest = oauth or self._places.start + OAUTH, rest or self._places.start + SERVICES
            self._data_centre = self._places.of(oauth), self._places.of(rest)
        return self._data_centre

    def _refreshed(self) -> str | None:
        """A token for the refresh token; None when there is none, or it does not work any more."""
        refresh_token, self._refresh_token = self._refresh_token, None
        if refresh_token is None:
            return None
        try:
            return self._token([("grant_type", "refresh_token"), ("refresh_token", refresh_token)])
        except (AuthError, ServerFault, NetworkFault, BadAnswer):
            return None

    def _granted(self) -> str:
        """A token for the user's password."""
        for _ in range(TRIES - 1):
            try:
                return self._token([("grant_type", "authorization_code"), ("code", self._code())])
            except (ServerFault, NetworkFault, BadAnswer):
                continue
        return self._token([("grant_type", "authorization_code"), ("code", self._code())])

    def _code(self) -> str:
        """The code in the redirect, which is not followed. A form instead is the page where a person logs in."""
        options = self._options
        query = [("client_id", options.client_id), ("response_type", "code"), ("action", "Login")]
        query += [("username", options.username), ("password", options.password())]
        request = Request("GET", "/authorize", query, accept="text/html, */*", may_redirect=True)
        answer = self._send(self._addresses()[0], request, USER_FIX)
        told = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
        if "error" in told or (answer.status < 300 and b"<form" in answer.body.lower()):
            raise AuthError("Bullhorn gave no code for the username and password.", fix=USER_FIX)
        if not told.get("code"):
            raise BadAnswer("/authorize answered without a code.")
        return told["code"][0]

    def _token(self, query: Query) -> str:
        """An access token; the refresh token that came with it is kept."""
        client = [("client_id", self._options.client_id), ("client_secret", self._options.client_secret())]
        request = Request("POST", "/token", [*query, *client], is_read=False)  # what is sent twice is refused
        told = _object(self._send(self._addresses()[0], request, CLIENT_FIX), "/token")
        refresh_token = told.get("refresh_token")
        self._refresh_token = refresh_token if isinstance(refresh_token, str) and refresh_token else None
        return _text(told, "access_token", "/token")

    def _logged_in(self, access_token: str) -> Session:
        url = self._addresses()[1]
        minutes = str(self._options.session_minutes)
        query = [("version", "*"), ("access_token", access_token), ("ttl", minutes)]
        told = _object(self._send(url, Request("GET", "/login", query), SESSION_FIX), "/login")
        rest_url = told.get("restUrl")
        return Session(self._places.of(rest_url) if rest_url else url, _text(told, "BhRestToken", "/login"))

    def _send(self, url: str, request: Request, fix: str, *, may_lack: bool = False) -> Answer:
        """An answer below 400. `may_lack`: a server at the base URL of the settings may do without this call."""
        answer = _told(lambda: self._wires.to_login(url).send(request), request, fix)
        if answer.status == 403:
            raise MissingScope(f"Bullhorn does not show {request.path} to this user (403).", fix=fix)
        if answer.status >= 400 and not (answer.status == 404 and may_lack and self._places.is_fixed):
            raise AuthError(f"Bullhorn refused {request} ({answer.status}).", fix=fix)
        return answer


def _told(send: Callable[[], Answer], request: Request, fix: str) -> Answer:
    """The answer; a 401 says what to check here."""
    try:
        return send()
    except AuthError:
        raise AuthError(f"Bullhorn refused {request} (401).", fix=fix) from None


def _object(answer: Answer, path: str) -> Mapping[str, Any]:
    told = answer.json()
    if not isinstance(told, dict):
        raise BadAnswer(f"{path} did not answer an object.")
    return told


def _text(told: Mapping[str, Any], name: str, path: str) -> str:
    """A token, fit for a header."""
    found = told.get(name)
    if not isinstance(found, str) or not found or not found.isascii() or not found.isprintable() or " " in found:
        raise BadAnswer(f"{path} answered without a {name}.")
    return found
