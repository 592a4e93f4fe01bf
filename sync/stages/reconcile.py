"""Reconcile: changed records into people. A link is reversible: it is only a row in `person_link`; HubSpot merge is
never called.

Only the records that changed and those that share a blocking key with them are looked at, so the cost follows the
changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.core.identity import RULE_VERSION, RULING, STORED_ID, Matches, Profile, Rulings, match
from sync.core.identity_groups import Joined, join
from sync.core.model import HUBSPOT, RecordRef
from sync.core.sign_in import attend
from sync.stages.blocks import Block, load_block
from sync.stages.run import Run
from sync.store import crm, links, reviews, tasks, work
from sync.store.links import NewLink

BATCH = 5000
SELF = links.SELF
CREATED = "created"  # warmline made the contact for its candidate


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a reconcile changed: links made and undone, open reviews among the records looked at."""

    linked: int = 0
    unlinked: int = 0
    reviews: int = 0

    def __add__(self, other: Reconciled) -> Reconciled:
        return Reconciled(self.linked + other.linked, self.unlinked + other.unlinked, self.reviews + other.reviews)


@dataclass(slots=True)
class _Seats:
    """Person and rule of each record as it stands, kept true while links change. `affected`: people touched."""

    have: dict[RecordRef, tuple[int, str]]
    affected: set[int] = field(default_factory=set)
    linked: int = 0
    unlinked: int = 0

    def people(self, refs: Iterable[RecordRef]) -> set[int]:
        """The people of those records that have one."""
        return {self.have[ref][0] for ref in refs if ref in self.have}


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
    block = load_block(run.db, refs)
    candidates, contacts = _refs(block.candidates), _refs(block.contacts)
    alone = [*candidates, *_audience_contacts(run, block)]
    seats = _Seats(links.links_of(run.db, {*refs, *candidates, *contacts, *_refs(block.sheet)}))
    _seat(run, seats, alone)
    seats.affected |= seats.people(alone) | seats.people(refs)
    contact_ids = [ref.remote_id for ref in contacts]
    rulings = Rulings(*reviews.rulings(run.db, candidates, contact_ids))
    matches = match(block.candidates, block.contacts, rulings, block.crowded)
    _apply_links(run, block, matches, seats)
    _unlink(run, seats, _gone(refs, seats, contacts))
    _seat(run, seats, alone)
    found = [reviews.Review(one.candidate, one.contact.remote_id, one.rule, one.evidence) for one in matches.reviews]
    reviews.replace_reviews(run.db, candidates, contact_ids, found, run.now)
    _attend(run, block, seats)
    affected = seats.affected | seats.people(alone)
    affected |= {*tasks.adopt_tasks(run.db), *links.follow_tasks(run.db, affected)}
    work.enqueue_people(run.db, "score", affected, run.now)
    return Reconciled(seats.linked, seats.unlinked, len(found))


def _refs(profiles: Iterable[Profile]) -> list[RecordRef]:
    return [one.ref for one in profiles]


def _seat(run: Run, seats: _Seats, refs: Iterable[RecordRef]) -> None:
    """A person of its own for each of these records that has none."""
    made = links.make_people(run.db, [ref for ref in refs if ref not in seats.have], run.now)
    seats.have |= {ref: (person_id, SELF) for ref, person_id in made.items()}


def _unlink(run: Run, seats: _Seats, refs: Iterable[RecordRef]) -> None:
    for ref in refs:
        seats.affected.add(seats.have.pop(ref)[0])
        links.unlink(run.db, ref)
        seats.unlinked += 1


def _audience_contacts(run: Run, block: Block) -> list[RecordRef]:
    """Contacts that are people of their own because the settings put them in the audience."""
    if run.policy.audience.everyone:
        return _refs(block.contacts)
    if not run.policy.audience.lists:
        return []
    members = crm.list_members(run.db, run.policy.audience.lists)
    return [ref for ref in _refs(block.contacts) if ref.remote_id in members]


def _apply_links(run: Run, block: Block, matches: Matches, seats: _Seats) -> None:
    """Make the links that are new, undo those that no longer follow.

    A contact joins the person of its candidate. Where rulings make several candidates one, they all join the first.
    """
    records = [*_refs(block.candidates), *_refs(block.contacts)]
    own = [ref for ref in _refs(block.candidates) if seats.have[ref][1] == SELF]
    joined = join(matches.links, own)
    owners = {owner for owner, _ in joined.values()}
    free = [ref for ref in records if ref in owners or ref not in joined]
    _unlink(run, seats, [ref for ref in free if seats.have.get(ref, (0, SELF))[1] != SELF])
    _seat(run, seats, [ref for ref in free if ref.source != HUBSPOT])
    _join(run, seats, {ref: joined[ref] for ref in records if ref in joined and ref not in owners})


def _join(run: Run, seats: _Seats, joined: Mapping[RecordRef, Joined]) -> None:
    """Make these records belong to the person of their candidate; a person without records left ends."""
    new: list[NewLink] = []
    ended: dict[int, int] = {}
    for ref, (owner, link) in joined.items():
        person_id, (old, rule) = seats.have[owner][0], seats.have.get(ref, (None, ""))
        moves = old != person_id
        if not moves and (rule in (link.rule, CREATED) or (link.rule == STORED_ID and rule != RULING)):
            continue  # that HubSpot carries the id by now says less than what the link was made on
        new.append(NewLink(ref, person_id, link.rule, link.evidence, moves=moves and old is not None))
        seats.have[ref] = person_id, link.rule
        seats.linked += moves
        seats.affected.add(person_id)
        if moves and old is not None:
            ended[old] = person_id
    links.set_links(run.db, new, RULE_VERSION, run.now)
    seats.affected |= ended.keys()
    links.absorb_emptied(run.db, ended)


def _gone(refs: Iterable[RecordRef], seats: _Seats, contacts: Iterable[RecordRef]) -> list[RecordRef]:
    """Contacts that are not in HubSpot any more and still somebody's. Who was one by itself stays one."""
    live = set(contacts)
    return [
        ref for ref in refs if ref.source == HUBSPOT and ref not in live and seats.have.get(ref, (0, SELF))[1] != SELF
    ]


def _attend(run: Run, block: Block, seats: _Seats) -> None:
    """Hang sign-in sheet rows on the one person they name; a row that names nobody or several waits."""
    if not block.sheet:
        return
    records = (*block.candidates, *block.contacts)
    found = attend(
        block.sheet, [(one, seats.have[one.ref][0]) for one in records if one.ref in seats.have], block.crowded
    )
    new: list[NewLink] = []
    for ref in _refs(block.sheet):
        old, seat = seats.have.get(ref, (None, ""))[0], found.get(ref)
        if seat is None and old is not None:
            links.unlink(run.db, ref)
            seats.affected.add(old)
        elif seat is not None and seat.person_id != old:
            new.append(NewLink(ref, seat.person_id, seat.rule, seat.evidence, moves=old is not None))
            seats.affected |= {seat.person_id} if old is None else {seat.person_id, old}
    links.set_links(run.db, new, RULE_VERSION, run.now)
