"""Versions of what is asked for: another one starts a stream anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence


def version_of(parts: Sequence[str]) -> str:
    """A short hash that changes when one of the parts does."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
