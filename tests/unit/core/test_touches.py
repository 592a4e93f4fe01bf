"""What becomes a touch day, and what only a baseline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.model import Application, Attendance, Counters, TouchDay
from sync.core.touches import application_touches, attendance_touch, delta, first_sight
from tests.unit.core.make import KINDS, NOW, ZONE, moment

VISIT_1, VISIT_2 = moment("2026-11-19 21:00"), moment("2026-11-23 08:30")
SEEN = Counters(visits=40, last_visit_at=VISIT_1, clicks=3, last_click_at=moment("2026-10-01 12:00"))


def test_at_first_sight_each_dated_kind_gives_one_day_and_totals_nothing() -> None:
    counters = replace(SEEN, replies=2, last_meeting_at=moment("2026-11-30 10:00"))

    found = first_sight(counters, now=NOW, zone=ZONE, kinds=KINDS)

    assert found == (
        TouchDay("site_visit", date(2026, 11, 19), 1, VISIT_1),
        TouchDay("mail_click", date(2026, 10, 1), 1, counters.last_click_at),
        TouchDay("meeting_held", date(2026, 11, 30), 1, counters.last_meeting_at),  # booked: its day comes
    )


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("2026-05-28 12:00", 1),  # 180 days: six half-lives of 30
        ("2026-05-27 12:00", 0),  # a day more
        ("2019-01-01 12:00", 0),
    ],
)
def test_at_first_sight_old_moments_are_baseline_only(at: str, found: int) -> None:
    counters = Counters(visits=9, last_visit_at=moment(at))

    assert len(first_sight(counters, now=NOW, zone=ZONE, kinds=KINDS)) == found


def test_at_first_sight_a_kind_without_policy_gives_nothing() -> None:
    assert first_sight(SEEN, now=NOW, zone=ZONE, kinds={}) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # nothing changed
        ({}, ()),
        # both moved: the rise, on the new day
        (
            {"visits": 42, "last_visit_at": VISIT_2},
            (TouchDay("site_visit", date(2026, 11, 23), 2, VISIT_2),),
        ),
        # the moment alone moved: one
        ({"last_visit_at": VISIT_2}, (TouchDay("site_visit", date(2026, 11, 23), 1, VISIT_2),)),
        # the total alone rose: on the known moment
        ({"visits": 41}, (TouchDay("site_visit", date(2026, 11, 19), 1, VISIT_1),)),
        # the total rose and no moment is known: now
        ({"replies": 1}, (TouchDay("reply", date(2026, 11, 24), 1, NOW),)),
        # the total fell: a new baseline, nothing negative
        ({"visits": 2}, ()),
        # the moment moved back
        ({"last_visit_at": moment("2026-11-01 09:00")}, ()),
        # both gone (another primary address)
        ({"clicks": 0, "last_click_at": None}, ()),
        # a meeting has a moment only
        (
            {"last_meeting_at": moment("2026-12-01 10:00")},
            (TouchDay("meeting_held", date(2026, 12, 1), 1, moment("2026-12-01 10:00")),),
        ),
        # two kinds at once
        (
            {"forms": 1, "last_form_at": VISIT_2, "visits": 41, "last_visit_at": VISIT_2},
            (
                TouchDay("site_visit", date(2026, 11, 23), 1, VISIT_2),
                TouchDay("form", date(2026, 11, 23), 1, VISIT_2),
            ),
        ),
    ],
)
def test_what_changed_since_the_last_reading_becomes_touch_days(
    changes: dict[str, object], expected: tuple[TouchDay, ...]
) -> None:
    new = replace(SEEN, **changes)  # type: ignore[arg-type]

    assert delta(SEEN, new, now=NOW, zone=ZONE) == expected


moments = st.none() | st.integers(0, 400_000).map(lambda minutes: NOW - timedelta(minutes=minutes))
counts = st.integers(0, 50)
readings = st.builds(Counters, counts, moments, counts, moments, counts, moments, counts, moments, moments)


@given(readings, readings)
def test_counts_are_never_below_one_and_the_same_reading_gives_nothing(old: Counters, new: Counters) -> None:
    assert all(touch.count >= 1 for touch in delta(old, new, now=NOW, zone=ZONE))
    assert delta(new, new, now=NOW, zone=ZONE) == ()


def test_applications_touch_on_the_local_day_they_came_in() -> None:
    late = moment("2026-11-13 00:30")
    applications = [
        Application("1", job_id="9", status="active", applied_at=late),  # 12 Nov in UTC
        Application("2", job_id="9", status="rejected", applied_at=late.replace(minute=45)),  # again, the same day
        Application("3", job_id=None, status="withdrawn", applied_at=late),
        Application("4", job_id="8", status="prospect", applied_at=late),  # did not apply
        Application("5", job_id="8", status="active", applied_at=None),
    ]

    found = application_touches(applications, ZONE)

    assert found == (
        TouchDay("application_submitted", date(2026, 11, 13), 1, late, ""),
        TouchDay("application_submitted", date(2026, 11, 13), 2, late.replace(minute=45), "9"),
    )
    assert application_touches(reversed(applications), ZONE) == found


@pytest.mark.parametrize(
    ("kind", "at", "expected"),
    [
        ("attended", VISIT_1, "event_attended"),
        ("registered", VISIT_1, "event_registered"),
        ("no_show", VISIT_1, None),
        ("attended", None, None),
    ],
)
def test_sign_in_lines_touch_when_somebody_came_or_signed_up(
    kind: str, at: datetime | None, expected: str | None
) -> None:
    found = attendance_touch(Attendance("1", "open dag", kind, at), ZONE)

    assert found == (TouchDay(expected, date(2026, 11, 19), 1, at) if expected else None)
