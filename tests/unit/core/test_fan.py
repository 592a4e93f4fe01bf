"""Play fan: hot, or back on several days; one occasion as long as it lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sync.core.facts import PersonFacts, StoredScore
from sync.core.model import Band, TouchDay
from sync.core.plays import Case, Wish
from sync.core.plays.fan import wish
from tests.unit.core.make import NOW, POLICY, granted, moment, person, touched

WARM = StoredScore(37, 1.4, Band.WARM, date(2026, 11, 20))
HOT = replace(WARM, value=62, band=Band.HOT)
THREE_DAYS = touched("site_visit", "2026-11-19", "2026-11-21", "2026-11-23")
DUE = moment("2026-11-24 13:00")  # four working hours from now


def case(facts: PersonFacts, score: StoredScore) -> Case:
    """A person with a score, now."""
    return Case(replace(facts, score=score), POLICY, NOW)


@pytest.mark.parametrize(
    ("touches", "fires"),
    [
        (THREE_DAYS, True),
        (THREE_DAYS[1:], False),  # two days
        (
            touched("site_visit", "2026-11-18", "2026-11-21", "2026-11-24"),
            True,
        ),  # the seventh day back, and today
        (touched("site_visit", "2026-11-17", "2026-11-21", "2026-11-24"), False),  # the eighth
        (
            touched("site_visit", "2026-11-23") + touched("reply", "2026-11-23") + touched("form", "2026-11-23"),
            False,
        ),
        (THREE_DAYS[1:] + touched("reply", "2026-11-22"), True),  # any weighing kind makes a day
        (THREE_DAYS[1:] + touched("application_submitted", "2026-11-22"), False),  # applying is no visit
        (THREE_DAYS[1:] + touched("application_started", "2026-11-22"), False),
        (THREE_DAYS[1:] + touched("mail_open", "2026-11-22"), False),  # a kind without weight
        (THREE_DAYS[1:] + touched("mail_click", "2026-11-22", suspect=True), False),  # a robot
        (THREE_DAYS[1:] + touched("meeting_held", "2026-11-26"), False),  # still to come
    ],
)
def test_somebody_back_on_three_days_in_seven_is_a_fan(touches: tuple[TouchDay, ...], fires: bool) -> None:
    found = wish(case(person(touches=touches), WARM))

    assert (found is not None) is fires


def test_the_wish_names_its_days_and_begins_on_the_newest() -> None:
    found = wish(case(person(touches=THREE_DAYS), WARM))

    assert found == Wish("fan", "2026-11-23", ("days:2026-11-19,2026-11-21,2026-11-23",), DUE)


def test_hot_is_enough() -> None:
    facts = person(touches=touched("application_submitted", "2026-11-12"))

    assert wish(case(facts, HOT)) == Wish("fan", "2026-11-12", ("hot",), DUE)


def test_hot_without_a_touch_in_sight_is_dated_by_its_band() -> None:
    assert wish(case(person(), HOT)) == Wish("fan", "2026-11-20", ("hot",), DUE)


def test_the_occasion_stays_while_the_spell_lasts_and_is_new_after_it() -> None:
    lasting = person(touches=THREE_DAYS, previous=(granted(occasion="2026-11-01"),))
    ended = person(touches=THREE_DAYS, previous=(granted(occasion="2026-11-01", wanted=False),))
    other_play = person(touches=THREE_DAYS, previous=(granted(play="promise", occasion="2026-11-01"),))

    found = [wish(case(facts, WARM)) for facts in (lasting, ended, other_play)]

    assert [one.occasion for one in found if one] == ["2026-11-01", "2026-11-23", "2026-11-23"]
