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


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (("vacancy_visit", "12"), [("site_visit", 2, ""), ("vacancy_visit", 1, "12")]),
        (("application_started", ""), [("site_visit", 2, ""), ("application_started", 1, "")]),
        (("careers_visit", ""), [("site_visit", 3, "")]),
        (("", ""), [("site_visit", 3, "")]),
    ],
)
def test_of_several_visits_the_last_is_of_the_kind_of_its_page(
    page: tuple[str, str], expected: list[tuple[str, int, str]]
) -> None:
    old = Counters(visits=1, last_visit_at=VISIT_1)
    new = Counters(visits=4, last_visit_at=NOW, page_kind=page[0], page_job=page[1])

    found = delta(old, new, now=NOW, zone=ZONE)

    assert [(one.kind, one.count, one.job_id) for one in found] == expected


def test_a_page_reached_later_in_a_counted_visit_counts_once() -> None:
    home = Counters(visits=1, last_visit_at=VISIT_1, last_page_at=VISIT_1)
    vacancy = Counters(visits=1, last_visit_at=VISIT_1, last_page_at=NOW, page_kind="vacancy_visit", page_job="12")
    still = Counters(visits=1, last_visit_at=VISIT_1, last_page_at=VISIT_1, page_kind="vacancy_visit", page_job="12")

    found = delta(home, vacancy, now=NOW, zone=ZONE)

    assert [(one.kind, one.job_id) for one in found] == [("vacancy_visit", "12")]
    assert delta(home, still, now=NOW, zone=ZONE) == ()  # another list of pages is no new page


def test_what_a_better_source_shows_gives_nothing_here() -> None:
    old, new = Counters(), Counters(visits=1, last_visit_at=NOW, clicks=2, last_click_at=NOW, page_kind="vacancy_visit")

    found = delta(old, new, now=NOW, zone=ZONE, covered={"site_visit"})

    assert [one.kind for one in found] == ["mail_click"]
