"""Whose task it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from sync.core.facts import LinkedCandidate, OwnTask, PersonFacts
from sync.core.model import Contact, Job, Owner
from sync.core.policy import Absence, RoutingPolicy
from sync.core.routing import next_change, recruiter, routing_day
from tests.unit.core.make import (
    ANNA,
    BRAM,
    CONTACT,
    NOW,
    OWNERS,
    POLICY,
    SANNE,
    TODAY,
    ZONE,
    applied,
    moment,
    person,
)

NURSE = Job("8", "Verpleegkundige", status="open", recruiter_email="Anna@bureau.example")


def contact(**changes: object) -> Contact:
    return replace(CONTACT, **changes)  # type: ignore[arg-type]


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
    assert recruiter(facts, policy, OWNERS, TODAY) == expected


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
    assert recruiter(facts, RoutingPolicy(recruiters=BOTH, owners=owners), OWNERS, TODAY) == expected


ANNA_AWAY = Absence("anna@bureau.example", date(2026, 11, 24), date(2026, 11, 26))
BRAM_AWAY = Absence("bram@bureau.example", date(2026, 11, 26), date(2026, 11, 27))
OF_ANNA = person(contact=contact(owner_id="72"))  # her candidate, his contact


def with_stand_in(email: str) -> Absence:
    return replace(ANNA_AWAY, stand_in=email)


@pytest.mark.parametrize(
    ("absent", "on", "expected"),
    [
        ((), 24, ANNA),
        ((ANNA_AWAY,), 23, ANNA),  # the day before
        ((ANNA_AWAY,), 24, BRAM),  # the contact's owner is next
        ((ANNA_AWAY,), 26, BRAM),  # the last day counts
        ((ANNA_AWAY,), 27, ANNA),
        ((ANNA_AWAY, BRAM_AWAY), 26, ANNA),  # everybody away: nobody is lost
        ((with_stand_in("bram@bureau.example"),), 25, BRAM),
        ((with_stand_in("bram@bureau.example"), BRAM_AWAY), 26, ANNA),
        ((with_stand_in("gone@bureau.example"),), 25, BRAM),  # a stand-in who left
        ((with_stand_in("cas@bureau.example"),), 25, BRAM),  # a stand-in who is no recruiter
    ],
)
def test_who_is_away_is_passed_over_for_the_stand_in_else_the_next(
    absent: tuple[Absence, ...], on: int, expected: Owner
) -> None:
    policy = RoutingPolicy(recruiters=BOTH, absent=absent)

    assert recruiter(OF_ANNA, policy, OWNERS, date(2026, 11, on)) == expected


def test_the_stand_in_of_somebody_without_a_next_takes_the_task() -> None:
    facts = person(contact=contact(owner_id=None))
    policy = RoutingPolicy(recruiters=BOTH, absent=(with_stand_in("bram@bureau.example"),))

    assert recruiter(facts, policy, OWNERS, date(2026, 11, 25)) == BRAM


@pytest.mark.parametrize(
    ("due", "is_open", "expected"),
    [
        ("2026-11-27 10:00", True, date(2026, 11, 27)),
        ("2026-11-20 10:00", True, TODAY),  # late: it is today's work
        ("2026-11-27 10:00", False, TODAY),
        (None, True, TODAY),
    ],
)
def test_work_falls_on_the_day_the_open_task_is_due(due: str | None, is_open: bool, expected: date) -> None:
    task = OwnTask("900", "ab" * 6, "fan", "71", is_open, NOW, due_at=moment(due) if due else None)

    assert routing_day(person(tasks=(task,)), TODAY, ZONE) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23 12:00", "2026-11-24 00:00"),
        ("2026-11-24 00:00", "2026-11-26 00:00"),
        ("2026-11-26 12:00", "2026-11-27 00:00"),
        ("2026-11-27 12:00", "2026-11-28 00:00"),
        ("2026-11-28 00:00", None),
    ],
)
def test_somebody_leaving_or_coming_back_is_a_moment_to_look(now: str, expected: str | None) -> None:
    policy = RoutingPolicy(recruiters=BOTH, absent=(ANNA_AWAY, BRAM_AWAY))

    assert next_change(policy, moment(now), ZONE) == (moment(expected) if expected else None)
