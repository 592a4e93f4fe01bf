"""Properties of matching: order, batches and one-to-one, over records that share mailboxes and ids."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.core.identity import Identity, Link, Matches, Review, Rulings, keys, match
from sync.core.model import RecordRef
from tests.unit.core.test_identity import NONE, cand, cont

names = st.sampled_from(["Sanne", "Kees", "Anna", "Anna Maria", None])
mails = st.lists(st.sampled_from([f"m{n}@post.example" for n in range(6)]), max_size=2, unique=True)
candidate_lists = st.lists(st.tuples(names, mails), max_size=6).map(
    lambda rows: [cand(str(n), first, *emails) for n, (first, emails) in enumerate(rows)]
)
contact_lists = st.lists(
    st.tuples(names, mails, st.sampled_from([None, "recruitee:0", "recruitee:1"])), max_size=6
).map(lambda rows: [cont(f"x{n}", first, *emails, stored=stored) for n, (first, emails, stored) in enumerate(rows)])
ruling_sets = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=3).map(
    lambda rows: frozenset((RecordRef("recruitee", str(a)), f"x{b}") for a, b in rows)
)


@given(candidate_lists, contact_lists, ruling_sets, ruling_sets, st.randoms(use_true_random=False))
def test_order_changes_nothing(
    candidates: list[Identity],
    contacts: list[Identity],
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
    candidates: list[Identity], contacts: list[Identity], refused: frozenset[tuple[RecordRef, str]]
) -> None:
    found = match(candidates, contacts, Rulings(refused=refused))

    uses = Counter(ref for link in found.links for ref in (link.candidate, link.contact))
    shown = {(one.candidate, one.contact.remote_id) for one in (*found.links, *found.reviews)}
    assert all(count == 1 for count in uses.values())
    assert not shown & refused
    assert len(shown) == len(found.links) + len(found.reviews)


def components(candidates: list[Identity], contacts: list[Identity]) -> list[set[RecordRef]]:
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
def test_matching_each_component_alone_gives_the_same(candidates: list[Identity], contacts: list[Identity]) -> None:
    links: list[Link] = []
    reviews: list[Review] = []
    for group in components(candidates, contacts):
        near = [one for one in candidates if one.ref in group], [one for one in contacts if one.ref in group]
        found = match(*near, NONE)
        links += found.links
        reviews += found.reviews

    whole = match(candidates, contacts, NONE)

    assert {(one.candidate, one.contact, one.rule) for one in links} == {
        (one.candidate, one.contact, one.rule) for one in whole.links
    }
    assert len(reviews) == len(whole.reviews)


@settings(max_examples=60)
@given(candidate_lists, contact_lists)
def test_refusing_a_link_breaks_none_outside_its_component(
    candidates: list[Identity], contacts: list[Identity]
) -> None:
    before = match(candidates, contacts, NONE)
    for undone in before.links:
        rulings = Rulings(refused=frozenset({(undone.candidate, undone.contact.remote_id)}))
        group = next(one for one in components(candidates, contacts) if undone.candidate in one)

        after = match(candidates, contacts, rulings)

        assert {one for one in pairs_of(before) if one[0] not in group} <= pairs_of(after)
        assert (undone.candidate, undone.contact) not in pairs_of(after)


def pairs_of(found: Matches) -> set[tuple[RecordRef, RecordRef]]:
    return {(link.candidate, link.contact) for link in found.links}
