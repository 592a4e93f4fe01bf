"""On what ground a person may be called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.core.consent import ANY, PHONE, TALENT_POOL, Consent, Stated
from sync.core.facts import PersonFacts
from sync.core.grounds import call_ground
from sync.core.model import Job
from sync.core.policy import ContactPolicy
from tests.unit.core.make import NOW, applied, person

NURSE = Job("8", "Verpleegkundige", status="open", recruiter_email="Anna@bureau.example")


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
    assert call_ground(facts, ContactPolicy(grounds=frozenset(grounds)), NOW) == expected


YES = Stated("toestemming_bellen", TALENT_POOL, PHONE, True)
EVERYTHING = {"application", "request", "consent", "legitimate_interest"}


@pytest.mark.parametrize(
    ("grounds", "said", "expected"),
    [
        (set(), YES, "consent"),  # recorded for this person: nobody has to attest it for all
        ({"legitimate_interest"}, YES, "consent"),
        ({"consent"}, replace(YES, until=NOW), None),  # it ended, whatever the team attests
        ({"consent"}, replace(YES, channel=ANY, until=NOW), None),
        ({"consent", "legitimate_interest"}, replace(YES, until=NOW), "legitimate_interest"),
        (EVERYTHING, replace(YES, given=False), None),  # who refused is asked nothing by phone
        ({"consent"}, replace(YES, channel="email"), "consent"),  # says nothing about the phone
        # objections with a gate of their own leave the ground as it is
        ({"consent"}, Stated("warmline_do_not_call", ANY, PHONE, False), "consent"),
    ],
)
def test_the_persons_own_record_goes_before_what_the_team_attests(
    grounds: set[str], said: Stated, expected: str | None
) -> None:
    facts = person(consents=(Consent("hubspot", "501", said, NOW),))

    assert call_ground(facts, ContactPolicy(grounds=frozenset(grounds)), NOW) == expected


def test_who_refused_may_still_be_called_about_a_running_application() -> None:
    no = Consent("hubspot", "501", replace(YES, given=False), NOW)
    facts = person(consents=(no,), applications=(applied(NURSE),))

    assert call_ground(facts, ContactPolicy(grounds=frozenset({"application"})), NOW) == "application"
