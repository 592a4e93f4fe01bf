"""Play cooling: who was warm for weeks and is so no more gets a personal mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sync.core.facts import OwnTask, StoredScore
from sync.core.keys import task_key
from sync.core.model import Band
from sync.core.plays import Case, Wish
from sync.core.plays.cooling import PLAY, told, wish
from sync.core.wording_say import Say
from tests.unit.core.make import NOW, OWNERS, POLICY, TODAY, ZONE, granted, moment, person, touched

FELL = date(2026, 11, 22)
COOL = StoredScore(29, 1.0, Band.COOL, FELL)
WEEKS = touched("reply", "2026-10-10") + touched("form", "2026-10-14", "2026-10-18")  # warm until mid November
DUE = moment("2026-11-25 09:30")


def case(score: StoredScore | None = COOL, **more: Any) -> Case:
    known: dict[str, Any] = {"touches": WEEKS, "watched_since": moment("2026-09-01 09:00"), "score": score}
    return Case(person(**(known | more)), POLICY, NOW)


def test_the_wish_is_a_mail_and_names_the_day_they_fell_and_the_last_thing_they_did() -> None:
    assert wish(case()) == Wish(PLAY, "2026-11-22", ("fell:2026-11-22", "last:2026-10-18"), DUE, type="EMAIL")


@pytest.mark.parametrize(
    ("one", "wants"),
    [
        (case(None), False),
        (case(replace(COOL, band=Band.WARM)), False),
        (case(replace(COOL, band=Band.COLD)), False),
        (case(replace(COOL, band=Band.UNSCORED)), False),
        (case(replace(COOL, band_since=date(2026, 11, 17))), True),
        (case(replace(COOL, band_since=date(2026, 11, 16))), False),  # more than a week ago
        (case(touches=touched("reply", "2026-11-18") + touched("form", "2026-11-18")), False),  # warm for days only
        (case(touches=()), False),
        (case(watched_since=moment("2026-11-22 09:00")), False),  # they were so when warmline began
        (case(watched_since=None), False),
    ],
)
def test_who_gets_one(one: Case, wants: bool) -> None:
    assert (wish(one) is not None) is wants


def test_the_task_is_wanted_while_they_grow_cold_and_not_once_they_are_warm_again() -> None:
    marker = task_key(person(), POLICY.portal_id, PLAY, "2026-11-10")[:12]
    task = OwnTask("800", marker, PLAY, "71", True, moment("2026-11-11 17:00"), type="EMAIL")
    last = granted(play=PLAY, occasion="2026-11-10")
    cold = StoredScore(9, 0.3, Band.COLD, date(2026, 11, 23))

    found = [wish(case(score, tasks=(task,), previous=(last,))) for score in (cold, replace(cold, band=Band.WARM))]

    assert [one.occasion if one else None for one in found] == ["2026-11-10", None]


def test_the_text_says_the_day_of_the_last_sign() -> None:
    say = Say("en", TODAY, ZONE, OWNERS)
    known, unknown = granted(why=("fell:2026-11-22", "last:2026-10-18")), granted(why=("fell:2026-11-22",))

    assert [told(person(), one, say) for one in (known, unknown)] == [{"last_sign": "18 Oct"}, {"last_sign": ""}]
