"""A trigger: something happened that workflows in HubSpot may act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a contact's `warmline_trigger` says, or said, about a vacancy. `at`: `warmline_trigger_at`; `until`: when it
    ends by itself. `ended_by`: why it ended: applied, vacancy_closed, over, play_off, or refused:<cause>. Moments are
    aware UTC."""

    contact_id: str
    name: str
    job_id: str
    at: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_by: str = ""

    @property
    def stands(self) -> bool:
        """Whether the contact is to show it."""
        return self.ended_at is None
