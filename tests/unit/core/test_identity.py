"""Who is who: links where it is certain, reviews where a person must look, the same whatever the order."""

from __future__ import annotations

import pytest

from sync.core.identity import (
    MOST_SHARING,
    Identity,
    Link,
    Matches,
    Review,
    Rulings,
    attend,
    keys,
    match,
    of_attendance,
    of_candidate,
    of_contact,
)
from sync.core.model import Attendance, Candidate, Contact, RecordRef

NONE = Rulings()


def cand(number: str, first: str | None = "Sanne", *emails: str, source: str = "recruitee") -> Identity:
    return of_candidate(source, Candidate(number, first_name=first, email_addresses=emails))


def cont(number: str, first: str | None = "Sanne", *emails: str, stored: str | None = None) -> Identity:
    email, *others = emails or (None,)
    more = tuple(other for other in others if other)
    contact = Contact(number, email=email, additional_emails=more, first_name=first, stored_candidate_id=stored)
    return of_contact(contact)


def pairs(found: Matches) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """(candidate, contact, rule) of the links, and of the reviews."""
    links = {(one.candidate.remote_id, one.contact.remote_id, one.rule) for one in found.links}
    return links, {(one.candidate.remote_id, one.contact.remote_id, one.rule) for one in found.reviews}


def ruled(*, accepted: tuple[str, str] | None = None, refused: tuple[str, str] | None = None) -> Rulings:
    def one(pair: tuple[str, str] | None) -> frozenset[tuple[RecordRef, str]]:
        return frozenset({(RecordRef("recruitee", pair[0]), pair[1])} if pair else ())

    return Rulings(accepted=one(accepted), refused=one(refused))


A, B = "a@post.example", "b@post.example"
ON_MAIL, ON_ID, MAIL_ONLY = "email_first_name", "stored_id", "email_only"


@pytest.mark.parametrize(
    ("candidates", "contacts", "rulings", "links", "reviews"),
    [
        # same address, same first name
        ([cand("1", "Zoë", A)], [cont("x", "zoe", A)], NONE, {("1", "x", ON_MAIL)}, set()),
        # a secondary address counts
        ([cand("1", "Sanne", A)], [cont("x", "Sanne", B, A)], NONE, {("1", "x", ON_MAIL)}, set()),
        # several shared addresses are one pair
        ([cand("1", "Sanne", A, B)], [cont("x", "Sanne", B, A)], NONE, {("1", "x", ON_MAIL)}, set()),
        # the contact carries the id, nothing else agrees
        (
            [cand("1", "Sanne", A)],
            [cont("x", "Kees", B, stored="recruitee:1")],
            NONE,
            {("1", "x", ON_ID)},
            set(),
        ),
        # an id of a candidate that is not there gives nothing
        ([cand("1", "Sanne", A)], [cont("x", "Kees", B, stored="recruitee:7")], NONE, set(), set()),
        # another name on the address: a person looks
        ([cand("1", "Sanne", A)], [cont("x", "Kees", A)], NONE, set(), {("1", "x", MAIL_ONLY)}),
        # no name on one side: the same
        ([cand("1", "Sanne", A)], [cont("x", None, A)], NONE, set(), {("1", "x", MAIL_ONLY)}),
        # a shared mailbox: the right one is linked, so the other is no question
        (
            [cand("1", "Sanne", A), cand("2", "Kees", A)],
            [cont("x", "Kees", A)],
            NONE,
            {("2", "x", ON_MAIL)},
            set(),
        ),
        # a double candidate: both to review
        (
            [cand("1", "Sanne", A), cand("2", "Sanne", A)],
            [cont("x", "Sanne", A)],
            NONE,
            set(),
            {("1", "x", ON_MAIL), ("2", "x", ON_MAIL)},
        ),
        # a double contact: both to review
        (
            [cand("1", "Sanne", A, B)],
            [cont("x", "Sanne", A), cont("y", "Sanne", B)],
            NONE,
            set(),
            {("1", "x", ON_MAIL), ("1", "y", ON_MAIL)},
        ),
        # the stored id settles it; the double is shown
        (
            [cand("1", "Sanne", A), cand("2", "Sanne", A)],
            [cont("x", "Sanne", A, stored="recruitee:1")],
            NONE,
            {("1", "x", ON_ID)},
            {("2", "x", ON_MAIL)},
        ),
        # two contacts with one stored id: contested, so nothing weaker links either
        (
            [cand("1", "Sanne", A)],
            [
                cont("x", "Sanne", B, stored="recruitee:1"),
                cont("y", "Sanne", B, stored="recruitee:1"),
                cont("z", "Sanne", A),
            ],
            NONE,
            set(),
            {("1", "x", ON_ID), ("1", "y", ON_ID), ("1", "z", ON_MAIL)},
        ),
        # a person said yes
        (
            [cand("1", "Sanne", A)],
            [cont("x", "Kees", B)],
            ruled(accepted=("1", "x")),
            {("1", "x", "ruling")},
            set(),
        ),
        # a person said no: for ever, whatever agrees
        (
            [cand("1", "Sanne", A)],
            [cont("x", "Sanne", A, stored="recruitee:1")],
            ruled(refused=("1", "x")),
            set(),
            set(),
        ),
        # a ruling about a record that is gone
        ([cand("1", "Sanne", A)], [], ruled(accepted=("1", "x")), set(), set()),
        # a role box is nobody's
        (
            [cand("1", "Sanne", "info@post.example")],
            [cont("x", "Sanne", "info@post.example")],
            NONE,
            set(),
            set(),
        ),
    ],
)
def test_pairs_link_or_go_to_review_by_their_best_rule(
    candidates: list[Identity],
    contacts: list[Identity],
    rulings: Rulings,
    links: set[tuple[str, str, str]],
    reviews: set[tuple[str, str, str]],
) -> None:
    assert pairs(match(candidates, contacts, rulings)) == (links, reviews)


def test_a_person_may_rule_that_two_candidates_are_one_contact() -> None:
    rulings = Rulings(frozenset({(RecordRef("recruitee", "1"), "x"), (RecordRef("recruitee", "2"), "x")}))

    found = match([cand("1", "Sanne", A), cand("2", "Sanne", A)], [cont("x", "Sanne", A)], rulings)

    assert pairs(found) == ({("1", "x", "ruling"), ("2", "x", "ruling")}, set())


def test_an_address_on_too_many_records_is_no_key() -> None:
    crowd = [cand(str(n), "Sanne", A) for n in range(MOST_SHARING)]

    assert match(crowd, [cont("x", "Sanne", A)], NONE) == Matches()


def test_evidence_names_fields_and_never_values() -> None:
    found = match([cand("1", "Sanne", A)], [cont("x", "Kees", A)], NONE)

    evidence = {"stored_id": "missing", "email": "agrees", "first_name": "differs"}
    assert found.reviews == (Review(RecordRef("recruitee", "1"), RecordRef("hubspot", "x"), MAIL_ONLY, evidence),)


def test_a_link_says_what_agreed() -> None:
    found = match([cand("1", "Sanne", A)], [cont("x", None, B, stored="recruitee:1")], NONE)

    evidence = {"stored_id": "agrees", "email": "differs", "first_name": "missing"}
    assert found.links == (Link(RecordRef("recruitee", "1"), RecordRef("hubspot", "x"), ON_ID, evidence),)


def test_blocking_keys_are_mailboxes_and_ids() -> None:
    assert keys(cand("1", "Sanne", "S.anne@gmail.com")) == {"email:sanne@gmail.com", "id:recruitee:1"}
    assert keys(cont("x", "Sanne", A, stored=" recruitee:1 ")) == {f"email:{A}", "id:recruitee:1"}
    assert keys(cont("x", None)) == frozenset()


def test_a_sign_in_line_finds_its_one_person() -> None:
    def line(number: str, first: str | None, email: str | None) -> Identity:
        return of_attendance("open.attendance", Attendance(number, "open dag", "attended", None, email, None, first))

    records = [(cand("1", "Sanne", A), 11), (cont("x", "Sanne", A), 11), (cont("y", "Anna", B), 12)]
    records += [(cont("z", "Anna", B), 13), (cont("w", "Kees", A), 14)]
    sheet = [
        line("found", "SANNE", A),  # candidate and contact of one person
        line("mailbox shared", "Kees", A),  # the first name tells them apart
        line("two persons", "Anna", B),
        line("no name", None, A),
        line("no mail", "Sanne", None),
        line("stranger", "Sanne", "s@post.example"),
    ]

    found = attend(sheet, records)

    assert found == {
        RecordRef("open.attendance", "found"): 11,
        RecordRef("open.attendance", "mailbox shared"): 14,
    }
