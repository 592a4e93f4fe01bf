"""Play call_back: due at the agreed minute, kept by contact around it, told when it is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.activity import Activity
from sync.core.contact_policy import allow
from sync.core.facts import LinkedCandidate, OwnTask, PersonFacts
from sync.core.keys import MARKER_HEX, task_key
from sync.core.plays import Case, Wish
from sync.core.plays.call_back import counts, is_missed, next_at, wish
from tests.unit.core.make import CONTACT, OWNERS, POLICY, SANNE, moment, person

AT = moment("2026-11-24 14:30")
FIRST = "2026-11-24T13:30:00+00:00"
CODE = f"call_back:{FIRST}"


def agreed(*activities: Activity, at: datetime | None = AT, **more: object) -> PersonFacts:
    return person(contact=replace(CONTACT, call_back_at=at), activities=activities, **more)


def case(facts: PersonFacts, now: str) -> Case:
    return Case(facts, POLICY, moment(now))


def act(at: str, channel: str = "call", direction: str | None = "out", outcome: str | None = None) -> Activity:
    return Activity("1", channel, moment(at), ("501",), direction, outcome)


def task(facts: PersonFacts, occasion: str, **more: object) -> OwnTask:
    marker = task_key(facts, "12345", "call_back", occasion)[:MARKER_HEX]
    made = OwnTask("900", marker, "call_back", "71", True, moment("2026-11-23 10:00"), due_at=AT)
    return replace(made, **more)  # type: ignore[arg-type]


def test_the_wish_is_due_at_the_agreed_minute_also_at_night_and_ahead() -> None:
    night = moment("2026-12-24 23:05")

    assert wish(case(agreed(), "2026-11-23 10:00")) == Wish("call_back", FIRST, (CODE,), AT, priority="HIGH")
    found = wish(case(agreed(at=night), "2026-11-23 10:00"))
    assert found is not None
    assert found.due_at == night


def test_nobody_agreed_on_anything() -> None:
    assert wish(case(person(), "2026-11-23 10:00")) is None
    assert wish(case(person(contact=None), "2026-11-23 10:00")) is None


@pytest.mark.parametrize(
    ("activity", "is_kept"),
    [
        (act("2026-11-24 14:31"), True),
        (act("2026-11-24 14:00"), True),  # half an hour early
        (act("2026-11-24 13:59"), False),
        (act("2026-11-24 14:35", outcome="no_answer"), True),  # we called: that was the promise
        (act("2026-11-24 14:35", direction="in", outcome="connected"), True),  # they were first
        (act("2026-11-24 14:35", direction="in", outcome="no_answer"), False),  # they tried to reach us
        (act("2026-11-24 14:35", "email"), True),
        (act("2026-11-24 14:35", "email", "in"), False),
        (act("2026-11-23 16:00", "email"), False),  # a mail that confirms the appointment
        (act("2026-11-24 14:35", "meeting", None, "completed"), True),
        (act("2026-11-24 14:35", "task", "out", "completed"), True),  # the task was ticked off
        (act("2026-11-24 15:10"), False),  # still to come
    ],
)
def test_contact_from_shortly_before_the_moment_on_keeps_it(activity: Activity, is_kept: bool) -> None:
    facts = agreed(activity)
    at_hand = case(facts, "2026-11-24 15:00")

    assert (wish(at_hand) is None) is is_kept
    assert is_missed(at_hand) is not is_kept
    assert counts(at_hand, task(facts, FIRST), activity) is (is_kept or activity.at > at_hand.now)


def test_once_the_property_is_emptied_any_act_since_the_task_was_made_ends_it() -> None:
    facts = agreed(at=None)
    early = act("2026-11-24 09:00", "email")

    assert counts(case(facts, "2026-11-24 12:00"), task(facts, FIRST), early)
    assert not counts(case(facts, "2026-11-24 12:00"), task(facts, FIRST), act("2026-11-23 09:00"))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24 14:59", (CODE,)),
        ("2026-11-24 15:00", (CODE, "missed")),
        ("2026-11-27 23:59", (CODE, "missed")),  # the third working day after it
        ("2026-11-28 00:00", None),  # too long ago
    ],
)
def test_half_an_hour_later_it_is_missed_and_three_working_days_later_it_is_over(
    now: str, expected: tuple[str, ...] | None
) -> None:
    found = wish(case(agreed(), now))

    assert (found.reasons if found else None) == expected


def test_a_moment_that_was_moved_away_and_agreed_on_again_has_a_task_of_its_own() -> None:
    facts = agreed()
    moved = task(facts, "2026-11-23T15:00:00+00:00", first_marker=task(facts, FIRST).marker, open=False)
    again = replace(facts, tasks=(moved,))
    made = replace(facts, tasks=(moved, task(facts, f"{FIRST}/2", remote_id="901")))
    on_its_way = replace(facts, tasks=(replace(moved, open=True),))
    found = [wish(case(one, "2026-11-24 09:00")) for one in (again, made, on_its_way)]

    assert [one.occasion for one in found if one] == [f"{FIRST}/2", f"{FIRST}/2", FIRST]


def test_a_moment_that_was_taken_back_and_filled_in_again_has_a_task_each_time() -> None:
    facts = agreed()
    taken_back = [task(facts, one, open=False, withdrawn=True) for one in (FIRST, f"{FIRST}/2")]
    closed = task(facts, FIRST, open=False)
    found = [
        wish(case(replace(facts, tasks=tasks), "2026-11-24 09:00"))
        for tasks in ((taken_back[0],), tuple(taken_back), (closed,))
    ]

    assert [one.occasion for one in found if one] == [f"{FIRST}/2", f"{FIRST}/3", FIRST]


def test_a_missed_appointment_is_a_new_step_only_for_a_task_that_stands() -> None:
    facts = agreed()
    escalated = f"{FIRST}/missed"
    standing = replace(facts, tasks=(task(facts, FIRST),))
    other = replace(facts, tasks=(task(facts, "2026-11-20T09:00:00+00:00", play="fan"),))
    deleted = replace(facts, tasks=(task(facts, FIRST, open=False),))
    deleted_later = replace(facts, tasks=(task(facts, escalated, open=False),))
    found = [wish(case(one, "2026-11-24 15:00")) for one in (facts, standing, other, deleted, deleted_later)]

    assert [one.occasion for one in found if one] == [FIRST, escalated, FIRST, FIRST, escalated]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 10:00", "2026-11-24 15:00"),
        ("2026-11-24 15:00", "2026-11-28 00:00"),
        ("2026-11-28 00:00", None),
    ],
)
def test_it_is_looked_at_when_it_is_missed_and_when_it_is_over(now: str, expected: str | None) -> None:
    assert next_at(case(agreed(), now)) == (moment(expected) if expected else None)
    assert next_at(case(person(), now)) is None


@given(st.integers(min_value=-3000, max_value=3000), st.integers(min_value=-3000, max_value=3000))
def test_an_open_appointment_always_has_its_wish_until_contact_or_the_end(contact_at: int, now: int) -> None:
    activity = Activity("1", "call", AT + timedelta(minutes=contact_at), ("501",), "out")
    moment_of = AT + timedelta(minutes=now)
    found = wish(Case(agreed(activity), POLICY, moment_of))

    is_kept = -30 <= contact_at <= now
    assert (found is None) is (is_kept or moment_of >= moment("2026-11-28 00:00"))
    assert found is None or found.due_at == AT


def test_who_prefers_mail_and_asked_to_be_called_is_called() -> None:
    facts = agreed(candidates=(LinkedCandidate("recruitee", SANNE),))
    facts = replace(facts, contact=replace(CONTACT, call_back_at=AT, channel_preference="email"))
    wanted = wish(case(facts, "2026-11-24 10:00"))
    assert wanted is not None

    decision = allow(wanted, facts, POLICY, owners=OWNERS, load={}, now=moment("2026-11-24 10:00"))

    assert (decision.refused, decision.type) == (None, "CALL")
