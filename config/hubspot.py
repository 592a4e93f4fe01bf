"""How HubSpot is reached: with a key of one portal, or as an installed app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator

from config.sections import Secrets, read_secret
from config.values import Lower, Minutes, Share, Text, Url


class Hubspot(Secrets):
    """`token`: a service key, or the token of a private app. An installed app has client_id, client_secret and a
    refresh token instead."""

    client_id: Text | None = None
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    refresh_token: SecretStr | None = None
    refresh_token_file: Path | None = None
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None
    base_url: Url
    api_version: Annotated[Literal["2026-09", "v3"], Lower]
    portal_id: Annotated[Text, Field(pattern=r"^\d+$")] | None = None
    timeout_connect_s: Annotated[float, Field(gt=0, le=120)]
    timeout_read_s: Annotated[float, Field(gt=0, le=600)]
    daily_reserve: Share
    lag_minutes: Minutes
    searches_per_s: Annotated[int, Field(ge=1, le=100)]
    activities_days: Annotated[int, Field(ge=1, le=3650)]

    @model_validator(mode="after")
    def _one_way_in(self) -> Hubspot:
        if self.client_id is not None and (self.token is not None or self.token_file is not None):
            raise ValueError("set a token, or client_id with its secret and refresh token; not both")
        return self

    @property
    def is_app(self) -> bool:
        """Whether tokens are asked for as an installed app."""
        return self.client_id is not None

    def read_client_secret(self) -> str:
        """The secret to ask a token with. Raises ConfigError when there is none."""
        return read_secret(self.client_secret, self.client_secret_file, "hubspot.client_secret")

    @property
    def takes_webhooks(self) -> bool:
        """Whether a secret is set by which webhooks can be checked."""
        own = (self.webhook_secret, self.webhook_secret_file, self.client_secret, self.client_secret_file)
        return any(one is not None for one in own)

    def read_webhook_secret(self) -> str:
        """The secret webhooks are signed with: that of the app. Raises ConfigError when there is none."""
        if self.webhook_secret is None and self.webhook_secret_file is None:
            return self.read_client_secret()
        return read_secret(self.webhook_secret, self.webhook_secret_file, "hubspot.webhook_secret")

    def read_refresh_token(self) -> str:
        """The refresh token in force; its file is read again at each call. Raises ConfigError when there is none."""
        return read_secret(self.refresh_token, self.refresh_token_file, "hubspot.refresh_token")

    def keep_refresh_token(self, token: str) -> bool:
        """Puts another refresh token into its file, readable by the worker only. False: it came from the environment,
        so it has no file."""
        if self.refresh_token_file is None or self.refresh_token is not None:
            return False
        beside = self.refresh_token_file.with_suffix(".new")
        beside.unlink(missing_ok=True)
        beside.touch(mode=0o600)
        beside.write_text(token, encoding="utf-8")
        beside.replace(self.refresh_token_file)
        return True

    def read_token(self) -> str:
        """The token to send now. Raises ConfigError when there is none."""
        return self.token_from("hubspot")
