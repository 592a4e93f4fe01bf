"""What a contact's properties say of consent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mappings.hubspot import ContactMapper, contact_properties
from sync.core.consent import ANY, EMAIL, MARKETING, PHONE, PROFILING, RUNNING_APPLICATION, TALENT_POOL, Stated
from sync.core.consent_said import ConsentProperty
from tests.unit.core.make import moment

CALLS = ConsentProperty("bellen", TALENT_POOL, PHONE, text_property="bellen_tekst", at_property="bellen_op")
GIVEN = Stated("bellen", TALENT_POOL, PHONE, True)
ON = moment("2026-10-20 02:00")


def said(one: ConsentProperty, **properties: object) -> tuple[Stated, ...]:
    return ContactMapper("off", [one]).to_contact({"id": "501", "properties": properties}).consents


@pytest.mark.parametrize(
    ("one", "properties", "expected"),
    [
        (CALLS, {"bellen": "true"}, GIVEN),
        (CALLS, {"bellen": "Ja"}, GIVEN),
        (CALLS, {"bellen": True}, GIVEN),
        (CALLS, {"bellen": "false"}, replace(GIVEN, given=False)),
        (CALLS, {"bellen": "2026-10-20"}, replace(GIVEN, at=ON)),  # the day it was given
        (
            CALLS,
            {"bellen": "true", "bellen_op": "1792454400000", "bellen_tekst": "formulier v3"},
            replace(GIVEN, at=ON, text_version="formulier v3"),
        ),
        (replace(CALLS, text_version="v2"), {"bellen": "true"}, replace(GIVEN, text_version="v2")),
        (replace(CALLS, until_property="tot"), {"bellen": "1", "tot": "2026-10-20"}, replace(GIVEN, until=ON)),
        (replace(CALLS, option="Telefoon"), {"bellen": "Mail;telefoon"}, GIVEN),
        (replace(CALLS, option="Telefoon"), {"bellen": "Mail"}, replace(GIVEN, given=False)),
        (replace(CALLS, refuses=True), {"bellen": "true"}, replace(GIVEN, given=False)),
    ],
)
def test_a_property_of_the_team_gives_or_refuses_consent(
    one: ConsentProperty, properties: dict[str, object], expected: Stated
) -> None:
    assert said(one, **properties) == (expected,)


@pytest.mark.parametrize(
    ("one", "value"),
    [
        (CALLS, ""),
        (CALLS, None),
        (CALLS, "misschien"),
        (CALLS, ["true"]),
        (replace(CALLS, option="Telefoon"), ""),
        (replace(CALLS, refuses=True), "false"),
    ],
)
def test_what_is_neither_yes_nor_no_says_nothing(one: ConsentProperty, value: object) -> None:
    assert said(one, bellen=value) == ()


def test_the_legal_basis_of_hubspot_is_told_by_what_it_is_about() -> None:
    bases = "Legitimate interest – prospect/lead;Freely given consent from contact;Performance of a contract"

    assert said(CALLS, hs_legal_basis=f"{bases};Not applicable") == (
        Stated("hs_legal_basis: Legitimate interest – prospect/lead", PROFILING, ANY, True),
        Stated("hs_legal_basis: Freely given consent from contact", TALENT_POOL, ANY, True),
        Stated("hs_legal_basis: Performance of a contract", RUNNING_APPLICATION, ANY, True),
    )


def test_a_subscription_opt_out_is_a_property_that_refuses() -> None:
    one = ConsentProperty("hs_email_optout_123", MARKETING, EMAIL, refuses=True)

    assert said(one, hs_email_optout_123="true") == (Stated("hs_email_optout_123", MARKETING, EMAIL, False),)


def test_only_the_properties_that_were_named_are_asked_for() -> None:
    asked = set(contact_properties(consents=[CALLS])) - set(contact_properties())

    assert asked == {"bellen", "bellen_tekst", "bellen_op"}
