"""The score: its points add up, order and doubles do not matter, more touches never lower it."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.engagement import Scorer, due_on, last_touch, score, series, without
from sync.core.model import Band, Point, Score, TouchDay
from sync.core.touches import finished_on
from tests.unit.core.make import KINDS, SCORING, TODAY, touched


def scored(touches: tuple[TouchDay, ...], *, seen: bool = True, previous: Band | None = None) -> Score:
    return score(touches, SCORING, today=TODAY, seen=seen, previous=previous)


def test_three_visit_days_and_a_click_are_warm() -> None:
    touches = touched("site_visit", "2026-11-19", "2026-11-21", "2026-11-23") + touched("mail_click", "2026-11-22")

    found = scored(touches)

    assert found.value == 45
    assert found.band is Band.WARM
    assert [(point.kind, point.age_days) for point in found.points] == [
        ("mail_click", 2),
        ("site_visit", 1),
        ("site_visit", 3),
        ("site_visit", 5),
    ]


def test_a_touch_is_worth_half_after_its_half_life() -> None:
    found = scored(touched("reply", "2026-09-25"))  # 60 days

    assert found == Score(22, 0.75, Band.COOL, (Point("reply", date(2026, 9, 25), 1, 60, 1.5, 0.75),))


def test_a_capped_kind_gives_its_cap_and_its_lines_still_add_up() -> None:
    days = [(TODAY - timedelta(days=n)).isoformat() for n in range(10)]

    found = scored(touched("mail_click", *days))

    assert found.raw == pytest.approx(1.5)
    assert len(found.points) == 10
    assert found.points[0].points > found.points[9].points


@pytest.mark.parametrize(
    ("touches", "seen", "value", "band"),
    [
        ((), False, None, Band.UNSCORED),  # nobody can see the person
        ((), True, 0, Band.COLD),  # seen, and quiet
        (touched("site_visit", "2010-01-01"), False, 0, Band.COLD),  # once active: a value, however small
        (touched("mail_open", "2026-11-23"), False, None, Band.UNSCORED),  # a kind without weight
        (touched("dance", "2026-11-23"), False, None, Band.UNSCORED),  # a kind nobody knows
        (touched("site_visit", "2026-11-23", suspect=True), False, None, Band.UNSCORED),  # a robot
        (touched("meeting_held", "2026-11-25"), False, None, Band.UNSCORED),  # tomorrow
        (touched("meeting_held", "2026-11-24"), False, 39, Band.WARM),  # today
    ],
)
def test_unscored_is_not_cold(touches: tuple[TouchDay, ...], seen: bool, value: int | None, band: Band) -> None:
    found = scored(touches, seen=seen)

    assert (found.value, found.band) == (value, band)


def test_rows_of_one_kind_and_day_count_once() -> None:
    row = touched("application_submitted", "2026-11-20", job_id="8")[0]
    other = replace(row, job_id="9", count=2)

    found = scored((row, other, row))

    assert [(point.count, point.job_id) for point in found.points] == [(3, "8")]
    assert found.raw == scored((row,)).raw


def test_a_suspect_row_does_not_spoil_a_valid_one_of_the_same_day() -> None:
    valid, suspect = touched("mail_click", "2026-11-20"), touched("mail_click", "2026-11-20", suspect=True)

    assert scored(suspect + valid) == scored(valid)


@pytest.mark.parametrize(
    ("value", "previous", "expected"),
    [
        (60, None, Band.HOT),
        (59, None, Band.WARM),
        (59, Band.HOT, Band.HOT),  # inside the margin
        (56, Band.HOT, Band.HOT),
        (55, Band.HOT, Band.WARM),  # five below its edge
        (56, Band.WARM, Band.WARM),  # the margin does not lift
        (60, Band.WARM, Band.HOT),
        (33, Band.HOT, Band.WARM),  # a late run ends where daily ones do
        (30, Band.HOT, Band.COOL),
        (31, Band.WARM, Band.WARM),
        (11, Band.COOL, Band.COOL),
        (10, Band.COOL, Band.COLD),
        (33, Band.UNSCORED, Band.COOL),  # was nowhere
        (0, Band.HOT, Band.COLD),
    ],
)
def test_a_band_is_left_five_points_below_its_edge(value: int, previous: Band | None, expected: Band) -> None:
    assert Scorer(SCORING).band(value, previous) is expected


touch_days = st.builds(
    TouchDay,
    kind=st.sampled_from(sorted(KINDS)),
    day=st.integers(-3, 800).map(lambda n: TODAY - timedelta(days=n)),
    count=st.integers(1, 9),
    last_at=st.none(),
    job_id=st.sampled_from(["", "8", "9"]),
    suspect=st.booleans(),
)
many = st.lists(touch_days, max_size=40).map(tuple)


@given(many)
def test_points_add_up_to_raw_and_raw_to_the_score(touches: tuple[TouchDay, ...]) -> None:
    found = scored(touches)

    assert sum(point.points for point in found.points) == found.raw
    assert found.value == round(100 * (1 - math.exp(-found.raw / 3)))
    for kind, policy in KINDS.items():
        assert sum(point.points for point in found.points if point.kind == kind) <= policy.cap + 1e-9


@given(many, st.randoms(use_true_random=False))
def test_order_and_doubles_change_nothing(touches: tuple[TouchDay, ...], chance: random.Random) -> None:
    doubled = touches + touches[: len(touches) // 2]
    shuffled = chance.sample(doubled, len(doubled))

    assert scored(tuple(shuffled)) == scored(touches)


@given(many, touch_days.filter(lambda touch: touch.kind != "application_submitted"))
def test_another_touch_never_lowers_the_score_unless_it_finishes_an_application(
    touches: tuple[TouchDay, ...], extra: TouchDay
) -> None:
    assert scored((*touches, extra)).raw >= scored(touches).raw - 1e-9


@given(many)
def test_without_new_touches_the_score_never_rises(touches: tuple[TouchDay, ...]) -> None:
    past = tuple(touch for touch in touches if touch.day <= TODAY)

    later = score(past, SCORING, today=TODAY + timedelta(days=7), seen=True, previous=None)

    assert later.raw <= scored(past).raw + 1e-9


def test_the_score_without_a_kind_is_what_it_would_be() -> None:
    touches = touched("event_attended", "2026-10-20") + touched("site_visit", "2026-11-23")

    assert without(touches, "event_attended", SCORING, today=TODAY, seen=True) == scored(touches[1:])


STARTED = TouchDay("application_started", date(2026, 11, 20), job_id="j1")


@pytest.mark.parametrize(
    ("started", "submitted", "weighs"),
    [
        (("2026-11-20", "j1"), ("2026-11-20", "j1"), False),
        (("2026-11-20", "j1"), ("2026-11-22", "j1"), False),
        (("2026-11-20", "j1"), ("2026-11-19", "j1"), True),  # begun once more after applying
        (("2026-11-20", "j1"), ("2026-11-22", "j2"), True),  # another vacancy
        (("2026-11-20", ""), ("2026-11-22", "j2"), False),  # it may be this one
        (("2026-11-20", "j1"), ("2026-11-22", ""), False),
        (("2026-11-20", "page:kok"), ("2026-11-22", "j2"), False),  # the ATS does not know the page
        (("2026-11-20", "page:kok"), ("2026-11-22", "page:bakker"), True),
        (("2026-11-20", "j1"), ("2026-11-25", "j1"), True),  # still to come
    ],
)
def test_an_application_that_was_started_weighs_until_it_is_submitted(
    started: tuple[str, str], submitted: tuple[str, str], weighs: bool
) -> None:
    touches = [
        TouchDay("application_started", date.fromisoformat(started[0]), job_id=started[1]),
        TouchDay("application_submitted", date.fromisoformat(submitted[0]), job_id=submitted[1]),
    ]

    assert ("application_started" in {point.kind for point in scored(touches).points}) is weighs
    assert scored(touches) == scored(touches[::-1])


def test_one_of_two_applications_started_on_a_day_weighs_as_long_as_it_is_not_submitted() -> None:
    other, submitted = replace(STARTED, job_id="j2"), TouchDay("application_submitted", STARTED.day, job_id="j1")

    assert [point.job_id for point in scored([STARTED, other, submitted]).points if point.kind == STARTED.kind] == [
        "j2"
    ]


def test_a_suspect_application_ends_nothing() -> None:
    suspect = TouchDay("application_submitted", STARTED.day, job_id="j1", suspect=True)

    assert [point.kind for point in scored([STARTED, suspect]).points] == ["application_started"]


def test_without_the_application_the_one_that_was_started_does_not_come_back() -> None:
    touches = [STARTED, TouchDay("application_submitted", STARTED.day, job_id="j1")]

    assert without(touches, "application_submitted", SCORING, today=TODAY, seen=True).value == 0


def test_the_past_shows_what_was_started_until_the_day_it_was_submitted() -> None:
    days = [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)]
    submitted = TouchDay("application_submitted", days[2], job_id="j1")

    assert series([STARTED, submitted], SCORING, days) == [(days[0], 49), (days[1], 47), (days[2], 49)]


def test_the_chart_shows_the_score_as_it_was_on_each_day() -> None:
    days = [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]

    assert series(touched("reply", "2026-11-22"), SCORING, days) == [
        (days[0], None),
        (days[1], 39),
        (days[2], 39),
    ]
    assert series((), SCORING, days[:1], seen=True) == [(days[0], 0)]


@pytest.mark.parametrize(
    ("touches", "next_touch", "expected"),
    [
        (touched("reply", "2026-11-22"), None, date(2026, 11, 25)),  # it decays
        (touched("reply", "2026-11-22"), date(2026, 11, 30), date(2026, 11, 25)),
        (touched("meeting_held", "2026-11-30"), date(2026, 11, 30), date(2026, 11, 30)),  # a touch to come
        (touched("reply", "2010-01-01"), None, None),  # it cannot get lower than 0
        ((), None, None),
    ],
)
def test_only_who_can_change_is_due_again(
    touches: tuple[TouchDay, ...], next_touch: date | None, expected: date | None
) -> None:
    assert due_on(scored(touches), TODAY, next_touch) == expected


@given(many)
def test_the_worths_of_touch_days_add_up_to_the_same_score(touches: tuple[TouchDay, ...]) -> None:
    scorer = Scorer(SCORING)
    valid = [one for one in touches if not one.suspect]
    submitted = [one for one in valid if one.kind == "application_submitted" and one.day <= TODAY]
    finished = [one for one in valid if one.kind == "application_started" and finished_on(one, submitted)]
    days = {(one.kind, one.day) for one in valid if one not in finished}
    worths: dict[str, list[float]] = {}
    for kind, day in days:
        worth = scorer.worth(kind, (TODAY - day).days)
        if worth is not None:
            worths.setdefault(kind, []).append(worth)

    found = scorer.from_raw(scorer.raw(worths), seen=False, previous=None)

    expected = scored(touches, seen=False)
    assert (found.value, found.band, found.points) == (expected.value, expected.band, ())
    assert math.isclose(found.raw, expected.raw, abs_tol=1e-9)


def test_the_last_touch_is_the_newest_valid_one_up_to_today() -> None:
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    touches = (
        *touched("reply", "2026-11-22", last_at=at),
        *touched("site_visit", "2026-11-21"),
        *touched("meeting_held", "2026-11-25"),
        *touched("site_visit", "2026-11-23", suspect=True),
    )

    assert last_touch(touches, TODAY) == at
    assert last_touch(touches[1:], TODAY) == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert last_touch((), TODAY) is None
