"""Which candidate and which contact are one person: links where it is certain, reviews where a person must
look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
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
)
from sync.core.model import HUBSPOT, RecordRef
from sync.core.names import first_names_agree

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
    "Review",
    "Rulings",
    "Seat",
    "attend",
    "email_keys",
    "keys",
    "match",
    "of_attendance",
    "of_candidate",
    "of_contact",
    "phone_keys",
]

RULE_VERSION = 2  # another version has everyone reconciled again, and so all blocking keys made anew

_RULES = (RULING, STORED_ID, EMAIL_FIRST_NAME, EMAIL_SURNAME, PHONE_NAME)
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


@dataclass(frozen=True, slots=True)
class Seat:
    """The person a sign-in line names, and on what ground."""

    person_id: int
    rule: str
    evidence: dict[str, str] = field(default_factory=dict)


def match(candidates: Sequence[Identity], contacts: Sequence[Identity], rulings: Rulings) -> Matches:
    """Links and reviews of the records given. Any order, same result; records without a common key never
    touch each other, so a set closed under `keys` may be matched alone.

    A person's accepted rulings link as ruled (also one contact with two candidates: a duplicate in the ATS).
    Every other link is one-to-one: a pair links on its best rule when neither record satisfies that rule with
    another, neither was linked or contested on a better one, and its address and number do not contradict each
    other. A pair that satisfies a rule and is not linked goes to review; a pair that shares an address or a number
    and satisfies none only while both are unlinked. Refused pairs do neither. Why: docs/decisions/0023.
    """
    ours = _by_ref(candidates)
    sides = [profile(one) for one in (*ours.values(), *_by_ref(contacts).values())]
    bits = common_keys(sides, len(ours))
    rules = _pairs_by_rule(sides, len(ours), bits, rulings)
    doubtful = conflicts(rules, sides)
    links: dict[Pair, str] = {}
    reviews: dict[Pair, tuple[str, str]] = {}
    taken: dict[int, str] = {}
    for rule in _RULES:
        pairs = [pair for pair, best in rules.items() if best == rule]
        made, left = _link(rule, pairs, doubtful, taken)
        links |= dict.fromkeys(made, rule)
        reviews |= {pair: (rule, cause) for pair, cause in left.items()}
    linked = {at for pair in links for at in pair}
    reviews |= {pair: (best, "") for pair, best in rules.items() if best in _SUGGESTIONS and linked.isdisjoint(pair)}
    told = partial(_told, sides, bits)
    return Matches(
        tuple(Link(*told(pair, rule)) for pair, rule in _in_order(sides, links)),
        tuple(Review(*told(pair, *why)) for pair, why in _in_order(sides, reviews)),
    )


def attend(sheet: Sequence[Identity], records: Sequence[tuple[Identity, int]]) -> dict[RecordRef, Seat]:
    """Sign-in line → person, where address and first name, or number, first name and surname, lead to exactly one
    person; other lines are left out.
    """
    people: dict[str, list[tuple[Profile, int]]] = defaultdict(list)
    for record, person_id in records:
        known = profile(record)
        for key in known.emails | known.phones:
            people[key].append((known, person_id))
    found: dict[RecordRef, Seat] = {}
    for line in map(profile, sheet):
        by_email = {one for key in line.emails for known, one in people.get(key, ()) if _same_first(line, known)}
        by_phone = {one for key in line.phones for known, one in people.get(key, ()) if _same_name(line, known)}
        if len(by_email | by_phone) == 1:
            rule = EMAIL_FIRST_NAME if by_email else PHONE_NAME
            fields = ("email", "first_name") if by_email else ("phone", "first_name", "surname")
            found[line.ref] = Seat((by_email | by_phone).pop(), rule, dict.fromkeys(fields, "agrees"))
    return found


def _by_ref(identities: Iterable[Identity]) -> dict[RecordRef, Identity]:
    return {one.ref: one for one in identities}


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


def _same_first(line: Profile, known: Profile) -> bool:
    return first_names_agree(line.first, known.first)


def _same_name(line: Profile, known: Profile) -> bool:
    return _same_first(line, known) and not line.cores.isdisjoint(known.cores)


def _link(
    rule: str, pairs: Sequence[Pair], doubtful: set[Pair], taken: dict[int, str]
) -> tuple[list[Pair], dict[Pair, str]]:
    """The pairs of one rule that link, and of the others the cause why not; marks all their records in `taken`."""
    degree = Counter(at for pair in pairs for at in pair)
    made: list[Pair] = []
    left: dict[Pair, str] = {}
    for pair in pairs:
        blocked = {taken[at] for at in pair if at in taken}
        if rule == RULING:
            made.append(pair)
        elif "linked" in blocked:
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


def _pairs_by_rule(
    sides: Sequence[Profile], candidates: int, bits: Mapping[Pair, int], rulings: Rulings
) -> dict[Pair, str]:
    """Every pair worth naming and the best rule it satisfies; refused pairs are not in it."""
    best = {pair: rule for pair, common in bits.items() if (rule := best_rule(common, *(sides[at] for at in pair)))}
    by_id = {one.stored_id: at for at, one in enumerate(sides[:candidates]) if one.stored_id}
    for at in range(candidates, len(sides)):
        if (stored_id := sides[at].stored_id) in by_id:
            best[by_id[stored_id], at] = STORED_ID
    if rulings.accepted or rulings.refused:
        place = {one.ref: at for at, one in enumerate(sides)}
        for candidate, contact_id in rulings.accepted:
            if candidate in place and RecordRef(HUBSPOT, contact_id) in place:
                best[place[candidate], place[RecordRef(HUBSPOT, contact_id)]] = RULING
        for candidate, contact_id in rulings.refused:
            best.pop((place.get(candidate, -1), place.get(RecordRef(HUBSPOT, contact_id), -1)), None)
    return best
