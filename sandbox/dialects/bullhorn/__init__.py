"""Bullhorn, as docs/vendor-facts.md describes it."""

from __future__ import annotations

from sandbox.dialects.bullhorn.company import Company
from sandbox.dialects.bullhorn.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "Company"]
