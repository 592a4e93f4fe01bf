"""The call list of the day, and who is told of it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, model_validator

from config.sections import Section, read_secret
from config.values import Lower, Minutes
from sync.errors import ConfigError, Problem

_PAIR = re.compile(r"\s*([^@\s,;=]+@[^@\s,;=]+\.[^@\s,;=]+)\s*=\s*(\S.*?)\s*")
_BETWEEN = re.compile(r"[,\n](?=\s*[^@\s,;=/]+@[^@\s,;=/]+\s*=)|\n")


class CallList(Section):
    """The list of the day."""

    capacity: Annotated[int, Field(ge=1, le=50)]
    at: time

    @model_validator(mode="after")
    def _clear_of_clock_changes(self) -> CallList:
        if self.at < time(4):
            raise ValueError("at cannot be before 04:00: the clock changes at night")
        return self


def to_addresses(value: Any) -> Any:
    """'kim@example.org=slack://…' lines, or a table, as a table; one problem for all of it, so that no secret ends up
    in an error."""
    if isinstance(value, str):
        lines = [one.strip() for one in _BETWEEN.split(value)]
        found = [_PAIR.fullmatch(one) for one in lines if one and not one.startswith("#")]
        if not all(found):
            raise ValueError('must hold lines such as "owner e-mail" = "slack://…"')
        pairs = [(str(one[1]), str(one[2])) for one in found if one]
    elif isinstance(value, Mapping):
        pairs = [(str(email), str(url)) for email, url in value.items()]
    else:
        return value
    addresses = {email.strip().lower(): url.strip() for email, url in pairs}
    if len(addresses) < len(pairs):
        raise ValueError("names an owner twice")
    if not all(re.fullmatch(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+", one) for one in addresses):
        raise ValueError("must name owners by their e-mail address")
    if not all("://" in url for url in addresses.values()):
        raise ValueError('must hold "owner e-mail" = "slack://…"')
    return addresses


def _split_words(value: Any) -> Any:
    return tuple(part.strip().lower() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


What = Annotated[Literal["call_back", "promise", "fan", "morning"], Lower]


class Notify(Section):
    """Messages to recruiters. `urls`: where each is told, by owner e-mail: addresses of apprise, which hold secrets."""

    urls: Annotated[dict[str, SecretStr], BeforeValidator(to_addresses)]
    urls_file: Path | None = None
    what: Annotated[tuple[What, ...], BeforeValidator(_split_words)]
    ahead_minutes: Minutes
    opens: time
    closes: time

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Notify:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
        return self

    def tells(self, what: str) -> bool:
        """Whether anybody is told of such a thing."""
        return what in self.what and (bool(self.urls) or self.urls_file is not None)

    @property
    def is_on(self) -> bool:
        """Whether anybody is told anything."""
        return any(self.tells(what) for what in self.what)

    def addresses(self) -> dict[str, str]:
        """Where each owner is told, by e-mail in lower case; the file is read again at each call. Raises ConfigError
        when it cannot be read or holds something else."""
        own = {email: url.get_secret_value() for email, url in self.urls.items()}
        return own if self.urls_file is None else from_file(self.urls_file) | own


def from_file(path: Path) -> dict[str, str]:
    """The addresses in a file of lines 'owner e-mail = address'. Raises ConfigError."""
    text = read_secret(None, path, "notify.urls")
    try:
        found: dict[str, str] = to_addresses(text)
    except ValueError as error:
        raise ConfigError([Problem("notify.urls_file", f"{error}.", "One owner a line.")]) from None
    return found
