"""A Salesforce org with the packages Connexys and Byner, as docs/vendor-facts.md describes it."""

from __future__ import annotations

from sandbox.dialects.salesforce.company import Company
from sandbox.dialects.salesforce.routes import ENDPOINTS

__all__ = ["ENDPOINTS", "Company"]
