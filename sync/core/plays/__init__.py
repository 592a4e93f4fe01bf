"""The plays by name: each a small module that says when a person deserves a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from sync.core.facts import PersonFacts, StoredScore
from sync.core.plays import fan
from sync.core.plays.wish import Wish
from sync.core.policy import Policy

Play = Callable[[PersonFacts, StoredScore, Policy, date], Wish | None]


def _fan(facts: PersonFacts, score: StoredScore, policy: Policy, today: date) -> Wish | None:
    return fan.wish(facts, score, policy.fan, today=today, kinds=policy.score.kinds)


PLAYS: Mapping[str, Play] = {fan.PLAY: _fan}

__all__ = ["PLAYS", "Play", "Wish"]
