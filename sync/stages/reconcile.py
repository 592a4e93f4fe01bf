"""Reconcile: changed records into people. A link is reversible: it is only a row in `person_link`; HubSpot merge is
never called.

Only the records that changed and those that share a blocking key with them are looked at, so the cost follows the
changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sync.core.identity import (
    RULE_VERSION,
    Identity,
    Link,
    Matches,
    Rulings,
    attend,
    keys,
    match,
    of_attendance,
    of_candidate,
    of_contact,
)
from sync.core.model import HUBSPOT, RecordRef
from sync.stages.run import Run
from sync.store import crm, links, reviews, tasks, work

BATCH = 2000
SELF = "self"


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reconcile changed: links made and undone, open reviews among the records looked at."""

    linked: int = 0
    unlinked: int = 0
    reviews: int = 0

    def __add__(self, other: Reconciled) -> Reconciled:
        return Reconciled(self.linked + other.linked, self.unlinked + other.unlinked, self.reviews + other.reviews)


@dataclass(frozen=True, slots=True)
class Block:
    """The live records that can be about the same people, by kind."""

    candidates: tuple[Identity, ...]
    contacts: tuple[Identity, ...]
    sheet: tuple[Identity, ...]


def reconcile(run: Run) -> Reconciled:
    """Link everything that is due. Safe to repeat: the same records give the same links."""
    total = Reconciled()
    waiting = work.count_due(run.db, "reconcile", run.now)
    done = 0
    while refs := work.take_due(run.db, "reconcile", run.now, BATCH):
        with run.db.write(run.lease):
            total += _reconcile_batch(run, refs)
            work.finish(run.db, "reconcile", refs)
        done += len(refs)
        run.progress("reconcile", done, waiting)
    return total


def _reconcile_batch(run: Run, refs: Sequence[RecordRef]) -> Reconciled:
    block = _load_block(run, refs)
    people = links.ensure_people(run.db, [*_refs(block.candidates), *_audience_contacts(run, block)], run.now)
    candidate_refs, contact_ids = _refs(block.candidates), [ref.remote_id for ref in _refs(block.contacts)]
    accepted, refused = reviews.rulings(run.db, candidate_refs, contact_ids)
    matches = match(block.candidates, block.contacts, Rulings(frozenset(accepted), frozenset(refused)))
    affected = set(people.values()) | _people_of(run, refs)
    made, undone = _apply_links(run, block, matches, affected)
    undone += _unlink_gone(run, refs, block)
    found = [reviews.Review(one.candidate, one.contact.remote_id, one.rule, one.evidence) for one in matches.reviews]
    reviews.replace_reviews(run.db, candidate_refs, contact_ids, found, run.now)
    _attend(run, block, affected)
    affected |= {*tasks.adopt_tasks(run.db), *links.follow_tasks(run.db, affected)}
    work.enqueue_people(run.db, "score", affected | _people_of(run, refs), run.now)
    return Reconciled(made, undone, len(found))


def _refs(identities: Iterable[Identity]) -> list[RecordRef]:
    return [identity.ref for identity in identities]


def _people_of(run: Run, refs: Iterable[RecordRef]) -> set[int]:
    return {person_id for person_id, _ in links.links_of(run.db, refs).values()}


def _load_block(run: Run, refs: Sequence[RecordRef]) -> Block:
    """The records due and all that share a blocking key or an accepted ruling with them, now or before the change,
    directly or through others.
    """
    due = _identities(run, refs)
    found = {identity.ref: keys(identity) for identity in _all(due)}
    changed = links.save_keys(run.db, {ref: found.get(ref, frozenset()) for ref in refs})
    sharing = links.refs_sharing(run.db, changed | frozenset().union(*found.values()))
    block = set(refs) | sharing | _ruled_with(run, refs)
    edge = block - set(refs)
    while edge:
        around = links.refs_sharing(run.db, frozenset().union(*links.keys_of(run.db, edge).values()))
        edge = (around | _ruled_with(run, edge)) - block
        block |= edge
    others = _identities(run, sorted(block - set(refs)))
    return Block((*due.candidates, *others.candidates), (*due.contacts, *others.contacts), (*due.sheet, *others.sheet))


def _ruled_with(run: Run, refs: Collection[RecordRef]) -> set[RecordRef]:
    """The records a person ruled to be one with any of these: they need not have a key in common."""
    accepted, _ = reviews.rulings(run.db, refs, [ref.remote_id for ref in refs if ref.source == HUBSPOT])
    return {ref for candidate, contact_id in accepted for ref in (candidate, RecordRef(HUBSPOT, contact_id))}


def _all(block: Block) -> tuple[Identity, ...]:
    return (*block.candidates, *block.contacts, *block.sheet)


def _identities(run: Run, refs: Sequence[RecordRef]) -> Block:
    candidates, contacts, sheet = links.load_identities_rows(run.db, refs)
    return Block(
        tuple(of_candidate(source, candidate) for source, candidate in candidates),
        tuple(of_contact(contact) for contact in contacts),
        tuple(of_attendance(source, row) for source, row in sheet),
    )


def _audience_contacts(run: Run, block: Block) -> list[RecordRef]:
    """Contacts that are people of their own because the settings put them in the audience."""
    if run.policy.audience.everyone:
        return _refs(block.contacts)
    if not run.policy.audience.lists:
        return []
    members = crm.list_members(run.db, run.policy.audience.lists)
    return [ref for ref in _refs(block.contacts) if ref.remote_id in members]


def _apply_links(run: Run, block: Block, matches: Matches, affected: set[int]) -> tuple[int, int]:
    """Make the links that are new, undo those that no longer follow; how many of each. People touched go into
    `affected`.

    The contact joins the person of its candidate. Where a person ruled two candidates to be one contact, the second
    candidate joins the person of the first.
    """
    people = {ref: person_id for ref, (person_id, _) in links.links_of(run.db, _refs(block.candidates)).items()}
    wanted: dict[RecordRef, tuple[int, Link]] = {}
    for link in sorted(matches.links, key=lambda one: (one.contact, one.candidate)):
        joined = wanted[link.contact][0] if link.contact in wanted else people[link.candidate]
        wanted.setdefault(link.contact, (joined, link))
        wanted[link.candidate] = (joined, link)
    made = undone = 0
    for ref, (person_id, rule) in _present(run, block).items():
        if ref in wanted and wanted[ref][0] != person_id:
            _move(run, ref, wanted[ref][1], (person_id, wanted[ref][0]))
            made += 1
            affected.update(one for one in (person_id, wanted[ref][0]) if one is not None)
        elif ref not in wanted and person_id is not None and rule != SELF:
            links.unlink(run.db, ref)
            undone += 1
            affected.add(person_id)
    alone = [*_refs(block.candidates), *_audience_contacts(run, block)]
    affected.update(links.ensure_people(run.db, alone, run.now).values())
    return made, undone


def _unlink_gone(run: Run, refs: Sequence[RecordRef], block: Block) -> int:
    """Take contacts that are not in HubSpot any more from their people; how many. Who was one by itself stays one."""
    live = {identity.ref for identity in block.contacts}
    gone = [ref for ref in refs if ref.source == HUBSPOT and ref not in live]
    linked = [ref for ref, (_, rule) in links.links_of(run.db, gone).items() if rule != SELF]
    for ref in linked:
        links.unlink(run.db, ref)
    return len(linked)


def _present(run: Run, block: Block) -> dict[RecordRef, tuple[int | None, str]]:
    """Person and rule of every candidate and contact of the block as it stands; None where there is none."""
    refs = [*_refs(block.candidates), *_refs(block.contacts)]
    have = links.links_of(run.db, refs)
    return {ref: have.get(ref, (None, "")) for ref in refs}


def _move(run: Run, ref: RecordRef, link: Link, people: tuple[int | None, int]) -> None:
    old, new = people
    links.set_link(run.db, ref, new, link.rule, link.evidence, RULE_VERSION, run.now)
    if old is not None:
        links.absorb(run.db, old, new)


def _attend(run: Run, block: Block, affected: set[int]) -> None:
    """Hang sign-in sheet rows on the one person they name; a row that names nobody or several waits."""
    if not block.sheet:
        return
    records = [*block.candidates, *block.contacts]
    people = links.links_of(run.db, _refs(records))
    known = [(identity, people[identity.ref][0]) for identity in records if identity.ref in people]
    found = attend(block.sheet, known)
    have = links.links_of(run.db, _refs(block.sheet))
    for ref in _refs(block.sheet):
        person_id, seat = have.get(ref, (None, ""))[0], found.get(ref)
        if seat is None and person_id is not None:
            links.unlink(run.db, ref)
        elif seat is not None and seat.person_id != person_id:
            links.set_link(run.db, ref, seat.person_id, seat.rule, seat.evidence, RULE_VERSION, run.now)
        affected.update(one for one in (person_id, seat.person_id if seat else None) if one is not None)
