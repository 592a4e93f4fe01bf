"""The HubSpot connector: `connect(HubSpotOptions(...))` gives a `Crm`.

Naming it here imports no HTTP library and no SDK.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.hubspot.options import HubSpotOptions, OAuthApp
from connectors.hubspot.urls import LAST_URL, page_of

if TYPE_CHECKING:
    from connectors.protocols import Crm

__all__ = ["LAST_URL", "HubSpotOptions", "OAuthApp", "connect", "page_of"]


def connect(
    options: HubSpotOptions,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Crm:
    """HubSpot as the stages see it; no request is made yet.

    Raises ValueError for a base URL or API version that cannot be.
    """
    from connectors.hubspot.connector import build

    return build(options, clock=clock, sleep=sleep, jitter=jitter)
