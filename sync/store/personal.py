"""Where the mirror keeps people: each table with the condition that finds one person's rows.

One list for purging and for the search afterwards; a test names the tables that hold nobody, and fails for a new one.
"""

from __future__ import annotations

# ruff: noqa: S608 -- statements are made of the names declared here, never of values
import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sync.core.forgetting import OWN_TASK, PERSON
from sync.core.model import HUBSPOT, RecordRef
from sync.store.db import Mirror
from sync.store.rows import ref_json
from sync.store.sql import query

ATS, CRM, OWN = "ats", "hubspot", "own"
_REF = "(source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs))"
_CONTACT = "contact_id IN (SELECT value FROM json_each(:contacts))"
_PEOPLE = "IN (SELECT value FROM json_each(:people))"
_OBJECT = (
    "(object = 'contact' AND object_id IN (SELECT value FROM json_each(:contacts))) "
    "OR (object = 'task' AND object_id IN (SELECT value FROM json_each(:tasks)))"
)
_IDS = "(SELECT value->>1 FROM json_each(:refs) UNION ALL SELECT value->>1 FROM json_each(:applications))"
_APPLICATIONS = "(SELECT value->>0, value->>1 FROM json_each(:applications))"
# Ids of a stream's records: of the source before the last dot.
_OF_STREAM = (
    "(rtrim(rtrim(stream, 'abcdefghijklmnopqrstuvwxyz_'), '.'), {id}) IN (SELECT value->>0, value->>1 FROM "
    "json_each(:refs) UNION ALL SELECT value->>0, value->>1 FROM json_each(:applications)) "
    "OR (stream LIKE '%.attendance' AND (stream, {id}) IN (SELECT value->>0, value->>1 FROM json_each(:refs))) "
    "OR (stream = 'hubspot.tasks' AND {id} IN (SELECT value FROM json_each(:tasks)))"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A table with rows about people. `side`: whose record it is kept of: the ATS's, HubSpot's, or warmline's own."""

    table: str
    where: str
    side: str


@dataclass(frozen=True, slots=True)
class Subject:
    """One person as the mirror's keys know them. `refs`: every record, contacts too. `applications`: with source."""

    refs: tuple[RecordRef, ...] = ()
    people: tuple[int, ...] = ()
    tasks: tuple[str, ...] = ()
    applications: tuple[RecordRef, ...] = ()

    @property
    def contacts(self) -> tuple[str, ...]:
        """Ids of the person's contacts."""
        return tuple(ref.remote_id for ref in self.refs if ref.source == HUBSPOT)

    def params(self) -> dict[str, str]:
        """What the conditions of places are filled with."""
        return {
            "refs": ref_json(self.refs),
            "contacts": json.dumps(self.contacts),
            "people": json.dumps(self.people),
            "tasks": json.dumps(self.tasks),
            "applications": ref_json(self.applications),
        }


_SHARED = ("remake_groups", "drop_shared_writes", "blank_shared_writes", "leave_tasks")  # rows about several people

PLACES = (
    Place("stage_transition", f"(source, application_id) IN {_APPLICATIONS}", ATS),
    Place("application", "(source, candidate_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs))", ATS),
    Place("promise", f"(source, application_id) IN {_APPLICATIONS} OR person_id {_PEOPLE} OR {_CONTACT}", ATS),
    Place("candidate", _REF, ATS),
    Place("attendance", _REF, ATS),
    Place("comeback", _REF, ATS),
    Place("consent", f"source <> 'hubspot' AND {_REF}", ATS),
    Place("contact_counter", _CONTACT, CRM),
    Place("touch_event", _CONTACT, CRM),
    Place("form_due", _CONTACT, CRM),
    Place("activity", _CONTACT, CRM),
    Place("list_member", _CONTACT, CRM),
    Place("participation", _CONTACT, CRM),
    Place("attendance_write", _CONTACT, CRM),
    Place("contact", "remote_id IN (SELECT value FROM json_each(:contacts))", CRM),
    Place("consent", f"source = 'hubspot' AND {_REF}", CRM),
    Place("contact_trigger", _CONTACT, OWN),
    Place("touch_day", _REF, OWN),
    Place("identity_key", _REF, OWN),
    Place("undone_link", f"{_REF} OR (source = 'person' AND CAST(remote_id AS INTEGER) {_PEOPLE})", OWN),
    Place(
        "link_review",
        "(candidate_source, candidate_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs)) "
        "OR contact_id IN (SELECT value FROM json_each(:contacts))",
        OWN,
    ),
    Place("person_link", f"{_REF} OR person_id {_PEOPLE}", OWN),
    Place("score", f"person_id {_PEOPLE}", OWN),
    Place("decision", f"person_id {_PEOPLE}", OWN),
    Place("retention", f"person_id {_PEOPLE}", OWN),
    Place("audit_subject", f"person_id {_PEOPLE}", OWN),
    Place(
        "outbox",
        f"person_id {_PEOPLE} OR {_CONTACT} OR object_id IN (SELECT value FROM json_each(:contacts)) "
        "OR object_id IN (SELECT value FROM json_each(:tasks))",
        OWN,
    ),
    Place("baseline", _OBJECT, OWN),
    Place("conflict", _OBJECT, OWN),
    Place("task", "remote_id IN (SELECT value FROM json_each(:tasks))", OWN),
    Place("work", f"{_REF} OR (source = 'person' AND CAST(remote_id AS INTEGER) {_PEOPLE})", OWN),
    Place(
        "quarantine",
        f"{_OF_STREAM.format(id='ref')} OR (stream = 'hubspot.marketing_events' "
        "AND substr(ref, instr(ref, '/') + 1) IN (SELECT value FROM json_each(:contacts)))",
        OWN,
    ),
    Place(
        "hint",
        f"noun IN ('contacts', 'candidates', 'applications') AND ({_REF} OR (source, remote_id) IN {_APPLICATIONS})",
        OWN,
    ),
    Place("snapshot_seen", _OF_STREAM.format(id="remote_id"), OWN),
    Place("call_rank", f"person_id {_PEOPLE}", OWN),
    Place("notification", "task_id IN (SELECT value FROM json_each(:tasks))", OWN),
    Place("setting", f"name LIKE 'sample %' AND value IN {_IDS}", OWN),
    Place("person", f"id {_PEOPLE}", OWN),
)


def tasks_of(db: Mirror, people: Collection[int], contacts: Collection[str]) -> tuple[str, ...]:
    """Warmline's own tasks of people and contacts that the mirror knows, in order."""
    params = {"people": json.dumps(list(people)), "contacts": json.dumps(list(contacts))}
    return tuple(row[0] for row in db.rows(query("own_task_ids"), params))


def subject_of(db: Mirror, records: Collection[RecordRef]) -> Subject:
    """The person these records stand for, with the tasks and applications the mirror knows. `records` may name a person
    (source 'person') and tasks ('hubspot.tasks') too."""
    refs = tuple(sorted(ref for ref in records if ref.source not in (PERSON, OWN_TASK)))
    people = tuple(sorted(int(ref.remote_id) for ref in records if ref.source == PERSON))
    contacts = [ref.remote_id for ref in refs if ref.source == HUBSPOT]
    tasks = {ref.remote_id for ref in records if ref.source == OWN_TASK} | set(tasks_of(db, people, contacts))
    sql = (
        "SELECT source, remote_id FROM application WHERE (source, candidate_id) IN "
        "(SELECT value->>0, value->>1 FROM json_each(?)) ORDER BY source, remote_id"
    )
    applications = tuple(RecordRef(*row) for row in db.rows(sql, (ref_json(refs),)))
    return Subject(refs, people, tuple(sorted(tasks)), applications)


def purge(db: Mirror, subject: Subject, sides: Collection[str], *, keep: Collection[str] = ()) -> dict[str, int]:
    """Deletes a person's rows on these sides; how many rows, by table. `keep`: tables left as they are. Page tokens
    may hold an id and are given up too: their windows are read from the start."""
    params = subject.params()
    for name in _SHARED:
        db.change(query(name), params)
    found: Counter[str] = Counter()
    for place in PLACES:
        if place.side in sides and place.table not in keep:
            found[place.table] += db.change(f"DELETE FROM {place.table} WHERE {place.where}", params)
    db.change("UPDATE cursor SET until = NULL, token = NULL WHERE token IS NOT NULL")
    return {table: number for table, number in found.items() if number}


def hits(db: Mirror, subject: Subject) -> dict[str, int]:
    """How many rows each table holds of a person; every table that could hold one is a key."""
    params = subject.params()
    found = Counter[str]()
    for place in PLACES:
        found[place.table] += int(db.rows(f"SELECT count(*) FROM {place.table} WHERE {place.where}", params)[0][0])
    tasks, writes = db.rows(query("shared_rows"), params)[0]
    return dict(found) | {"task": max(found["task"], tasks), "outbox": max(found["outbox"], writes)}


def shared_tasks(db: Mirror, task_ids: Collection[str], contact_ids: Collection[str]) -> set[str]:
    """Those of these tasks that are about somebody else than these contacts too."""
    params = {"tasks": json.dumps(list(task_ids)), "contacts": json.dumps(list(contact_ids))}
    return {row[0] for row in db.rows(query("shared_tasks"), params)}
