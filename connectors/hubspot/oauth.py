"""The token of an installed OAuth app: asked for with its refresh token, and anew before it ends.

By time and not on a 401, as HubSpot asks (docs/vendor-facts.md, tokens).
"""

from __future__ import annotations

from collections.abc import Callable

from connectors.http import Transport
from connectors.hubspot.options import OAuthApp
from connectors.oauth import Grant, GrantedToken, ask_token
from sync.errors import AuthError

RENEW_BEFORE_S = 300.0


def app_token(app: OAuthApp, transport: Transport, path: str, clock: Callable[[], float]) -> GrantedToken:
    """The credentials of an installed app. `clock`: monotonic seconds."""
    return GrantedToken(_Asking(app, transport, path), clock, renew_before_s=RENEW_BEFORE_S)


class _Asking:
    """Asks for tokens. A refresh token that could not be kept is used as long as this process lives."""

    def __init__(self, app: OAuthApp, transport: Transport, path: str) -> None:
        self._app, self._transport, self._path = app, transport, path
        self._unkept: str | None = None

    def __call__(self) -> Grant:
        used = self._unkept or self._app.refresh_token()
        form = {
            "grant_type": "refresh_token",
            "client_id": self._app.client_id,
            "client_secret": self._app.client_secret(),
            "refresh_token": used,
        }
        try:
            grant = ask_token(self._transport, self._path, form)
        except AuthError as error:
            fix = "Check hubspot.client_id and its secret; install the app in the portal again for a new refresh token."
            raise AuthError(str(error), fix=fix) from None
        told = grant.answer.get("refresh_token")
        if isinstance(told, str) and told and told != used:
            self._unkept = None if self._app.keep(told) else told
        return grant
