"""Homerun, as docs/vendor-facts.md describes it."""

from __future__ import annotations

from sandbox.dialects.homerun.company import Company
from sandbox.dialects.homerun.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "Company"]
