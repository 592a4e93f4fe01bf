"""The settings: TOML and environment, checked whole, frozen. The only reader of the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from config import sections
from config.call_list import CallList, Notify
from config.consents import ConsentSettings
from config.contact import Contact, Hours, Retention
from config.hubspot import Hubspot
from config.kinds import missing
from config.layers import Layers, load_defaults, load_layers
from config.oversight import Oversight
from config.plays import Plays
from config.problems import problems_of, spelled, unknown_key
from config.segments import SegmentSettings
from config.sources import SourceSettings
from config.values import WEEKDAYS
from config.web import Alerts, Metrics, Web
from config.wording import Wording, template_problems
from sync.core.schedule import Cadence
from sync.errors import ConfigError, Problem

if TYPE_CHECKING:
    from sync.core.policy import Policy


class Settings(sections.Section):
    """Everything that can be set. Made by `load`."""

    mirror: sections.Mirror
    team: sections.Team
    hubspot: Hubspot
    attendance: sections.Attendance
    writes: sections.Writes
    audience: sections.Audience
    routing: sections.Routing
    contact: Contact
    retention: Retention
    engagement: sections.Engagement
    guards: sections.Guards
    oversight: Oversight
    score: sections.ScoreSettings
    plays: Plays
    call_list: CallList
    notify: Notify
    hours: Hours
    schedule: sections.Schedule
    web: Web
    metrics: Metrics
    alerts: Alerts
    clock: sections.FixedClock
    log: sections.Log
    wording: Wording
    sources: dict[str, SourceSettings] = {}
    segments: dict[str, SegmentSettings] = {}
    consents: dict[str, ConsentSettings] = {}

    @property
    def fixed_now(self) -> datetime | None:
        """`clock.now` as aware UTC; None: the real clock."""
        now = self.clock.now
        if now is None:
            return None
        return (now if now.tzinfo else now.replace(tzinfo=self.team.zone)).astimezone(UTC)

    @property
    def cadence(self) -> Cadence:
        """When what is read."""
        own, sources = self.schedule, self.sources.items()
        return Cadence(
            hot=timedelta(minutes=own.hot_minutes),
            other=timedelta(minutes=own.other_minutes),
            sources={name: timedelta(minutes=every) for name, one in sources if (every := one.reads_every)},
            full_at=own.full_at,
            full_days=frozenset(WEEKDAYS.index(day) for day in own.full_days),
            grace=timedelta(minutes=own.grace_minutes),
            zone=self.team.zone,
        )

    def check_hubspot_secrets(self) -> None:
        """Raises ConfigError when a secret is missing, or when the token looks swapped with an ATS's: every token of
        HubSpot begins with pat-."""
        if self.hubspot.is_app:
            self.hubspot.read_client_secret()
            self.hubspot.read_refresh_token()
            return
        token = self.hubspot.read_token()
        swapped = [name for name, one in self.sources.items() if _token_of(name, one).startswith("pat-")]
        if swapped and not token.startswith("pat-"):
            keys = f"hubspot.token and sources.{swapped[0]}.token"
            fix = "A token of HubSpot begins with pat-; put each token where it belongs."
            raise ConfigError([Problem(keys, "look swapped: the second is a token of HubSpot.", fix)])

    def policy(self, portal_id: str, properties: frozenset[str], today: date) -> Policy:
        """What the core decides by. `properties`: contact properties that exist and may be written. Holidays are those
        of the year before `today` to the year after it."""
        from config.policies import policy_of  # holidays takes 0.2 s to import: only when a policy is made

        return policy_of(self, portal_id=portal_id, properties=properties, today=today)


def _token_of(name: str, source: SourceSettings) -> str:
    try:
        return source.token_from(f"sources.{name}")
    except ConfigError:
        return ""  # whoever reads the source says so


def load(path: Path | None, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in force. `path`: the --config argument. `environ` None: the process environment.

    Raises ConfigError with every problem at once: unreadable file, unknown keys, wrong values."""
    layers = load_layers(path, os.environ if environ is None else environ)
    problems = [*layers.problems, *_unknown_kinds(layers), *_unusable_sources(layers), *_unusable_templates(layers)]
    try:
        settings = Settings.model_validate(layers.merged)
    except ValidationError as error:
        problems += problems_of(error, layers, Settings)
    if problems:
        raise ConfigError(problems)
    return settings


def _unknown_kinds(layers: Layers) -> list[Problem]:
    score = layers.merged["score"]
    kinds = score.get("kinds") if isinstance(score, dict) else None
    if not isinstance(kinds, dict):
        return []
    known = list(load_defaults()["score"]["kinds"])
    strange = [kind for kind in kinds if kind not in known]
    for kind in strange:
        del kinds[kind]  # one problem, not also one for each number it lacks
    return [unknown_key(spelled(("score", "kinds", kind), layers), kind, known) for kind in strange]


def _unusable_templates(layers: Layers) -> list[Problem]:
    wording = layers.merged.get("wording")
    folder = wording.get("templates") if isinstance(wording, dict) else None
    return template_problems(Path(folder)) if isinstance(folder, str) and folder else []


def _unusable_sources(layers: Layers) -> list[Problem]:
    sources = layers.merged.get("sources")
    if not isinstance(sources, dict):
        return []
    problems = []
    for name, source in sources.items():
        if isinstance(source, dict):
            problems += _source_problems(name, source)
    return problems


def _source_problems(name: str, source: Mapping[str, object]) -> list[Problem]:
    where = f"sources.{name}"
    found = []
    if not re.fullmatch(r"[a-z0-9_]+", name):
        found.append(Problem(where, "a source's name may hold a-z, 0-9 and _ only.", "Rename it."))
    if name == "hubspot":
        found.append(Problem(where, "hubspot is HubSpot itself.", "Give the source another name."))
    kind = str(source.get("kind", "")).strip().lower()
    return found + missing(kind, name, {key for key, value in source.items() if value})
