"""Who is who: links where it is certain, reviews where a person must look, the same whatever the order."""

from __future__ import annotations

import pytest

from sync.core.identity import (
    MOST_SHARING,
    Link,
    Matches,
    Profile,
    Review,
    Rulings,
    keys,
    match,
    of_attendance,
    of_candidate,
    of_contact,
    profile,
)
from sync.core.model import Attendance, Candidate, Contact, RecordRef
from sync.core.sign_in import Seat, attend

NONE = Rulings()


def cand(number: str, first: str | None = "Sanne", *emails: str, last: str | None = None, tel: str = "") -> Profile:
    return profile(of_candidate("recruitee", Candidate(number, first, None, last, emails, tuple(tel.split("|")))))


def cont(
    number: str,
    first: str | None = "Sanne",
    *emails: str,
    last: str | None = None,
    tel: str = "",
    stored: str | None = None,
) -> Profile:
    email, *more = emails or (None,)
    others = tuple(one for one in more if one)
    phone, _, mobile = tel.partition("|")
    return profile(of_contact(Contact(number, email, others, first, last, phone, mobile, stored_candidate_id=stored)))


def pairs(found: Matches) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """(candidate, contact, rule) of the links, and of the reviews."""
    links = {(one.candidate.remote_id, one.contact.remote_id, one.rule) for one in found.links}
    return links, {(one.candidate.remote_id, one.contact.remote_id, one.rule) for one in found.reviews}


def ruled(*, accepted: tuple[str, str] | None = None, refused: tuple[str, str] | None = None) -> Rulings:
    def one(pair: tuple[str, str] | None) -> frozenset[tuple[RecordRef, str]]:
        return frozenset({(RecordRef("recruitee", pair[0]), pair[1])} if pair else ())

    return Rulings(accepted=one(accepted), refused=one(refused))


A, B = "a@post.example", "b@post.example"
P, Q, HOME = "06-12345678", "+31 6 87654321", "020-1234567"
ON_MAIL, ON_ID, MAIL_ONLY = "email_first_name", "stored_id", "email_only"
ON_SURNAME, ON_PHONE, PHONE_ONLY = "email_surname", "phone_name", "phone_only"


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
    candidates: list[Profile],
    contacts: list[Profile],
    rulings: Rulings,
    links: set[tuple[str, str, str]],
    reviews: set[tuple[str, str, str]],
) -> None:
    assert pairs(match(candidates, contacts, rulings)) == (links, reviews)


def test_a_person_may_rule_that_two_candidates_are_one_contact() -> None:
    rulings = Rulings(frozenset({(RecordRef("recruitee", "1"), "x"), (RecordRef("recruitee", "2"), "x")}))

    found = match([cand("1", "Sanne", A), cand("2", "Sanne", A)], [cont("x", "Sanne", A)], rulings)

    assert pairs(found) == ({("1", "x", "ruling"), ("2", "x", "ruling")}, set())


def test_an_accepted_second_contact_takes_nothing_from_the_first() -> None:
    contacts = [cont("x", "Jan", A, last="Bos"), cont("y", "Jan", B, last="Bos", tel=P)]
    jan = [cand("1", "Jan", A, last="Bos", tel=P)]

    before, after = match(jan, contacts, NONE), match(jan, contacts, ruled(accepted=("1", "y")))

    assert pairs(before) == ({("1", "x", ON_MAIL)}, {("1", "y", ON_PHONE)})
    assert pairs(after) == ({("1", "x", ON_MAIL), ("1", "y", "ruling")}, set())


def test_a_key_known_to_be_crowded_is_no_key_whoever_is_looked_at() -> None:
    found = match([cand("1", "Jan", A)], [cont("x", "Jan", A)], NONE, frozenset({f"email:{A}"}))

    assert found == Matches()


def test_an_address_on_too_many_records_is_no_key() -> None:
    crowd = [cand(str(n), "Sanne", A) for n in range(MOST_SHARING)]

    assert match(crowd, [cont("x", "Sanne", A)], NONE) == Matches()


def test_evidence_names_fields_and_never_values() -> None:
    found = match([cand("1", "Sanne", A)], [cont("x", "Kees", A)], NONE)

    evidence = {
        "stored_id": "missing",
        "email": "shared",
        "phone": "missing",
        "first_name": "differs",
        "surname": "missing",
    }
    assert found.reviews == (Review(RecordRef("recruitee", "1"), RecordRef("hubspot", "x"), MAIL_ONLY, evidence),)


def test_a_link_says_what_agreed() -> None:
    found = match([cand("1", "Sanne", A)], [cont("x", None, B, stored="recruitee:1")], NONE)

    evidence = {
        "stored_id": "agrees",
        "email": "differs",
        "phone": "missing",
        "first_name": "missing",
        "surname": "missing",
    }
    assert found.links == (Link(RecordRef("recruitee", "1"), RecordRef("hubspot", "x"), ON_ID, evidence),)


@pytest.mark.parametrize(
    ("candidates", "contacts", "links", "reviews"),
    [
        # a mailbox of their own, an initial, the surname
        ([cand("1", "J.", A, last="de Vries")], [cont("x", "Jan", A, last="Vries")], {("1", "x", ON_SURNAME)}, set()),
        ([cand("1", "Jan", A, last="Vries")], [cont("x", "J", A, last="DE VRIES")], {("1", "x", ON_SURNAME)}, set()),
        ([cand("1", "J.", A, last="Vries")], [cont("x", "J.", A, last="Vries")], {("1", "x", ON_SURNAME)}, set()),
        # a slip
        ([cand("1", "Sanne", A, last="Bos")], [cont("x", "Sane", A, last="Bos")], {("1", "x", ON_SURNAME)}, set()),
        # a partner's name, either half
        (
            [cand("1", "J.", A, last="Jacobs-van Dijk")],
            [cont("x", "Jo", A, last="van Dijk")],
            {("1", "x", ON_SURNAME)},
            set(),
        ),
        # the whole name in one field
        (
            [cand("1", "J.", A, last="Haterd")],
            [cont("x", None, A, last="Haterd, Jan van de")],
            {("1", "x", ON_SURNAME)},
            set(),
        ),
        # first name written out, surname changed: the address and the first name do
        ([cand("1", "Sanne", A, last="Bos")], [cont("x", "Sanne", A, last="Vos")], {("1", "x", ON_MAIL)}, set()),
        # an initial without surname, or with another
        ([cand("1", "J.", A)], [cont("x", "Jan", A)], set(), {("1", "x", MAIL_ONLY)}),
        ([cand("1", "J.", A, last="Bos")], [cont("x", "Jan", A, last="Vos")], set(), {("1", "x", MAIL_ONLY)}),
        # a call name is evidence, no proof
        ([cand("1", "Johannes", A, last="Bos")], [cont("x", "Hans", A, last="Bos")], set(), {("1", "x", MAIL_ONLY)}),
        # a shared mailbox is no key for an initial: it may be either
        (
            [cand("1", "J.", A, last="Bos")],
            [cont("x", "Jan", A, last="Bos"), cont("y", "Sanne", "z@post.example", A, last="Bos")],
            set(),
            {("1", "x", MAIL_ONLY), ("1", "y", MAIL_ONLY)},
        ),
        # shared on the other side
        (
            [cand("1", "J.", A, last="Bos"), cand("2", "Sanne", A, last="Bos")],
            [cont("x", "Jan", A, last="Bos")],
            set(),
            {("1", "x", MAIL_ONLY), ("2", "x", MAIL_ONLY)},
        ),
        # a second address of their own still is one
        (
            [cand("1", "J.", A, B, last="Bos")],
            [cont("x", "Jan", B, A, last="Bos"), cont("y", "Sanne", "z@post.example", A, last="Bos")],
            {("1", "x", ON_SURNAME)},
            set(),
        ),
        # number, first name, surname; other addresses
        (
            [cand("1", "Jan", A, last="Bos", tel=P)],
            [cont("x", "Jan", B, last="Bos", tel=P)],
            {("1", "x", ON_PHONE)},
            set(),
        ),
        # the number spelled another way, in the other field
        (
            [cand("1", "Jan", last="de Boer", tel="+31 (0)6 12345678")],
            [cont("x", "JAN", last="Deboer", tel=f"{Q}|31612345678")],
            {("1", "x", ON_PHONE)},
            set(),
        ),
        # number and names, of which one does not agree: a person looks
        ([cand("1", "J.", last="Bos", tel=P)], [cont("x", "Jan", last="Bos", tel=P)], set(), {("1", "x", PHONE_ONLY)}),
        ([cand("1", "Jna", last="Bos", tel=P)], [cont("x", "Jan", last="Bos", tel=P)], set(), {("1", "x", PHONE_ONLY)}),
        ([cand("1", "Jan", last="Bos", tel=P)], [cont("x", "Jan", last="Vos", tel=P)], set(), {("1", "x", PHONE_ONLY)}),
        ([cand("1", "Jan", tel=P)], [cont("x", "Jan", tel=P)], set(), {("1", "x", PHONE_ONLY)}),
        ([cand("1", "Jan", last="Bos", tel=P)], [cont("x", None, tel=P)], set(), {("1", "x", PHONE_ONLY)}),
        # another first name and surname: the number changed hands
        ([cand("1", "Jan", last="Bos", tel=P)], [cont("x", "Kees", last="Vos", tel=P)], set(), set()),
        # a landline of a household is no key, and once both are linked no question
        (
            [cand("1", "Jan", A, last="Bos", tel=HOME), cand("2", "Sanne", B, last="Bos", tel=HOME)],
            [cont("x", "Jan", A, last="Bos", tel=HOME), cont("y", "Sanne", B, last="Bos", tel=HOME)],
            {("1", "x", ON_MAIL), ("2", "y", ON_MAIL)},
            set(),
        ),
        (
            [cand("1", "Jan", last="Bos", tel=HOME), cand("2", "Sanne", last="Bos", tel=HOME)],
            [cont("x", "Jan", last="Bos", tel=HOME)],
            set(),
            {("1", "x", PHONE_ONLY), ("2", "x", PHONE_ONLY)},
        ),
        # a number that is no person's, and one with a remark
        (
            [cand("1", "Jan", last="Bos", tel="0900-1234")],
            [cont("x", "Jan", last="Bos", tel="0900-1234")],
            set(),
            set(),
        ),
        (
            [cand("1", "Jan", last="Bos", tel=f"{P} (thuis)")],
            [cont("x", "Jan", last="Bos", tel=f"{P} (thuis)")],
            set(),
            set(),
        ),
        # the name alone proves nothing
        ([cand("1", "Jan", A, last="Bos", tel=P)], [cont("x", "Jan", B, last="Bos", tel=Q)], set(), set()),
        # two contacts with the number; two candidates
        (
            [cand("1", "Jan", last="Bos", tel=P)],
            [cont("x", "Jan", last="Bos", tel=P), cont("y", "Jan", last="Bos", tel=P)],
            set(),
            {("1", "x", ON_PHONE), ("1", "y", ON_PHONE)},
        ),
        (
            [cand("1", "Jan", last="Bos", tel=P), cand("2", "Jan", last="Bos", tel=P)],
            [cont("x", "Jan", last="Bos", tel=P)],
            set(),
            {("1", "x", ON_PHONE), ("2", "x", ON_PHONE)},
        ),
        # address and number lead to two contacts, and nothing contradicts the address: the other is the double
        (
            [cand("1", "Jan", A, last="Bos", tel=P)],
            [cont("x", "Jan", A, last="Bos"), cont("y", "Jan", B, last="Bos", tel=P)],
            {("1", "x", ON_MAIL)},
            {("1", "y", ON_PHONE)},
        ),
        # they do contradict each other: never automatic
        (
            [cand("1", "Jan", A, last="Bos", tel=P)],
            [cont("x", "Jan", A, last="Bos", tel=Q), cont("y", "Jan", B, last="Bos", tel=P)],
            set(),
            {("1", "x", ON_MAIL), ("1", "y", ON_PHONE)},
        ),
        (
            [cand("1", "Jan", A, last="Bos", tel=P), cand("2", "Jan", B, last="Bos", tel=Q)],
            [cont("x", "Jan", A, last="Bos", tel=Q)],
            set(),
            {("1", "x", ON_MAIL), ("2", "x", ON_PHONE)},
        ),
        # a stored id settles that too
        (
            [cand("1", "Jan", A, last="Bos", tel=P)],
            [
                cont("x", "Jan", A, last="Bos", tel=Q, stored="recruitee:1"),
                cont("y", "Jan", B, last="Bos", tel=P),
            ],
            {("1", "x", ON_ID)},
            {("1", "y", ON_PHONE)},
        ),
        # another number alone is a new number
        (
            [cand("1", "Jan", A, last="Bos", tel=P)],
            [cont("x", "Jan", A, last="Bos", tel=Q)],
            {("1", "x", ON_MAIL)},
            set(),
        ),
        # but with no more than an initial it is a doubt
        (
            [cand("1", "J.", A, last="Bos", tel=P)],
            [cont("x", "Jan", A, last="Bos", tel=Q)],
            set(),
            {("1", "x", ON_SURNAME)},
        ),
        (
            [cand("1", "J.", A, last="Bos", tel=P)],
            [cont("x", "Jan", A, last="Bos", tel=P)],
            {("1", "x", ON_SURNAME)},
            set(),
        ),
        # a weaker rule does not link who is contested on a better one
        (
            [cand("1", "Jan", A, last="Bos"), cand("2", "Jan", A, last="Bos", tel=P)],
            [cont("x", "Jan", A, last="Bos"), cont("y", "Jan", B, last="Bos", tel=P)],
            set(),
            {("1", "x", ON_MAIL), ("2", "x", ON_MAIL), ("2", "y", ON_PHONE)},
        ),
        # a surname a slip apart, with a number of their own and the first name, or a mailbox and an initial
        (
            [cand("1", "Jan", last="Terpstra", tel=P)],
            [cont("x", "Jan", last="Terpsta", tel=P)],
            {("1", "x", ON_PHONE)},
            set(),
        ),
        (
            [cand("1", "J.", A, last="Terpstra")],
            [cont("x", "Jan", A, last="Terpsta")],
            {("1", "x", ON_SURNAME)},
            set(),
        ),
        # two slips at once are one too many
        (
            [cand("1", "Sanne", A, last="Terpstra")],
            [cont("x", "Sane", A, last="Terpsta")],
            set(),
            {("1", "x", MAIL_ONLY)},
        ),
        # a call name in brackets is a name of theirs
        (
            [cand("1", "Johannes (Hans)", A, last="Bos")],
            [cont("x", "Hans", A, last="Vos")],
            {("1", "x", ON_MAIL)},
            set(),
        ),
        # a +tag at a host that may not read it: a person looks
        (
            [cand("1", "Jan", "jan+werk@post.example", last="Bos")],
            [cont("x", "Jan", "jan@post.example", last="Bos")],
            set(),
            {("1", "x", MAIL_ONLY)},
        ),
        (
            [cand("1", "Jan", "jan+werk@post.example", last="Bos")],
            [cont("x", "Kees", "jan@post.example", last="Vos")],
            set(),
            set(),
        ),
        # a double of which one agrees on everything: that one is linked, the other is the question
        (
            [cand("1", "Jan", A, last="Bos", tel=P), cand("2", "Jan", A, last="Bos")],
            [cont("x", "Jan", A, last="Bos", tel=P)],
            {("1", "x", ON_MAIL)},
            {("2", "x", ON_MAIL)},
        ),
    ],
)
def test_names_and_numbers_link_or_go_to_review(
    candidates: list[Profile],
    contacts: list[Profile],
    links: set[tuple[str, str, str]],
    reviews: set[tuple[str, str, str]],
) -> None:
    assert pairs(match(candidates, contacts, NONE)) == (links, reviews)
    assert pairs(match(candidates[::-1], contacts[::-1], NONE)) == (links, reviews)


@pytest.mark.parametrize(
    ("contacts", "cause"),
    [
        ([cont("x", "Jan", A, last="Bos", stored="recruitee:1"), cont("y", "Jan", B, last="Bos", tel=P)], "linked"),
        ([cont("x", "Jan", B, last="Bos", tel=P), cont("y", "Jan", last="Bos", tel=P)], "shared"),
        ([cont("x", "Jan", A, last="Bos", tel=Q), cont("y", "Jan", B, last="Bos", tel=P)], "conflict"),
    ],
)
def test_a_review_says_why_the_pair_was_not_linked(contacts: list[Profile], cause: str) -> None:
    found = match([cand("1", "Jan", A, last="Bos", tel=P)], contacts, NONE)

    assert {one.evidence["not_linked"] for one in found.reviews} == {cause}


@pytest.mark.parametrize(
    ("candidate", "contact", "expected"),
    [
        (
            cand("1", "S.", A, last="Bos", tel=P),
            cont("x", "Sanne", A, last="Bos", tel=P),
            "agrees agrees initial agrees",
        ),
        (cand("1", "Sane", A, last="Bos", tel=P), cont("x", "Sanne", A, last="Vos"), "agrees missing slip differs"),
        (
            cand("1", "Hans", A, last="Bos", tel=P),
            cont("x", "Jan", B, last="Bos", tel=P),
            "differs shared nickname agrees",
        ),
        (cand("1", None, A, last="Bos", tel=P), cont("x", "Jan", A, tel=Q), "agrees differs missing missing"),
    ],
)
def test_evidence_says_how_each_field_compares(candidate: Profile, contact: Profile, expected: str) -> None:
    found = match([candidate], [contact], NONE)

    [told] = [one.evidence for one in (*found.links, *found.reviews)]
    assert " ".join(told[name] for name in ("email", "phone", "first_name", "surname")) == expected
    assert not {"a@post.example", "31612345678", "bos", "sanne"} & {word.lower() for word in told.values()}


def test_a_number_in_common_contradicts_nothing_even_where_it_is_no_key() -> None:
    crowd = [cand(str(n), "Jan", last="Bos", tel=P) for n in range(2, MOST_SHARING + 2)]
    found = match([cand("1", "J.", A, last="Bos", tel=P), *crowd], [cont("x", "Jan", A, last="Bos", tel=P)], NONE)

    assert pairs(found) == ({("1", "x", ON_SURNAME)}, set())


def test_a_number_on_too_many_records_is_no_key() -> None:
    crowd = [cand(str(n), "Jan", last="Bos", tel=P) for n in range(MOST_SHARING)]

    assert match(crowd, [cont("x", "Jan", last="Bos", tel=P)], NONE) == Matches()


def test_blocking_keys_are_mailboxes_lines_and_ids() -> None:
    assert keys(cand("1", "Sanne", tel=f"{P}|{HOME}|onbekend")) == {
        "phone:+31612345678",
        "phone:+31201234567",
        "id:recruitee:1",
    }
    assert keys(cand("1", "Sanne", "S.anne@gmail.com")) == {"email:sanne@gmail.com", "id:recruitee:1"}
    assert keys(cont("x", "Sanne", A, stored=" recruitee:1 ")) == {f"email:{A}", "id:recruitee:1"}
    assert keys(cont("x", None)) == frozenset()


def line(number: str, first: str | None, email: str | None, last: str | None = None, tel: str | None = None) -> Profile:
    row = Attendance(number, "open dag", "attended", None, email, tel, first, None, last)
    return profile(of_attendance("open.attendance", row))


def test_a_sign_in_line_finds_its_one_person() -> None:
    records = [(cand("1", "Sanne", A), 11), (cont("x", "Sanne", A), 11), (cont("y", "Anna", B), 12)]
    records += [(cont("z", "Anna", B), 13), (cont("w", "Kees", A), 14), (cand("2", "Jan", last="Bos", tel=P), 15)]
    sheet = [
        line("found", "SANNE", A),  # candidate and contact of one person
        line("mailbox shared", "Kees", A),  # the first name tells them apart
        line("two persons", "Anna", B),
        line("no name", None, A),
        line("no mail", "Sanne", None),
        line("stranger", "Sanne", "s@post.example"),
        line("by number", "Jan", "jan@post.example", "bos", "0031 6 12345678"),
        line("another surname", "Jan", None, "Vos", P),
        line("no surname", "Jan", None, None, P),
        line("an initial", "J.", None, "Bos", P),
        line("two ways", "Sanne", A, "Bos", P),
    ]
    sheet.append(line("address and number differ", "Jan", "jan.bos@post.example", "Bos", P))
    records.append((cont("v", "Jan", "jan.bos@post.example", last="Bos"), 16))

    found = attend(sheet, records)

    mail = {"email": "agrees", "first_name": "agrees"}
    phone = {"phone": "agrees", "first_name": "agrees", "surname": "agrees"}
    assert {ref.remote_id: seat for ref, seat in found.items()} == {
        "found": Seat(11, ON_MAIL, mail),
        "mailbox shared": Seat(14, ON_MAIL, mail),
        "by number": Seat(15, ON_PHONE, phone),
        "two ways": Seat(11, ON_MAIL, mail),
    }
