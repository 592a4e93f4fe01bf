"""How participations in open days become touch days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from sync.core.model import TouchDay
from sync.core.participation import (
    ATTENDED,
    CANCELLED,
    NO_SHOW,
    REGISTERED,
    Participation,
    participation_touches,
    present_state,
)

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST = datetime(2026, 11, 16, 9, tzinfo=UTC)
SECOND = datetime(2026, 11, 21, 9, tzinfo=UTC)


def one(state: str, at: datetime | None = FIRST, event: str = "1") -> Participation:
    return Participation(event, "7", state, at)


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        # the latest word holds
        ([one(REGISTERED, FIRST), one(CANCELLED, SECOND)], one(CANCELLED, SECOND)),
        ([one(CANCELLED, FIRST), one(REGISTERED, SECOND)], one(REGISTERED, SECOND)),
        ([one(ATTENDED, FIRST), one(NO_SHOW, SECOND)], one(NO_SHOW, SECOND)),
        # a registration booked after the day is still past
        ([one(ATTENDED, FIRST), one(REGISTERED, SECOND)], one(ATTENDED, FIRST)),
        ([one(NO_SHOW, FIRST), one(REGISTERED, SECOND)], one(NO_SHOW, FIRST)),
        # at the same moment, or without any, attending is the stronger word
        ([one(CANCELLED), one(ATTENDED), one(NO_SHOW)], one(ATTENDED)),
        ([one(REGISTERED, None), one(CANCELLED, None)], one(CANCELLED, None)),
    ],
)
def test_of_several_words_one_holds_in_any_order(told: list[Participation], holds: Participation) -> None:
    found = {present_state(order) for order in permutations(told)}

    assert found == {holds}


def test_a_touch_is_on_the_local_day_of_its_state() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)

    found = participation_touches([one(ATTENDED, late), one(REGISTERED, FIRST, "2")], ZONE)

    assert found == (
        TouchDay("event_attended", date(2026, 11, 21), 1, late),
        TouchDay("event_registered", date(2026, 11, 16), 1, FIRST),
    )


def test_two_events_on_one_day_are_one_touch_day() -> None:
    afternoon = FIRST.replace(hour=14)

    found = participation_touches([one(ATTENDED, FIRST), one(ATTENDED, afternoon, "2")], ZONE)

    assert found == (TouchDay("event_attended", date(2026, 11, 16), 2, afternoon),)


def test_who_cancelled_did_not_come_or_has_no_moment_touched_nothing() -> None:
    told = [one(CANCELLED), one(NO_SHOW, event="2"), one(ATTENDED, None, "3")]

    assert participation_touches(told, ZONE) == ()
