"""The sections of warmline.toml as frozen models: types, ranges, allowed words. Defaults stand in default.toml only."""

from __future__ import annotations

import re
from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from config.absence import Absences
from config.values import (
    AudienceEntries,
    Count,
    Domains,
    Email,
    Emails,
    EventIds,
    EventTypes,
    Languages,
    Lower,
    Minutes,
    Patterns,
    Routes,
    Share,
    Text,
    Texts,
    Upper,
    Weekdays,
    Zone,
)
from sync.errors import ConfigError, Problem


class Section(BaseModel):
    """A table of warmline.toml: frozen, unknown keys refused, values never repeated in errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Mirror(Section):
    """Where the mirror is, and the key it is encrypted with."""

    path: Path
    key: SecretStr | None = None
    key_file: Path | None = None

    def read_key(self) -> str | None:
        """64 hex digits; None: the mirror is not encrypted. Raises ConfigError for another key, or none in the file."""
        if self.key is None and self.key_file is None:
            return None
        key = read_secret(self.key, self.key_file, "mirror.key")
        if not re.fullmatch(r"[0-9a-fA-F]{64}", key):
            fix = "Make one with `openssl rand -hex 32`, and keep it where the mirror and its backups are not."
            raise ConfigError([Problem("mirror.key", "is not 64 hex digits.", fix)])
        return key.lower()


class Team(Section):
    """Who uses warmline."""

    timezone: Zone
    language: Annotated[Literal["nl", "en"], Lower]
    domains: Domains

    @property
    def zone(self) -> ZoneInfo:
        """The one zone."""
        return ZoneInfo(self.timezone)


class Secrets(Section):
    """A token from the environment, or a file that holds it."""

    token: SecretStr | None = None
    token_file: Path | None = None

    def token_from(self, where: str) -> str:
        """The token; a file is read again at each call, so that a rotated one is picked up. `where`: the table's path.

        Raises ConfigError when there is none or the file cannot be read."""
        return read_secret(self.token, self.token_file, f"{where}.token")


def read_secret(value: SecretStr | None, file: Path | None, key: str) -> str:
    """A secret from its setting, else from its file, read again at each call. `key`: the setting, `hubspot.token`.

    Raises ConfigError when there is none or the file cannot be read."""
    if value is not None:
        return value.get_secret_value().strip()
    what = key.rpartition(".")[2].replace("_", " ")
    fix = f"Set WARMLINE_{key.upper().replace('.', '__')}, or {key}_file to a file with the {what}."
    if file is None:
        raise ConfigError([Problem(key, f"no {what} is set.", fix)])
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = f"the file cannot be read ({type(error).__name__})."
        raise ConfigError([Problem(f"{key}_file", reason, fix)]) from None
    if not secret:
        raise ConfigError([Problem(f"{key}_file", "the file is empty.", fix)])
    return secret


class Attendance(Section):
    """Open days and fairs. `events`: name on a sign-in sheet → id of HubSpot's marketing event."""

    events: EventIds
    read_days: Annotated[int, Field(ge=0, le=365)]


class Writes(Section):
    """What may be written."""

    enabled: bool
    owners: Emails
    create_contacts: Annotated[Literal["never", "applicants", "all"], Lower]
    not_before_minutes: Minutes
    rise: Annotated[int, Field(ge=1, le=100)]


class Audience(Section):
    """Who is scored."""

    include: AudienceEntries
    customers: bool
    open_deals: bool
    internal: bool


class Routing(Section):
    """Whose task it is."""

    recruiters: Emails
    owners: Routes
    languages: Languages
    absent: Absences
    fallback_owner: Email | None = None


class Engagement(Section):
    """What the team's pages, forms and event types mean."""

    careers_pages: Patterns
    vacancy_pages: Patterns
    apply_pages: Patterns
    application_forms: Texts
    click_events: EventTypes

    @property
    def pages(self) -> dict[str, tuple[str, ...]]:
        """The team's own addresses by touch kind."""
        return {
            "application_started": self.apply_pages,
            "vacancy_visit": self.vacancy_pages,
            "careers_visit": self.careers_pages,
        }


class Guards(Section):
    """What stops a run before it writes."""

    plan_share: Share
    plan_rows: Count
    new_tasks: Count
    source_share: Share
    source_changed: Text | None = None
    erase_share: Share
    erase_people: Count
    breaker_runs: Annotated[int, Field(ge=0, le=1000)]


class KindSettings(Section):
    """What a touch kind is worth."""

    weight: Annotated[float, Field(ge=0, le=100)]
    half_life_days: Annotated[float, Field(ge=14, le=180)]
    cap: Annotated[float, Field(ge=0, le=1000)]


class ScoreSettings(Section):
    """The score's shape. `kinds`: the kinds of default.toml."""

    enabled: bool
    scale: Annotated[float, Field(gt=0)]
    hot: Annotated[int, Field(ge=1, le=100)]
    warm: Annotated[int, Field(ge=1, le=100)]
    cool: Annotated[int, Field(ge=1, le=100)]
    hysteresis: Annotated[int, Field(ge=0, le=50)]
    kinds: dict[str, KindSettings]

    @model_validator(mode="after")
    def _bands_in_order(self) -> ScoreSettings:
        if not self.cool < self.warm < self.hot:
            raise ValueError("cool must be below warm and warm below hot")
        return self


class Schedule(Section):
    """When `warmline run` does what."""

    hot_minutes: Annotated[int, Field(ge=1, le=1440)]
    other_minutes: Annotated[int, Field(ge=1, le=1440)]
    full_at: time
    full_days: Weekdays
    grace_minutes: Annotated[int, Field(ge=1, le=1440)]
    jitter_s: Annotated[int, Field(ge=0, le=600)]
    stop_within_s: Annotated[int, Field(ge=1, le=3600)]
    healthy_minutes: Annotated[int, Field(ge=1, le=10_080)]
    keep_runs_days: Annotated[int, Field(ge=7, le=3650)]
    hint_pause_s: Annotated[int, Field(ge=1, le=3600)]

    @model_validator(mode="after")
    def _clear_of_clock_changes(self) -> Schedule:
        if self.full_at < time(4):
            raise ValueError("full_at cannot be before 04:00: the clock changes at night")
        return self


class FixedClock(Section):
    """A fixed now, for tests and demos."""

    now: datetime | None = None


class Log(Section):
    """How much is logged."""

    level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], Upper]
