"""What a Salesforce connector is told by `bootstrap`, and what Salesforce can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.capabilities import Capabilities

USERS, JOBS, STAGES, CANDIDATES, APPLICATIONS = "users", "jobs", "stages", "candidates", "applications"
NOUNS = (USERS, JOBS, CANDIDATES, APPLICATIONS)

CAPABILITIES = Capabilities(
    incremental=frozenset(NOUNS),
    inclusive=True,
    granularity="s",
    tombstones="poll",
    stage_history="observed",
    reject_reason=False,  # no package is known to have it; a mapping file can name the field
    reject_time=False,
    users_email=True,
    consent=True,  # HasOptedOutOfEmail, where candidates are contacts
    prospects=True,  # open applications, without a vacancy
    page_stability="keyset",
)


@dataclass(frozen=True, slots=True)
class SalesforceOptions:
    """Everything but waits and chance. `grant`: the form the token endpoint is asked with, made anew at each use.

    `objects`: the object of each noun; of 'stages' an object, or `Object.Field` for the values of a picklist. A noun
    without an object is no stream. `fields`: per noun, and for 'stages', what may leave the connector, related fields
    with dots (`Owner.Email`). `where`: per noun, a SOQL condition its rows must meet. `lookups`: per noun, fields that
    point to another noun: when the org does not show one of that name, the only field that points there is taken.
    `rules`: per noun, the mapping's rule of each field, to be proposed again. `bulk_above`: a whole read of more rows
    than this goes through the Bulk API. `daily_reserve`: the share of the org's requests a day that is left to others.
    """

    name: str
    base_url: str
    grant: Callable[[], Mapping[str, str]] = field(repr=False)
    objects: Mapping[str, str]
    fields: Mapping[str, Sequence[str]]
    where: Mapping[str, str] = field(default_factory=dict)
    lookups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    version: str = "62.0"
    lag_minutes: int = 15
    bulk_above: int = 100_000
    daily_reserve: float = 0.1
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 120.0
    attempts: int = 6
