"""Every gate: who is in the audience, whose task it is, and why a wish becomes a task or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sync.core.contact_policy import allow, audience, call_ground, may_call, recruiter
from sync.core.facts import LinkedCandidate, Load, OwnTask, PersonFacts
from sync.core.keys import MARKER_HEX, action_key
from sync.core.model import Contact, Decision, Job, Owner, Refusal
from sync.core.plays import Wish
from sync.core.policy import AudiencePolicy, ContactPolicy, Policy, RoutingPolicy
from tests.unit.core.make import (
    ANNA,
    BRAM,
    CONTACT,
    NOW,
    OWNERS,
    POLICY,
    SANNE,
    applied,
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


@pytest.mark.parametrize(
    ("facts", "policy", "expected"),
    [
        (person(), AudiencePolicy(), None),  # a linked candidate
        (person(contact=None), AudiencePolicy(), None),  # also one who is not in HubSpot
        (ASIDE, AudiencePolicy(), Refusal.NOT_IN_AUDIENCE),
        (ASIDE, AudiencePolicy(everyone=True), None),
        (replace(ASIDE, list_ids=frozenset({"44"})), AudiencePolicy(lists=frozenset({"44"})), None),
        (
            replace(ASIDE, list_ids=frozenset({"45"})),
            AudiencePolicy(lists=frozenset({"44"})),
            Refusal.NOT_IN_AUDIENCE,
        ),
        # a candidate that is gone at its source links nobody
        (
            person(candidates=(LinkedCandidate("recruitee", replace(SANNE, deleted_at=NOW)),)),
            AudiencePolicy(),
            Refusal.NOT_IN_AUDIENCE,
        ),
        (person(contact=contact(lifecycle_stage="customer")), AudiencePolicy(), Refusal.CUSTOMER),
        (person(contact=contact(lifecycle_stage="customer")), AudiencePolicy(customers=True), None),
        (person(contact=contact(lifecycle_stage="lead")), AudiencePolicy(), None),
        (person(contact=contact(deals=1)), AudiencePolicy(), Refusal.OPEN_DEAL),
        (person(contact=contact(deals=1)), AudiencePolicy(open_deals=True), None),
        (person(contact=contact(email="S@Bureau.Example")), POLICY.audience, Refusal.INTERNAL),
        (person(contact=contact(email="s@mail.bureau.example")), POLICY.audience, Refusal.INTERNAL),
        (person(contact=contact(additional_emails=("s@bureau.example",))), POLICY.audience, Refusal.INTERNAL),
        (person(contact=contact(email="s@eenbureau.example")), POLICY.audience, None),  # only looks like it
        (
            person(contact=contact(email="s@bureau.example")),
            replace(POLICY.audience, internal=True),
            None,
        ),
    ],
)
def test_the_audience_is_linked_listed_or_everyone_and_never_customers_or_colleagues(
    facts: PersonFacts, policy: AudiencePolicy, expected: Refusal | None
) -> None:
    assert audience(facts, policy) == expected


ALL = RoutingPolicy(recruiters=frozenset({"anna@bureau.example", "bram@bureau.example", "gone@bureau.example"}))
OF_BRAM = (LinkedCandidate("recruitee", replace(SANNE, owner_email="Bram@bureau.example")),)
OF_NOBODY = (LinkedCandidate("recruitee", replace(SANNE, owner_email=None)),)


@pytest.mark.parametrize(
    ("facts", "policy", "expected"),
    [
        # the vacancy's recruiter before the candidate's
        (person(candidates=OF_BRAM, applications=(applied(NURSE),)), ALL, ANNA),
        # the newest application decides
        (
            person(
                candidates=OF_NOBODY,
                applications=(
                    applied(NURSE),
                    applied(replace(NURSE, recruiter_email="bram@bureau.example"), at="2026-11-13 10:00"),
                    applied(NURSE, at=None),
                ),
            ),
            ALL,
            BRAM,
        ),
        # a recruiter who left is passed over
        (
            person(
                candidates=OF_BRAM,
                applications=(applied(replace(NURSE, recruiter_email="gone@bureau.example")),),
            ),
            ALL,
            BRAM,
        ),
        # one who is not listed too
        (person(candidates=OF_BRAM, contact=contact(owner_id="71")), POLICY.routing, ANNA),
        # a contact owner who is not listed
        (person(candidates=OF_NOBODY, contact=contact(owner_id="72")), POLICY.routing, None),
        # the fallback counts as listed
        (person(candidates=OF_NOBODY), RoutingPolicy(fallback="Bram@bureau.example"), BRAM),
        # a fallback who left
        (person(candidates=OF_NOBODY), RoutingPolicy(fallback="gone@bureau.example"), None),
    ],
)
def test_the_task_goes_to_the_nearest_listed_recruiter(
    facts: PersonFacts, policy: RoutingPolicy, expected: Owner | None
) -> None:
    assert recruiter(facts, policy, OWNERS) == expected


BOTH = frozenset({"anna@bureau.example", "bram@bureau.example"})
OF_AN_AGENCY = (LinkedCandidate("recruitee", replace(SANNE, owner_email="Kim@agency.example")),)
NURSE_OF_AGENCY = (applied(replace(NURSE, recruiter_email="kim@agency.example")),)


@pytest.mark.parametrize(
    ("facts", "owners", "expected"),
    [
        # the table says who the ATS's recruiter is
        (person(candidates=OF_AN_AGENCY), {"kim@agency.example": "bram@bureau.example"}, BRAM),
        (person(applications=NURSE_OF_AGENCY), {"kim@agency.example": "bram@bureau.example"}, BRAM),
        # an e-mail that is a listed owner wins over the table
        (person(candidates=OF_BRAM), {"bram@bureau.example": "anna@bureau.example"}, BRAM),
        # the vacancy's recruiter by the table comes before the candidate's by e-mail
        (person(candidates=OF_BRAM, applications=NURSE_OF_AGENCY), {"kim@agency.example": "anna@bureau.example"}, ANNA),
        # a deactivated owner: the table, else the next in line
        (
            person(
                candidates=OF_NOBODY, applications=(applied(replace(NURSE, recruiter_email="gone@bureau.example")),)
            ),
            {"gone@bureau.example": "anna@bureau.example"},
            ANNA,
        ),
        (person(candidates=OF_BRAM, applications=NURSE_OF_AGENCY), {"kim@agency.example": "gone@bureau.example"}, BRAM),
        # an owner the table names and nobody listed
        (person(candidates=OF_AN_AGENCY), {"kim@agency.example": "cas@bureau.example"}, None),
        # the contact owner is an owner already
        (
            person(candidates=OF_NOBODY, contact=contact(owner_id="73")),
            {"gone@bureau.example": "anna@bureau.example"},
            None,
        ),
    ],
)
def test_the_table_says_which_owner_an_ats_recruiter_is(
    facts: PersonFacts, owners: dict[str, str], expected: Owner | None
) -> None:
    assert recruiter(facts, RoutingPolicy(recruiters=BOTH, owners=owners), OWNERS) == expected


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


@pytest.mark.parametrize(
    ("grounds", "facts", "expected"),
    [
        ({"application", "consent"}, person(applications=(applied(NURSE),)), "application"),
        ({"application", "consent"}, person(), "consent"),  # nothing is running
        ({"application", "consent"}, person(applications=(applied(NURSE, status="prospect"),)), "consent"),
        ({"application"}, person(), "application"),  # attested for the whole audience
        ({"legitimate_interest", "request"}, person(), "request"),
        # a rejection nobody was told of is still running for the person
        (
            {"application", "consent"},
            person(applications=(applied(NURSE, status="rejected"),)),
            "application",
        ),
        (
            {"application", "consent"},
            person(applications=(applied(NURSE, status="rejected", told_at=NOW),)),
            "consent",
        ),
        (set(), person(applications=(applied(NURSE),)), None),
    ],
)
def test_the_ground_is_the_nearest_one_the_team_attests(
    grounds: set[str], facts: PersonFacts, expected: str | None
) -> None:
    assert call_ground(facts, ContactPolicy(grounds=frozenset(grounds))) == expected


def test_whether_one_may_call_at_all_asks_for_no_task_and_no_recruiter() -> None:
    rested = person(tasks=(task(NOW, open=True),))

    assert may_call(rested, replace(POLICY, routing=RoutingPolicy())) is None
    assert may_call(rested, replace(POLICY, contact=ContactPolicy())) is Refusal.NO_GROUND
    assert may_call(person(contact=contact(opted_out=True)), POLICY) is Refusal.OPTED_OUT
