"""The table [oversight] of warmline.toml: what is kept to look back on, and when a change is told."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.sections import Section
from config.values import Count, Text


class Oversight(Section):
    """What is looked back on."""

    audit_days: Annotated[int, Field(ge=184, le=3650)]
    drift_share: Annotated[float, Field(gt=0, le=10)]
    drift_days: Annotated[int, Field(ge=1, le=90)]
    drift_people: Count
    overseer: Text | None = None
