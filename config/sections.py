"""The sections of warmline.toml as frozen models: types, ranges, allowed words. Defaults stand in default.toml only."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from config.values import (
    AudienceEntries,
    Consent,
    Count,
    Dates,
    Domains,
    Email,
    Emails,
    EventIds,
    EventTypes,
    Grounds,
    Lower,
    Minutes,
    Patterns,
    Routes,
    Share,
    Text,
    Texts,
    Upper,
    Url,
    Weekdays,
    Zone,
)
from sync.errors import ConfigError, Problem


class Section(BaseModel):
    """A table of warmline.toml: frozen, unknown keys refused, values never repeated in errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Mirror(Section):
    """Where the mirror is."""

    path: Path


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
        if self.token is not None:
            return self.token.get_secret_value().strip()
        fix = f"Set {_env_name(where)}__TOKEN, or {where}.token_file to a file with the token."
        if self.token_file is None:
            raise ConfigError([Problem(f"{where}.token", "no token is set.", fix)])
        try:
            token = self.token_file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            reason = f"the file cannot be read ({type(error).__name__})."
            raise ConfigError([Problem(f"{where}.token_file", reason, fix)]) from None
        if not token:
            raise ConfigError([Problem(f"{where}.token_file", "the file is empty.", fix)])
        return token


def _env_name(where: str) -> str:
    return "WARMLINE_" + where.upper().replace(".", "__")


class Hubspot(Secrets):
    """How HubSpot is reached."""

    base_url: Url
    api_version: Annotated[Literal["2026-09", "v3"], Lower]
    portal_id: Annotated[Text, Field(pattern=r"^\d+$")] | None = None
    timeout_connect_s: Annotated[float, Field(gt=0, le=120)]
    timeout_read_s: Annotated[float, Field(gt=0, le=600)]
    daily_reserve: Share
    lag_minutes: Minutes
    searches_per_s: Annotated[int, Field(ge=1, le=100)]
    activities_days: Annotated[int, Field(ge=1, le=3650)]

    def read_token(self) -> str:
        """The token to send now. Raises ConfigError when there is none."""
        return self.token_from("hubspot")


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
    fallback_owner: Email | None = None


class Contact(Section):
    """When a person may be called and how often."""

    call_grounds: Grounds
    tracking_consent: Consent
    attested_by: str | None = None
    attested_at: Annotated[str, BeforeValidator(str)] | None = None
    new_tasks_a_day: Count
    open_tasks: Count
    tasks_per_7_days: Count
    tasks_per_30_days: Count

    @property
    def consent_property(self) -> str | None:
        """The contact property that says whether web and mail behaviour may be stored; None when it is not per
        contact."""
        name = self.tracking_consent.partition(":")[2]
        return name or None


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
    breaker_runs: Annotated[int, Field(ge=0, le=1000)]


class KindSettings(Section):
    """What a touch kind is worth."""

    weight: Annotated[float, Field(ge=0, le=100)]
    half_life_days: Annotated[float, Field(ge=14, le=180)]
    cap: Annotated[float, Field(ge=0, le=1000)]


class ScoreSettings(Section):
    """The score's shape. `kinds`: the kinds of default.toml."""

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


class Fan(Section):
    """The fan play."""

    enabled: bool
    days: Annotated[int, Field(ge=1, le=30)]
    within_days: Annotated[int, Field(ge=1, le=90)]
    due_working_minutes: Annotated[int, Field(ge=0, le=10_000)]

    @model_validator(mode="after")
    def _days_fit(self) -> Fan:
        if self.days > self.within_days:
            raise ValueError("days cannot be more than within_days")
        return self


class Plays(Section):
    """The plays that have knobs."""

    fan: Fan


class Hours(Section):
    """When recruiters work."""

    opens: time
    closes: time
    weekdays: Weekdays
    country: Annotated[Literal["NL", "BE", "DE", "NONE"], Upper]
    good_friday: bool
    liberation_day: Annotated[Literal["never", "lustrum", "always"], Lower]
    extra_holidays: Dates

    @model_validator(mode="after")
    def _opens_before_closing(self) -> Hours:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes")
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
