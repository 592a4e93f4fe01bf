"""Play no_answer: the next attempt at another part of the day, a few times, then nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.activity import Activity
from sync.core.calendar import is_working_day, local_day
from sync.core.facts import OwnTask
from sync.core.plays import Case, Wish
from sync.core.plays.no_answer import counts, wish
from tests.unit.core.make import POLICY, ZONE, moment, person


def call(id: str, at: str, outcome: str | None = "no_answer", direction: str | None = "out") -> Activity:
    return Activity(id, "call", moment(at), ("501",), direction, outcome)


def other(channel: str, at: str, direction: str | None = "out", outcome: str | None = None) -> Activity:
    return Activity("90", channel, moment(at), ("501",), direction, outcome)


MORNING = call("41", "2026-11-23 10:05", "voicemail")
LATE = call("42", "2026-11-24 16:40")


def tried(*activities: Activity, now: str = "2026-11-24 17:00") -> Case:
    return Case(person(activities=activities), POLICY, moment(now))


def test_after_a_voicemail_in_the_morning_the_next_attempt_is_late_in_the_afternoon_of_the_next_working_day() -> None:
    assert wish(tried(MORNING, now="2026-11-23 10:10")) == Wish(
        "no_answer", "call:41", ("voicemail:2026-11-23T10:05+01:00",), moment("2026-11-24 16:30")
    )


def test_the_third_attempt_is_the_last_and_goes_between_the_first_two() -> None:
    assert wish(tried(MORNING, LATE)) == Wish(
        "no_answer",
        "call:42",
        ("voicemail:2026-11-23T10:05+01:00", "no_answer:2026-11-24T16:40+01:00", "last"),
        moment("2026-11-25 13:30"),
    )
    assert wish(tried(MORNING, LATE, call("43", "2026-11-25 13:35"), now="2026-11-25 14:00")) is None


@pytest.mark.parametrize(
    ("activities", "attempts"),
    [
        ((MORNING,), 1),
        ((call("41", "2026-11-23 10:05", "busy"),), 1),
        ((call("41", "2026-11-23 10:05", "live_message", None),), 1),
        ((call("41", "2026-11-23 10:05", "connected"),), 0),
        ((call("41", "2026-11-23 10:05", None),), 0),  # nobody noted how it went
        ((call("41", "2026-11-23 10:05", "wrong_number"),), 0),
        ((call("41", "2026-11-23 10:05", "voicemail", "in"),), 0),  # theirs, to be answered
        ((MORNING, other("email", "2026-11-23 10:10")), 1),  # a mail that says we tried
        ((MORNING, other("whatsapp", "2026-11-23 10:10", None)), 1),
        ((MORNING, other("task", "2026-11-23 10:06", "out", "completed")), 1),  # the task of that very call
        ((MORNING, other("email", "2026-11-23 12:00", "in")), 0),  # they answered
        ((MORNING, other("meeting", "2026-11-24 09:00", None, "completed")), 0),
        ((MORNING, other("meeting", "2026-11-24 09:00", None, "no_show")), 1),
        ((MORNING, other("meeting", "2026-11-26 09:00", None, "scheduled")), 0),  # planned: no need to call
        ((call("40", "2026-11-20 10:00", "connected"), MORNING), 1),
        ((call("40", "2026-11-20 10:00"), MORNING), 2),
        ((call("40", "2026-11-10 10:00"),), 0),  # over two weeks ago
    ],
)
def test_a_row_is_calls_nobody_took_since_the_person_was_last_in_touch(
    activities: tuple[Activity, ...], attempts: int
) -> None:
    found = wish(tried(*activities))

    assert len([one for one in found.reasons if one != "last"] if found else ()) == attempts


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ("2026-11-20 10:05", "2026-11-20 10:10", "2026-11-23 16:30"),  # over the weekend
        ("2026-11-23 16:45", "2026-11-23 17:00", "2026-11-24 10:00"),
        ("2026-11-23 13:00", "2026-11-23 13:10", "2026-11-24 16:30"),  # 13:00 is nearer to 10:00
        ("2026-11-23 10:05", "2026-11-24 16:31", "2026-11-25 16:30"),  # seen late
        ("2026-11-23 20:00", "2026-11-23 20:10", "2026-11-24 10:00"),
        ("2026-12-24 10:05", "2026-12-24 10:10", "2026-12-25 16:30"),  # without holidays in this policy
    ],
)
def test_the_next_attempt_is_at_the_time_furthest_from_the_ones_before(last: str, now: str, due: str) -> None:
    found = wish(tried(call("41", last), now=now))

    assert found is not None
    assert found.due_at == moment(due)


def test_only_another_attempt_or_a_meeting_ends_the_task() -> None:
    task = OwnTask("900", "ab" * 6, "no_answer", "71", True, moment("2026-11-23 10:10"))
    case = tried(MORNING)
    later = "2026-11-24 16:00"
    found = [
        counts(case, task, one)
        for one in (
            call("42", later),
            other("meeting", later, None, "completed"),
            other("task", later, "out", "completed"),
            other("email", later),
            other("whatsapp", later, None),
            MORNING,
        )
    ]

    assert found == [True, True, True, False, False, False]


@given(
    st.lists(st.integers(min_value=0, max_value=40_000), min_size=1, max_size=2, unique=True),
    st.integers(min_value=0, max_value=10_000),
)
def test_a_next_attempt_is_always_to_come_in_working_hours_at_one_of_the_times(ago: list[int], waited: int) -> None:
    now = moment("2026-11-24 17:00") + timedelta(minutes=waited)
    calls = sorted(now - timedelta(minutes=one) for one in ago)
    made = [Activity(str(n), "call", at, ("501",), "out", "no_answer") for n, at in enumerate(calls)]
    found = wish(Case(person(activities=tuple(made)), POLICY, now))

    assert (found is None) is (now - calls[-1] > timedelta(days=14))
    if found is not None:
        local = found.due_at.astimezone(ZONE)
        assert found.due_at >= now
        assert local.time() in POLICY.plays.no_answer.times
        assert is_working_day(local.date(), POLICY.time)
        assert local.date() > local_day(calls[-1], ZONE)


def test_times_of_the_teams_own_are_kept_within_working_hours() -> None:
    own = replace(POLICY.plays.no_answer, times=(time(8), time(12)))
    early = replace(POLICY, plays=replace(POLICY.plays, no_answer=own))
    found = wish(Case(person(activities=(call("41", "2026-11-23 16:45"),)), early, moment("2026-11-23 17:00")))

    assert found is not None
    assert found.due_at == moment("2026-11-24 09:00")
