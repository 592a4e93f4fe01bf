"""Which of warmline's open tasks a run reads again by id."""

from __future__ import annotations

import pytest

from sync.stages.own_tasks import AT_ONCE, next_in_turn

MANY = [f"{number:04}" for number in range(250)]


@pytest.mark.parametrize("count", [0, 1, AT_ONCE])
def test_one_request_that_reads_all_reads_all_each_time(count: int) -> None:
    assert next_in_turn(MANY[:count], "0050") == (MANY[:count], "")


def test_more_are_read_in_turn_and_each_of_them_within_three_runs() -> None:
    read: list[str] = []
    last = ""
    for _ in range(3):
        ids, last = next_in_turn(MANY, last)
        assert len(ids) == AT_ONCE
        read += ids

    assert set(read) == set(MANY)


def test_a_turn_goes_on_after_a_task_that_was_closed_meanwhile() -> None:
    _, last = next_in_turn(MANY, "")
    without = [one for one in MANY if one != last]

    assert next_in_turn(without, last)[0][0] == MANY[AT_ONCE]
