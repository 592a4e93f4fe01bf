"""Bands over weeks, stepped from touch days."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from sync.core.engagement import Scorer
from sync.core.history import Visible, band_now, bands_on, weekly_flow
from sync.core.model import Band, TouchDay
from sync.core.touches import finished_on
from tests.unit.core.make import KINDS, SCORING, TODAY

SCORER = Scorer(SCORING)
LONG_AGO = date(2020, 1, 1)


def visible(days: dict[int, list[str]], *, seen: bool = True, known_since: date = LONG_AGO) -> Visible:
    """Kinds by days ago; an application that was started ends as the core says."""
    touches = [TouchDay(kind, TODAY - timedelta(days=ago)) for ago, kinds in days.items() for kind in kinds]
    submitted = [one for one in touches if one.kind == "application_submitted"]
    found: dict[date, dict[str, date | None]] = {}
    for one in touches:
        ends = finished_on(one, submitted) if one.kind == "application_started" else None
        found.setdefault(one.day, {})[one.kind] = ends
    return Visible(found, seen, known_since)


def last(days: int) -> list[date]:
    return [TODAY - timedelta(days=ago) for ago in range(days, -1, -1)]


def test_stepping_through_the_days_gives_the_bands_of_computing_each_day() -> None:
    chance = random.Random(3)
    for _ in range(30):
        days = {chance.randrange(120): chance.sample(sorted(KINDS), 2) for _ in range(8)}
        person = visible(days)
        touches = [TouchDay(kind, day) for day, kinds in person.days.items() for kind in kinds]
        band, expected = None, []
        for day in last(100):
            band = SCORER.score(touches, today=day, seen=True, previous=band).band
            expected.append(band)

        assert bands_on(person, SCORER, last(60)) == expected[40:]


def test_who_was_not_seen_is_unscored_until_the_first_touch() -> None:
    person = visible({1: ["reply"]}, seen=False)

    assert bands_on(person, SCORER, last(2)) == [Band.UNSCORED, Band.WARM, Band.WARM]
    assert bands_on(visible({}, seen=False), SCORER, last(1)) == [Band.UNSCORED] * 2
    assert bands_on(visible({}), SCORER, last(1)) == [Band.COLD] * 2


def test_before_the_mirror_knew_a_person_no_band_is_kept() -> None:
    days = {16: ["reply"]}  # 39 on the day, 34 now: warm only by hysteresis

    assert bands_on(visible(days), SCORER, [TODAY]) == [Band.WARM]
    assert bands_on(visible(days, known_since=TODAY), SCORER, [TODAY]) == [Band.COOL]


def test_the_band_now_is_that_of_scoring_each_day_since_the_person_is_known() -> None:
    days = {16: ["reply"]}  # 39 on the day, 34 now: warm only by hysteresis

    assert band_now(visible(days, known_since=TODAY - timedelta(days=20)), SCORER, TODAY) == (
        Band.WARM,
        TODAY - timedelta(days=16),
    )
    assert band_now(visible(days, known_since=TODAY), SCORER, TODAY) == (Band.COOL, TODAY)
    assert band_now(visible({}, known_since=TODAY), SCORER, TODAY) == (Band.COLD, TODAY)


def test_a_week_counts_who_rose_who_fell_and_who_is_where() -> None:
    people = [
        visible({3: ["reply"]}),  # cold to warm
        visible({3: ["reply"]}, seen=False),  # unscored to warm
        visible({40: ["form"], 60: ["site_visit"]}),  # falls some week
        visible({}),
        visible({}, seen=False),
    ]

    weeks = weekly_flow(people, SCORER, until=TODAY, weeks=3)

    assert [week.until for week in weeks] == [TODAY - timedelta(weeks=back) for back in (2, 1, 0)]
    assert weeks[2].rose == Counter({Band.WARM: 2})
    assert weeks[0].rose + weeks[1].rose == Counter()
    assert all(week.sizes.total() == len(people) for week in weeks)
    for before, after in zip(weeks, weeks[1:], strict=False):
        moved = after.rose.total() + after.fell.total()
        assert moved >= sum(abs(after.sizes[band] - before.sizes[band]) for band in Band) / 2
