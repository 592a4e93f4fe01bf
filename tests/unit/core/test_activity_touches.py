"""Which contact with the team is a touch of the person's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from sync.core.activity import Activity
from sync.core.model import TouchDay
from sync.core.touches import activity_touch

LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # half past midnight in Amsterdam
ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("channel", "direction", "outcome", "kind"),
    [
        ("meeting", None, None, "meeting_held"),
        ("meeting", None, "completed", "meeting_held"),
        ("meeting", None, "canceled", None),
        ("meeting", None, "no_show", None),
        ("call", "in", "connected", "reply"),
        ("call", "in", "no_answer", "reply"),  # they called, and nobody took it
        ("call", "in", "wrong_number", None),
        ("call", "in", "do_not_contact", None),
        ("call", "out", "connected", None),  # the team's step
        ("call", None, "connected", None),
        ("email", "in", None, None),  # HubSpot's counter has it, where the person agreed to be followed
        ("whatsapp", None, None, None),  # nobody knows who wrote
        ("task", "out", "completed", None),
    ],
)
def test_a_meeting_and_a_call_of_theirs_are_touches(
    channel: str, direction: str | None, outcome: str | None, kind: str | None
) -> None:
    found = activity_touch(Activity("1", channel, LATE, ("51",), direction, outcome), ZONE)

    assert found == (TouchDay(kind, date(2026, 11, 21), 1, LATE) if kind else None)
