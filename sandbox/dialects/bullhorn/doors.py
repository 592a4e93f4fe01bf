"""Who may read a fake Bullhorn: codes and refresh tokens that work once, tokens and sessions that end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.errors import ApiError

TOKEN_S = 600


@dataclass
class Doors:
    """The client's and the user's secrets, and what was given for them. `ends`: by access token, or session.

    `corp_token`: the company's own part of the address; another one after `move`.
    """

    now: Callable[[], datetime]
    client_id: str = "bullhorn-client"
    client_secret: str = "bullhorn-secret"  # noqa: S105 (invented)
    username: str = "warmline.api"
    password: str = "bullhorn-password"  # noqa: S105 (invented)
    corp_token: str = "e999"  # noqa: S105 (invented)
    codes: set[str] = field(default_factory=set)
    refresh_tokens: set[str] = field(default_factory=set)
    access: dict[str, datetime] = field(default_factory=dict)
    sessions: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    given: int = 0

    def code(self) -> str:
        """A code that works once."""
        found = self._made("code:")
        self.codes.add(found)
        return found

    def tokens(self, grant: str, what: str) -> tuple[str, str]:
        """An access and a refresh token. ApiError 400 for what was used, or never given."""
        known = {"authorization_code": self.codes, "refresh_token": self.refresh_tokens}.get(grant)
        if known is None or what not in known:
            raise ApiError(400, "invalid_grant", None)
        known.remove(what)
        access, refresh = self._made("access:"), self._made("refresh:")
        self.access[access] = self.now() + timedelta(seconds=TOKEN_S)
        self.refresh_tokens.add(refresh)
        return access, refresh

    def session(self, access: str, minutes: int) -> str:
        """A session. ApiError 401 for a token that ended."""
        if access not in self.access or self.access[access] <= self.now():
            raise ApiError(401, "Invalid or expired OAuth access token.", None)
        token = self._made("session-")
        self.sessions[token] = self.corp_token, self.now() + timedelta(minutes=minutes)
        return token

    def admit(self, token: str | None, corp_token: str) -> None:
        """ApiError 412 without a session, 401 with one that ended or is another company's."""
        if token is None:
            raise ApiError(412, "BhRestToken is missing.", None)
        corp, ends_at = self.sessions.get(token, ("", self.now()))
        if corp != corp_token or ends_at <= self.now():
            raise ApiError(401, "Bad 'BhRestToken' or timed-out.", None)

    def end_sessions(self) -> None:
        """Every session ends now; tokens live on."""
        self.sessions.clear()

    def shut(self, password: str) -> None:
        """Nothing that was given works any more; the user has another password."""
        self.password = password
        for given in (self.codes, self.refresh_tokens, self.access, self.sessions):
            given.clear()

    def _made(self, prefix: str) -> str:
        self.given += 1
        return f"{prefix}{self.given:06d}"
