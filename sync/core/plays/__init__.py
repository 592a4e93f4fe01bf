"""The plays by name: each a small module that says when a person deserves a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sync.core.facts import PersonFacts, StoredScore
from sync.core.plays import fan
from sync.core.plays.wish import Wish
from sync.core.policy import Policy


@dataclass(frozen=True, slots=True)
class Play:
    """`wish`: what the play wants for a person. `is_on`: whether the settings let it.

    `cools`: a wish that ends has cooled down, and leaves its task standing; else the reason is gone, and the task goes.
    """

    wish: Callable[[PersonFacts, StoredScore, Policy, date], Wish | None]
    is_on: Callable[[Policy], bool]
    cools: bool


def _fan(facts: PersonFacts, score: StoredScore, policy: Policy, today: date) -> Wish | None:
    return fan.wish(facts, score, policy.fan, today=today, kinds=policy.score.kinds)


PLAYS: Mapping[str, Play] = {fan.PLAY: Play(_fan, lambda policy: policy.fan.enabled, cools=True)}

__all__ = ["PLAYS", "Play", "Wish"]
