"""Guards stop before writing and name the figure and the setting."""

from __future__ import annotations

import pytest

from sync.core.guards import check_plan, check_source
from sync.errors import PlanTooLarge, SourceEmptied


@pytest.mark.parametrize(
    ("touched", "total", "tasks", "share"),
    [
        (250, 1000, 0, 0.25),  # exactly the share
        (49, 50, 0, 0.25),  # a small plan
        (1000, 1000, 0, 1),  # switched off
        (0, 0, 0, 0.25),
        (0, 0, 200, 0.25),  # exactly the most tasks
    ],
)
def test_plans_within_bounds_pass(touched: int, total: int, tasks: int, share: float) -> None:
    check_plan(touched, total, tasks, share=share, rows=50, most_tasks=200)


def test_a_plan_over_its_share_stops() -> None:
    with pytest.raises(PlanTooLarge) as stopped:
        check_plan(251, 1000, 0, share=0.25, rows=50, most_tasks=200)

    assert "251 of 1000" in str(stopped.value)
    assert "WARMLINE_GUARDS__PLAN_SHARE" in stopped.value.fix


def test_too_many_tasks_stop_whatever_the_share() -> None:
    with pytest.raises(PlanTooLarge) as stopped:
        check_plan(0, 1000, 201, share=1, rows=50, most_tasks=200)

    assert "201 new tasks" in str(stopped.value)
    assert "WARMLINE_GUARDS__NEW_TASKS" in stopped.value.fix


@pytest.mark.parametrize(
    ("live", "seen", "share"),
    [
        (1000, 500, 0.5),  # exactly the share
        (19, 0, 0.5),  # few records
        (1000, 0, 0),  # switched off
        (0, 40, 0.5),
    ],
)
def test_sources_that_show_enough_pass(live: int, seen: int, share: float) -> None:
    check_source("recruitee.candidates", live, seen, share)


def test_a_source_that_emptied_stops() -> None:
    with pytest.raises(SourceEmptied) as stopped:
        check_source("recruitee.candidates", 1000, 499, 0.5)

    assert "recruitee.candidates shows 499 of the 1000" in str(stopped.value)
    assert "WARMLINE_GUARDS__SOURCE_SHARE" in stopped.value.fix
