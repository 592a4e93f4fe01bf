"""What a Greenhouse connector is told by `bootstrap`, and what Greenhouse can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.capabilities import Capabilities

CAPABILITIES = Capabilities(
    incremental=frozenset({"jobs", "candidates", "applications"}),
    inclusive=True,
    granularity="ms",
    tombstones="sweep",
    stage_history="exact",
    reject_reason=True,
    reject_time=True,
    users_email=True,
    consent=True,  # can_email
    prospects=True,
    page_stability="keyset",
)


@dataclass(frozen=True, slots=True)
class GreenhouseOptions:
    """Everything but waits and chance. `client_secret`: called for each token. `user_id`: in whose name is read, where
    the credentials are not bound to a user.

    `fields`: per noun, and for 'stages', what may leave the connector. Joined fields have a dot in their name.
    `sweep_hour_utc`: the first window that reaches over this hour is read whole, which is how deletions are found;
    None switches that off. `requests`, `interval_s`: how fast to ask while no header says otherwise.
    """

    name: str
    client_id: str
    client_secret: Callable[[], str] = field(repr=False)
    fields: Mapping[str, Sequence[str]]
    base_url: str = "https://harvest.greenhouse.io"
    auth_url: str = "https://auth.greenhouse.io"
    user_id: str | None = None
    lag_minutes: int = 10
    sweep_hour_utc: int | None = 2
    page_size: int = 500
    requests: int = 45
    interval_s: float = 30.0
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    attempts: int = 6
