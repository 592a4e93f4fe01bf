"""The tables [sources.<name>] of warmline.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from config.kinds import KINDS
from config.sections import Secrets, read_secret
from config.values import Lower, Text, Url


def _known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"must be one of: {', '.join(sorted(KINDS))}")
    return kind


class SourceSettings(Secrets):
    """One place candidates come from."""

    kind: Annotated[str, Lower, AfterValidator(_known_kind)]
    base_url: Url | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    client_secret_file: Path | None = None
    username: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    webhook_secret: SecretStr | None = None
    webhook_secret_file: Path | None = None
    company: Text | None = None
    preset: str | None = None
    path: Path | None = None
    mapping: Path | None = None
    errors_report: bool = True
    bulk_above: Annotated[int, Field(ge=0)] = 100_000
    every_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None

    def secret_from(self, key: str, where: str) -> str:
        """`client_secret`, `password` or `webhook_secret` now; a file is read again at each call. `where`: the
        table's path.

        Raises ConfigError when there is none or the file cannot be read."""
        return read_secret(getattr(self, key), getattr(self, f"{key}_file"), f"{where}.{key}")

    @property
    def takes_webhooks(self) -> bool:
        """Whether a secret is set by which webhooks can be checked."""
        return self.webhook_secret is not None or self.webhook_secret_file is not None

    @property
    def reads_every(self) -> int | None:
        """Minutes between two reads: the setting, else the kind's own; None: by [schedule]."""
        return self.every_minutes or KINDS[self.kind].every_minutes
