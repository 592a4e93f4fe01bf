"""Working time over weekends, holidays and clock changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.calendar import (
    add_working_minutes,
    closing,
    day_start,
    is_working_day,
    local_day,
    next_opening,
    opening_after,
    within_hours,
    working_days_after,
)
from sync.errors import FatalError
from tests.unit.core.make import OFFICE, ZONE, moment

HOLIDAYS = frozenset({date(2026, 4, 27), date(2027, 1, 1), date(2027, 4, 27), date(2026, 12, 25), date(2026, 12, 26)})
WORKING = replace(OFFICE, holidays=HOLIDAYS)


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        ("2026-11-24 10:00", 30, "2026-11-24 10:30"),  # inside a day
        ("2026-11-24 17:00", 30, "2026-11-24 17:30"),  # ends at closing time: stays there
        ("2026-11-24 17:30", 30, "2026-11-25 09:30"),  # starts at closing time: the day is over
        ("2026-11-24 07:00", 0, "2026-11-24 09:00"),  # nothing to add, before opening
        ("2026-11-21 12:00", 60, "2026-11-23 10:00"),  # Saturday
        ("2026-03-27 17:00", 60, "2026-03-30 09:30"),  # summer time starts in the weekend
        ("2026-10-23 17:00", 60, "2026-10-26 09:30"),  # and ends
        ("2026-12-31 17:00", 60, "2027-01-04 09:30"),  # New Year, then a weekend
        ("2027-04-26 17:20", 30, "2027-04-28 09:20"),  # King's Day
        ("2026-11-24 09:00", 3 * 510, "2026-11-26 17:30"),  # three whole days
    ],
)
def test_working_minutes_skip_what_is_no_working_time(start: str, minutes: int, expected: str) -> None:
    assert add_working_minutes(moment(start), minutes, WORKING) == moment(expected)


@given(st.integers(0, 730 * 1440), st.integers(0, 3000), st.integers(0, 3000))
def test_adding_twice_is_adding_the_sum(minute: int, first: int, second: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)

    twice = add_working_minutes(add_working_minutes(start, first, WORKING), second, WORKING)

    together = add_working_minutes(start, first + second, WORKING)
    assert next_opening(twice, WORKING) == next_opening(together, WORKING)


def test_the_next_opening_is_now_while_open_and_the_morning_after_otherwise() -> None:
    assert next_opening(moment("2026-11-24 10:15"), WORKING) == moment("2026-11-24 10:15")
    assert next_opening(moment("2026-11-27 18:00"), WORKING) == moment("2026-11-30 09:00")
    assert opening_after(date(2026, 11, 24), WORKING) == moment("2026-11-25 09:00")


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        (date(2026, 11, 24), 0, date(2026, 11, 24)),  # a working day itself
        (date(2026, 11, 21), 0, date(2026, 11, 23)),  # a Saturday: the Monday
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 12, 24), 2, date(2026, 12, 29)),  # over Christmas
    ],
)
def test_working_days_are_counted(day: date, n: int, expected: date) -> None:
    assert working_days_after(day, n, WORKING) == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-11-24 10:15", "2026-11-24 10:15"),  # open
        ("2026-11-24 17:30", "2026-11-24 17:30"),  # closing time itself
        ("2026-11-24 17:31", "2026-11-25 09:00"),
        ("2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-27 20:00", "2026-11-30 09:00"),  # Friday evening
        ("2026-12-24 18:00", "2026-12-28 09:00"),  # Christmas, then a weekend
        ("2027-04-27 12:00", "2027-04-28 09:00"),  # King's Day
        ("2026-03-29 03:30", "2026-03-30 09:00"),  # the night the clock goes forward
        ("2026-10-25 02:30", "2026-10-26 09:00"),  # the hour that comes twice
    ],
)
def test_a_moment_outside_hours_moves_to_the_next_opening(start: str, expected: str) -> None:
    assert within_hours(moment(start), WORKING) == moment(expected)


@given(st.integers(0, 730 * 1440))
def test_no_moment_is_ever_left_outside_hours(minute: int) -> None:
    due = within_hours(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute), WORKING).astimezone(ZONE)

    assert is_working_day(due.date(), WORKING)
    assert OFFICE.opens <= due.time() <= OFFICE.closes


def test_some_days_of_the_year_close_early() -> None:
    early = replace(WORKING, early_days=frozenset({(12, 24), (12, 31)}), early_closes=time(16))
    late = replace(early, early_closes=time(18, 30))

    assert closing(date(2026, 12, 24), early) == moment("2026-12-24 16:00")
    assert closing(date(2026, 12, 23), early) == moment("2026-12-23 17:30")
    assert closing(date(2026, 12, 24), late) == moment("2026-12-24 17:30")  # never later than other days
    assert add_working_minutes(moment("2026-12-31 15:30"), 60, early) == moment("2027-01-04 09:30")
    assert within_hours(moment("2026-12-24 16:30"), early) == moment("2026-12-28 09:00")


def test_holidays_and_weekends_are_no_working_days() -> None:
    days = [date(2026, 4, 24), date(2026, 4, 25), date(2026, 4, 27), date(2026, 4, 28)]

    assert [is_working_day(day, WORKING) for day in days] == [True, False, False, True]


def test_a_local_day_starts_at_local_midnight() -> None:
    assert day_start(date(2026, 3, 29), ZONE) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert day_start(date(2026, 3, 30), ZONE) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert local_day(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), ZONE) == date(2026, 11, 24)


def test_where_midnight_does_not_exist_the_day_starts_at_its_first_moment() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    start = day_start(date(2026, 3, 29), beirut)

    assert local_day(start, beirut) == date(2026, 3, 29)
    assert local_day(start - timedelta(seconds=1), beirut) == date(2026, 3, 28)


def test_a_team_that_never_works_is_a_mistake_and_no_endless_loop() -> None:
    with pytest.raises(FatalError, match="no working day"):
        add_working_minutes(moment("2026-11-24 10:00"), 10, replace(WORKING, weekdays=frozenset()))
