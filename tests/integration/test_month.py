"""A recruitment team for ten days around Easter and the spring clock change, warmline running four times a working day;
the whole month under WARMLINE_TORTURE=all, and by `python -m benchmarks.month`."""

from __future__ import annotations

import os
from datetime import date

import pytest

from benchmarks.month.life import Month, live
from benchmarks.month.summary import summary

WHOLE = os.environ.get("WARMLINE_TORTURE") == "all"
SATURDAY = date(2027, 3, 20)
PLAYS = {"fan", "call_back", "promise", "unanswered", "no_answer", "abandoned_application", "event_follow_up"}


@pytest.fixture(scope="module")
def month() -> Month:
    """The days, lived once."""
    return live(30, 2_000) if WHOLE else live(10, 200, 2, SATURDAY)


@pytest.mark.timeout(3_600)
def test_nothing_that_must_hold_was_broken_on_any_day(month: Month) -> None:
    assert month.watch.broken == [], summary(month)


def test_the_days_were_busy_enough_to_prove_it(month: Month) -> None:
    watch = month.watch

    assert {one.play for one in watch.made.values()} >= PLAYS
    assert month.promises["kept"] > 10
    assert {cause for causes in watch.refused.values() for cause in causes} >= {"rest", "in_process", "already_done"}
    assert (month.quiet_runs, month.runs) == ((30, 123) if WHOLE else (10, 35))
