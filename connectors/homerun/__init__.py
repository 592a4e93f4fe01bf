"""The Homerun connector: `connect(HomerunOptions(...))` gives a `Source`.

Naming it here imports no HTTP library.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.homerun.options import CAPABILITIES, HomerunOptions

if TYPE_CHECKING:
    from connectors.homerun.connector import Homerun

__all__ = ["CAPABILITIES", "HomerunOptions", "connect"]


def connect(
    options: HomerunOptions,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Homerun:
    """A Homerun company as the stages see it; no request is made yet. Raises ValueError for a URL that cannot be."""
    from connectors.homerun.connector import build
    from connectors.http import Waits

    return build(options, Waits(sleep, jitter), clock)
