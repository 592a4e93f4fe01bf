from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sync.core.census import Held, Memory, difference, may_chase

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("held", "counted", "known", "expected"),
    [
        (Held(100), 100, 0, 0),
        (Held(100), 98, 0, 2),  # two are gone in HubSpot
        (Held(100), 103, 0, -3),  # HubSpot has three the mirror never saw
        (Held(100, fresh=2), 98, 0, 0),  # too young to be counted
        (Held(100, fresh=2), 97, 0, 1),
        (Held(100, left=2), 102, 0, 0),  # gone, and still counted
        (Held(100, left=2), 103, 0, -1),
        (Held(100), 97, 3, 0),  # this portal counts three too few
        (Held(100), 100, 3, 0),  # and now it counts right
        (Held(100), 96, 3, 4),
        (Held(100), 102, -2, 0),
        (Held(25_000), 10_000, 0, 0),  # a server that stops counting there
        (Held(10_001, fresh=1), 10_000, 0, 0),
        (Held(9_000), 10_000, 0, -1_000),
    ],
)
def test_a_difference_is_what_the_late_index_does_not_explain(
    held: Held, counted: int, known: int, expected: int
) -> None:
    assert difference(held, counted, known) == expected


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        (Memory(), True),
        (Memory(0, NOW), True),
        (Memory(3, NOW - timedelta(hours=1)), False),
        (Memory(3, NOW - timedelta(hours=6)), True),
    ],
)
def test_a_portal_that_counts_oddly_is_not_read_whole_again_and_again(memory: Memory, expected: bool) -> None:
    assert may_chase(memory, NOW) is expected
