"""What a Teamtailor connector is told by `bootstrap`, and what Teamtailor can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.capabilities import Capabilities

CAPABILITIES = Capabilities(
    incremental=frozenset({"candidates", "applications"}),
    inclusive=None,
    granularity="ms",
    tombstones="sweep",
    stage_history="current",
    reject_reason=True,
    reject_time=True,
    users_email=True,
    consent=True,  # unsubscribed: who may not be mailed
    prospects=True,  # sourced: a recruiter added the person
    page_stability="offset",
)


@dataclass(frozen=True, slots=True)
class TeamtailorOptions:
    """Everything but waits and chance. `token`: called for the key, and once more after a 401 (rotated files).

    `fields`: per noun, and for 'stages', what may leave the connector. Joined fields have a dot in their name
    (`stage.stage-type`), related ids end in `_id`.
    `sweep_hour_utc`: the first window that reaches over this hour is read whole, which is how deletions are found;
    None switches that off. `requests`, `interval_s`: how fast to ask while no header says otherwise.
    """

    name: str
    token: Callable[[], str] = field(repr=False)
    fields: Mapping[str, Sequence[str]]
    base_url: str = "https://api.teamtailor.com"
    api_version: str = "20240404"
    lag_minutes: int = 10
    sweep_hour_utc: int | None = 2
    page_size: int = 30
    requests: int = 45
    interval_s: float = 10.0
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    attempts: int = 6
