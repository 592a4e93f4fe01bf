"""The Bullhorn connector: `connect(BullhornOptions(...))` gives a `Source`.

Naming it here imports no HTTP library.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.bullhorn.options import CAPABILITIES, BullhornOptions

if TYPE_CHECKING:
    from connectors.bullhorn.connector import Bullhorn

__all__ = ["CAPABILITIES", "BullhornOptions", "connect"]


def connect(
    options: BullhornOptions,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Bullhorn:
    """A Bullhorn company as the stages see it; no request is made yet. `clock` is not used: sessions last until
    Bullhorn refuses them. Raises ValueError for a base URL that cannot be."""
    del clock
    from connectors.bullhorn.connector import build
    from connectors.http import Waits

    return build(options, Waits(sleep, jitter))
