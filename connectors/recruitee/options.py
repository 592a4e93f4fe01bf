"""What a Recruitee connector is told by `bootstrap`, and what Recruitee can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.capabilities import Capabilities

CAPABILITIES = Capabilities(
    incremental=frozenset({"jobs", "candidates", "applications"}),
    inclusive=True,
    granularity="s",
    tombstones="sweep",
    stage_history="observed",
    reject_reason=True,
    reject_time=True,
    users_email=True,
    consent=True,  # gdpr_expires_at: until when data may be kept, not who may be mailed
    prospects=True,
    page_stability="offset",
)


@dataclass(frozen=True, slots=True)
class RecruiteeOptions:
    """Everything but waits and chance. `token`: called for the token, and once more after a 401 (rotated files).

    `company`: the number or name in Recruitee's addresses; candidate calls may insist on the number.
    `fields`: per noun, and for 'stages', what may leave the connector. Joined fields have a dot in their name:
    `admin.email` on candidates, `recruiter.email` on jobs, `offer.kind` and `candidate.…` on applications.
    `sweep_hour_utc`: the first window that reaches over this hour is read whole, which is how deletions and changes
    that move no `updated_at` are found; None switches that off.
    """

    name: str
    company: str
    token: Callable[[], str] = field(repr=False)
    fields: Mapping[str, Sequence[str]]
    base_url: str = "https://api.recruitee.com"
    lag_minutes: int = 10
    sweep_hour_utc: int | None = 2
    page_size: int = 500
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    attempts: int = 6
