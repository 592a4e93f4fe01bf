"""HubSpot's marketing events to the model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mappings.hubspot_marketing_events import to_event
from sync.core.participation import MarketingEvent, Participation
from sync.errors import InvalidRecord

STARTS_AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
MOMENT = datetime(2026, 11, 20, 8, tzinfo=UTC)
MS = 1_795_161_600_000


def record(*participants: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {"id": "55", "name": "Open dag", "starts_at": "2026-11-21T09:00:00Z", "ends_at": None, "fingerprint": "f"}
    return {**base, **more, "participants": [{"id": str(n), **one} for n, one in enumerate(participants, start=1)]}


@pytest.mark.parametrize(
    ("state", "moments", "stored"),
    [
        # HubSpot's moments are epoch milliseconds; other servers may write ISO
        ("ATTENDED", {"at": MS}, ("attended", MOMENT)),
        ("ATTENDED", {"at": "2026-11-20T08:00:00Z"}, ("attended", MOMENT)),
        # without a moment: the event's begin, of a registration its entry
        ("ATTENDED", {"created_at": "2026-11-20T08:00:00Z"}, ("attended", STARTS_AT)),
        ("REGISTERED", {"created_at": "2026-11-20T08:00:00Z"}, ("registered", MOMENT)),
        ("REGISTERED", {}, ("registered", None)),
        ("CANCELLED", {"at": MS}, ("cancelled", MOMENT)),
        ("NO_SHOW", {"at": 0}, ("no_show", STARTS_AT)),
    ],
)
def test_a_participant_is_read(state: str, moments: dict[str, Any], stored: tuple[str, datetime | None]) -> None:
    event, rejected = to_event(record({"contact_id": "7", "state": state, **moments}))

    assert rejected == []
    assert event == MarketingEvent("55", "Open dag", STARTS_AT, None, "f", (Participation("55", "7", *stored),))


def test_several_entries_of_one_contact_are_one_participation() -> None:
    event, rejected = to_event(
        record(
            {"contact_id": "7", "state": "REGISTERED", "at": MS},
            {"contact_id": "7", "state": "ATTENDED", "at": MS},
            {"contact_id": "8", "state": "REGISTERED", "at": MS},
        )
    )

    assert event.participations == (
        Participation("55", "7", "attended", MOMENT),
        Participation("55", "8", "registered", MOMENT),
    )
    assert (event.repeated, rejected) == (1, [])


def test_a_participant_that_cannot_be_read_is_named_without_its_values() -> None:
    event, rejected = to_event(
        record(
            {"contact_id": "", "state": "ATTENDED", "at": MS},
            {"contact_id": "7", "state": "WAVED", "at": MS},
            {"contact_id": "8", "state": None},
            {"contact_id": "9", "state": "ATTENDED", "at": "yesterday"},
        )
    )

    assert event.participations == ()
    assert [(ref, field) for ref, field, _ in rejected] == [
        ("55/1", "contact"),
        ("55/2", "attendanceState"),
        ("55/3", "attendanceState"),
        ("55/4", "at"),
    ]


def test_an_event_without_an_id_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="id: missing"):
        to_event(record(id=""))
