"""Recruitee, as docs/vendor-facts.md describes it."""

from __future__ import annotations

from sandbox.dialects.recruitee.company import Company
from sandbox.dialects.recruitee.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "Company"]
