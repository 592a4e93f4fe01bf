"""Records of people who were forgotten are not let in again, until the person applies anew.

Called inside the transaction that stores a page, so that whoever is forgotten at any moment is kept out from the next
page on. Before anybody was forgotten it costs one look at an empty table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sync.core import forgetting
from sync.core.activity import Activity
from sync.core.forgetting import OWN_TASK, Shown, record_trait
from sync.core.model import HUBSPOT, Application, Attendance, Candidate, Contact, RecordRef, Task
from sync.stages.bury import lift
from sync.store import ats, erasures, links
from sync.store.db import Mirror
from sync.store.erasures import ASKED, ATS_SCOPE, CRM_SCOPE, PERSON_SCOPE, Erasure

Row = TypeVar("Row")
Kept = tuple[list[Row], int]  # what may be stored, and how many may not


def keep_contacts(db: Mirror, rows: Sequence[Contact]) -> Kept[Contact]:
    """Contacts that may be stored."""
    if not erasures.any_known(db):
        return list(rows), 0
    shown = {index: forgetting.of_contact(row) for index, row in enumerate(rows)}
    found = _recognised(db, shown, CRM_SCOPE)
    _keep_out(db, {shown[index].refs[0]: erasure for index, erasure in found.items()})
    return [row for index, row in enumerate(rows) if index not in found], len(found)


def keep_candidates(db: Mirror, source: str, rows: Sequence[Candidate]) -> Kept[Candidate]:
    """Candidates that may be stored; one whose later application is known already comes back, and one the ATS itself
    emptied is kept as that."""
    if not erasures.any_known(db):
        return list(rows), 0
    shown = {index: forgetting.of_candidate(source, row) for index, row in enumerate(rows)}
    found = {
        index: erasure
        for index, erasure in _recognised(db, shown, ATS_SCOPE).items()
        if erasure.scope == PERSON_SCOPE or rows[index].anonymised_at is None
    }
    applied = ats.load_applications_of(db, source, [rows[index].remote_id for index in found])
    for index, erasure in list(found.items()):
        if any(_is_later(one, erasure) for one in applied[rows[index].remote_id]):
            lift(db, [erasure])
            del found[index]
    _keep_out(db, {shown[index].refs[0]: erasure for index, erasure in found.items()})
    return [row for index, row in enumerate(rows) if index not in found], len(found)


def keep_attendance(db: Mirror, source: str, rows: Sequence[Attendance]) -> Kept[Attendance]:
    """Lines of sign-in sheets that may be stored. `source`: '<ats>.attendance'."""
    if not erasures.any_known(db):
        return list(rows), 0
    shown = {index: forgetting.of_attendance(source, row) for index, row in enumerate(rows)}
    found = _recognised(db, shown, ATS_SCOPE)
    _keep_out(db, {shown[index].refs[0]: erasure for index, erasure in found.items()})
    return [row for index, row in enumerate(rows) if index not in found], len(found)


def keep_applications(db: Mirror, source: str, rows: Sequence[Application]) -> Kept[Application]:
    """Applications that may be stored. One made after its candidate was forgotten brings the candidate back."""
    if not erasures.any_known(db):
        return list(rows), 0
    refs = {index: RecordRef(source, row.candidate_id) for index, row in enumerate(rows) if row.candidate_id}
    found = {}
    for index, those in _of_records(db, refs, ATS_SCOPE).items():
        if all(_is_later(rows[index], one) for one in those):
            lift(db, those)
            erasures.ask_back(db, [refs[index]])
        else:
            found[index] = those[0]
    lifted = {refs[index] for index in refs if index not in found}
    found = {index: one for index, one in found.items() if refs[index] not in lifted}
    return [row for index, row in enumerate(rows) if index not in found], len(found)


def _is_later(application: Application, erasure: Erasure) -> bool:
    return application.applied_at is not None and application.applied_at > erasure.at


def keep_activities(db: Mirror, rows: Sequence[Activity]) -> Kept[Activity]:
    """Activities without the contacts that were forgotten; one with no other contact may not be stored."""
    return _of_others(db, rows, lambda row, others: replace(row, contact_ids=others))


def keep_tasks(db: Mirror, rows: Sequence[Task]) -> Kept[Task]:
    """The same for tasks, and none of warmline's own about somebody who was forgotten."""
    if not erasures.any_known(db):
        return list(rows), 0
    own = forgotten_records(db, [RecordRef(OWN_TASK, row.remote_id) for row in rows], CRM_SCOPE)
    left = [row for row in rows if RecordRef(OWN_TASK, row.remote_id) not in own]
    kept, number = _of_others(db, left, lambda row, others: replace(row, contact_ids=others))
    return kept, number + len(rows) - len(left)


def _of_others(db: Mirror, rows: Sequence[Row], without: Callable[[Row, tuple[str, ...]], Row]) -> Kept[Row]:
    if not erasures.any_known(db):
        return list(rows), 0
    contact_ids: list[tuple[str, ...]] = [getattr(row, "contact_ids") for row in rows]  # noqa: B009
    gone = forgotten_contacts(db, {one for some in contact_ids for one in some})
    kept: list[Row] = []
    for row, some in zip(rows, contact_ids, strict=True):
        others = tuple(one for one in some if one not in gone)
        if others or not some:
            kept.append(row if others == some else without(row, others))
    return kept, len(rows) - len(kept)


def forgotten_contacts(db: Mirror, contact_ids: Collection[str]) -> set[str]:
    """Those of these contacts that were forgotten."""
    refs = [RecordRef(HUBSPOT, one) for one in contact_ids]
    return {ref.remote_id for ref in forgotten_records(db, refs, CRM_SCOPE)}


def forgotten_records(db: Mirror, refs: Collection[RecordRef], side: str) -> set[RecordRef]:
    """Those of these records that were forgotten, as a person or by this side."""
    if not refs or not erasures.any_known(db):
        return set()
    return set(_of_records(db, {ref: ref for ref in refs}, side))


def keep_rejected(
    db: Mirror, noun: str, source: str, rejected: Sequence[tuple[str, str, str]]
) -> Kept[tuple[str, str, str]]:
    """Records that could not be mapped and may be named in quarantine: (ref, field, reason)."""
    side = {"contacts": CRM_SCOPE, "candidates": ATS_SCOPE}.get(noun)
    gone = forgotten_records(db, [RecordRef(source, ref) for ref, *_ in rejected], side) if side else set()
    kept = [one for one in rejected if RecordRef(source, one[0]) not in gone]
    return kept, len(rejected) - len(kept)


def _recognised(db: Mirror, shown: Mapping[int, Shown], side: str) -> dict[int, Erasure]:
    """Records of the forgotten. One the mirror holds is known by its own id only: it was there when the person was
    forgotten, and was found to be somebody else's."""
    held = erasures.held(db, {one.refs[0] for one in shown.values()})
    asked = {index: {record_trait(one.refs[0])} for index, one in shown.items() if one.refs[0] in held}
    strange = {index: forgetting.traits_asked(one) for index, one in shown.items() if index not in asked}
    found = erasures.recognised(db, {**asked, **strange})
    return {one: mine[0] for one, those in found.items() if (mine := _of_side(those, side))}


def _of_records(db: Mirror, refs: Mapping[Row, RecordRef], side: str) -> dict[Row, list[Erasure]]:
    found = erasures.recognised(db, {one: {record_trait(ref)} for one, ref in refs.items()})
    return {one: mine for one, those in found.items() if (mine := _of_side(those, side))}


def _of_side(found: Sequence[Erasure], side: str) -> list[Erasure]:
    return [one for one in found if one.scope in (PERSON_SCOPE, side)]


def _keep_out(db: Mirror, found: Mapping[RecordRef, Erasure]) -> None:
    """From now on these records are known by their ids too. Those the mirror holds are purged."""
    held = erasures.held(db, found.keys()) if found else set()
    for ref, erasure in found.items():
        hashes = dict.fromkeys(erasures.hashed(db, [record_trait(ref)]), _counts(erasure, ref))
        erasures.add_hashes(db, erasure.id, hashes)
        if ref in held and erasure.scope == PERSON_SCOPE and erasure.state != ASKED:
            people = [person_id for person_id, _ in links.links_of(db, [ref]).values()]
            erasures.reopen(db, erasure.id, [ref, *erasures.person_records(people)])


def _counts(erasure: Erasure, ref: RecordRef) -> bool:
    """Whether HubSpot counts the record among its contacts."""
    return ref.source == HUBSPOT and erasure.scope == PERSON_SCOPE
