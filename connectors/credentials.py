"""How a request proves who sends it. Tokens come from a provider and go nowhere but into the header."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import requests
from requests.auth import AuthBase

from sync.errors import AuthError


class Credentials(Protocol):
    """How a request proves who sends it."""

    def headers(self) -> Mapping[str, str]:
        """The headers to add. Raises AuthError when there is nothing to send."""

    def renew(self) -> bool:
        """Whether there is another token to try after a 401."""


class BearerToken:
    """`Authorization: Bearer`, with a token that is read again when it is refused (a secret file that was
    rotated). `scheme`: what stands before the token; `more`: headers that go with it.
    """

    def __init__(
        self, provider: Callable[[], str], scheme: str = "Bearer ", more: Mapping[str, str] | None = None
    ) -> None:
        self._provider = provider
        self._scheme = scheme
        self._more = dict(more or {})
        self._token: str | None = None

    def headers(self) -> Mapping[str, str]:
        if self._token is None:
            self._token = self._read()
        return {"Authorization": f"{self._scheme}{self._token}", **self._more}

    def renew(self) -> bool:
        refused, self._token = self._token, self._read()
        return self._token != refused

    def _read(self) -> str:
        token = self._provider().strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise AuthError(
                "The token is empty or has characters a token cannot have.",
                fix="Check the token setting or file.",
            )
        return token


class SessionAuth(AuthBase):
    """Set on the session so that requests never looks for other credentials (.netrc)."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers.update(self._credentials.headers())
        return prepared
