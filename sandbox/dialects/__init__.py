"""The ATS vendors the sandbox can play: a package each, `sandbox/dialects/<kind>/`, with `Company` and `ENDPOINTS`.

All show the people of one world. Which port serves which is `sandbox.server`'s business (docs/decisions/0037).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from importlib import import_module

from sandbox.clock import SandboxClock
from sandbox.dialects.base import Dialect, Endpoint

KINDS = tuple(sorted(one.name for one in pkgutil.iter_modules(__path__) if one.ispkg))


def make(kind: str, clock: SandboxClock) -> Dialect:
    """An empty company of this kind. KeyError when there is no such dialect."""
    if kind not in KINDS:
        raise KeyError(kind)
    company: Dialect = import_module(f"sandbox.dialects.{kind}").Company(clock)
    return company


def endpoints_of(kind: str) -> Sequence[Endpoint]:
    """The calls of its API."""
    found: Sequence[Endpoint] = import_module(f"sandbox.dialects.{kind}").ENDPOINTS
    return found
