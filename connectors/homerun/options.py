"""What a Homerun connector is told by `bootstrap`, and what Homerun can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.capabilities import Capabilities

CAPABILITIES = Capabilities(
    incremental=frozenset(),
    inclusive=None,
    granularity="none",
    tombstones="sweep",
    stage_history="observed",
    reject_reason=False,
    reject_time=False,
    users_email=False,
    consent=True,  # the end of the retention period
    prospects=True,  # sourced: a recruiter added the person
    page_stability="offset",
)


@dataclass(frozen=True, slots=True)
class HomerunOptions:
    """Everything but waits and chance. `token`: called for the key, and once more after a 401 (rotated files).

    `fields`: per noun, and for 'stages', what may leave the connector. Joined fields have a dot in their name.
    `page_size`: rows asked for at once, and rows a page given out. `requests`, `interval_s`: how fast to ask.
    """

    name: str
    token: Callable[[], str] = field(repr=False)
    fields: Mapping[str, Sequence[str]]
    base_url: str = "https://api.homerun.co"
    page_size: int = 100
    requests: int = 55
    interval_s: float = 60.0
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    attempts: int = 6
