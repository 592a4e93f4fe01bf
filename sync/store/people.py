"""All that is known about people at the moment of deciding, in a constant number of queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.core.activity import Activity
from sync.core.consent import Consent
from sync.core.facts import (
    Beside,
    LinkedApplication,
    LinkedCandidate,
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
from sync.core.promise import Promise, StageMove
from sync.core.trigger import Trigger
from sync.store import baselines, conflicts, links, promises
from sync.store.activities import activities_of_contacts
from sync.store.ats import load_jobs
from sync.store.ats_nouns import APPLICATION, CANDIDATE, JOB
from sync.store.call_ranks import load_ranks
from sync.store.consents import load_consents
from sync.store.crm import OWNER
from sync.store.db import Mirror
from sync.store.decisions import load_decisions
from sync.store.marketing_events import missed_events
from sync.store.primary import load_beside, load_contacts
from sync.store.rows import live_by_id, live_by_ref
from sync.store.scores import load_stored
from sync.store.sql import query
from sync.store.tasks import load_own_tasks
from sync.store.touches import load_touch_days
from sync.store.triggers import load_triggers

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
    beside: dict[int, tuple[Beside, ...]]
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
    viewed: dict[str, list[Job]]
    moves: dict[RecordRef, list[StageMove]]
    promises: dict[RecordRef, list[Promise]]
    watched_since: datetime | None
    call_ranks: dict[int, int]
    triggers: dict[RecordRef, list[Trigger]]
    consents: dict[RecordRef, list[Consent]]
    missed_events: dict[RecordRef, list[datetime]]

    def facts(self, person_id: int) -> PersonFacts:
        linked, contact = self.records[person_id], self.primary[person_id]
        contact_id = contact.remote_id if contact else ""
        touches = tuple(touch for ref, _ in linked for touch in self.touches.get(ref, ()))
        applications = tuple(one for ref, _ in linked for one in self.applications.get(ref, ()))
        refs = [RecordRef(one.source, one.application.remote_id) for one in applications]
        return PersonFacts(
            person_id=PersonId(person_id),
            links=tuple(linked),
            candidates=_candidates(linked, self.candidates),
            contact=contact,
            beside=self.beside.get(person_id, ()),
            applications=applications,
            touches=touches,
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
            viewed=tuple(job for one in sorted({one.job_id for one in touches}) for job in self.viewed.get(one, ())),
            moves=tuple(move for ref in refs for move in self.moves.get(ref, ())),
            promises=tuple(promise for ref in refs for promise in self.promises.get(ref, ())),
            watched_since=self.watched_since,
            call_rank=self.call_ranks.get(person_id),
            triggers=tuple(one for ref, _ in linked for one in self.triggers.get(ref, ())),
            consents=tuple(one for ref, _ in linked for one in self.consents.get(ref, ())),
            missed_events=tuple(at for ref, _ in linked for at in self.missed_events.get(ref, ())),
        )


def _load_facts(db: Mirror, ids: Sequence[int]) -> dict[int, PersonFacts]:
    records = links.records_of(db, ids)
    refs = [ref for linked in records.values() for ref, _ in linked]
    candidates = {RecordRef(source, one.remote_id): one for source, one in live_by_ref(db, CANDIDATE, refs)}
    left = {ref: one for ref, one in candidates.items() if one.anonymised_at is None}
    touches = load_touch_days(db, refs)
    contacts = load_contacts(db, records, touches)
    primary, contact_ids = contacts.primary, contacts.primary_ids
    standing = conflicts.load(db, "contact", contact_ids)
    tasks = load_own_tasks(db, ids)
    applications = _applications(db, list(candidates))
    sent = [RecordRef(one.source, one.application.remote_id) for those in applications.values() for one in those]
    gathered = _Gathered(
        records=records,
        candidates=candidates,
        primary=primary,
        beside=load_beside(db, contacts.others),
        applications=applications,
        touches=touches,
        scores=load_stored(db, ids),
        tasks=tasks,
        activities=_activities(db, records),
        erased=_erased(db, [one for one in ids if not _candidates(records[one], left)]),
        previous=load_decisions(db, ids),
        lists=_lists(db, contact_ids),
        written=baselines.load(db, "contact", contact_ids),
        contested=conflicts.contested(standing),
        owed=conflicts.owed(standing),
        in_review=_in_review(db, ids),
        mailbox_taken=_mailbox_taken(db, [one for one, contact in primary.items() if contact is None]),
        viewed=_viewed(db, {touch.job_id for days in touches.values() for touch in days if touch.job_id}),
        moves=promises.load_moves(db, sent),
        promises=promises.load_promises(db, sent),
        watched_since=promises.watched_since(db),
        call_ranks=load_ranks(db, ids),
        triggers=load_triggers(db, refs),
        consents=load_consents(db, refs),
        missed_events=missed_events(db, refs),
    )
    return {person_id: gathered.facts(person_id) for person_id in ids}


def _candidates(
    linked: Sequence[tuple[RecordRef, str]], candidates: dict[RecordRef, Candidate]
) -> tuple[LinkedCandidate, ...]:
    return tuple(LinkedCandidate(ref.source, candidates[ref]) for ref, _ in linked if ref in candidates)


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


def _viewed(db: Mirror, job_ids: Collection[str]) -> dict[str, list[Job]]:
    """Live jobs of any source by id: a touch does not say of which source its vacancy is."""
    found: dict[str, list[Job]] = defaultdict(list)
    for job in live_by_id(db, JOB, job_ids) if job_ids else ():
        found[job.remote_id].append(job)
    return found


def _activities(db: Mirror, records: Records) -> dict[int, tuple[Activity, ...]]:
    contact_ids = {one: [ref.remote_id for ref, _ in those if ref.source == HUBSPOT] for one, those in records.items()}
    found = activities_of_contacts(db, [contact_id for those in contact_ids.values() for contact_id in those])
    return {
        person_id: tuple(sorted((one for contact_id in those for one in found.get(contact_id, ())), key=_when))
        for person_id, those in contact_ids.items()
    }


def _when(activity: Activity) -> tuple[datetime, str]:
    return activity.at, activity.remote_id


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
