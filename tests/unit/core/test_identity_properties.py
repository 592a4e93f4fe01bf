"""Properties of matching: order, batches and one-to-one, over records that share mailboxes and ids."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.core.identity import Link, Matches, Profile, Review, Rulings, keys, match
from sync.core.model import RecordRef
from tests.unit.core.test_identity import NONE, cand, cont

names = st.sampled_from(["Sanne", "Sane", "S.", "Kees", "Anna", "Anna Maria", None])
surnames = st.sampled_from(["Bos", "van den Bos", "Bos-Jacobs", "Jacobs", None])
mails = st.lists(st.sampled_from([f"m{n}@post.example" for n in range(5)]), max_size=2, unique=True)
phones = st.lists(st.sampled_from([f"06-1234567{n}" for n in range(4)]), max_size=2, unique=True).map("|".join)
stored_ids = st.sampled_from([None, None, "recruitee:0", "recruitee:1"])
candidate_lists = st.lists(st.tuples(names, mails, surnames, phones), max_size=6).map(
    lambda rows: [cand(str(n), first, *emails, last=last, tel=tel) for n, (first, emails, last, tel) in enumerate(rows)]
)
contact_lists = st.lists(st.tuples(names, mails, surnames, phones, stored_ids), max_size=6).map(
    lambda rows: [
        cont(f"x{n}", first, *emails, last=last, tel=tel, stored=stored)
        for n, (first, emails, last, tel, stored) in enumerate(rows)
    ]
)
ruling_sets = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=3).map(
    lambda rows: frozenset((RecordRef("recruitee", str(a)), f"x{b}") for a, b in rows)
)


@given(candidate_lists, contact_lists, ruling_sets, ruling_sets, st.randoms(use_true_random=False))
def test_order_changes_nothing(
    candidates: list[Profile],
    contacts: list[Profile],
    accepted: frozenset[tuple[RecordRef, str]],
    refused: frozenset[tuple[RecordRef, str]],
    chance: random.Random,
) -> None:
    rulings = Rulings(accepted - refused, refused)
    found = match(candidates, contacts, rulings)

    shuffled = match(chance.sample(candidates, len(candidates)), chance.sample(contacts, len(contacts)), rulings)

    assert shuffled == found


@given(candidate_lists, contact_lists, ruling_sets)
def test_without_a_ruling_links_are_one_to_one_and_no_refused_pair_shows(
    candidates: list[Profile], contacts: list[Profile], refused: frozenset[tuple[RecordRef, str]]
) -> None:
    found = match(candidates, contacts, Rulings(refused=refused))

    uses = Counter(ref for link in found.links for ref in (link.candidate, link.contact))
    shown = {(one.candidate, one.contact.remote_id) for one in (*found.links, *found.reviews)}
    assert all(count == 1 for count in uses.values())
    assert not shown & refused
    assert len(shown) == len(found.links) + len(found.reviews)


def components(candidates: list[Profile], contacts: list[Profile]) -> list[set[RecordRef]]:
    """Sets of records that hang together by blocking keys."""
    by_key: dict[str, set[RecordRef]] = defaultdict(set)
    for one in (*candidates, *contacts):
        for key in keys(one):
            by_key[key].add(one.ref)
    groups = [{one.ref} for one in (*candidates, *contacts)]
    for together in by_key.values():
        hit = [group for group in groups if group & together]
        groups = [group for group in groups if not group & together] + [set().union(*hit)]
    return groups


@given(candidate_lists, contact_lists)
def test_matching_each_component_alone_gives_the_same(candidates: list[Profile], contacts: list[Profile]) -> None:
    links: set[tuple[str, ...]] = set()
    reviews: set[tuple[str, ...]] = set()
    for group in components(candidates, contacts):
        near = [one for one in candidates if one.ref in group], [one for one in contacts if one.ref in group]
        found = match(*near, NONE)
        links |= told(found.links)
        reviews |= told(found.reviews)

    whole = match(candidates, contacts, NONE)

    assert (links, reviews) == (told(whole.links), told(whole.reviews))


def told(found: Iterable[Link | Review]) -> set[tuple[str, ...]]:
    return {(str(one.candidate), str(one.contact), one.rule, str(one.evidence)) for one in found}


@settings(max_examples=60)
@given(candidate_lists, contact_lists)
def test_refusing_a_pair_changes_nothing_outside_its_component(
    candidates: list[Profile], contacts: list[Profile]
) -> None:
    before = match(candidates, contacts, NONE)
    for one in (*before.links, *before.reviews):
        rulings = Rulings(refused=frozenset({(one.candidate, one.contact.remote_id)}))
        group = next(group for group in components(candidates, contacts) if one.candidate in group)

        after = match(candidates, contacts, rulings)

        assert outside(before, group) == outside(after, group)
        assert (one.candidate, one.contact) not in {
            (two.candidate, two.contact) for two in (*after.links, *after.reviews)
        }


@given(candidate_lists, contact_lists)
def test_nothing_but_an_id_links_first_names_that_cannot_be_one_person(
    candidates: list[Profile], contacts: list[Profile]
) -> None:
    for link in match(candidates, contacts, NONE).links:
        told = link.evidence
        if link.rule == "email_first_name":
            assert (told["email"] in ("agrees", "shared"), told["first_name"]) == (True, "agrees")
        if link.rule == "email_surname":
            assert (told["email"], told["surname"]) == ("agrees", "agrees")
            assert told["first_name"] in ("initial", "slip")
            assert told["phone"] != "differs"
        if link.rule == "phone_name":
            assert (told["phone"], told["first_name"], told["surname"]) == ("agrees", "agrees", "agrees")


def outside(found: Matches, group: set[RecordRef]) -> list[Link | Review]:
    return [one for one in (*found.links, *found.reviews) if one.candidate not in group]
