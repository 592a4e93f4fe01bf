"""How long things took."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.calendar import add_working_minutes
from sync.core.spans import Times, WorkingSpans, nearest_rank, times
from tests.unit.core.make import OFFICE, ZONE

SPANS = WorkingSpans(OFFICE, date(2026, 9, 1), date(2026, 12, 31))  # 9:00-17:30, Monday to Friday


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "end", "hours", "days"),
    [
        ("11-23T10:00", "11-23T11:30", 1.5, 0),
        ("11-23T16:30", "11-24T10:00", 2.0, 1),  # overnight
        ("11-20T16:30", "11-23T10:00", 2.0, 1),  # over a weekend
        ("11-21T12:00", "11-22T12:00", 0.0, 0),  # inside a weekend
        ("11-20T20:00", "11-23T09:00", 0.0, 1),  # from closing to opening
        ("10-23T17:00", "10-26T09:30", 1.0, 1),  # over the night the clock goes back
        ("11-23T11:00", "11-23T10:00", 0.0, 0),  # the wrong way round
    ],
)
def test_only_working_time_counts(start: str, end: str, hours: float, days: int) -> None:
    assert SPANS.hours(local(start), local(end)) == pytest.approx(hours)
    assert SPANS.days(local(start), local(end)) == days


@given(st.integers(0, 80_000), st.integers(1, 5_000))
def test_hours_are_the_inverse_of_adding_working_minutes(offset: int, minutes: int) -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=offset)

    assert SPANS.hours(start, add_working_minutes(start, minutes, OFFICE)) == pytest.approx(minutes / 60)


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [
        ([1.0, 2.0, 3.0, 4.0, 5.0], 0.5, 3.0),
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 0.5, 3.0),  # the lower of the two in the middle
        ([1.0, 2.0, 3.0, 4.0, 5.0], 0.9, 5.0),
        ([float(one) for one in range(1, 11)], 0.9, 9.0),  # exactly nine in ten
        ([7.0], 0.9, 7.0),
    ],
)
def test_a_percentile_is_a_value_that_occurred(values: list[float], share: float, found: float) -> None:
    assert nearest_rank(values, share) == found


def test_times_of_fewer_than_five_people_are_not_told() -> None:
    four = [(hours, person) for hours, person in zip((1.0, 2.0, 3.0, 4.0, 5.0), "abcda", strict=True)]

    assert times(four) == Times(5)
    assert times([*four, (9.0, "e")]) == Times(6, 3.0, 9.0)
    assert times([]) == Times()
