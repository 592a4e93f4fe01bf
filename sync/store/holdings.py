"""All that the mirror holds about one person, table by table, deleted records too.

Which rows of a table are a person's follows from its columns; tables where it does not are named here. A table that is
neither fails a test, so that a new one cannot be forgotten.
"""

from __future__ import annotations

# ruff: noqa: S608 -- statements are made of the schema's own table names, never of values
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.core.model import HUBSPOT, RecordRef
from sync.store import links
from sync.store.db import Mirror
from sync.store.rows import ref_json
from sync.store.sql import query

_CONTACTS = "(SELECT value->>1 FROM json_each(:refs) WHERE value->>0 = 'hubspot')"
_REFS = "(SELECT value->>0, value->>1 FROM json_each(:refs))"
_PEOPLE = "(SELECT value FROM json_each(:people))"
_APPLICATIONS = f"(SELECT source, remote_id FROM application WHERE (source, candidate_id) IN {_REFS})"
_TASKS = f"(SELECT remote_id FROM task WHERE person_id IN {_PEOPLE})"
_RECORD_OR_PERSON = f"(source, remote_id) IN {_REFS} OR (source = 'person' AND CAST(remote_id AS INTEGER) IN {_PEOPLE})"
_WRITTEN = f"(object = 'contact' AND object_id IN {_CONTACTS}) OR (object = 'task' AND object_id IN {_TASKS})"

OWN_RULES: Mapping[str, str] = {
    "person": f"id IN {_PEOPLE}",
    "contact": f"remote_id IN {_CONTACTS}",
    "task": (
        f"person_id IN {_PEOPLE} OR EXISTS (SELECT 1 FROM json_each(contact_ids) AS one WHERE one.value IN {_CONTACTS})"
    ),
    "outbox": f"person_id IN {_PEOPLE} OR contact_id IN {_CONTACTS}",
    "link_review": f"(candidate_source, candidate_id) IN {_REFS} OR contact_id IN {_CONTACTS}",
    "notification": f"task_id IN {_TASKS}",
    "promise": f"person_id IN {_PEOPLE} OR (source, application_id) IN {_APPLICATIONS}",
    "stage_transition": f"(source, application_id) IN {_APPLICATIONS}",
    "job": f"(source, remote_id) IN (SELECT source, job_id FROM application WHERE (source, candidate_id) IN {_REFS})",
    "marketing_event": f"remote_id IN (SELECT event_id FROM participation WHERE contact_id IN {_CONTACTS})",
    "baseline": _WRITTEN,
    "conflict": _WRITTEN,
    "work": _RECORD_OR_PERSON,
    "hint": f"(source, remote_id) IN {_REFS} AND noun IN ('candidates', 'contacts')",
    "undone_link": _RECORD_OR_PERSON,
    "audit": f"subject IN (SELECT subject FROM audit_subject WHERE person_id IN {_PEOPLE})",
    # A line of a sheet that waits for its person: the same address, and no other first name.
    "attendance": (
        f"(source, remote_id) IN {_REFS} OR (lower(email) IN (SELECT value FROM json_each(:emails)) AND "
        "(first_name IS NULL OR lower(first_name) IN (SELECT value FROM json_each(:names))))"
    ),
    "quarantine": (
        "EXISTS (SELECT 1 FROM json_each(:refs) AS one WHERE quarantine.ref = one.value->>1 AND quarantine.stream IN "
        "(one.value->>0, (one.value->>0) || '.candidates', (one.value->>0) || '.contacts')) "
        f"OR EXISTS (SELECT 1 FROM {_APPLICATIONS} AS one "
        "WHERE quarantine.stream = one.source || '.applications' AND quarantine.ref = one.remote_id)"
    ),
}
# What is about no person: the team and its work, the machine's own notes. A tombstone only says who must not come back.
NOBODYS = frozenset(
    {
        "job_stage",
        "ats_user",
        "owner",
        "file_ledger",
        "snapshot_seen",
        "cursor",
        "lease",
        "run",
        "run_stream",
        "setting",
        "breaker",
        "metric",
        "stream_hour",
        "incident",
        "rules_used",
        "band_day",
        "tombstone",
        "erasure",
        "reaction_group",
        "_sqlite_migrations",
        "sqlite_sequence",
    }
)
_BY_COLUMNS = (
    ({"person_id"}, f"person_id IN {_PEOPLE}"),
    ({"contact_id"}, f"contact_id IN {_CONTACTS}"),
    ({"source", "candidate_id"}, f"(source, candidate_id) IN {_REFS}"),
    ({"source", "remote_id"}, f"(source, remote_id) IN {_REFS}"),
)
_LISTS = frozenset(
    {"email_addresses", "phone_numbers", "additional_emails", "merged_ids", "contact_ids", "evidence", "why", "payload"}
    | {"before"}
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody the mirror knows: a person with all their records, or records that are nobody's person."""

    person_id: int | None
    refs: tuple[RecordRef, ...]

    @property
    def contact_ids(self) -> tuple[str, ...]:
        """The person's contacts."""
        return tuple(ref.remote_id for ref in self.refs if ref.source == HUBSPOT)


def subjects(db: Mirror, who: str) -> list[Subject]:
    """Everybody WHO may be: person id (p12), contact or candidate id, or e-mail address, also of deleted records."""
    who = who.strip()
    if who[:1] == "p" and who[1:].isdecimal() and db.row("SELECT 1 FROM person WHERE id = ?", (int(who[1:]),)):
        return [_person(db, int(who[1:]))]
    if "@" in who:
        found = db.rows(query("held_by_email"), {"email": who.lower()})
    else:
        source, _, remote_id = who.rpartition(":")
        found = db.rows(query("held_by_id"), {"source": source or None, "remote_id": remote_id})
    refs = [RecordRef(*row) for row in sorted(found)]
    linked = links.links_of(db, refs)
    people = [_person(db, person_id) for person_id in sorted({person_id for person_id, _ in linked.values()})]
    return people + _alone([ref for ref in refs if ref not in linked], known=bool(people))


def _person(db: Mirror, person_id: int) -> Subject:
    return Subject(person_id, tuple(ref for ref, _ in links.records_of(db, [person_id])[person_id]))


def _alone(refs: Sequence[RecordRef], *, known: bool) -> list[Subject]:
    """Records that are nobody's: each its own subject. Lines of sheets come along with a known one by their address."""
    sheets = [ref for ref in refs if ref.source.endswith(".attendance")]
    records = [Subject(None, (ref,)) for ref in refs if ref not in sheets]
    return records if known or records or not sheets else [Subject(None, tuple(sheets))]


def held(db: Mirror, subject: Subject) -> Iterator[tuple[str, list[Row]]]:
    """Every table with rows about somebody, by its name; lists and objects as such."""
    names = db.rows(query("held_names"), {"refs": ref_json(subject.refs)})
    params = {
        "people": json.dumps([subject.person_id] if subject.person_id is not None else []),
        "refs": ref_json(subject.refs),
        "emails": json.dumps([text for is_email, text in names if is_email]),
        "names": json.dumps([text for is_email, text in names if not is_email]),
    }
    for table in tables(db):
        rule = rule_of(db, table)
        if rule is None:
            continue
        head = columns(db, table)
        rows = [dict(zip(head, row, strict=True)) for row in db.rows(f'SELECT * FROM "{table}" WHERE {rule}', params)]
        if rows:
            yield table, [{name: _value(name, value) for name, value in row.items()} for row in rows]


def tables(db: Mirror) -> list[str]:
    """The tables of the mirror, in order of their names."""
    return [row[0] for row in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]


def columns(db: Mirror, table: str) -> list[str]:
    """The columns of a table, in their order."""
    return [row[0] for row in db.rows("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))]


def rule_of(db: Mirror, table: str) -> str | None:
    """Which rows of a table are a person's, as SQL. None: it is about nobody, or nobody said."""
    if table in NOBODYS:
        return None
    if table in OWN_RULES:
        return OWN_RULES[table]
    head = set(columns(db, table))
    for needed, rule in _BY_COLUMNS:
        if needed <= head:
            return rule
    return None


def unplaced(db: Mirror) -> list[str]:
    """Tables of which nobody said whose their rows are; there may be none."""
    return [table for table in tables(db) if table not in NOBODYS and rule_of(db, table) is None]


def _value(name: str, value: Any) -> Any:
    return json.loads(value) if name in _LISTS and isinstance(value, str) and value[:1] in ("[", "{") else value
