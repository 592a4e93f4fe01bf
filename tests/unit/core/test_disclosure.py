"""Groups of few people are hidden, and cannot be worked out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.core.disclosure import FEWEST, Hidden, hidden_groups

UNDER, REST = Hidden.UNDER, Hidden.REST


def people(name: str, number: int) -> set[str]:
    return {f"{name}{place}" for place in range(number)}


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({}, {}),
        ({"a": 5, "b": 6}, {}),  # nobody is few
        ({"a": 4}, {"a": UNDER}),  # and the total is of few too
        ({"a": 3, "b": 9, "c": 7}, {"a": UNDER, "c": REST}),  # the smallest other
        ({"a": 3, "b": 7, "c": 7}, {"a": UNDER, "b": REST}),  # equally small: by name
        ({"a": 2, "b": 2, "c": 9, "d": 8}, {"a": UNDER, "b": UNDER, "d": REST}),  # four people together are few still
        ({"a": 4, "b": 1, "c": 9}, {"a": UNDER, "b": UNDER}),  # five together are not
        ({"a": 1, "b": 1, "c": 1}, {"a": UNDER, "b": UNDER, "c": UNDER}),
    ],
)
def test_small_groups_and_what_would_give_them_away_are_hidden(
    sizes: dict[str, int], hidden: dict[str, Hidden]
) -> None:
    found = hidden_groups({name: people(name, number) for name, number in sizes.items()})

    assert found == hidden


def test_who_is_in_two_hidden_groups_counts_once() -> None:
    found = hidden_groups({"a": {"1", "2", "3"}, "b": {"1", "2", "4"}, "c": people("c", 8)})

    assert found == {"a": UNDER, "b": UNDER, "c": REST}


GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), st.sets(st.integers(0, 25).map(str), min_size=1))


@given(GROUPS)
def test_nothing_that_shows_or_can_be_subtracted_is_about_few_people(groups: dict[str, set[str]]) -> None:
    hidden = hidden_groups(groups)

    rest = set().union(*(groups[key] for key in hidden))
    everyone = set().union(*groups.values())
    assert all(len(groups[key]) >= FEWEST for key in groups.keys() - hidden.keys())
    assert {key for key, why in hidden.items() if why is UNDER} == {key for key in groups if len(groups[key]) < FEWEST}
    assert not hidden or len(everyone) < FEWEST or len(hidden) == len(groups) or (len(hidden) > 1 and len(rest) >= 5)


@given(GROUPS, st.randoms())
def test_the_order_of_groups_is_irrelevant(groups: dict[str, set[str]], random: object) -> None:
    names = list(groups)
    random.shuffle(names)  # type: ignore[attr-defined]

    assert hidden_groups({name: groups[name] for name in names}) == hidden_groups(groups)
