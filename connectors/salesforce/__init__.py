"""The Salesforce connector: `connect(SalesforceOptions(...))` gives a `Source`.

Naming it here imports no HTTP library.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.salesforce.options import CAPABILITIES, SalesforceOptions

if TYPE_CHECKING:
    from connectors.salesforce.connector import Salesforce

__all__ = ["CAPABILITIES", "SalesforceOptions", "connect"]


def connect(
    options: SalesforceOptions,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = random.random,
) -> Salesforce:
    """A Salesforce org as the stages see it; no request is made yet.

    Raises ValueError for a base URL that cannot be.
    """
    from connectors.http import Waits
    from connectors.salesforce.connector import build

    return build(options, Waits(sleep, jitter), clock)
