"""Play event_follow_up: after an open day, when nobody of the team was in touch since."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from sync.core.activity import Activity
from sync.core.facts import OwnTask
from sync.core.keys import task_key
from sync.core.plays import Case, Wish
from sync.core.plays.event_follow_up import PLAY, next_at, told, wish
from sync.core.wording_say import Say
from tests.unit.core.make import NOW, OWNERS, POLICY, TODAY, ZONE, granted, moment, person, touched

SATURDAY = touched("event_attended", "2026-11-21")
CALL = Activity("1", "call", moment("2026-11-23 10:00"), ("501",), "out", "connected", "71")
EVENTS = POLICY.plays.event_follow_up
WITH_NO_SHOWS = replace(POLICY, plays=replace(POLICY.plays, event_follow_up=replace(EVENTS, no_shows=True)))


def case(now: datetime = NOW, **more: Any) -> Case:
    known: dict[str, Any] = {"touches": SATURDAY, "watched_since": moment("2026-11-01 09:00")}
    return Case(person(**(known | more)), POLICY, now)


def test_the_call_is_due_a_working_day_after_the_open_day_or_at_once_when_that_is_past() -> None:
    found = [wish(case(moment(now))) for now in ("2026-11-22 10:00", "2026-11-24 15:00")]

    assert found == [
        Wish(PLAY, "2026-11-21", ("attended:2026-11-21",), moment("2026-11-24 09:30")),
        Wish(PLAY, "2026-11-21", ("attended:2026-11-21",), moment("2026-11-24 15:00")),
    ]


@pytest.mark.parametrize(
    ("one", "wants"),
    [
        (case(moment("2026-11-21 23:59")), False),  # the day itself
        (case(moment("2026-11-28 12:00")), True),
        (case(moment("2026-11-29 00:01")), False),
        (case(touches=touched("event_registered", "2026-11-21")), False),
        (case(touches=touched("event_attended", "2026-11-21", suspect=True)), False),
        (case(touches=touched("event_attended", "2026-12-05")), False),
        (case(activities=(CALL,)), False),
        (case(activities=(replace(CALL, at=moment("2026-11-21 15:00")),)), True),  # at the open day itself
        (case(activities=(replace(CALL, at=moment("2026-11-25 15:00")),)), True),  # planned
        (case(activities=(replace(CALL, channel="email", direction="in"),)), True),  # theirs
        (case(watched_since=moment("2026-11-24 09:00")), True),
        (case(watched_since=moment("2026-11-27 09:00")), False),  # it was long ago when warmline began
    ],
)
def test_who_is_called(one: Case, wants: bool) -> None:
    assert (wish(one) is not None) is wants


def test_who_did_not_come_is_called_only_where_that_is_set_and_not_when_they_came_after_all() -> None:
    missed = case(touches=(), missed_events=(moment("2026-11-21 10:00"),))
    came = case(missed_events=(moment("2026-11-21 10:00"),))

    found = [wish(one) for one in (missed, replace(missed, policy=WITH_NO_SHOWS), replace(came, policy=WITH_NO_SHOWS))]

    assert [one.reasons if one else None for one in found] == [
        None,
        ("missed:2026-11-21",),
        ("attended:2026-11-21",),
    ]


def test_the_task_stays_wanted_when_the_day_is_long_ago() -> None:
    marker = task_key(person(), POLICY.portal_id, PLAY, "2026-11-21")[:12]
    task = OwnTask("800", marker, PLAY, "71", True, moment("2026-11-23 17:00"))

    found = wish(case(moment("2026-12-01 10:00"), tasks=(task,)))

    assert found is not None and found.occasion == "2026-11-21"


def test_it_looks_again_when_the_day_is_over() -> None:
    assert [next_at(case(moment(now))) for now in ("2026-11-21 12:00", "2026-11-22 12:00")] == [
        moment("2026-11-22 00:00"),
        None,
    ]


@pytest.mark.parametrize(("what", "missed"), [("attended", False), ("missed", True)])
def test_the_text_says_the_day_and_whether_they_came(what: str, missed: bool) -> None:
    decision = granted(play=PLAY, why=(f"{what}:2026-11-21",))

    assert told(person(), decision, Say("nl", TODAY, ZONE, OWNERS)) == {"came_on": "21 nov", "missed": missed}
