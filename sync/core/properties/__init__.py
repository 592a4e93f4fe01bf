"""What warmline writes on a contact: a small module for each group of properties that belong together.

Each says what it wants written now: values by property, '' to clear one. What need not change is left out, or said as
it stands.
"""

from __future__ import annotations

from collections.abc import Callable

from sync.core.properties import ats, engagement, identity, promise, rank, trigger
from sync.core.properties.subject import Subject

GROUPS: tuple[Callable[[Subject], dict[str, str]], ...] = (
    identity.wanted,
    engagement.wanted,
    promise.wanted,
    trigger.wanted,
    ats.wanted,
    rank.wanted,
)

__all__ = ["GROUPS", "Subject"]
