"""Tokens asked for with a client's id and secret, used until they are refused or run out, and asked for anew."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from connectors.http import Request, Transport
from sync.errors import AuthError, BadAnswer

RENEW_BEFORE_S = 60.0  # a token this close to its end is asked for anew
_TOLD = {"invalid_client", "invalid_client_id", "invalid_grant", "invalid_scope", "unauthorized_client"}


@dataclass(frozen=True, slots=True)
class Grant:
    """A token as it was given. `lives_s`: seconds it lasts, None when the vendor does not say. `answer`: all of it."""

    token: str = field(repr=False)
    lives_s: float | None = None
    answer: Mapping[str, Any] = field(default_factory=dict, repr=False)


class NoCredentials:
    """For the call that gets a token."""

    def headers(self) -> Mapping[str, str]:
        return {}

    def renew(self) -> bool:
        return False


class BasicAuth:
    """`Authorization: Basic`. The secret is read at each use, and once more when it is refused."""

    def __init__(self, user: str, secret: Callable[[], str]) -> None:
        self._user, self._secret = user, secret
        self._sent: str | None = None

    def headers(self) -> Mapping[str, str]:
        self._sent = self._secret()
        pair = b64encode(f"{self._user}:{self._sent}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def renew(self) -> bool:
        return self._secret() != self._sent


class GrantedToken:
    """Credentials whose token `ask` gets. `header`, `scheme`: how it is sent. `clock`: monotonic seconds.
    `renew_before_s`: how long before its end another is asked for."""

    def __init__(
        self,
        ask: Callable[[], Grant],
        clock: Callable[[], float] = time.monotonic,
        *,
        header: str = "Authorization",
        scheme: str = "Bearer ",
        renew_before_s: float = RENEW_BEFORE_S,
    ) -> None:
        self._ask, self._clock, self._renew_before_s = ask, clock, renew_before_s
        self._header, self._scheme = header, scheme
        self._grant: Grant | None = None
        self._asked_at = 0.0

    @property
    def grant(self) -> Grant:
        """The grant in use; asked for when there is none or it is about to end. Raises AuthError, RetriableError."""
        if self._grant is None or self._is_ending(self._grant):
            self._asked_at = self._clock()
            self._grant = self._ask()
        return self._grant

    def headers(self) -> Mapping[str, str]:
        return {self._header: f"{self._scheme}{self.grant.token}"}

    def renew(self) -> bool:
        self._grant = None
        return bool(self.grant.token)  # asking for a new one is what the vendor wants after a 401, also if it looks old

    def _is_ending(self, grant: Grant) -> bool:
        if grant.lives_s is None:
            return False
        return self._clock() - self._asked_at >= max(grant.lives_s - self._renew_before_s, grant.lives_s / 2)


def ask_token(transport: Transport, path: str, form: Mapping[str, str]) -> Grant:
    """The grant a token endpoint gives for a form. Asking twice does no harm.

    Raises AuthError when the client is refused; nothing of the answer but a known error word leaves here.
    """
    body = urlencode(form).encode()
    answer = transport.send(Request("POST", path, body=body, content_type="application/x-www-form-urlencoded"))
    told = answer.json()
    told = told if isinstance(told, dict) else {}
    if answer.status >= 400:
        word = told.get("error")
        known = f", {word}" if word in _TOLD else ""
        raise AuthError(f"{path} gave no token ({answer.status}{known}).", fix="Check client_id and client_secret.")
    token = told.get("access_token")
    if not isinstance(token, str) or not token.isprintable() or not token.isascii() or not token:
        raise BadAnswer(f"{path} answered without a token.")
    return Grant(token, _lifetime_s(told, answer.headers), told)


def _lifetime_s(told: Mapping[str, Any], headers: Mapping[str, str]) -> float | None:
    """`expires_in`, or the time between the answer's Date and `expires_at`; None when neither can be read."""
    lives_s = told.get("expires_in")
    if isinstance(lives_s, int | float) and not isinstance(lives_s, bool) and lives_s > 0:
        return float(lives_s)
    try:
        ends_at = datetime.fromisoformat(str(told.get("expires_at")))
        left_s = (ends_at - parsedate_to_datetime(headers.get("Date", ""))).total_seconds()
    except (TypeError, ValueError):
        return None
    return left_s if left_s > 0 else None
