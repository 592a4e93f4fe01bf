"""The Recruitee connector: `connect(RecruiteeOptions(...))` gives a `Source`.

Naming it here imports no HTTP library.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.recruitee.options import CAPABILITIES, RecruiteeOptions

if TYPE_CHECKING:
    from connectors.recruitee.connector import Recruitee

__all__ = ["CAPABILITIES", "RecruiteeOptions", "connect"]


def connect(
    options: RecruiteeOptions,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Recruitee:
    """A Recruitee company as the stages see it; no request is made yet. `clock` is not used: Recruitee names no limits.

    Raises ValueError for a base URL or company that cannot be.
    """
    del clock
    from connectors.recruitee.connector import build

    return build(options, sleep=sleep, jitter=jitter)
