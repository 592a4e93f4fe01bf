"""Greenhouse (Harvest v3), as docs/vendor-facts.md describes it."""

from __future__ import annotations

from sandbox.dialects.greenhouse.company import Company
from sandbox.dialects.greenhouse.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "Company"]
