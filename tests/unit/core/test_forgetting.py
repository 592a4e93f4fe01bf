from __future__ import annotations

import hmac

import pytest

from sync.core.forgetting import (
    Shown,
    mailbox_traits,
    nameless_traits,
    of_attendance,
    of_candidate,
    of_contact,
    same_person,
    tombstone,
    traits_asked,
    traits_kept,
)
from sync.core.model import Attendance, Candidate, Contact, RecordRef

KEY = bytes(range(32))
JAN = of_candidate("ats", Candidate("c1", "Jan", None, "Vos", ("J.Vos@Gmail.com",), ("06-12345678",)))


def is_recognised(shown: Shown, others: tuple[Shown, ...] = ()) -> bool:
    return bool(traits_asked(shown) & traits_kept([JAN], others))


def test_a_tombstone_is_the_hmac_sha256_of_a_trait_and_another_key_gives_another() -> None:
    found = tombstone(KEY, "record\nats\nc1")

    assert found == hmac.new(KEY, b"record\nats\nc1", "sha256").hexdigest()
    assert found != tombstone(bytes(32), "record\nats\nc1")


@pytest.mark.parametrize(
    "shown",
    [
        of_candidate("ats", Candidate("c1")),  # the record itself, whatever it shows
        of_candidate("ats", Candidate("c9", "jan", None, None, ("jvos@gmail.com",))),  # the same mailbox and first name
        of_candidate("ats", Candidate("c9", "J.", None, "Vos", ("jvos+werk@googlemail.com",))),  # his initial
        of_candidate("ats", Candidate("c9", None, None, None, ("j.vos@gmail.com",))),  # nobody else's name
        of_candidate(
            "ats", Candidate("c9", "Jan Willem", None, "Vos", (), ("+31 6 1234 5678",))
        ),  # line and first name
        of_contact(Contact("501", email="j.vos@gmail.com", first_name="Piet")),  # HubSpot has an address once
        of_contact(Contact("501", additional_emails=("j.vos@gmail.com",))),
        of_attendance("ats.attendance", Attendance("x", "Open dag", "attended", email="JVos@gmail.com")),
    ],
)
def test_a_record_of_who_was_forgotten_is_recognised(shown: Shown) -> None:
    assert is_recognised(shown)


@pytest.mark.parametrize(
    "shown",
    [
        of_candidate("other", Candidate("c1")),  # the same id of another source
        of_candidate("ats", Candidate("c9", "Joke", None, "Vos", ("j.vos@gmail.com",))),  # a household's mailbox
        of_candidate("ats", Candidate("c9", "Joke", None, "Vos", (), ("0612345678",))),  # a household's line
        of_candidate("ats", Candidate("c9", "Jan", None, "Vos", ("jan@example.com",))),  # only the name
        of_contact(Contact("501", first_name="Joke", phone="0612345678")),
    ],
)
def test_a_record_of_somebody_else_is_not(shown: Shown) -> None:
    assert not is_recognised(shown)


def test_what_somebody_else_in_the_mirror_has_too_recognises_nobody() -> None:
    joke = of_contact(Contact("502", email="j.vos@gmail.com", first_name="Joke", phone="0612345678"))
    junior = of_candidate("ats", Candidate("c2", "Jan", None, "Vos", (), ("0612345678",)))
    shared_box = of_contact(Contact("503", email="j.vos@gmail.com", first_name="Joke"))
    shared_line = of_candidate("ats", Candidate("c4", "Jan", None, "Vos", (), ("0612345678",)))

    assert not is_recognised(shared_box, (joke,))
    assert not is_recognised(shared_line, (junior,))
    assert is_recognised(of_contact(Contact("504", email="j.vos@gmail.com", first_name="Jan")), (joke,))


@pytest.mark.parametrize(
    ("first", "expected"), [("Jan", True), ("J.", True), (None, True), ("Jn", False), ("Joke", False), ("Piet", False)]
)
def test_a_record_with_the_mailbox_is_the_person_unless_it_has_another_first_name(
    first: str | None, expected: bool
) -> None:
    other = of_candidate("ats", Candidate("c2", first, None, None, ("jvos@gmail.com",)))

    assert same_person(other, [JAN]) is expected


def test_an_address_as_typed_asks_for_what_is_kept_of_it() -> None:
    kept = traits_kept([JAN], [])

    assert mailbox_traits(" J.Vos@GMAIL.com ") <= kept
    assert nameless_traits("jvos@gmail.com") <= kept


def test_a_role_box_is_kept_as_it_stands() -> None:
    desk = of_candidate("ats", Candidate("c5", "Jan", None, "Vos", ("info@example.com",)))

    found = traits_asked(of_candidate("ats", Candidate("c6", "Jan", None, "Vos", ("INFO@example.com",))))

    assert found & traits_kept([desk], [])
    assert traits_kept([Shown((RecordRef("ats", "c7"),))], []) == {"record\nats\nc7"}
