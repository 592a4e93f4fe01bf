"""All that is known about people at the moment of deciding, in a constant number of queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sync.core.activity import Activity
from sync.core.facts import (
    LinkedApplication,
    LinkedCandidate,
    Load,
    Owners,
    OwnTask,
    PersonFacts,
    StoredScore,
)
from sync.core.model import (
    HUBSPOT,
    Application,
    Candidate,
    Contact,
    Decision,
    Job,
    PersonId,
    RecordRef,
    TouchDay,
)
from sync.store import baselines, conflicts, links
from sync.store.activities import activities_of_contacts
from sync.store.ats import load_jobs
from sync.store.ats_nouns import APPLICATION, CANDIDATE
from sync.store.conflicts import Ruling, StoredConflict
from sync.store.crm import CONTACT, OWNER
from sync.store.db import Mirror
from sync.store.decisions import load_decisions
from sync.store.rows import live_by_id, live_by_ref
from sync.store.scores import load_stored
from sync.store.sql import query
from sync.store.tasks import load_own_tasks
from sync.store.touches import load_touch_days

PEOPLE_AT_ONCE = 500
OWN_PREFIX = "warmline_"

Records = dict[int, list[tuple[RecordRef, str]]]


@dataclass(frozen=True, slots=True)
class Found:
    """Who a WHO may be: people, and contacts that belong to no person."""

    person_ids: tuple[int, ...] = ()
    contact_ids: tuple[str, ...] = ()


def load_facts(db: Mirror, person_ids: Collection[int]) -> dict[int, PersonFacts]:
    """The facts of each person, by person, in one snapshot of the mirror. Who ended (joined another person) has no
    key."""
    facts: dict[int, PersonFacts] = {}
    with db.read():
        sql = "SELECT id FROM person WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        ids = [row[0] for row in db.rows(sql, (json.dumps(list(person_ids)),))]
        for start in range(0, len(ids), PEOPLE_AT_ONCE):
            facts |= _load_facts(db, ids[start : start + PEOPLE_AT_ONCE])
    return facts


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What was read for a group of people, by person, record or contact."""

    records: Records
    candidates: dict[RecordRef, Candidate]
    primary: dict[int, Contact | None]
    applications: dict[RecordRef, list[LinkedApplication]]
    touches: dict[RecordRef, list[TouchDay]]
    scores: dict[int, StoredScore]
    tasks: dict[int, tuple[OwnTask, ...]]
    activities: dict[int, tuple[Activity, ...]]
    erased: set[int]
    previous: dict[int, tuple[Decision, ...]]
    lists: dict[str, frozenset[str]]
    written: dict[str, dict[str, str]]
    contested: dict[str, dict[str, str]]
    owed: dict[str, frozenset[str]]
    in_review: set[int]
    mailbox_taken: set[int]

    def facts(self, person_id: int) -> PersonFacts:
        linked, contact = self.records[person_id], self.primary[person_id]
        contact_id = contact.remote_id if contact else ""
        return PersonFacts(
            person_id=PersonId(person_id),
            links=tuple(linked),
            candidates=_candidates(linked, self.candidates),
            contact=contact,
            applications=tuple(one for ref, _ in linked for one in self.applications.get(ref, ())),
            touches=tuple(touch for ref, _ in linked for touch in self.touches.get(ref, ())),
            score=self.scores.get(person_id),
            tasks=self.tasks.get(person_id, ()),
            previous=self.previous.get(person_id, ()),
            list_ids=self.lists.get(contact_id, frozenset()),
            written=_own(self.written.get(contact_id, {})),
            contested=_own(self.contested.get(contact_id, {})),
            owed=self.owed.get(contact_id, frozenset()),
            review_open=person_id in self.in_review,
            mailbox_taken=person_id in self.mailbox_taken,
            activities=self.activities.get(person_id, ()),
            erased=person_id in self.erased,
        )


def _load_facts(db: Mirror, ids: Sequence[int]) -> dict[int, PersonFacts]:
    records = links.records_of(db, ids)
    refs = [ref for linked in records.values() for ref, _ in linked]
    candidates = {RecordRef(source, one.remote_id): one for source, one in live_by_ref(db, CANDIDATE, refs)}
    primary = _primary_contacts(db, records)
    contact_ids = [contact.remote_id for contact in primary.values() if contact is not None]
    standing = conflicts.load(db, "contact", contact_ids)
    tasks = load_own_tasks(db, ids)
    gathered = _Gathered(
        records=records,
        candidates=candidates,
        primary=primary,
        applications=_applications(db, list(candidates)),
        touches=load_touch_days(db, refs),
        scores=load_stored(db, ids),
        tasks=tasks,
        activities=_activities(db, records),
        erased=_erased(db, [one for one, those in tasks.items() if _open_since(those)]),
        previous=load_decisions(db, ids),
        lists=_lists(db, contact_ids),
        written=baselines.load(db, "contact", contact_ids),
        contested=_contested(standing),
        owed=_owed(standing),
        in_review=_in_review(db, ids),
        mailbox_taken=_mailbox_taken(db, [one for one, contact in primary.items() if contact is None]),
    )
    return {person_id: gathered.facts(person_id) for person_id in ids}


def _primary_contacts(db: Mirror, records: Records) -> dict[int, Contact | None]:
    ids = [ref.remote_id for linked in records.values() for ref, _ in linked if ref.source == HUBSPOT]
    contacts = {one.remote_id: one for one in live_by_id(db, CONTACT, ids)}
    return {person_id: _primary(linked, contacts) for person_id, linked in records.items()}


def _primary(linked: Sequence[tuple[RecordRef, str]], contacts: dict[str, Contact]) -> Contact | None:
    own = [contacts[ref.remote_id] for ref, _ in linked if ref.source == HUBSPOT and ref.remote_id in contacts]
    return max(
        own,
        key=lambda one: (one.updated_at.timestamp() if one.updated_at else 0.0, one.remote_id),
        default=None,
    )


def _candidates(
    linked: Sequence[tuple[RecordRef, str]], candidates: dict[RecordRef, Candidate]
) -> tuple[LinkedCandidate, ...]:
    return tuple(LinkedCandidate(ref.source, candidates[ref]) for ref, _ in linked if ref in candidates)


def _contested(standing: Sequence[StoredConflict]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for one in standing:
        found[one.conflict.object_id][one.conflict.property] = one.conflict.ours
    return found


def _owed(standing: Sequence[StoredConflict]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one in standing:
        if one.ruling is Ruling.OURS:
            found[one.conflict.object_id].add(one.conflict.property)
    return {contact_id: frozenset(names) for contact_id, names in found.items()}


def _own(properties: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in properties.items() if name.startswith(OWN_PREFIX)))


def _applications(db: Mirror, refs: Sequence[RecordRef]) -> dict[RecordRef, list[LinkedApplication]]:
    """Live applications with their jobs, by candidate, in order of their ids."""
    found: list[tuple[str, Application]] = live_by_ref(db, APPLICATION, refs, column="candidate_id")
    job_refs = {RecordRef(source, one.job_id) for source, one in found if one.job_id is not None}
    jobs: dict[RecordRef, Job] = load_jobs(db, job_refs)
    by_candidate: dict[RecordRef, list[LinkedApplication]] = defaultdict(list)
    for source, one in sorted(found, key=lambda pair: (pair[0], pair[1].remote_id)):
        job = jobs.get(RecordRef(source, one.job_id or ""))
        by_candidate[RecordRef(source, one.candidate_id or "")].append(LinkedApplication(source, one, job))
    return by_candidate


def _activities(db: Mirror, records: Records) -> dict[int, tuple[Activity, ...]]:
    contact_ids = {one: [ref.remote_id for ref, _ in those if ref.source == HUBSPOT] for one, those in records.items()}
    found = activities_of_contacts(db, [contact_id for those in contact_ids.values() for contact_id in those])
    return {
        person_id: tuple(sorted((one for contact_id in those for one in found.get(contact_id, ())), key=_when))
        for person_id, those in contact_ids.items()
    }


def _when(activity: Activity) -> tuple[datetime, str]:
    return activity.at, activity.remote_id


def _open_since(tasks: Sequence[OwnTask]) -> list[datetime]:
    return [task.made_at for task in tasks if task.open]


def _erased(db: Mirror, ids: Collection[int]) -> set[int]:
    if not ids:
        return set()
    return {row[0] for row in db.rows(query("erased_people"), {"people": json.dumps(sorted(ids))})}


def _lists(db: Mirror, contact_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    sql = "SELECT contact_id, list_id FROM list_member WHERE contact_id IN (SELECT value FROM json_each(?))"
    for contact_id, list_id in db.rows(sql, (json.dumps(contact_ids),)):
        found[contact_id].add(list_id)
    return {contact_id: frozenset(lists) for contact_id, lists in found.items()}


def _in_review(db: Mirror, ids: Sequence[int]) -> set[int]:
    return {row[0] for row in db.rows(query("people_in_review"), {"people": json.dumps(ids)})}


def _mailbox_taken(db: Mirror, ids: Sequence[int]) -> set[int]:
    return {row[0] for row in db.rows(query("people_without_mailbox"), {"people": json.dumps(ids)})}


def load_owners(db: Mirror) -> Owners:
    """Active owners by id and by e-mail in lower case."""
    owners = [OWNER.record(row[1:]) for row in db.rows(f"{OWNER.select} AND active = 1 ORDER BY remote_id")]
    by_email = {owner.email.lower(): owner for owner in owners if owner.email}
    return Owners(by_email=by_email, by_id={owner.remote_id: owner for owner in owners})


def load_loads(db: Mirror, since: date, *, planned_anew: Collection[int] = ()) -> dict[str, Load]:
    """How many of warmline's tasks each owner has: planned or sent from the local day `since` on, and open.

    Planned tasks count as open. `planned_anew`: people whose planned, unsent tasks do not count, because they
    are decided again.
    """
    rows = db.rows(query("loads"), {"since": since.isoformat(), "anew": json.dumps(list(planned_anew))})
    return {owner_id: Load(new_today=new_today, open=is_open) for owner_id, new_today, is_open in rows}


def find_person(db: Mirror, who: str) -> Found:
    """Who `who` is: 'p123', a contact id, a candidate id (bare or '<source>:<id>') or an e-mail address."""
    who = who.strip()
    if who[:1] == "p" and who[1:].isdecimal():
        row = db.row("SELECT id FROM person WHERE id = ?", (int(who[1:]),))
        if row is not None:
            return Found(person_ids=(row[0],))
    if "@" in who:
        found = db.rows(query("records_by_email"), {"email": who.lower()})
    else:
        source, _, remote_id = who.rpartition(":")
        found = db.rows(query("records_by_id"), {"source": source or None, "remote_id": remote_id})
    refs = [RecordRef(*row) for row in found]
    linked = links.links_of(db, refs)
    lonely = [ref.remote_id for ref in refs if ref not in linked and ref.source == HUBSPOT]
    return Found(tuple(sorted({person_id for person_id, _ in linked.values()})), tuple(sorted(lonely)))
