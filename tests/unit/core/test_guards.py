"""Guards stop before writing and name the figure and the setting."""

from __future__ import annotations

import pytest

from sync.core.guards import check_company, check_new_tasks, check_plan, check_source
from sync.errors import PlanTooLarge, SourceChanged, SourceEmptied


@pytest.mark.parametrize(
    ("touched", "total", "share"),
    [
        (250, 1000, 0.25),  # exactly the share
        (49, 50, 0.25),  # a small plan
        (1000, 1000, 1),  # switched off
        (0, 0, 0.25),
    ],
)
def test_plans_within_bounds_pass(touched: int, total: int, share: float) -> None:
    check_plan(touched, total, share=share, rows=50)


def test_a_plan_over_its_share_stops() -> None:
    with pytest.raises(PlanTooLarge) as stopped:
        check_plan(251, 1000, share=0.25, rows=50)

    assert "251 of 1000" in str(stopped.value)
    assert "WARMLINE_GUARDS__PLAN_SHARE" in stopped.value.fix


@pytest.mark.parametrize(
    ("waiting", "made_today"),
    [
        (200, 0),  # exactly the most
        (80, 120),  # exactly the most in the whole day
        (0, 500),  # the setting was lowered since; nothing is to be made
    ],
)
def test_a_day_with_few_enough_new_tasks_passes(waiting: int, made_today: int) -> None:
    check_new_tasks(waiting, made_today, 200)


@pytest.mark.parametrize(
    ("waiting", "made_today", "told", "needed"),
    [
        (201, 0, "The plan makes 201 new tasks; the most a day is 200.", "(200) to 201 or more"),
        (11, 190, "The plan makes 11 new tasks, after 190 made today; the most a day is 200.", "(200) to 201 or more"),
    ],
)
def test_too_many_new_tasks_in_a_day_stop(waiting: int, made_today: int, told: str, needed: str) -> None:
    with pytest.raises(PlanTooLarge) as stopped:
        check_new_tasks(waiting, made_today, 200)

    assert stopped.value.message.startswith(told)
    assert f"WARMLINE_GUARDS__NEW_TASKS {needed}" in stopped.value.fix


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({}, {"kind": "recruitee", "company": "acme"}),  # a new source
        ({"company": "acme"}, {"company": "acme"}),
        ({"company": "acme", "base_url": "a.example.org"}, {"company": "acme"}),  # the default address again
    ],
)
def test_a_source_of_the_same_company_passes(known: dict[str, str], found: dict[str, str]) -> None:
    check_company("ats", known, found)


@pytest.mark.parametrize("key", ["kind", "base_url", "company"])
def test_a_source_of_another_company_stops(key: str) -> None:
    with pytest.raises(SourceChanged) as stopped:
        check_company("ats", {"kind": "recruitee", key: "acme"}, {"kind": "recruitee", key: "other"})

    assert stopped.value.message.startswith(f"sources.ats.{key} is other, and the mirror was filled from acme")
    assert "WARMLINE_GUARDS__SOURCE_CHANGED=ats" in stopped.value.fix


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
