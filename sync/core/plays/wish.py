"""What a play asks for, and what it looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sync.core.calendar import local_day
from sync.core.facts import PersonFacts
from sync.core.model import Refusal
from sync.core.policy import Policy

STEP = "/"  # in an occasion: what follows is a later step of the same wish


@dataclass(frozen=True, slots=True)
class Case:
    """One person at one moment, and the settings in force. `now`: aware UTC."""

    facts: PersonFacts
    policy: Policy
    now: datetime

    @property
    def today(self) -> date:
        """The team's local day."""
        return local_day(self.now, self.policy.time.zone)


@dataclass(frozen=True, slots=True)
class Wish:
    """A play wants a task for a person. `occasion`: the outside fact that names the wish and stays the same
    while it lasts.

    `reasons`: stable codes with their facts, best first: 'hot', 'days:2026-11-19,2026-11-21'. `due_at`: when the task
    is to be due, aware UTC. `type`: CALL, EMAIL or TODO. `application`: the one it is about, as '<source>:<id>'; '':
    none.
    """

    play: str
    occasion: str
    reasons: tuple[str, ...]
    due_at: datetime
    type: str = "CALL"
    priority: str = "MEDIUM"
    application: str = ""


# What a play may look past (`Play.ignores`).
#
# An answer owed to somebody's own application, or to what they wrote: it may not be called, then it is mailed.
OWED = frozenset({Refusal.DO_NOT_CALL, Refusal.OPTED_OUT, Refusal.NO_PROFILING, Refusal.CHANNEL, Refusal.NO_GROUND})
# An appointment the person made: they chose the channel.
REQUESTED = frozenset({Refusal.CHANNEL})
# The next step of a conversation that is going on: it is no new address.
DIALOGUE = frozenset({Refusal.REST, Refusal.CAP_MAILS, Refusal.CAP_CONTACTS, Refusal.GAP})


@dataclass(frozen=True, slots=True)
class No:
    """A refusal and, where time ends it, when."""

    refusal: Refusal
    until: datetime | None = None
