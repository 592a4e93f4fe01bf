"""Who is scored, and may be called, at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sync.core.audience import audience
from sync.core.facts import LinkedCandidate, PersonFacts
from sync.core.model import Contact, Refusal
from sync.core.policy import AudiencePolicy
from tests.unit.core.make import CONTACT, NOW, POLICY, SANNE, person

ASIDE = person(candidates=(), links=())  # a contact only


def contact(**changes: object) -> Contact:
    return replace(CONTACT, **changes)  # type: ignore[arg-type]


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
