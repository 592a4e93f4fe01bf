"""Which candidate and which contact are one person: links where it is certain, reviews where a person must
look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import TypeVar

from sync.core.identity_records import (
    Identity,
    Profile,
    email_keys,
    keys,
    of_attendance,
    of_candidate,
    of_contact,
    phone_keys,
    profile,
)
from sync.core.identity_rules import (
    EMAIL_FIRST_NAME,
    EMAIL_ONLY,
    EMAIL_SURNAME,
    MOST_SHARING,
    PHONE_NAME,
    PHONE_ONLY,
    RULING,
    STORED_ID,
    Pair,
    best_rule,
    common_keys,
    conflicts,
    evidence,
    is_whole,
)
from sync.core.model import HUBSPOT, RecordRef

__all__ = [
    "EMAIL_FIRST_NAME",
    "EMAIL_ONLY",
    "EMAIL_SURNAME",
    "MOST_SHARING",
    "PHONE_NAME",
    "PHONE_ONLY",
    "RULE_VERSION",
    "RULING",
    "STORED_ID",
    "Identity",
    "Link",
    "Matches",
    "Profile",
    "Review",
    "Rulings",
    "email_keys",
    "keys",
    "match",
    "of_attendance",
    "of_candidate",
    "of_contact",
    "phone_keys",
    "profile",
]

RULE_VERSION = 3  # another version has everyone reconciled again, and so all blocking keys made anew

_RULES = (STORED_ID, EMAIL_FIRST_NAME, EMAIL_SURNAME, PHONE_NAME)
_SUGGESTIONS = (EMAIL_ONLY, PHONE_ONLY)

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Rulings:
    """What people decided about (candidate, contact id) pairs: for ever."""

    accepted: frozenset[tuple[RecordRef, str]] = frozenset()
    refused: frozenset[tuple[RecordRef, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """A candidate and a contact that are one person. `evidence`: as `identity_rules.evidence`, never a value."""

    candidate: RecordRef
    contact: RecordRef
    rule: str
    evidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Review:
    """A pair a person must look at. `rule`: the best one it satisfies. `evidence` as in Link, and why it was
    not linked.
    """

    candidate: RecordRef
    contact: RecordRef
    rule: str
    evidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matches:
    """Links and reviews, each in order of candidate and contact."""

    links: tuple[Link, ...] = ()
    reviews: tuple[Review, ...] = ()


def match(
    candidates: Sequence[Profile],
    contacts: Sequence[Profile],
    rulings: Rulings,
    crowded: frozenset[str] = frozenset(),
) -> Matches:
    """Links and reviews of the records given. Any order, same result; records without a common key never
    touch each other, so a set closed under `keys` may be matched alone.

    What rules link is one-to-one: a pair links on its best rule when neither record satisfies that rule with another
    (a pair of which mailbox, line and names all agree goes before those of which they do not), neither was linked or
    contested on a better one, and its address and number do not contradict each other. A pair that satisfies a rule and
    is not linked goes to review; a pair that shares an address or a number and satisfies none only while both are
    unlinked. Accepted pairs link besides, and take nothing from what rules link, so that withdrawing a ruling restores
    what was (docs/decisions/0047). Refused pairs do neither. `crowded`: blocking keys on too many records to be
    anybody's, also where not all of those are given. Why: docs/decisions/0023.
    """
    sides = [*_by_ref(candidates), *_by_ref(contacts)]
    ours = len({one.ref for one in candidates})
    bits = common_keys(sides, ours, crowded)
    rules = _pairs_by_rule(sides, ours, bits)
    accepted = _drop_refused(rules, sides, rulings)
    links, reviews = _by_rules(rules, sides, bits)
    links |= {pair: RULING for pair in accepted if links.get(pair, STORED_ID) == STORED_ID}
    linked = {at for pair in links for at in pair}
    reviews = {
        pair: (rule, "linked" if cause == "shared" and not linked.isdisjoint(pair) else cause)
        for pair, (rule, cause) in reviews.items()
        if pair not in links
    }
    reviews |= {pair: (best, "") for pair, best in rules.items() if best in _SUGGESTIONS and linked.isdisjoint(pair)}
    told = partial(_told, sides, bits)
    return Matches(
        tuple(Link(*told(pair, rule)) for pair, rule in _in_order(sides, links)),
        tuple(Review(*told(pair, *why)) for pair, why in _in_order(sides, reviews)),
    )


def _by_rules(
    rules: Mapping[Pair, str], sides: Sequence[Profile], bits: Mapping[Pair, int]
) -> tuple[dict[Pair, str], dict[Pair, tuple[str, str]]]:
    """The pairs that link by their rule; of the others that satisfy one, the rule and the cause why they do not."""
    doubtful = conflicts(rules, sides)
    rungs: dict[tuple[str, bool], list[Pair]] = defaultdict(list)
    for pair, rule in rules.items():
        first = rule == EMAIL_FIRST_NAME and is_whole(bits[pair], sides[pair[0]], sides[pair[1]])
        rungs[rule, first].append(pair)
    links: dict[Pair, str] = {}
    reviews: dict[Pair, tuple[str, str]] = {}
    taken: dict[int, str] = {}
    for rule, first in product(_RULES, (True, False)):
        made, left = _link(rungs[rule, first], doubtful, taken)
        links |= dict.fromkeys(made, rule)
        reviews |= {pair: (rule, cause) for pair, cause in left.items()}
    return links, reviews


def _by_ref(profiles: Sequence[Profile]) -> Collection[Profile]:
    return {one.ref: one for one in profiles}.values()


def _in_order(sides: Sequence[Profile], found: Mapping[Pair, Found]) -> list[tuple[Pair, Found]]:
    def names(item: tuple[Pair, Found]) -> tuple[str, str, str]:
        candidate, contact = (sides[at].ref for at in item[0])
        return candidate.source, candidate.remote_id, contact.remote_id

    return sorted(found.items(), key=names)


def _told(
    sides: Sequence[Profile], bits: Mapping[Pair, int], pair: Pair, rule: str, cause: str = ""
) -> tuple[RecordRef, RecordRef, str, dict[str, str]]:
    candidate, contact = (sides[at] for at in pair)
    return candidate.ref, contact.ref, rule, evidence(bits.get(pair, 0), candidate, contact, cause)


def _link(pairs: Sequence[Pair], doubtful: set[Pair], taken: dict[int, str]) -> tuple[list[Pair], dict[Pair, str]]:
    """The pairs of one rule that link, and of the others the cause why not; marks all their records in `taken`."""
    degree = Counter(at for pair in pairs for at in pair)
    made: list[Pair] = []
    left: dict[Pair, str] = {}
    for pair in pairs:
        blocked = {taken[at] for at in pair if at in taken}
        if "linked" in blocked:
            left[pair] = "linked"
        elif pair in doubtful:
            left[pair] = "conflict"
        elif blocked or any(degree[at] > 1 for at in pair):
            left[pair] = "shared"
        else:
            made.append(pair)
    for pair in left:
        for at in pair:
            taken.setdefault(at, "shared")
    taken.update(dict.fromkeys((at for pair in made for at in pair), "linked"))
    return made, left


def _pairs_by_rule(sides: Sequence[Profile], candidates: int, bits: Mapping[Pair, int]) -> dict[Pair, str]:
    """Every pair worth naming and the best rule it satisfies."""
    best = {pair: rule for pair, common in bits.items() if (rule := best_rule(common, *(sides[at] for at in pair)))}
    by_id = {one.stored_id: at for at, one in enumerate(sides[:candidates]) if one.stored_id}
    for at in range(candidates, len(sides)):
        if (stored_id := sides[at].stored_id) in by_id:
            best[by_id[stored_id], at] = STORED_ID
    return best


def _drop_refused(rules: dict[Pair, str], sides: Sequence[Profile], rulings: Rulings) -> list[Pair]:
    """Takes the pairs a person refused out of `rules`; those a person accepted."""
    if not (rulings.accepted or rulings.refused):
        return []
    place = {one.ref: at for at, one in enumerate(sides)}

    def pairs(ruled: Collection[tuple[RecordRef, str]]) -> list[Pair]:
        found = ((place.get(one), place.get(RecordRef(HUBSPOT, contact_id))) for one, contact_id in ruled)
        return [(one, other) for one, other in found if one is not None and other is not None]

    for pair in pairs(rulings.refused):
        rules.pop(pair, None)
    return pairs(rulings.accepted)
