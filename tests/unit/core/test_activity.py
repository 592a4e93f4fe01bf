"""What is contact, what waits for an answer, and what was an attempt."""

from __future__ import annotations

import pytest

from sync.core.activity import (
    Activity,
    asked_not_to_be_called,
    is_act,
    is_missed_attempt,
    is_planned,
    is_waiting,
)
from tests.unit.core.make import NOW, moment


def one(channel: str, direction: str | None = None, outcome: str | None = None) -> Activity:
    return Activity("1", channel, moment("2026-11-23 10:00"), ("501",), direction, outcome)


@pytest.mark.parametrize(
    ("activity", "acted", "missed", "waits"),
    [
        (one("call", "out", "connected"), True, False, False),
        (one("call", "out", "voicemail"), True, True, False),
        (one("call", None, "no_answer"), True, True, False),  # logged without a direction: ours
        (one("call", "out", "wrong_number"), True, False, False),
        (one("call", "out"), True, False, False),  # nobody noted how it went
        (one("call", "in", "connected"), True, False, False),
        (one("call", "in", "no_answer"), False, False, True),  # we missed it
        (one("call", "in", "voicemail"), False, False, True),
        (one("call", "in", "wrong_number"), False, False, False),
        (one("email", "out"), True, False, False),
        (one("email", "in"), False, False, True),
        (one("email"), False, False, False),  # put in by hand: nobody knows who wrote it
        (one("whatsapp"), True, False, False),  # HubSpot keeps no direction
        (one("whatsapp", "in"), False, False, True),
        (one("meeting", None, "completed"), True, False, False),
        (one("meeting", None, "no_show"), False, False, False),
        (one("task", "out", "completed"), True, False, False),
    ],
)
def test_every_kind_of_contact_has_its_meaning(activity: Activity, acted: bool, missed: bool, waits: bool) -> None:
    assert (is_act(activity), is_missed_attempt(activity), is_waiting(activity)) == (acted, missed, waits)


def test_what_is_planned_is_still_to_come_and_not_called_off() -> None:
    to_come = moment("2026-11-25 10:00")
    meetings = [Activity("1", "meeting", to_come, outcome=outcome) for outcome in ("scheduled", "canceled")]

    assert [is_planned(meeting, NOW) for meeting in meetings] == [True, False]
    assert not is_planned(one("meeting", None, "completed"), NOW)


def test_a_call_that_ended_with_leave_me_alone_is_an_objection() -> None:
    assert asked_not_to_be_called([one("email", "in"), one("call", "out", "do_not_contact")])
    assert not asked_not_to_be_called([one("call", "out", "connected")])
