"""Teamtailor, as docs/vendor-facts.md describes it."""

from __future__ import annotations

from sandbox.dialects.teamtailor.company import Company
from sandbox.dialects.teamtailor.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "Company"]
