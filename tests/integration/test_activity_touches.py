"""Meetings and calls of theirs count towards the score, once each, as they stand now."""

from __future__ import annotations

import math

from tests.integration.conftest import Stage


def points(stage: Stage, contact: str) -> list[tuple[str, str]]:
    """Kind and day of each point, and that they are what the mirror summed."""
    report = stage.explain(contact)
    assert math.isclose(sum(one["points"] for one in report["points"]), report["raw"] or 0.0, abs_tol=1e-9)
    return [(one["kind"], one["day"]) for one in report["points"]]


def test_a_held_meeting_counts_once_though_hubspot_dates_it_too(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.log_meeting(jan, start=stage.now, outcome="COMPLETED")
    stage.later(days=3)

    stage.sync()

    assert points(stage, jan) == [("meeting_held", "2026-11-23")]


def test_a_meeting_that_is_called_off_counts_no_more(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    meeting = stage.portal.log_meeting(jan, start=stage.now)
    stage.later(days=3)
    stage.sync()
    before = points(stage, jan)
    stage.portal.edit("meetings", meeting.id, {"hs_meeting_outcome": "CANCELED"})
    stage.later(minutes=10)

    stage.sync()

    assert (before, points(stage, jan)) == ([("meeting_held", "2026-11-23")], [])


def test_a_call_of_theirs_is_a_reply_on_its_day_and_ours_is_none(stage: Stage) -> None:
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.log_call(jan, stage.now, direction="in", disposition="connected")
    stage.later(days=1)
    stage.portal.log_call(jan, stage.now, direction="out", disposition="connected")
    stage.later(days=1)

    stage.sync()

    assert points(stage, jan) == [("reply", "2026-11-23")]


def test_a_touch_outlives_the_reach_of_activities(stage: Stage) -> None:
    stage.set(HUBSPOT__ACTIVITIES_DAYS="30")
    jan = stage.person(1, "Jan", "de Vries")
    stage.portal.log_meeting(jan, start=stage.now)
    stage.portal.log_call(jan, stage.now, direction="out", disposition="connected")
    stage.later(minutes=10)
    stage.sync()
    stage.later(days=60)

    stage.sync(full=True)

    assert points(stage, jan) == [("meeting_held", "2026-11-23")]
    assert len(stage.tables("activity")["activity"]) == 1
