"""What others see of warmline: the web process, the metrics file, and who is alerted when all is not well."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr

from config.sections import Section, read_secret
from config.values import Count, Share, Url


class Web(Section):
    """`warmline web`. `public_url`: by which vendors reach it, when it stands behind a proxy."""

    public_url: Url | None = None
    max_body_kb: Annotated[int, Field(ge=16, le=65_536)]
    busy_ms: Annotated[int, Field(ge=1, le=1000)]


class Metrics(Section):
    """Metrics without a web process."""

    textfile: Path | None = None


def _lines(value: Any) -> Any:
    if isinstance(value, str):
        value = [one for one in value.split() if not one.startswith("#")]
    if not isinstance(value, list | tuple):
        return value
    if not all("://" in str(one) for one in value):
        raise ValueError("must hold addresses of apprise such as slack://…")
    return tuple(str(one) for one in value)


class Alerts(Section):
    """Who is told when warmline itself is not well. `urls`: addresses of apprise, which hold secrets."""

    urls: Annotated[tuple[SecretStr, ...], BeforeValidator(_lines)]
    urls_file: Path | None = None
    usual_hours: Annotated[int, Field(ge=2, le=168)]
    drop_share: Share
    drop_rows: Count

    @property
    def is_on(self) -> bool:
        """Whether anybody is told."""
        return bool(self.urls) or self.urls_file is not None

    def addresses(self) -> list[str]:
        """Where alerts go; the file is read again at each call. Raises ConfigError when it cannot be read."""
        own = [one.get_secret_value() for one in self.urls]
        if self.urls_file is None:
            return own
        text = read_secret(None, self.urls_file, "alerts.urls")
        lines = (one.strip() for one in text.splitlines())
        return own + [one for one in lines if one and not one.startswith("#")]
