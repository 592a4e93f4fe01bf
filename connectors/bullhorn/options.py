"""What a Bullhorn connector is told by `bootstrap`, and what Bullhorn can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.capabilities import Capabilities

CAPABILITIES = Capabilities(
    incremental=frozenset({"jobs", "candidates", "applications"}),
    inclusive=True,
    granularity="s",  # the search index; the database has milliseconds
    tombstones="poll",
    stage_history="exact",
    reject_reason=False,  # in comments, which are never read
    reject_time=True,
    users_email=True,
    consent=True,  # massMailOptOut: who may not be mailed
    prospects=True,  # submitted by a recruiter, without a web response
    page_stability="offset",
)


@dataclass(frozen=True, slots=True)
class BullhornOptions:
    """Everything but waits and chance. `client_secret`, `password`: called at each login.

    `fields`: per noun, and for 'stages', what may leave the connector. Names that end in `_id` are ids of related
    records, `owner.email` is a user's address, `history` and `placements` are joined to applications.
    `base_url`: everything goes there; None: to the data centre Bullhorn names, below bullhornstaffing.com.
    `sweep_hour_utc`: the first window that reaches over this hour is read whole, which is how records that were
    removed for good are found; None switches that off. `session_minutes`: short, for Bullhorn bounds how many sessions
    there are at a time, and every run has its own.
    """

    name: str
    client_id: str
    client_secret: Callable[[], str] = field(repr=False)
    username: str
    password: Callable[[], str] = field(repr=False)
    fields: Mapping[str, Sequence[str]]
    base_url: str | None = None
    lag_minutes: int = 15
    sweep_hour_utc: int | None = 2
    page_size: int = 500
    session_minutes: int = 10
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    attempts: int = 8
