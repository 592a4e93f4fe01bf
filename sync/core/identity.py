"""Which candidate and which contact are one person: links where it is certain, reviews where a person must
look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.core.model import HUBSPOT, Attendance, Candidate, Contact, RecordRef
from sync.core.names import email_key, first_name_key, first_names_agree

RULE_VERSION = 1

RULING = "ruling"  # a person accepted the pair
STORED_ID = "stored_id"  # the contact carries the candidate's id
EMAIL_FIRST_NAME = "email_first_name"
EMAIL_ONLY = "email_only"  # never links: same address, first names missing or different

MOST_SHARING = 20  # an address on more records than this is nobody's: it stops being a key

_RULES = (RULING, STORED_ID, EMAIL_FIRST_NAME)


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells people apart on one record, as registered. `stored_id`: '<source>:<id>' of the candidate it
    is or points to.
    """

    ref: RecordRef
    emails: tuple[str, ...] = ()
    first_name: str | None = None
    last_name: str | None = None
    infix: str | None = None
    stored_id: str | None = None


@dataclass(frozen=True, slots=True)
class Rulings:
    """What people decided about (candidate, contact id) pairs: for ever."""

    accepted: frozenset[tuple[RecordRef, str]] = frozenset()
    refused: frozenset[tuple[RecordRef, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Link:
    """A candidate and a contact that are one person. `evidence`: field → agrees, differs, missing; never a
    value.
    """

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


_Pair = tuple[RecordRef, RecordRef]


def of_candidate(source: str, candidate: Candidate) -> Identity:
    """A candidate's identity; `source` is its configured name."""
    stored_id = f"{source}:{candidate.remote_id}"
    emails = candidate.email_addresses
    ref = RecordRef(source, candidate.remote_id)
    return Identity(ref, emails, candidate.first_name, candidate.last_name, candidate.name_infix, stored_id)


def of_contact(contact: Contact) -> Identity:
    """A contact's identity, secondary addresses included."""
    emails = tuple(email for email in (contact.email, *contact.additional_emails) if email)
    ref = RecordRef(HUBSPOT, contact.remote_id)
    stored_id = (contact.stored_candidate_id or "").strip() or None
    return Identity(ref, emails, contact.first_name, contact.last_name, None, stored_id)


def of_attendance(source: str, attendance: Attendance) -> Identity:
    """The identity on a sign-in line; `source` as in its record ('<ats>.attendance')."""
    emails = (attendance.email,) if attendance.email else ()
    ref = RecordRef(source, attendance.remote_id)
    return Identity(ref, emails, attendance.first_name, attendance.last_name, attendance.name_infix)


def email_keys(identity: Identity) -> frozenset[str]:
    """The mailboxes on a record, without those that are nobody's own."""
    return frozenset(key for email in identity.emails if (key := email_key(email)))


def keys(identity: Identity) -> frozenset[str]:
    """Blocking keys: records that share none are never compared. Candidates and contacts share the 'id:'
    space.
    """
    stored = {f"id:{identity.stored_id}"} if identity.stored_id else set()
    return frozenset(stored | {f"email:{key}" for key in email_keys(identity)})


def match(candidates: Sequence[Identity], contacts: Sequence[Identity], rulings: Rulings) -> Matches:
    """Links and reviews of the records given. Any order, same result; records without a common key never
    touch each other, so a set closed under `keys` may be matched alone.

    A person's accepted rulings link as ruled (also one contact with two candidates: a duplicate in the ATS).
    Every other link is one-to-one: a pair links on its best rule when neither record satisfies that rule with
    another, and neither was linked or contested on a better one. A pair that satisfies a rule and is not
    linked goes to review; a pair on the same address with missing or different first names only while both
    are unlinked. Refused pairs do neither. Why: facts/domain.md B3.
    """
    sides = {one.ref: one for one in (*candidates, *contacts)}
    rules = _pairs_by_rule(candidates, contacts, rulings)
    links: dict[_Pair, str] = {}
    reviews: dict[_Pair, tuple[str, str]] = {}
    taken: dict[RecordRef, str] = {}
    for rule in _RULES:
        links |= _link(rule, [pair for pair, best in rules.items() if best == rule], taken, reviews)
    linked = {ref for pair in links for ref in pair}
    for pair, best in rules.items():
        if best == EMAIL_ONLY and linked.isdisjoint(pair):
            reviews[pair] = (EMAIL_ONLY, "")
    return Matches(
        tuple(Link(*pair, rule, _evidence(sides, pair)) for pair, rule in sorted(links.items())),
        tuple(Review(*pair, rule, _evidence(sides, pair, cause)) for pair, (rule, cause) in sorted(reviews.items())),
    )


def attend(sheet: Sequence[Identity], records: Sequence[tuple[Identity, int]]) -> dict[RecordRef, int]:
    """Sign-in line → person id, where address and first name lead to exactly one person; other lines are left
    out.
    """
    people: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for record, person_id in records:
        for key in email_keys(record):
            people[key].append((first_name_key(record.first_name), person_id))
    found: dict[RecordRef, int] = {}
    for line in sheet:
        name = first_name_key(line.first_name)
        near = (one for key in email_keys(line) for one in people.get(key, ()))
        persons = {person_id for other, person_id in near if first_names_agree(name, other)}
        if len(persons) == 1:
            found[line.ref] = persons.pop()
    return found


def _link(
    rule: str, pairs: Iterable[_Pair], taken: dict[RecordRef, str], reviews: dict[_Pair, tuple[str, str]]
) -> dict[_Pair, str]:
    """Links of one rule; marks its records in `taken` and adds what is not one-to-one to `reviews`."""
    pairs = list(pairs)
    degree = Counter(ref for pair in pairs for ref in pair)
    links: dict[_Pair, str] = {}
    for pair in pairs:
        blocked = [taken[ref] for ref in pair if ref in taken]
        alone = all(degree[ref] == 1 for ref in pair)
        if rule == RULING or (alone and not blocked):
            links[pair] = rule
        else:
            reviews[pair] = (rule, "linked" if "linked" in blocked else "shared")
    for pair in pairs:
        for ref in pair:
            if taken.get(ref) != "linked":
                taken[ref] = "linked" if pair in links else "shared"
    return links


def _pairs_by_rule(candidates: Sequence[Identity], contacts: Sequence[Identity], rulings: Rulings) -> dict[_Pair, str]:
    """Every pair worth naming and the best rule it satisfies; refused pairs are not in it."""
    by_ref = {one.ref: one for one in contacts}
    by_stored: dict[str, list[Identity]] = defaultdict(list)
    for contact in by_ref.values():
        if contact.stored_id:
            by_stored[contact.stored_id].append(contact)
    best = _email_pairs(candidates, tuple(by_ref.values()))
    for candidate in candidates:
        for contact in by_stored.get(candidate.stored_id or "", ()):
            best[candidate.ref, contact.ref] = STORED_ID
    known = {one.ref for one in candidates}
    for ref, contact_id in rulings.accepted:
        if ref in known and RecordRef(HUBSPOT, contact_id) in by_ref:
            best[ref, RecordRef(HUBSPOT, contact_id)] = RULING
    for ref, contact_id in rulings.refused:
        best.pop((ref, RecordRef(HUBSPOT, contact_id)), None)
    return best


def _email_pairs(candidates: Sequence[Identity], contacts: Sequence[Identity]) -> dict[_Pair, str]:
    left, right = _by_mailbox(candidates), _by_mailbox(contacts)
    best: dict[_Pair, str] = {}
    for key, ours in left.items():
        theirs = right.get(key, {})
        if len(ours) + len(theirs) > MOST_SHARING:
            continue
        for candidate, name in ours.items():
            for contact, other in theirs.items():
                best[candidate, contact] = EMAIL_FIRST_NAME if first_names_agree(name, other) else EMAIL_ONLY
    return best


def _by_mailbox(identities: Sequence[Identity]) -> dict[str, dict[RecordRef, str]]:
    boxes: dict[str, dict[RecordRef, str]] = defaultdict(dict)
    for one in identities:
        name = first_name_key(one.first_name)
        for key in email_keys(one):
            boxes[key][one.ref] = name
    return boxes


def _evidence(sides: Mapping[RecordRef, Identity], pair: _Pair, cause: str = "") -> dict[str, str]:
    candidate, contact = (sides[ref] for ref in pair)
    evidence = {
        "stored_id": _compare(candidate.stored_id, contact.stored_id, candidate.stored_id == contact.stored_id),
        "email": _compare(candidate.emails, contact.emails, not email_keys(candidate).isdisjoint(email_keys(contact))),
        "first_name": _first_names(candidate, contact),
    }
    return evidence | ({"not_linked": cause} if cause else {})


def _first_names(candidate: Identity, contact: Identity) -> str:
    left, right = first_name_key(candidate.first_name), first_name_key(contact.first_name)
    return _compare(left, right, first_names_agree(left, right))


def _compare(left: object, right: object, agree: bool) -> str:
    if not left or not right:
        return "missing"
    return "agrees" if agree else "differs"
