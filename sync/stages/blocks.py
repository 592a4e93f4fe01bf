"""The records that are looked at together: those that changed, and all that may be the same people as they."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sync.core.identity import Profile, keys, profile
from sync.core.model import HUBSPOT, RecordRef
from sync.store import identities, links, reviews
from sync.store.db import Mirror


@dataclass(frozen=True, slots=True)
class Block:
    """The live records that can be about the same people, by kind. `crowded`: blocking keys on too many records to be
    anybody's; not all that have one of those are here.
    """

    candidates: tuple[Profile, ...]
    contacts: tuple[Profile, ...]
    sheet: tuple[Profile, ...]
    crowded: frozenset[str] = frozenset()


def load_block(db: Mirror, refs: Sequence[RecordRef]) -> Block:
    """The records due and all that share a blocking key or an accepted ruling with them, now or before the change,
    directly or through others. Keeps the keys of those due.

    A key that is on too many records to be anybody's leads nowhere, so that one address on a thousand records does not
    have all of them read at each change; only when it becomes such a key, or is one no more, are they all looked at.
    """
    due = _profiles(db, refs)
    found = {one.ref: keys(one) for kind in due for one in kind}
    crowded, leads = _save_keys(db, {ref: found.get(ref, frozenset()) for ref in refs})
    known = set(refs)
    edge = links.refs_sharing(db, leads) | ruled_with(db, refs)
    others: set[RecordRef] = set()
    while edge := edge - known - others:
        others |= edge
        leads = frozenset().union(*links.keys_of(db, edge).values())
        crowded |= (more := identities.crowded(db, leads))
        edge = links.refs_sharing(db, leads - more) | ruled_with(db, edge)
    candidates, contacts, sheet = (one + other for one, other in zip(due, _profiles(db, others), strict=True))
    return Block(candidates, contacts, sheet, crowded)


def _save_keys(db: Mirror, keys_now: Mapping[RecordRef, frozenset[str]]) -> tuple[frozenset[str], frozenset[str]]:
    """Keeps the keys of records; which of those they have or had are crowded now, and which lead to others: those that
    are not crowded, or were not.
    """
    touched = frozenset().union(*keys_now.values(), *links.keys_of(db, keys_now).values())
    before = identities.crowded(db, touched)
    links.save_keys(db, keys_now)
    crowded = identities.crowded(db, touched)
    return crowded, touched - (before & crowded)


def ruled_with(db: Mirror, refs: Collection[RecordRef]) -> set[RecordRef]:
    """The records a person ruled to be one with any of these: they need not have a key in common."""
    accepted, _ = reviews.rulings(db, refs, [ref.remote_id for ref in refs if ref.source == HUBSPOT])
    return {ref for candidate, contact_id in accepted for ref in (candidate, RecordRef(HUBSPOT, contact_id))}


def _profiles(db: Mirror, refs: Collection[RecordRef]) -> tuple[tuple[Profile, ...], ...]:
    known = identities.load(db, refs)
    return tuple(tuple(map(profile, kind)) for kind in (known.candidates, known.contacts, known.sheet))
