"""Play abandoned_application: who began to apply, did not finish in time, and may be helped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from sync.core.facts import OwnTask, PersonFacts, StoredScore
from sync.core.keys import task_key
from sync.core.model import Band, Job, TouchDay
from sync.core.plays import Case, Wish
from sync.core.plays.abandoned_application import PLAY, next_at, told, wish
from sync.core.wording_say import Say
from tests.unit.core.make import NOW, OWNERS, POLICY, TODAY, ZONE, applied, granted, moment, person, touched

NURSE = Job("8", "Verpleegkundige", status="open", closed_at=moment("2026-12-04 12:00"))
COOK = Job("9", "Kok", status="open")
WARM = StoredScore(37, 1.4, Band.WARM, date(2026, 11, 20))
COOL = replace(WARM, value=20, band=Band.COOL)
BEGAN = "2026-11-23 14:00"  # three working hours later it is 17:00; the office closes at 17:30
RIPE = moment("2026-11-23 17:00")
OCCASION = "8:2026-11-23"


def started(at: str = BEGAN, job_id: str = "8", **more: object) -> TouchDay:
    when = moment(at)
    return TouchDay("application_started", date.fromisoformat(at[:10]), 1, when, job_id, **more)  # type: ignore[arg-type]


def case(
    *touches: TouchDay, now: datetime = NOW, score: StoredScore = WARM, since: str = "2026-11-01 09:00", **more: object
) -> Case:
    known: dict[str, object] = {"touches": touches or (started(),), "viewed": (NURSE, COOK), "score": score}
    return Case(person(**(known | {"watched_since": moment(since)} | more)), POLICY, now)


def standing(facts: PersonFacts, occasion: str = OCCASION) -> OwnTask:
    """The open task of this play."""
    marker = task_key(facts, POLICY.portal_id, PLAY, occasion)[:12]
    return OwnTask("800", marker, PLAY, "71", True, moment("2026-11-23 17:00"))


def test_somebody_warm_is_called_an_hour_after_the_time_to_finish_is_over() -> None:
    found = wish(case(now=moment("2026-11-23 17:05")))

    assert found == Wish(PLAY, OCCASION, (f"started:{OCCASION}",), moment("2026-11-24 09:30"))


@pytest.mark.parametrize(
    ("one", "calls"),
    [
        (case(now=RIPE), True),
        (case(now=moment("2026-11-23 16:59")), False),
        (case(score=COOL), False),
        (case(score=replace(WARM, band=Band.HOT)), True),
        (case(started(job_id="")), False),
        (case(started(job_id="page:kok-9")), False),  # a page the ATS does not know
        (case(started(suspect=True)), False),
        (case(started("2026-11-16 09:00")), False),  # eight days ago
        (case(viewed=(replace(NURSE, status="closed"),)), False),
        (case(viewed=(replace(NURSE, status="unknown"),)), False),
        (case(viewed=(replace(NURSE, confidential=True),)), False),
        (case(viewed=(replace(NURSE, closed_at=moment("2026-11-23 12:00")),)), False),
        (case(viewed=(replace(NURSE, closed_at=moment("2026-11-24 00:00")),)), True),  # its last day
        (case(viewed=(NURSE, replace(NURSE, name="Other source"))), False),  # of which vacancy it is is not known
        (case(applications=(applied(NURSE, at="2026-11-23 15:00"),)), False),
        (case(applications=(applied(NURSE, at="2025-02-01 15:00", status="rejected"),)), False),  # applied before
        (case(applications=(applied(NURSE, at=None),)), False),
        (case(applications=(applied(COOK, at="2026-11-23 15:00"),)), True),  # another vacancy: its gate says the rest
        (case(applications=(applied(NURSE, status="prospect"),)), True),  # nobody sent it in
        (case(started(), *touched("application_submitted", "2026-11-23", job_id="8")), False),
        (case(started(), *touched("application_submitted", "2026-11-23")), False),  # of which vacancy is not known
        (case(started(), *touched("application_submitted", "2026-11-22", job_id="8")), True),  # before it
        (case(started(), *touched("application_submitted", "2026-11-24", job_id="9")), True),
        (case(since="2026-11-24 08:00"), True),  # yesterday is no backlog
        (case(started("2026-11-18 09:00"), since="2026-11-24 08:00"), False),
    ],
)
def test_who_is_called(one: Case, calls: bool) -> None:
    assert (wish(one) is not None) is calls


def test_of_several_the_newest_is_meant_until_it_has_a_wish_and_then_that_one_stays() -> None:
    both = (started(), started("2026-11-24 09:00", "9"))
    late = moment("2026-11-24 15:00")
    going_on = granted(play=PLAY, occasion=OCCASION)

    found = [wish(case(*both, now=late)), wish(case(*both, now=late, previous=(going_on,)))]

    assert [one.occasion for one in found if one] == ["9:2026-11-24", OCCASION]


def test_a_task_that_stands_is_wanted_while_they_cool_down_and_until_they_apply_or_it_closes() -> None:
    task = standing(person())
    later = moment("2026-12-03 10:00")

    found = [
        wish(case(score=COOL, tasks=(task,), now=later)),
        wish(case(score=COOL, tasks=(replace(task, open=False),), now=later)),
        wish(case(tasks=(task,), applications=(applied(NURSE, at="2026-11-24 08:00"),))),
        wish(case(tasks=(task,), viewed=(replace(NURSE, status="archived"),))),
    ]

    assert [one.occasion if one else None for one in found] == [OCCASION, None, None, None]


def test_the_next_look_is_when_the_time_ends_and_then_when_it_is_too_long_ago() -> None:
    found = [next_at(case(now=moment(now))) for now in ("2026-11-23 15:00", "2026-11-24 09:00", "2026-11-30 14:00")]

    assert found == [RIPE, moment("2026-11-30 14:00"), None]


def test_a_page_of_which_only_the_day_is_known_counts_from_the_end_of_that_day() -> None:
    day_only = replace(started(), last_at=None)

    assert next_at(case(day_only, now=moment("2026-11-23 20:00"))) == moment("2026-11-24 12:00")


def test_the_text_is_told_the_vacancy_the_day_and_how_long_it_is_open() -> None:
    say = Say("nl", TODAY, ZONE, OWNERS)
    decision = granted(play=PLAY, why=(f"started:{OCCASION}",))

    assert told(case().facts, decision, say) == {
        "started_job": "Verpleegkundige",
        "started_on": "23 nov",
        "open_until": "4 dec",
    }
