"""HubSpot as the `Crm` port: each method hands over to the module that knows how."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from connectors.credentials import BearerToken, Credentials
from connectors.http import Patience, Transport, Waits
from connectors.hubspot.activities import ActivityPages
from connectors.hubspot.bridge import Bridge
from connectors.hubspot.engagement import EngagementPages
from connectors.hubspot.marketing_events import Fingerprints, MarketingEventPages
from connectors.hubspot.oauth import app_token
from connectors.hubspot.options import HubSpotOptions
from connectors.hubspot.paths import Paths
from connectors.hubspot.reads import History, Lookups
from connectors.hubspot.schema import Schema
from connectors.hubspot.sink import Sink
from connectors.hubspot.source import PageReader
from connectors.hubspot.streams import ACTIVITIES, CONTACTS, ENGAGEMENT, MARKETING_EVENTS, TASKS, declared_streams
from connectors.oauth import NoCredentials
from connectors.protocols import (
    Account,
    Page,
    PropertySpec,
    PropertyState,
    Record,
    RequestCounts,
    StreamSpec,
    Window,
    WriteResult,
    WriteRow,
)
from connectors.ratelimit import Limiter, OpenGate
from sync.errors import NotServed


class HubSpot:
    """One portal. Implements `connectors.protocols.Crm`; see there for what each method promises."""

    name = "hubspot"

    def __init__(self, bridge: Bridge, options: HubSpotOptions, limiter: Limiter) -> None:
        self._transport = bridge.transport
        self._limiter = limiter
        asked = {noun: options.activity_properties.get(noun, ()) for noun in ACTIVITIES}
        asked |= {CONTACTS: options.contact_properties, TASKS: options.task_properties}
        self._contact_properties = options.contact_properties
        self._pages = PageReader(bridge, asked)
        self._activities = ActivityPages(
            bridge, self._pages, days=options.activity_days, known=options.known_dispositions
        )
        self._engagement = EngagementPages(bridge, days=options.activity_days, event_types=options.event_types)
        self._lookups = Lookups(bridge)
        self._marketing_events = MarketingEventPages(
            bridge, self._lookups, days=options.marketing_event_days, first_days=options.marketing_event_first_days
        )
        self._sink = Sink(bridge)
        self._schema = Schema(bridge)
        self.streams: Sequence[StreamSpec] = declared_streams(options.lag_minutes, tracking=options.tracking)

    @property
    def requests(self) -> RequestCounts:
        return self._transport.counts

    @property
    def daily_left(self) -> int | None:
        """Requests left of the account's day; None: HubSpot has not said."""
        return self._limiter.daily_left

    def before_each_write(self, check: Callable[[], None]) -> None:
        self._transport.before_write = check

    def remember_events(self, known: Callable[[], Fingerprints]) -> None:
        self._marketing_events.known = known

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        if noun == MARKETING_EVENTS:
            return self._marketing_events.fetch_pages(window, token)
        if noun in ENGAGEMENT:
            return self._engagement.fetch_pages(noun, window, token)
        pages = self._activities if noun in ACTIVITIES else self._pages
        return pages.fetch_pages(noun, window, token)

    def fetch_records(self, noun: str, ids: Sequence[str]) -> Mapping[str, Record]:
        if noun != CONTACTS:
            raise NotServed(f"HubSpot's {noun} are not read by id.")
        found = self._lookups.fetch_contacts(ids, self._contact_properties)
        return {asked: record for asked, record in found.items() if not record["archived"]}

    def count_contacts(self, since: datetime) -> int | None:
        return self._pages.count_changed(CONTACTS, since)

    def fetch_archived(self, pages: int) -> Sequence[str]:
        return self._lookups.fetch_archived(pages)

    def fetch_deleted_contacts(self, ids: Sequence[str]) -> set[str]:
        """Those of these contacts that lie in the recycle bin."""
        return self._lookups.fetch_deleted_contacts(ids)

    def fetch_account(self) -> Account:
        return self._lookups.fetch_account()

    def fetch_contacts(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Record]:
        return self._lookups.fetch_contacts(ids, properties)

    def fetch_contacts_by(
        self, property_name: str, values: Sequence[str], properties: Sequence[str]
    ) -> Mapping[str, Record]:
        return self._lookups.fetch_contacts_by(property_name, values, properties)

    def fetch_history(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, History]:
        return self._lookups.fetch_history(ids, properties)

    def fetch_tasks_of(self, contact_ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Sequence[Record]]:
        return self._lookups.fetch_tasks_of(contact_ids, properties)

    def fetch_tasks(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Record]:
        return self._lookups.fetch_tasks(ids, properties)

    def fetch_deleted_tasks(self) -> Iterator[Page]:
        return self._pages.fetch_archived_pages(TASKS)

    def fetch_list_members(self, list_id: str, token: str | None) -> Iterator[Page]:
        return self._lookups.fetch_list_members(list_id, token)

    def update_contacts(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        return self._sink.update_contacts(rows)

    def create_contacts(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        return self._sink.create_contacts(rows)

    def create_tasks(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        return self._sink.create_tasks(rows)

    def update_tasks(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        return self._sink.update_tasks(rows)

    def set_task_contacts(self, task_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        self._sink.set_task_contacts(task_id, add=add, remove=remove)

    def archive_tasks(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        return self._sink.archive_tasks(rows)

    def record_attendance(self, event_id: str, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        return self._sink.record_attendance(event_id, rows)

    def erase_contact(self, contact_id: str) -> WriteResult:
        return self._sink.erase_contact(contact_id)

    def fetch_properties(self) -> Mapping[str, PropertyState]:
        return self._schema.fetch_properties()

    def create_property(self, spec: PropertySpec, group: str) -> None:
        self._schema.create_property(spec, group)

    def archive_property(self, name: str) -> bool:
        return self._schema.archive_property(name)

    def ensure_group(self, name: str, label: str) -> None:
        self._schema.ensure_group(name, label)

    def archive_group(self, name: str) -> bool:
        return self._schema.archive_group(name)


def build(
    options: HubSpotOptions,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> HubSpot:
    """The connector on its own transport and limiter. `clock` and `sleep` serve limits and waits only."""
    limiter = Limiter(
        clock,
        sleep,
        share=options.burst_share,
        daily_reserve=options.daily_reserve,
        searches_per_s=options.searches_per_s,
    )
    patience = Patience(options.connect_timeout_s, options.read_timeout_s, options.attempts)
    waits, paths = Waits(sleep, jitter), Paths(options.api_version)
    credentials: Credentials = BearerToken(options.token)
    if options.app is not None:
        login = Transport(options.base_url, NoCredentials(), OpenGate(), patience, waits)
        credentials = app_token(options.app, login, paths.token, clock)
    transport = Transport(options.base_url, credentials, limiter, patience, waits)
    return HubSpot(Bridge(transport, paths), options, limiter)
