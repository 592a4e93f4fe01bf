"""The plays by name: each a small module that says when a person deserves a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sync.core.plays import fan
from sync.core.plays.wish import Case, No, Wish
from sync.core.policy import Policy


def _never(_: Case) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Play:
    """`wish`: what the play wants for a person. `is_on`: whether the settings let it.

    `next_at`: when the play has to look again though nothing new comes in, aware UTC and later than now; None: never.
    `gate`: whom this play leaves alone though contact policy lets them be called.
    `cools`: a wish that ends has cooled down, and leaves its task standing; else the reason is gone, and the task goes.
    `is_held`: caps, rest and a full desk hold it back. `profiles`: it rests on how the person behaves.
    """

    wish: Callable[[Case], Wish | None]
    is_on: Callable[[Policy], bool]
    next_at: Callable[[Case], datetime | None] = _never
    gate: Callable[[Case], No | None] = _never
    cools: bool = False
    is_held: bool = True
    profiles: bool = True


PLAYS: Mapping[str, Play] = {fan.PLAY: Play(fan.wish, lambda policy: policy.plays.fan.enabled, cools=True)}

__all__ = ["PLAYS", "Case", "No", "Play", "Wish"]
