"""Settings and clock, and the parts made from them alone."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from config.consents import consent_properties
from config.hubspot import Hubspot
from config.settings import Settings, load
from connectors import hubspot
from connectors.protocols import Crm
from mappings import hubspot as hubspot_mapping
from mappings import hubspot_activities, touch_kinds
from sync import log
from sync.clock import Clock
from sync.core.calendar import local_day
from sync.core.policy import Policy
from sync.core.touches import HALF_LIVES_AT_FIRST_SIGHT
from sync.store.db import Mirror, open_existing, open_mirror, open_readonly

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """Settings and clock: all that a command starts from."""

    settings: Settings
    clock: Clock

    @classmethod
    def start(cls, config: Path | None, *, unattended: bool = False) -> App:
        """Read the settings and start the log. A command somebody waits for tells what it does itself, so its log holds
        only what should be looked at; an unattended one logs a line a stage and a run.

        Raises ConfigError with every problem in the settings.
        """
        settings = load(config)
        level = settings.log.level
        log.configure("WARNING" if level == "INFO" and not unattended else level)
        return cls(settings, Clock(settings.fixed_now))

    def connect(self) -> Crm:
        """HubSpot, with the fields the mappings need. Raises ConfigError without a token; makes no request."""
        own = self.settings.hubspot
        self.settings.check_hubspot_secrets()
        return hubspot.connect(
            hubspot.HubSpotOptions(
                token=own.read_token,
                app=_installed_app(own),
                base_url=own.base_url,
                api_version=own.api_version,
                contact_properties=self.contact_properties,
                task_properties=hubspot_mapping.task_properties(),
                activity_properties={
                    noun: hubspot_activities.activity_properties(noun) for noun in hubspot_activities.NOUNS
                },
                activity_days=own.activities_days,
                known_dispositions=hubspot_activities.known_dispositions(),
                tracking=self.tracking,
                event_types=self.event_types,
                marketing_event_days=self.settings.attendance.read_days,
                marketing_event_first_days=self._event_days,
                lag_minutes=own.lag_minutes,
                searches_per_s=own.searches_per_s,
                connect_timeout_s=own.timeout_connect_s,
                read_timeout_s=own.timeout_read_s,
                daily_reserve=own.daily_reserve,
            ),
            clock=self.clock.monotonic,
            sleep=self.clock.sleep,
        )

    @property
    def _event_days(self) -> int:
        """How long ago an open day may be and still be worth points, to read one that was never read."""
        half_life_days = self.settings.score.kinds["event_attended"].half_life_days
        return round(HALF_LIVES_AT_FIRST_SIGHT * half_life_days)

    @property
    def consent_property(self) -> str | None:
        """The contact property that holds the tracking consent, where the settings name one."""
        kind, _, name = self.settings.contact.tracking_consent.partition(":")
        return name if kind == "property" else None

    @property
    def tracking(self) -> bool:
        """Whether web and mail behaviour is asked for at all."""
        return self.settings.contact.tracking_consent != "off"

    @property
    def contact_properties(self) -> list[str]:
        """What is asked of HubSpot about a contact; web and mail behaviour only where it may be stored. The connector
        cuts the last address seen to its page."""
        consents = consent_properties(self.settings.consents)
        names = hubspot_mapping.contact_properties(self.consent_property, tracking=self.tracking, consents=consents)
        return [*names, hubspot.LAST_URL] if self.tracking else names

    @property
    def event_types(self) -> list[str]:
        """The event types of HubSpot that are read."""
        return list(dict.fromkeys([*touch_kinds.load_kinds()["events"], *self.settings.engagement.click_events]))

    def open_mirror(self) -> Mirror:
        """The mirror, made or migrated as needed. Raises MirrorError."""
        return open_mirror(self.settings.mirror.path, key=self.settings.mirror.read_key())

    def read_mirror(self) -> Mirror:
        """The mirror for a command that only reads. Raises MirrorError when there is none yet."""
        return open_readonly(self.settings.mirror.path, key=self.settings.mirror.read_key())

    def open_beside(self) -> Mirror:
        """The mirror for who writes a little while the worker works, and does not wait long for it. Raises
        MirrorError."""
        own = self.settings
        return open_existing(own.mirror.path, key=own.mirror.read_key(), busy_timeout_ms=own.web.busy_ms)

    def policy(self, portal_id: str, properties: frozenset[str]) -> Policy:
        """What the core decides by, today."""
        return self.settings.policy(portal_id, properties, local_day(self.clock.now(), self.settings.team.zone))


def _installed_app(own: Hubspot) -> hubspot.OAuthApp | None:
    def keep(token: str) -> bool:
        kept = own.keep_refresh_token(token)
        if not kept:
            _LOG.warning("hubspot: a new refresh token came and there is no hubspot.refresh_token_file to keep it in")
        return kept

    if own.client_id is None:
        return None
    return hubspot.OAuthApp(own.client_id, own.read_client_secret, own.read_refresh_token, keep)
