"""Whom contact properties are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sync.core.calendar import local_day
from sync.core.facts import PersonFacts
from sync.core.model import Owner, Score
from sync.core.policy import Policy


@dataclass(frozen=True, slots=True)
class Subject:
    """A person with a contact, at one moment. `score`: as last computed; None: not computed. `now`: aware UTC.
    `owner`: whose tasks the person's are."""

    facts: PersonFacts
    policy: Policy
    now: datetime
    score: Score | None
    owner: Owner | None = None

    @property
    def today(self) -> date:
        """The team's local day."""
        return local_day(self.now, self.policy.time.zone)

    @property
    def written(self) -> dict[str, str]:
        """What was last written, by property."""
        return dict(self.facts.written)

    @property
    def known(self) -> dict[str, str]:
        """What was last written, or wanted where a person's edit stands, by property."""
        return self.written | dict(self.facts.contested)

    def changed(self, values: Mapping[str, str]) -> dict[str, str]:
        """Of these values the ones that are news, and those that were handed back. An edit of a person's makes no news
        again and again."""
        known = self.known
        return {
            name: value for name, value in values.items() if name in self.facts.owed or known.get(name, "") != value
        }
