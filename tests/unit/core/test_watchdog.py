"""What falls silent is told by a stream's own weeks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sync.core.watchdog import Usual, dropped, quiet_streams, silent

ZONE = ZoneInfo("Europe/Amsterdam")
USUAL = Usual(hours=8, drop_share=0.2, drop_rows=20, zone=ZONE)
MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)  # four weeks of history lie before it


def office_hours(rows: int = 10, *, until: datetime = MONDAY, days: int = 28) -> dict[datetime, int]:
    """News each hour from 9 to 17 on weekdays."""
    start = until - timedelta(days=days)
    hours = (start + timedelta(days=day, hours=hour) for day in range(days) for hour in range(9, 17))
    return {hour: rows for hour in hours if hour.weekday() < 5}


@pytest.mark.parametrize(
    ("now", "is_silent"),
    [
        (MONDAY + timedelta(hours=8), False),  # a weekend is no silence
        (MONDAY + timedelta(hours=16), False),  # seven hours missed
        (MONDAY + timedelta(hours=18), True),  # eight
        (MONDAY + timedelta(days=1, hours=10), True),
    ],
)
def test_silence_counts_only_hours_that_usually_have_news(now: datetime, is_silent: bool) -> None:
    assert bool(silent(office_hours(), USUAL, now)) is is_silent


def test_the_sentence_says_since_when_and_how_many_hours() -> None:
    told = silent(office_hours(), USUAL, MONDAY + timedelta(hours=20))

    assert told == "no news since 2026-11-20 16:00, where 8 of the hours since usually have some"


def test_a_holiday_is_no_silence_and_no_drop() -> None:
    closed = Usual(8, 0.2, 20, ZONE, frozenset({MONDAY.date()}))

    assert silent(office_hours(), closed, MONDAY + timedelta(hours=20)) == ""
    assert dropped(office_hours(), closed, MONDAY + timedelta(days=1, hours=9)) == ""


def test_a_rare_stream_and_a_new_one_are_never_silent() -> None:
    rare = {MONDAY - timedelta(days=27): 1, MONDAY - timedelta(days=13, hours=5): 1, MONDAY - timedelta(days=6): 1}
    new = office_hours(days=7)

    assert [silent(one, USUAL, MONDAY + timedelta(days=2)) for one in (rare, new, {})] == ["", "", ""]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (15, "15 rows on 2026-11-23, where that weekday usually brings 80"),
        (16, ""),
        (80, ""),
    ],
)
def test_a_drop_is_a_day_below_a_share_of_the_same_weekday(rows: int, expected: str) -> None:
    news = {**office_hours(), MONDAY + timedelta(hours=9): rows}

    assert dropped(news, USUAL, MONDAY + timedelta(days=1, hours=9)) == expected


def test_a_stream_of_few_rows_does_not_drop() -> None:
    assert dropped(office_hours(rows=2), USUAL, MONDAY + timedelta(days=1, hours=9)) == ""


def test_incidents_are_named_by_kind_and_stream() -> None:
    found = dict(quiet_streams({"ats.candidates": office_hours()}, USUAL, MONDAY + timedelta(days=1, hours=9)))

    assert list(found) == ["silent ats.candidates", "drop ats.candidates"]
    assert date.fromisoformat("2026-11-23").isoformat() in found["drop ats.candidates"]
