"""The Teamtailor connector: `connect(TeamtailorOptions(...))` gives a `Source`.

Naming it here imports no HTTP library.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.teamtailor.options import CAPABILITIES, TeamtailorOptions

if TYPE_CHECKING:
    from connectors.teamtailor.connector import Teamtailor

__all__ = ["CAPABILITIES", "TeamtailorOptions", "connect"]


def connect(
    options: TeamtailorOptions,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Teamtailor:
    """A Teamtailor company as the stages see it; no request is made yet. Raises ValueError for a base URL that cannot
    be."""
    from connectors.http import Waits
    from connectors.teamtailor.connector import build

    return build(options, Waits(sleep, jitter), clock)
