"""How a candidate and a contact compare, and the best rule they satisfy. Which pairs link is decided in `identity`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, product

from sync.core.identity_records import Profile
from sync.core.names import compare_first_names, compare_surnames

RULING = "ruling"  # a person accepted the pair
STORED_ID = "stored_id"  # the contact carries the candidate's id
EMAIL_FIRST_NAME = "email_first_name"  # same mailbox, first names agree
EMAIL_SURNAME = "email_surname"  # same mailbox of their own, surnames agree, first names an initial or a slip apart
PHONE_NAME = "phone_name"  # same line of their own, first names agree, surnames agree or are a slip apart
EMAIL_ONLY = "email_only"  # never links: same mailbox, but names missing or different, the mailbox shared, or a +tag
PHONE_ONLY = "phone_only"  # never links: same line and a name that may be theirs

MOST_SHARING = 20  # an address or number on more records than this is nobody's: it stops being a key

Pair = tuple[
    int, int
]  # places of a candidate and a contact among the profiles: a hundred thousand refs are slow to hash
ByKey = Mapping[str, list[int]]

# what a pair has in common; OWN: not used under first names that cannot be one person's
_EMAIL, _EMAIL_OWN, _PHONE, _PHONE_OWN, _KIN = 1, 2, 4, 8, 16
_MAY_BE_ONE = frozenset({"agrees", "initial", "slip"})
_ALIKE = frozenset({"agrees", "slip"})  # of surnames
# first names and surnames under which a mailbox of their own is one person's: not two slips at once
_MAIL_NAMES = frozenset({("initial", "agrees"), ("initial", "slip"), ("slip", "agrees")})


def common_keys(sides: Sequence[Profile], candidates: int, crowded: Collection[str] = frozenset()) -> dict[Pair, int]:
    """Every pair with a mailbox or a line in common, and what it has in common, in bits for `best_rule` and `evidence`.
    The first `candidates` of the profiles are candidates, the others contacts.

    An address or number used under first names that cannot be one person's is shared, on whichever side they stand; one
    on more than `MOST_SHARING` records, or in `crowded` (as a blocking key), is no key at all.
    """
    found: dict[Pair, int] = defaultdict(int)
    mails, phones = [one.emails for one in sides], [one.phones for one in sides]
    for kind, prefix, used in ((_EMAIL, "email:", mails), (_PHONE, "phone:", phones)):
        left, right = _by_key(used, 0, candidates), _by_key(used, candidates, len(sides))
        for key, ours in left.items():
            theirs = right.get(key, [])
            if not theirs or len(ours) + len(theirs) > MOST_SHARING or prefix + key in crowded:
                continue
            bits = kind if _is_shared({sides[at].first for at in (*ours, *theirs)}) else kind | kind << 1
            for pair in product(ours, theirs):
                found[pair] |= bits
    for pair in _kin(sides, candidates, crowded):
        found[pair] |= _KIN
    return found


def is_whole(bits: int, candidate: Profile, contact: Profile) -> bool:
    """Whether mailbox, line, first name and surname all agree: such a pair goes before others on the same rule."""
    return bits & (_EMAIL | _PHONE_OWN) == _EMAIL | _PHONE_OWN and (
        compare_first_names(candidate.first, contact.first) == "agrees"
        and not candidate.cores.isdisjoint(contact.cores)
    )


def best_rule(bits: int, candidate: Profile, contact: Profile) -> str | None:
    """The best rule a pair with this in common satisfies, stored ids and rulings apart; None: not worth a look."""
    names = compare_first_names(candidate.first, contact.first)
    if bits & _EMAIL and names == "agrees":
        return EMAIL_FIRST_NAME
    surnames = compare_surnames(candidate.cores, contact.cores)
    if bits & _EMAIL_OWN and (names, surnames) in _MAIL_NAMES:
        return EMAIL_SURNAME
    if bits & _PHONE_OWN and names == "agrees" and surnames in _ALIKE:
        return PHONE_NAME
    if bits & _EMAIL:
        return EMAIL_ONLY
    if bits & _PHONE and (surnames in _ALIKE or names != "differs"):
        return PHONE_ONLY
    return EMAIL_ONLY if bits & _KIN and names != "differs" else None


def conflicts(rules: Mapping[Pair, str], sides: Sequence[Profile]) -> set[Pair]:
    """Pairs whose address and number contradict each other; they never link by a rule on addresses, numbers and names.

    Same mailbox, numbers known on both sides and none in common, and either the first names do no more than resemble
    each other, or the number of one of the two leads to another record of that very name (which then conflicts too).
    """
    differ = [
        pair
        for pair, rule in rules.items()
        if rule in (EMAIL_FIRST_NAME, EMAIL_SURNAME)
        and all(sides[at].phones for at in pair)
        and sides[pair[0]].phones.isdisjoint(sides[pair[1]].phones)
    ]
    by_phone: dict[int, list[Pair]] = defaultdict(list)
    for pair, rule in rules.items():
        if rule == PHONE_NAME:
            for at in pair:
                by_phone[at].append(pair)
    found = {pair for pair in differ if rules[pair] == EMAIL_SURNAME}
    for pair in differ:
        if others := [other for at in pair for other in by_phone.get(at, ())]:
            found.update((pair, *others))
    return found


def evidence(bits: int, candidate: Profile, contact: Profile, cause: str = "") -> dict[str, str]:
    """What speaks for and against a pair: field → agrees, differs, missing; 'shared' for an address or number that
    others use too, 'tag' for addresses that a +tag tells apart, 'initial', 'slip' or 'nickname' for names. `cause`:
    why it was not linked. Never a value.
    """
    same_id = candidate.stored_id == contact.stored_id
    tagged = bits & _KIN and not bits & _EMAIL
    found = {
        "stored_id": _compare(candidate.stored_id, contact.stored_id, same_id),
        "email": "tag" if tagged else _compare_keys(candidate.emails, contact.emails, bits & _EMAIL_OWN),
        "phone": _compare_keys(candidate.phones, contact.phones, bits & _PHONE_OWN),
        "first_name": compare_first_names(candidate.first, contact.first),
        "surname": compare_surnames(candidate.cores, contact.cores),
    }
    return found | ({"not_linked": cause} if cause else {})


def _kin(sides: Sequence[Profile], candidates: int, crowded: Collection[str]) -> Iterator[Pair]:
    """Pairs of which one has the other's mailbox but for a +tag, or both but for different ones."""
    tagged = [at for at, one in enumerate(sides) if one.kin]
    if not tagged:
        return
    wanted = {box for at in tagged for box in sides[at].kin if f"email:{box}" not in crowded}
    by_box: dict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(sides):
        for box in (one.emails | one.kin) & wanted:
            by_box[box].append(at)
    for at in tagged:
        for box in sides[at].kin & wanted:
            for other in by_box[box] if len(by_box[box]) <= MOST_SHARING else ():
                if (at < candidates) != (other < candidates):
                    yield min(at, other), max(at, other)


def _is_shared(names: set[str]) -> bool:
    return len(names) > 1 and any(
        compare_first_names(*pair) not in _MAY_BE_ONE for pair in combinations(names - {""}, 2)
    )


def _by_key(used: Sequence[frozenset[str]], start: int, end: int) -> ByKey:
    found: dict[str, list[int]] = defaultdict(list)
    for at in range(start, end):
        for key in used[at]:
            found[key].append(at)
    return found


def _compare(left: object, right: object, agree: bool) -> str:
    if not left or not right:
        return "missing"
    return "agrees" if agree else "differs"


def _compare_keys(left: frozenset[str], right: frozenset[str], own: int) -> str:
    word = _compare(left, right, not left.isdisjoint(right))
    return "shared" if word == "agrees" and not own else word
