"""The Greenhouse connector (Harvest v3): `connect(GreenhouseOptions(...))` gives a `Source`.

Naming it here imports no HTTP library.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.greenhouse.options import CAPABILITIES, GreenhouseOptions

if TYPE_CHECKING:
    from connectors.greenhouse.connector import Greenhouse

__all__ = ["CAPABILITIES", "GreenhouseOptions", "connect"]


def connect(
    options: GreenhouseOptions,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Greenhouse:
    """A Greenhouse organisation as the stages see it; no request is made yet. Raises ValueError for a URL that cannot
    be."""
    from connectors.greenhouse.connector import build
    from connectors.http import Waits

    return build(options, Waits(sleep, jitter), clock)
