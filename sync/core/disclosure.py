"""What a table of groups may show, so that no figure is about fewer than five people (docs/decisions/0064)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import Enum

FEWEST = 5


class Hidden(Enum):
    """Why a group's figures are not shown."""

    UNDER = "under 5"
    REST = "withheld"  # shown, it would give away the group under 5 by subtraction from the total


def hidden_groups(people: Mapping[str, Set[str]]) -> dict[str, Hidden]:
    """The groups to hide, by key: those of fewer than five people, and as many of the smallest others as it takes for
    the total less the groups that show to be of two groups and of five people at least. `people`: of each group; one
    person can be in several.
    """
    found = {key: Hidden.UNDER for key, those in people.items() if is_few(those)}
    if not found:
        return {}
    rest = {person for key in found for person in people[key]}
    for key in sorted(people.keys() - found.keys(), key=lambda one: (len(people[one]), one)):
        if len(found) > 1 and not is_few(rest):
            break
        found[key] = Hidden.REST
        rest |= people[key]
    return found


def is_few(people: Set[str]) -> bool:
    """Whether these are too few people to show figures of."""
    return len(people) < FEWEST
