"""Properties of linking on a real mirror: order and batches change nothing, undoing restores, a no holds for ever."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.core.identity import MOST_SHARING
from sync.core.model import HUBSPOT, Candidate, Contact, RecordRef
from sync.stages.reconcile import reconcile
from sync.stages.run import Run
from sync.store import reviews, work
from sync.store.ats_nouns import CANDIDATE
from sync.store.crm import CONTACT
from sync.store.db import Mirror, open_mirror
from sync.store.rows import save_rows

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TABLES = ("candidate", "contact", "person_link", "person", "identity_key", "link_review", "work", "undone_link")

Row = Candidate | Contact
quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

firsts = st.sampled_from(["Sanne", "Sane", "S.", "Kees", None])
lasts = st.sampled_from(["Bos", "van den Bos", "Bos-Jacobs", None])
mails = st.lists(st.sampled_from([f"m{n}@post.example" for n in range(4)] + ["m0+x@post.example"]), max_size=2)
phones = st.lists(st.sampled_from([f"06-1234567{n}" for n in range(3)]), max_size=2)
known = st.tuples(firsts, lasts, mails, phones)
stored = st.sampled_from([None, None, None, "ats:c0", "ats:c1"])
candidates = st.lists(known, min_size=1, max_size=5).map(
    lambda rows: [
        Candidate(f"c{n}", first, None, last, tuple(mail), tuple(phone))
        for n, (first, last, mail, phone) in enumerate(rows)
    ]
)
contacts = st.lists(st.tuples(known, stored), min_size=1, max_size=5).map(
    lambda rows: [
        Contact(f"{n}", *_mail(mail), first, last, *_phone(phone), stored_candidate_id=stored_id)
        for n, ((first, last, mail, phone), stored_id) in enumerate(rows)
    ]
)
pairs = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(
    lambda pair: (RecordRef("ats", f"c{pair[0]}"), f"{pair[1]}")
)


def _mail(mail: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    return (mail[0], tuple(mail[1:])) if mail else (None, ())


def _phone(phone: Sequence[str]) -> tuple[str | None, str | None]:
    return (phone[0], phone[-1]) if phone else (None, None)


class Nobody:
    """An audience of linked candidates only."""

    everyone = False
    lists = ()


class Rules:
    """The part of a policy that linking reads."""

    audience = Nobody()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mirror]:
    """One mirror for all examples."""
    opened = open_mirror(Path(tmp_path_factory.mktemp("linking"), "mirror.db"))
    yield opened
    opened.close()


def link(db: Mirror, batches: Sequence[Sequence[Row]]) -> None:
    """Each batch stored and reconciled before the next one comes."""
    for batch in batches:
        with db.write():
            ours = [one for one in batch if isinstance(one, Candidate)]
            theirs = [one for one in batch if isinstance(one, Contact)]
            save_rows(db, CANDIDATE, "ats", ours, NOW)
            save_rows(db, CONTACT, HUBSPOT, theirs, NOW)
            refs = [RecordRef("ats", one.remote_id) for one in ours]
            work.enqueue(db, "reconcile", [*refs, *(RecordRef(HUBSPOT, one.remote_id) for one in theirs)], NOW)
        reconcile(Run(db, cast(Any, None), "run", NOW, cast(Any, Rules())))


def empty(db: Mirror) -> None:
    """A mirror without anybody."""
    with db.write():
        for table in TABLES:
            db.change(f"DELETE FROM {table}")


def outcome(db: Mirror) -> tuple[Any, ...]:
    """Who is one person with whom, by which rule; what is open."""
    found: dict[int, set[tuple[str, ...]]] = {}
    for source, remote_id, person_id, rule in db.rows("SELECT source, remote_id, person_id, rule FROM person_link"):
        found.setdefault(person_id, set()).add((source, remote_id, rule))
    told = "SELECT candidate_id, contact_id, rule, evidence, state FROM link_review ORDER BY 1, 2"
    return {frozenset(records) for records in found.values()}, db.rows(told)


def ruled(db: Mirror, pair: tuple[RecordRef, str], accepted: bool) -> None:
    """A ruling, followed by a reconcile."""
    with db.write():
        reviews.keep_ruling(db, pair, accepted=accepted, by="noor", now=NOW)
        work.enqueue(db, "reconcile", [pair[0], RecordRef(HUBSPOT, pair[1])], NOW)
    link(db, [[]])


def portions(chance: random.Random, rows: Sequence[Row]) -> list[list[Row]]:
    """The rows in any order, in batches of any size, some of them seen twice."""
    left = chance.sample(rows, len(rows)) + chance.sample(rows, len(rows) // 2)
    found: list[list[Row]] = []
    while left:
        size = chance.randint(1, len(left))
        found.append(left[:size])
        left = left[size:]
    return found


@quick
@given(candidates, contacts, pairs, st.booleans(), st.randoms(use_true_random=False))
def test_order_and_batches_of_input_never_change_the_links(
    db: Mirror,
    ours: list[Candidate],
    theirs: list[Contact],
    pair: tuple[RecordRef, str],
    accepted: bool,
    chance: random.Random,
) -> None:
    empty(db)
    link(db, [[*ours, *theirs]])
    ruled(db, pair, accepted)
    whole = outcome(db)

    empty(db)
    ruled(db, pair, accepted)
    link(db, portions(chance, [*ours, *theirs]))

    assert comparable(outcome(db)) == comparable(whole)


def comparable(found: tuple[Any, ...]) -> tuple[Any, ...]:
    """Without the reason a review had before the ruling: it says when the ruling came."""
    people, told = found
    return people, [row if row[4] == "open" else (row[0], row[1], row[4]) for row in told]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(17, 22), st.randoms(use_true_random=False))
def test_an_address_that_becomes_everybodys_ends_the_link_it_made(db: Mirror, many: int, chance: random.Random) -> None:
    jan = Candidate("c0", "Jan", None, "Bos", ("m0@post.example",), ("06-12345678",))
    his = Contact("0", "m0@post.example", (), "Jan", "Bos", "06-12345678")
    crowd: list[Row] = [Candidate(f"c{n}", f"Naam{n}", None, "Bos", ("m0@post.example",)) for n in range(1, many)]

    empty(db)
    link(db, [[jan, his, *crowd]])
    whole = outcome(db)
    empty(db)
    link(db, [[jan, his], *portions(chance, crowd)])

    assert outcome(db) == whole
    assert whole[0] >= {frozenset({("ats", "c0", "self"), ("hubspot", "0", rule(many))})}


def rule(many: int) -> str:
    """What Jan's link rests on: his number, once more than twenty records have the address."""
    return "email_first_name" if many + 1 <= MOST_SHARING else "phone_name"


@quick
@given(candidates, contacts, pairs, st.booleans())
def test_undoing_a_ruling_restores_exactly_what_was(
    db: Mirror, ours: list[Candidate], theirs: list[Contact], pair: tuple[RecordRef, str], accepted: bool
) -> None:
    empty(db)
    link(db, [[*ours, *theirs]])
    before = outcome(db)

    ruled(db, pair, accepted)
    with db.write():
        assert reviews.withdraw_ruling(db, pair, NOW)
        work.enqueue(db, "reconcile", [pair[0], RecordRef(HUBSPOT, pair[1])], NOW)
    link(db, [[]])

    assert outcome(db) == before


@quick
@given(candidates, contacts, candidates, contacts, pairs)
def test_a_pair_somebody_refused_is_never_linked_by_a_rule_again(
    db: Mirror,
    ours: list[Candidate],
    theirs: list[Contact],
    ours_later: list[Candidate],
    theirs_later: list[Contact],
    pair: tuple[RecordRef, str],
) -> None:
    empty(db)
    link(db, [[*ours, *theirs]])
    ruled(db, pair, accepted=False)
    states = [together(db, pair)]

    later: list[list[Row]] = [[*ours_later], [*theirs_later], [*ours, *theirs]]
    for batch in later:
        link(db, [batch])
        states.append(together(db, pair))

    assert states == [False] * 4


def together(db: Mirror, pair: tuple[RecordRef, str]) -> bool:
    """Whether the two are one person, or asked about again."""
    people, told = outcome(db)
    two = {(pair[0].source, pair[0].remote_id), (HUBSPOT, pair[1])}
    open_again = [row for row in told if row[:2] == (pair[0].remote_id, pair[1]) and row[4] == "open"]
    return bool(open_again) or any(two <= {one[:2] for one in records} for records in people)
