"""What a play asks for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """A play wants a task for a person. `occasion`: the outside fact that names the wish and stays the same
    while it lasts.

    `reasons`: stable codes with their facts, best first: 'hot', 'days:2026-11-19,2026-11-21'.
    """

    play: str
    occasion: str
    reasons: tuple[str, ...]
