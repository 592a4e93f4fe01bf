"""One module a vendor: how it shows the world otherwise than the file drop does."""

from __future__ import annotations

from importlib import import_module

from tests.integration.same_world import Differences


def differences_of(kind: str) -> Differences:
    """The module's `DIFFERENCES`."""
    found: Differences = import_module(f"{__name__}.{kind}").DIFFERENCES
    return found
