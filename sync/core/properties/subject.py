"""Whom contact properties are about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sync.core.calendar import local_day
from sync.core.facts import PersonFacts
from sync.core.model import Score
from sync.core.policy import Policy


@dataclass(frozen=True, slots=True)
class Subject:
    """A person with a contact, at one moment. `score`: as last computed; None: not computed. `now`: aware UTC."""

    facts: PersonFacts
    policy: Policy
    now: datetime
    score: Score | None

    @property
    def today(self) -> date:
        """The team's local day."""
        return local_day(self.now, self.policy.time.zone)

    @property
    def written(self) -> dict[str, str]:
        """What was last written, by property."""
        return dict(self.facts.written)
