"""To forget somebody, first part: find every record of theirs, and keep what will recognise them.

That commits before anything is deleted, so that no later write brings them back. What follows: `erase.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.core import forgetting
from sync.core.forgetting import OWN_TASK, PERSON, Shown
from sync.core.model import HUBSPOT, RecordRef
from sync.core.names import email_key
from sync.store import erasures, forgotten_file, links, personal, runs
from sync.store.db import Mirror
from sync.store.erasures import ASKED, PERSON_SCOPE, Erasure

FILE_SIZE = "forgotten_file_size"
LINE_DIGITS = 8  # of a telephone number, from its end: the same in every way of writing it


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is meant: their records and people in the mirror. `before`: erasures of whom was forgotten already.
    `several`: people who may be meant, when it is not one."""

    records: frozenset[RecordRef] = frozenset()
    people: frozenset[int] = frozenset()
    before: tuple[Erasure, ...] = ()
    several: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.records or self.people or self.before or self.several)

    @property
    def all_records(self) -> list[RecordRef]:
        """Records and people, as an erasure keeps them."""
        return sorted({*self.records, *erasures.person_records(self.people)})


def find(db: Mirror, who: str) -> Whom:
    """WHO: person id (p12), contact id, candidate id (with or without source), or e-mail; with everything that is
    certainly the same person. Falsy: nobody in the mirror, and nobody who was forgotten."""
    who = who.strip()
    before = _forgotten(db, who)
    if who[:1] == "p" and who[1:].isdecimal():
        people, refs = erasures.existing_people(db, [int(who[1:])]), set[RecordRef]()
    elif "@" in who:
        people, refs = set(), erasures.with_addresses(db, _spellings(who))
    else:
        source, _, remote_id = who.rpartition(":")
        people, refs = set(), erasures.with_id(db, source or None, remote_id)
    people |= {person_id for person_id, _ in links.links_of(db, refs).values()}
    found = [gather(db, refs, {one}) for one in sorted(people)] if people else [gather(db, refs, ())] if refs else []
    alike = [one for one in found if one.people >= people]
    if not found:
        return Whom(before=before)
    if not alike:
        return Whom(several=tuple(sorted(people)))
    return Whom(alike[0].records, alike[0].people, before)


def _spellings(address: str) -> list[str]:
    return [one for one in (address.strip().lower(), email_key(address)) if one]


def _forgotten(db: Mirror, who: str) -> tuple[Erasure, ...]:
    """Erasures by which WHO is recognised; those of one side only do not count."""
    if not erasures.any_known(db):
        return ()
    if "@" in who:
        traits = forgetting.mailbox_traits(who) | forgetting.nameless_traits(who)
    else:
        source, _, remote_id = who.rpartition(":")
        sources = [source] if source else [HUBSPOT, PERSON, *erasures.ats_sources(db)]
        own = who[1:] if who[:1] == "p" else remote_id
        traits = frozenset(
            forgetting.record_trait(RecordRef(one, own if one == PERSON else remote_id)) for one in sources
        )
    found = erasures.recognised(db, {who: traits}).get(who, [])
    return tuple(one for one in found if one.scope == PERSON_SCOPE)


def gather(db: Mirror, refs: Collection[RecordRef], people: Collection[int]) -> Whom:
    """Every record of these people, and of whom has a mailbox and the first name of one of them."""
    people = {*people, *(person_id for person_id, _ in links.links_of(db, refs).values())} if not people else {*people}
    own = {ref for records in links.records_of(db, people).values() for ref, _ in records}
    own |= {ref for ref in refs if ref not in links.links_of(db, refs)}
    shown = shown_of(db, own)
    around = _around(db, shown) - own
    same = {one.refs[0] for one in shown_of(db, around) if forgetting.same_person(one, shown)}
    theirs = {person_id for person_id, _ in links.links_of(db, same).values()}
    also = {ref for records in links.records_of(db, theirs).values() for ref, _ in records}
    return Whom(frozenset(own | same | also), frozenset(people | theirs))


def _around(db: Mirror, shown: Iterable[Shown]) -> set[RecordRef]:
    """Records that have a mailbox or a line with one of these."""
    shown = list(shown)
    addresses = {spelling for one in shown for address in one.addresses for spelling in _spellings(address)}
    found = erasures.with_addresses(db, addresses)
    ends = {line[-LINE_DIGITS:] for one in shown for line in forgetting.lines(one)}
    return found | erasures.with_lines(db, ends, LINE_DIGITS)


def shown_of(db: Mirror, refs: Collection[RecordRef]) -> list[Shown]:
    """What records show of who they are; those that are gone show their ids only."""
    candidates, contacts, sheet = links.load_identities_rows(db, refs)
    found = [forgetting.of_candidate(source, one) for source, one in candidates]
    found += [forgetting.of_contact(one) for one in contacts]
    found += [forgetting.of_attendance(source, one) for source, one in sheet]
    known = {ref for one in found for ref in one.refs}
    return [*found, *(Shown((ref,)) for ref in sorted(set(refs) - known))]


def bury(  # noqa: PLR0913 -- two more words about an erasure
    db: Mirror,
    whom: Whom,
    now: datetime,
    *,
    scope: str = PERSON_SCOPE,
    late: timedelta = timedelta(),
    cause: str = ASKED,
) -> Erasure:
    """Keep that somebody is forgotten; called inside a transaction. `late`: how long after it was sent a task without
    an answer may still appear in HubSpot. `cause`: somebody asked, or their retention ended."""
    sent_at = erasures.late_tasks(db, whom.people)
    erasure = Erasure(erasures.new_id(), scope, ASKED, now, sent_at + late if sent_at else None, cause)
    shown = shown_of(db, whom.records)
    shown += [Shown((ref,)) for ref in erasures.person_records(whom.people)]
    contacts = [ref.remote_id for ref in whom.records if ref.source == HUBSPOT]
    tasks = [RecordRef(OWN_TASK, one) for one in personal.tasks_of(db, whom.people, contacts)]
    others = shown_of(db, _around(db, shown) - whom.records)
    if scope == PERSON_SCOPE:
        traits = forgetting.traits_kept(shown, others)
    else:
        traits = _traits_of_side(scope, shown)
    traits |= {forgetting.record_trait(ref) for ref in tasks}
    key = erasures.ensure_key(db)
    counted = {trait for trait in traits if scope == PERSON_SCOPE and erasures.is_contact_trait(trait)}
    hashes = {forgetting.tombstone(key, trait): trait in counted for trait in traits}
    if scope == PERSON_SCOPE:
        forgotten_file.append(db.path, key, erasure, hashes)
        _note_size(db)
    erasures.bury(db, erasure, hashes, [*whom.all_records, *tasks])
    return erasure


def _traits_of_side(scope: str, shown: Collection[Shown]) -> frozenset[str]:
    """The ids of the side that erased."""
    is_crm = scope == erasures.CRM_SCOPE
    refs = [one.refs[0] for one in shown if one.refs[0].source != PERSON]
    return frozenset(forgetting.record_trait(ref) for ref in refs if (ref.source == HUBSPOT) is is_crm)


def lift(db: Mirror, found: Collection[Erasure]) -> None:
    """Somebody applied again: nothing keeps them out any more. Called inside a transaction."""
    key = erasures.key_of(db)
    for one in found:
        if one.scope == PERSON_SCOPE and key is not None:
            forgotten_file.append_lifted(db.path, key, one.id)
    erasures.lift(db, [one.id for one in found])
    _note_size(db)


def _note_size(db: Mirror) -> None:
    runs.set_setting(db, FILE_SIZE, str(forgotten_file.size(db.path)))


def remember(db: Mirror) -> int:
    """Take over from the file beside the mirror who was forgotten, after a backup was put back or the mirror was built
    anew, and give the file what it lacks; how many were taken over. Nothing changed: one look at the file's size.

    Raises MirrorError when the file is of another mirror.
    """
    size = forgotten_file.size(db.path)
    if str(size) == (runs.setting(db, FILE_SIZE) or "0") and (size or not erasures.any_known(db)):
        return 0
    told = forgotten_file.load(db.path)
    with db.write():
        key = erasures.ensure_key(db, told.key) if told.key or erasures.any_known(db) else None
        if key is None:
            return 0
        forgotten_file.check_key(db.path, told, key)
        known = erasures.person_erasures(db)
        erasures.lift(db, [one for one in known if one in told.lifted])
        new = {one: told.buried[one] for one in told.buried if one not in known}
        for erasure, hashes in new.values():
            erasures.bury(db, erasure, hashes, [])
        _reopen_held(db)
        for erasure_id, (erasure, hashes) in known.items():
            if erasure_id not in told.buried and erasure_id not in told.lifted:
                forgotten_file.append(db.path, key, erasure, hashes)
        _note_size(db)
    return len(new)


def _reopen_held(db: Mirror) -> None:
    """Have purged whom the mirror holds and should not."""
    shown = {ref: [forgetting.record_trait(ref)] for ref in erasures.all_records(db)}
    for ref, found in erasures.recognised(db, shown).items():
        for erasure in found:
            if erasure.scope == PERSON_SCOPE:
                people = [person_id for person_id, _ in links.links_of(db, [ref]).values()]
                erasures.reopen(db, erasure.id, [ref, *erasures.person_records(people)])
