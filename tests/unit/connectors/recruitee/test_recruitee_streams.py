"""Which windows are read whole."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.protocols import Window
from connectors.sweeps import is_sweep_due

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        ("07:50", "08:00", False),
        ("01:45", "02:00", True),  # ends at the hour; the last window ended at 01:55
        ("01:50", "02:02", False),  # the last window ended at 02:00 and swept
        ("01:48", "02:02", True),
        ("02:05", "02:20", False),
    ],
)
def test_one_window_a_night_is_a_sweep(since: str, until: str, due: bool) -> None:
    day = "2026-11-24T{}:00+00:00"
    window = Window(datetime.fromisoformat(day.format(since)), datetime.fromisoformat(day.format(until)))

    assert is_sweep_due(window, lag_minutes=10, hour_utc=2) is due
    assert is_sweep_due(window, lag_minutes=10, hour_utc=None) is False


def test_a_worker_that_was_away_for_days_sweeps() -> None:
    assert is_sweep_due(Window(NOW - timedelta(days=3), NOW), lag_minutes=10, hour_utc=2)
