"""HubSpot's marketing events and their participations to the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mappings.values import record_id, spelled, to_moment, to_text
from sync.core.participation import (
    ATTENDED,
    CANCELLED,
    NO_SHOW,
    REGISTERED,
    MarketingEvent,
    Participation,
    present_state,
)
from sync.errors import InvalidRecord

Rejection = tuple[str, str, str]

_STATES = {"registered": REGISTERED, "cancelled": CANCELLED, "attended": ATTENDED, "no_show": NO_SHOW}


def to_event(record: Mapping[str, Any]) -> tuple[MarketingEvent, list[Rejection]]:
    """The event, and the participants that could not be read: (`<event>/<participation>`, field, reason).

    Raises InvalidRecord for an event without an id.
    """
    event_id, starts_at = record_id(record), _moment(record, "starts_at")
    told: dict[str, list[Participation]] = defaultdict(list)
    rejected: list[Rejection] = []
    for item in record.get("participants") or ():
        try:
            one = _participation(event_id, item, starts_at)
        except InvalidRecord as error:
            rejected.append((f"{event_id}/{item.get('id') or '?'}", error.field, error.reason))
        else:
            told[one.contact_id].append(one)
    event = MarketingEvent(
        remote_id=event_id,
        name=to_text(str(record.get("name") or "")),
        starts_at=starts_at,
        ends_at=_moment(record, "ends_at"),
        mark=str(record.get("fingerprint") or ""),
        participations=tuple(present_state(told[contact_id]) for contact_id in sorted(told)),
        repeated=sum(len(entries) - 1 for entries in told.values()),
    )
    return event, rejected


def _participation(event_id: str, item: Mapping[str, Any], starts_at: datetime | None) -> Participation:
    """Who attended without a moment did so when the event began; a registration without one dates from its entry."""
    contact_id = str(item.get("contact_id") or "")
    if not contact_id:
        raise InvalidRecord("contact", "no contact stands for this participant")
    word = str(item.get("state") or "").strip().lower()
    if word not in _STATES:
        raise InvalidRecord("attendanceState", "missing" if not word else "not a known state")
    state = _STATES[word]
    otherwise = _moment(item, "created_at") if state == REGISTERED else starts_at
    return Participation(event_id, contact_id, state, _moment(item, "at") or otherwise)


def _moment(record: Mapping[str, Any], field: str) -> datetime | None:
    """None when it is missing; raises InvalidRecord when it cannot be read."""
    value = record.get(field)
    if value in (None, "", 0, "0"):
        return None
    try:
        return to_moment(spelled(value))
    except ValueError as error:
        raise InvalidRecord(field, str(error)) from None
