"""What a HubSpot connector is told by `bootstrap`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OAuthApp:
    """How an installed app asks for a token. `keep`: called with a refresh token that takes the place of the one in
    use; whether it was kept."""

    client_id: str
    client_secret: Callable[[], str] = field(repr=False)
    refresh_token: Callable[[], str] = field(repr=False)
    keep: Callable[[str], bool] = field(repr=False)


@dataclass(frozen=True, slots=True)
class HubSpotOptions:
    """Everything but the clock. `token`: called for the token, and once more after a 401 (rotated files); an installed
    `app` asks for its own instead.

    `contact_properties`, `task_properties`: what page reads ask for and what their records are cut down to.
    `activity_properties`: the same for each noun of activities. `activity_days`: how far back their first read goes.
    `known_dispositions`: call outcomes whose label is not needed.
    `tracking`: web and mail behaviour may be read. `event_types`: of the event-occurrences to read, one request each.
    `marketing_event_days`: how long after its end an event's participants are read again; `…_first_days`: how long
    those of one that was never read.
    `burst_share`: part of each burst used. `daily_reserve`: part of the account's day left to its other apps.
    """

    token: Callable[[], str] = field(repr=False)
    app: OAuthApp | None = None
    base_url: str = "https://api.hubapi.com"
    api_version: str = "2026-09"
    contact_properties: Sequence[str] = ()
    task_properties: Sequence[str] = ()
    activity_properties: Mapping[str, Sequence[str]] = field(default_factory=dict)
    activity_days: int = 180
    known_dispositions: Collection[str] = ()
    tracking: bool = False
    event_types: Sequence[str] = ()
    marketing_event_days: int = 14
    marketing_event_first_days: int = 540
    lag_minutes: int = 20
    searches_per_s: int = 4
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 30.0
    attempts: int = 6
    burst_share: float = 0.8
    daily_reserve: float = 0.2
