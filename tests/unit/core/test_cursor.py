"""Windows: nothing is left between two of them, and an interrupted one is finished as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sync.core.cursor import Doubt, Position, Pull, after_page, after_shortage, next_pull
from sync.errors import FatalError
from tests.unit.core.make import NOW

LAG = timedelta(minutes=20)
EARLIER = NOW - timedelta(hours=1)
LONG_AGO = NOW - timedelta(days=9)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (None, Pull(None, NOW, None)),  # never read
        (Position(EARLIER, None, None, "old"), Pull(None, NOW, None)),  # asks for something else now
        (Position(LONG_AGO, EARLIER, "p3", "old"), Pull(None, NOW, None)),  # the same, interrupted
        (Position(EARLIER, None, None, "v1"), Pull(EARLIER - LAG, NOW, None)),  # overlaps by the lag
        (
            Position(LONG_AGO, EARLIER, "p3", "v1"),
            Pull(LONG_AGO, EARLIER, "p3"),
        ),  # interrupted: the same window
        (Position(None, EARLIER, "p3", "v1"), Pull(None, EARLIER, "p3")),  # interrupted in the first pull
        (Position(NOW, None, None, "v1"), Pull(NOW - LAG, NOW, None)),  # twice in one moment
    ],
)
def test_a_stream_goes_on_where_it_was(position: Position | None, expected: Pull) -> None:
    assert next_pull(position, now=NOW, lag=LAG, version="v1") == expected


def test_a_clock_that_moved_back_stops_the_stream() -> None:
    position = Position(NOW, None, None, "v1")

    with pytest.raises(FatalError) as stopped:
        next_pull(position, now=EARLIER, lag=LAG, version="v1")

    assert EARLIER.isoformat() in str(stopped.value)
    assert NOW.isoformat() in str(stopped.value)
    assert "WARMLINE_CLOCK__NOW" in stopped.value.fix


def test_the_cursor_moves_with_the_last_page_only() -> None:
    pull = Pull(EARLIER, NOW, None)

    assert after_page(pull, "p2", "v1") == Position(EARLIER, NOW, "p2", "v1")
    assert after_page(pull, None, "v1") == Position(NOW, None, None, "v1")


def test_an_interrupted_pull_ends_like_an_undisturbed_one() -> None:
    pull = next_pull(Position(EARLIER, None, None, "v1"), now=NOW, lag=LAG, version="v1")
    halfway = after_page(pull, "p2", "v1")

    resumed = next_pull(halfway, now=NOW + timedelta(days=1), lag=LAG, version="v1")

    assert after_page(resumed, None, "v1") == after_page(pull, None, "v1")


DONE = Position(NOW, None, None, "v1")
AGAIN = Position(EARLIER, None, None, "v1")


@pytest.mark.parametrize(
    ("since", "missing", "doubt", "expected"),
    [
        (EARLIER, 0, Doubt(), (DONE, Doubt(), False)),
        (EARLIER, 0, Doubt(tries=2), (DONE, Doubt(), False)),  # it came after all
        (EARLIER, 10, Doubt(), (AGAIN, Doubt(tries=1), True)),
        (EARLIER, 10, Doubt(tries=2), (AGAIN, Doubt(whole=True), True)),  # often enough: everything is read next
        (None, 10, Doubt(whole=True), (DONE, Doubt(known=10), True)),  # never shown: named once, then known
        (EARLIER, 10, Doubt(known=10), (DONE, Doubt(known=10), False)),
        (EARLIER, 11, Doubt(known=10), (AGAIN, Doubt(tries=1, known=10), True)),
        (None, 0, Doubt(known=10), (DONE, Doubt(), False)),
    ],
)
def test_a_window_that_came_short_is_read_again_and_not_for_ever(
    since: datetime | None, missing: int, doubt: Doubt, expected: tuple[Position, Doubt, bool]
) -> None:
    assert after_shortage(Pull(since, NOW), missing, doubt, "v1") == expected
