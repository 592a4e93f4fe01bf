"""An installed OAuth app: a refresh token for tokens that live half an hour (docs/vendor-facts.md, tokens)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.errors import ApiError

LIVES_S = 1800


@dataclass
class OAuthApp:
    """`rotates`: each answer brings a new refresh token, and the old one is worth nothing. `issued`: tokens with the
    monotonic second they end at."""

    client_id: str = "sandbox-client"
    client_secret: str = "sandbox-secret"
    refresh_token: str = "sandbox-refresh-1"
    rotates: bool = False
    lives_s: int = LIVES_S
    issued: dict[str, float] = field(default_factory=dict)
    asked: int = 0

    def is_live(self, token: str, now: float) -> bool:
        """Whether a token was issued and has not ended."""
        return self.issued.get(token, now) > now

    def grant(self, form: dict[str, str], now: float) -> dict[str, Any]:
        """A fresh token. ApiError 400 as RFC 6749 has it, for another client, secret or refresh token."""
        if form.get("grant_type") != "refresh_token":
            raise _refused("unsupported_grant_type", "BAD_GRANT_TYPE", "missing or unknown grant type")
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            raise _refused("invalid_client", "BAD_CLIENT_ID", "missing or unknown client")
        if form.get("refresh_token") != self.refresh_token:
            raise _refused("invalid_grant", "BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        self.asked += 1
        token = f"sandbox-access-{self.asked}"
        self.issued[token] = now + self.lives_s
        if self.rotates:
            self.refresh_token = f"sandbox-refresh-{self.asked + 1}"
        return {
            "token_type": "bearer",
            "access_token": token,
            "refresh_token": self.refresh_token,
            "expires_in": self.lives_s,
        }


def _refused(error: str, status: str, message: str) -> ApiError:
    refusal = ApiError(400, message, None, error=error, error_description=message)
    refusal.fields["status"] = status
    return refusal
