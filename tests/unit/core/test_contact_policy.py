"""Every gate: why a wish becomes a task or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sync.core.contact_policy import allow, may_call
from sync.core.facts import Load, OwnTask, PersonFacts
from sync.core.keys import MARKER_HEX, action_key
from sync.core.model import Contact, Decision, Job, Refusal
from sync.core.plays import Wish
from sync.core.policy import ContactPolicy, Policy, RoutingPolicy
from tests.unit.core.make import (
    CONTACT,
    NOW,
    OWNERS,
    POLICY,
    moment,
    person,
)

FAN = Wish("fan", "2026-11-23", ("hot",), moment("2026-11-24 13:00"))
NURSE = Job("8", "Verpleegkundige", status="open", recruiter_email="Anna@bureau.example")
ASIDE = person(candidates=(), links=())  # a contact only


def contact(**changes: object) -> Contact:
    return replace(CONTACT, **changes)  # type: ignore[arg-type]


def task(made_at: datetime, *, open: bool = False, marker: str = "abcdef012345") -> OwnTask:
    return OwnTask("t1", marker, "fan", "71", open, made_at)


def decide(facts: PersonFacts, policy: Policy = POLICY, load: dict[str, Load] | None = None) -> Decision:
    return allow(FAN, facts, policy, owners=OWNERS, load=load or {}, now=NOW)


DONE_BEFORE = action_key("12345", "fan", "2026-11-23", "recruitee:9")[:MARKER_HEX]
DONE_AS_CONTACT = action_key("12345", "fan", "2026-11-23", "hubspot:501")[:MARKER_HEX]
DONE_BEFORE_MERGE = action_key("12345", "fan", "2026-11-23", "hubspot:400")[:MARKER_HEX]
LONG_AGO = NOW - timedelta(days=300)


@pytest.mark.parametrize(
    ("facts", "policy", "refused"),
    [
        (ASIDE, POLICY, Refusal.NOT_IN_AUDIENCE),
        (person(contact=contact(lifecycle_stage="customer")), POLICY, Refusal.CUSTOMER),
        (person(contact=contact(deals=2)), POLICY, Refusal.OPEN_DEAL),
        (person(contact=contact(email="s@bureau.example")), POLICY, Refusal.INTERNAL),
        (person(contact=None), POLICY, Refusal.NO_CONTACT),
        (person(contact=contact(do_not_call=True)), POLICY, Refusal.DO_NOT_CALL),
        (person(contact=contact(opted_out=True)), POLICY, Refusal.OPTED_OUT),
        (person(contact=contact(no_profiling=True)), POLICY, Refusal.NO_PROFILING),
        (person(contact=contact(channel_preference="email")), POLICY, Refusal.CHANNEL),
        (person(contact=contact(channel_preference="whatsapp;email")), POLICY, Refusal.CHANNEL),
        (person(), replace(POLICY, contact=ContactPolicy()), Refusal.NO_GROUND),
        (person(), replace(POLICY, routing=RoutingPolicy()), Refusal.NO_RECRUITER),
        (
            person(),
            replace(POLICY, routing=replace(POLICY.routing, pilots=frozenset({"bram@bureau.example"}))),
            Refusal.NOT_PILOT,
        ),
        (person(tasks=(task(LONG_AGO, marker=DONE_BEFORE),)), POLICY, Refusal.ALREADY_DONE),
        # the task was made before the person became a candidate, or before a merge
        (person(tasks=(task(LONG_AGO, marker=DONE_AS_CONTACT),)), POLICY, Refusal.ALREADY_DONE),
        (
            person(contact=contact(merged_ids=("400",)), tasks=(task(LONG_AGO, marker=DONE_BEFORE_MERGE),)),
            POLICY,
            Refusal.ALREADY_DONE,
        ),
        (person(tasks=(task(LONG_AGO, open=True),)), POLICY, Refusal.OPEN_TASK),
        (person(tasks=(task(NOW - timedelta(days=6)),)), POLICY, Refusal.REST),
        # the first reason that holds is told
        (
            person(contact=contact(do_not_call=True, opted_out=True)),
            replace(POLICY, contact=ContactPolicy()),
            Refusal.DO_NOT_CALL,
        ),
    ],
)
def test_each_gate_refuses_with_its_own_reason(facts: PersonFacts, policy: Policy, refused: Refusal) -> None:
    decision = decide(facts, policy)

    assert (decision.wanted, decision.refused, decision.owner_id, decision.due_at) == (
        True,
        refused,
        None,
        None,
    )


def test_a_granted_wish_has_an_owner_a_moment_and_a_ground() -> None:
    decision = decide(person())

    assert decision == Decision(
        "fan",
        "2026-11-23",
        wanted=True,
        owner_id="71",
        due_at=moment("2026-11-24 13:00"),  # four working hours on
        ground="application",
        why=("hot",),
    )


@pytest.mark.parametrize(
    "facts",
    [
        person(review_open=True),  # a review does not stop a call
        person(contact=contact(channel_preference="phone")),
        person(contact=contact(channel_preference="email;phone")),
        person(contact=contact(channel_preference="")),
        person(tasks=(task(NOW - timedelta(days=8)),)),  # rested
    ],
)
def test_what_does_not_stop_a_call(facts: PersonFacts) -> None:
    assert decide(facts).refused is None


def test_a_pilot_recruiter_gets_tasks() -> None:
    pilot = replace(POLICY, routing=replace(POLICY.routing, pilots=frozenset({"anna@bureau.example"})))

    assert decide(person(), pilot).owner_id == "71"


@pytest.mark.parametrize(
    ("made_days_ago", "until_days"),
    [
        ((3,), 4),  # one in seven days
        ((8, 9, 10), 20),  # three in thirty: until the third newest is thirty days old
        ((3, 9, 28), 4),  # both windows: the later end
        ((3, 9, 10), 20),
        ((7,), None),  # exactly a week: free
    ],
)
def test_rest_ends_when_its_window_frees(made_days_ago: tuple[int, ...], until_days: int | None) -> None:
    tasks = tuple(task(NOW - timedelta(days=ago)) for ago in made_days_ago)

    decision = decide(person(tasks=tasks))

    expected = None if until_days is None else NOW + timedelta(days=until_days)
    assert (decision.refused, decision.until) == (Refusal.REST if expected else None, expected)


def test_a_team_that_allows_no_tasks_rests_for_ever() -> None:
    never = replace(POLICY, contact=replace(POLICY.contact, tasks_per_7_days=0))

    assert (decide(person(), never).refused, decide(person(), never).until) == (Refusal.REST, None)


@pytest.mark.parametrize(
    ("load", "refused"),
    [
        (Load(new_today=7, open=14), None),
        (Load(new_today=8), Refusal.CAP_DAY),
        (Load(open=15), Refusal.CAP_OPEN),
    ],
)
def test_a_recruiter_has_a_day_and_an_open_cap(load: Load, refused: Refusal | None) -> None:
    decision = decide(person(), load={"71": load, "72": Load(99, 99)})

    until = moment("2026-11-25 09:00") if refused else None
    assert (decision.refused, decision.until) == (refused, until)


def test_whether_one_may_call_at_all_asks_for_no_task_and_no_recruiter() -> None:
    rested = person(tasks=(task(NOW, open=True),))

    assert may_call(rested, replace(POLICY, routing=RoutingPolicy()), NOW) is None
    assert may_call(rested, replace(POLICY, contact=ContactPolicy()), NOW) is Refusal.NO_GROUND
    assert may_call(person(contact=contact(opted_out=True)), POLICY, NOW) is Refusal.OPTED_OUT
