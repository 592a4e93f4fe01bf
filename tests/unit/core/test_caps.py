"""Contacts counted over all channels, whoever made them, and when there is room again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sync.core.activity import Activity
from sync.core.caps import contacts, missed_until, no_until, window_end
from tests.unit.core.make import NOW, ZONE, moment

MONTH = timedelta(days=30)


def act(channel: str, at: str, direction: str | None = "out", outcome: str | None = None) -> Activity:
    return Activity(f"{channel}-{at}", channel, moment(at), direction=direction, outcome=outcome)


def call(at: str, outcome: str | None, direction: str | None = "out") -> Activity:
    return act("call", at, direction, outcome)


@pytest.mark.parametrize(
    ("activities", "counted"),
    [
        ((), []),
        # by any channel, newest first
        (
            (act("email", "2026-11-18 10:00"), call("2026-11-20 10:00", "connected")),
            ["2026-11-20 10:00", "2026-11-18 10:00"],
        ),
        # HubSpot keeps no direction of messages: what the team logs counts
        ((act("whatsapp", "2026-11-20 10:00", None),), ["2026-11-20 10:00"]),
        # ten messages of one day are one conversation
        ((act("sms", "2026-11-20 10:00", None), act("sms", "2026-11-20 11:00", None)), ["2026-11-20 11:00"]),
        # a voicemail and a mail of one day are two channels
        (
            (call("2026-11-20 10:00", "voicemail"), act("email", "2026-11-20 10:05")),
            ["2026-11-20 10:05", "2026-11-20 10:00"],
        ),
        # attempts count
        ((call("2026-11-20 10:00", "no_answer"),), ["2026-11-20 10:00"]),
        # what the person sends does not, nor their call
        ((act("email", "2026-11-20 10:00", "in"), call("2026-11-20 10:00", "connected", "in")), []),
        # mail put in HubSpot by hand: nobody knows who wrote it
        ((act("email", "2026-11-20 10:00", None),), []),
        # a meeting that took place, and one that did not
        (
            (
                act("meeting", "2026-11-19 10:00", None, "completed"),
                act("meeting", "2026-11-20 10:00", None, "no_show"),
            ),
            ["2026-11-19 10:00"],
        ),
        # what is planned is still to come
        ((act("meeting", "2026-11-26 10:00", None, "scheduled"),), []),
        # a completed task whose call was logged that day is no second contact; without a call it is one
        (
            (act("task", "2026-11-20 10:10", "out", "completed"), call("2026-11-20 10:00", "connected")),
            ["2026-11-20 10:00"],
        ),
        ((act("task", "2026-11-20 10:10", "out", "completed"),), ["2026-11-20 10:10"]),
    ],
)
def test_contacts_are_what_the_team_did_once_a_channel_and_day(
    activities: tuple[Activity, ...], counted: list[str]
) -> None:
    found = contacts(activities, NOW, ZONE)

    assert [one.at for one in found] == [moment(at) for at in counted]


@pytest.mark.parametrize(
    ("ages", "most", "end_in_days"),
    [
        ((), 1, None),
        ((3,), 1, 27),
        ((3,), 2, None),  # one of two
        ((3, 10), 2, 20),  # until the second newest is a month old
        ((3, 10, 12), 2, 20),
    ],
)
def test_a_window_has_room_again_when_the_nth_newest_leaves_it(
    ages: tuple[int, ...], most: int, end_in_days: int | None
) -> None:
    moments = [NOW - timedelta(days=age) for age in ages]

    assert window_end(moments, most, MONTH) == (None if end_in_days is None else NOW + timedelta(days=end_in_days))


THREE = tuple(call(f"2026-11-{day} 10:00", "no_answer") for day in (16, 18, 20))


@pytest.mark.parametrize(
    ("activities", "rests_from"),
    [
        (THREE, "2026-11-20 10:00"),
        (THREE[1:], None),  # two
        ((*THREE[1:], call("2026-11-16 10:00", "voicemail")), "2026-11-20 10:00"),  # every way of not being reached
        # being in touch in between starts the row anew
        ((*THREE, call("2026-11-19 10:00", "connected")), None),
        ((*THREE, act("email", "2026-11-19 10:00", "in")), None),
        ((*THREE, act("whatsapp", "2026-11-19 10:00", "in")), None),
        ((*THREE, call("2026-11-19 10:00", "no_answer", "in")), None),  # the person called, and nobody took it
        ((*THREE, act("meeting", "2026-11-19 10:00", None, "completed")), None),
        ((*THREE, act("email", "2026-11-21 10:00", "in")), None),  # and after it
        # a mail of ours, and a call without an outcome, break nothing
        ((*THREE, act("email", "2026-11-19 10:00"), call("2026-11-19 11:00", None)), "2026-11-20 10:00"),
        # a pause as long as the rest breaks the row: after it there are three attempts again
        ((*THREE[1:], call("2026-10-19 10:00", "no_answer")), None),
        ((*THREE[1:], call("2026-10-20 10:00", "no_answer")), "2026-11-20 10:00"),
    ],
)
def test_three_calls_in_a_row_nobody_took_bring_a_month_of_rest(
    activities: tuple[Activity, ...], rests_from: str | None
) -> None:
    until = missed_until(activities, NOW, attempts=3, rest=MONTH)

    assert until == (moment(rests_from) + MONTH if rests_from else None)


def test_without_a_number_of_attempts_nobody_rests() -> None:
    assert missed_until(THREE, NOW, attempts=0, rest=MONTH) is None


def test_a_no_rests_from_the_last_one_and_nothing_ends_it_sooner() -> None:
    said = (call("2026-10-01 10:00", "not_interested"), call("2026-11-02 10:00", "not_interested"))
    later: datetime | None = no_until((*said, act("email", "2026-11-20 10:00", "in")), NOW, rest=timedelta(days=180))

    assert later == moment("2026-11-02 10:00") + timedelta(days=180)
    assert no_until(THREE, NOW, rest=timedelta(days=180)) is None
