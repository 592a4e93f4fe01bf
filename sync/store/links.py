"""People, and which records belong to them.

The blocking keys that find who may be the same; reviews and rulings.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.core.model import HUBSPOT, Attendance, Candidate, Contact, RecordRef
from sync.store.ats_nouns import ATTENDANCE, CANDIDATE
from sync.store.crm import CONTACT
from sync.store.db import Mirror
from sync.store.identities import by_source
from sync.store.reviews import Review, StoredReview, list_reviews, replace_reviews, rule_review, rulings
from sync.store.rows import live_by_id, live_by_ref, ref_json
from sync.store.sql import query
from sync.store.times import to_text

__all__ = [
    "NewLink",
    "Review",
    "StoredReview",
    "absorb",
    "absorb_emptied",
    "ensure_people",
    "follow_tasks",
    "keys_of",
    "links_of",
    "list_reviews",
    "load_identities_rows",
    "make_people",
    "records_of",
    "refs_sharing",
    "replace_reviews",
    "rule_review",
    "rulings",
    "save_keys",
    "set_link",
    "set_links",
    "unlink",
]

SELF = "self"

_KEYS_OF = "SELECT remote_id, key FROM identity_key WHERE source = ? AND remote_id IN (SELECT value FROM json_each(?))"
_LINKS_OF = (
    "SELECT remote_id, person_id, rule FROM person_link "
    "WHERE source = ? AND remote_id IN (SELECT value FROM json_each(?))"
)


@dataclass(frozen=True, slots=True)
class NewLink:
    """A record that belongs to a person from now on. `moves`: it belonged to another one."""

    ref: RecordRef
    person_id: int
    rule: str
    evidence: Mapping[str, str]
    moves: bool = False


def ensure_people(db: Mirror, refs: Iterable[RecordRef], now: datetime) -> dict[RecordRef, int]:
    """The person of each record; a record without one gets a new person of its own (rule 'self')."""
    asked = sorted(set(refs))
    found = {ref: person_id for ref, (person_id, _) in links_of(db, asked).items()}
    return found | make_people(db, [ref for ref in asked if ref not in found], now)


def make_people(db: Mirror, refs: Collection[RecordRef], now: datetime) -> dict[RecordRef, int]:
    """A new person for each of these records, which have none."""
    if not refs:
        return {}
    lonely, at = sorted(refs), to_text(now)
    sql = "INSERT INTO person (created_at) SELECT ? FROM json_each(?) RETURNING id"
    new_ids = sorted(row[0] for row in db.change_rows(sql, (at, ref_json(lonely))))
    made = dict(zip(lonely, new_ids, strict=True))
    db.change_many(
        "INSERT INTO person_link (source, remote_id, person_id, rule, rule_version, at) VALUES (?, ?, ?, ?, 0, ?)",
        [(ref.source, ref.remote_id, person_id, SELF, at) for ref, person_id in made.items()],
    )
    return made


def save_keys(db: Mirror, keys: Mapping[RecordRef, frozenset[str]]) -> set[str]:
    """Makes these records have exactly these blocking keys.

    The keys that were added to or taken from any of them.
    """
    before = keys_of(db, keys)
    added = [(ref, key) for ref, new in keys.items() for key in new - before.get(ref, frozenset())]
    removed = [(ref, key) for ref, old in before.items() for key in old - keys[ref]]
    sql = "DELETE FROM identity_key WHERE key = ? AND source = ? AND remote_id = ?"
    db.change_many(sql, [(key, ref.source, ref.remote_id) for ref, key in removed])
    sql = "INSERT INTO identity_key (key, source, remote_id) VALUES (?, ?, ?)"
    db.change_many(sql, [(key, ref.source, ref.remote_id) for ref, key in added])
    return {key for _, key in (*added, *removed)}


def keys_of(db: Mirror, refs: Iterable[RecordRef]) -> dict[RecordRef, frozenset[str]]:
    """The blocking keys of records; a record without any has no entry."""
    found: dict[RecordRef, set[str]] = defaultdict(set)
    for source, ids in by_source(refs).items():
        for remote_id, key in db.rows(_KEYS_OF, (source, json.dumps(ids))):
            found[RecordRef(source, remote_id)].add(key)
    return {ref: frozenset(keys) for ref, keys in found.items()}


def refs_sharing(db: Mirror, keys: Collection[str]) -> set[RecordRef]:
    """Every record that has one of these keys."""
    sql = "SELECT DISTINCT source, remote_id FROM identity_key WHERE key IN (SELECT value FROM json_each(?))"
    return {RecordRef(source, remote_id) for source, remote_id in db.rows(sql, (json.dumps(list(keys)),))}


def load_identities_rows(
    db: Mirror, refs: Collection[RecordRef]
) -> tuple[list[tuple[str, Candidate]], list[Contact], list[tuple[str, Attendance]]]:
    """The live records among `refs`: candidates with source, contacts, sign-in lines with source."""
    contacts = live_by_id(db, CONTACT, [ref.remote_id for ref in refs if ref.source == HUBSPOT])
    return live_by_ref(db, CANDIDATE, refs), contacts, live_by_ref(db, ATTENDANCE, refs)


def links_of(db: Mirror, refs: Iterable[RecordRef]) -> dict[RecordRef, tuple[int, str]]:
    """Person and rule of each record that is linked."""
    return {
        RecordRef(source, remote_id): (person_id, rule)
        for source, ids in by_source(refs).items()
        for remote_id, person_id, rule in db.rows(_LINKS_OF, (source, json.dumps(ids)))
    }


def records_of(db: Mirror, person_ids: Collection[int]) -> dict[int, list[tuple[RecordRef, str]]]:
    """The records of each person with their rule, in order; every person asked for is a key."""
    sql = (
        "SELECT source, remote_id, person_id, rule FROM person_link WHERE person_id IN (SELECT value FROM json_each(?))"
    )
    found: dict[int, list[tuple[RecordRef, str]]] = {person_id: [] for person_id in person_ids}
    for source, remote_id, person_id, rule in db.rows(sql, (json.dumps(list(person_ids)),)):
        found[person_id].append((RecordRef(source, remote_id), rule))
    return {person_id: sorted(records) for person_id, records in found.items()}


def set_link(  # noqa: PLR0913 -- one column each
    db: Mirror,
    ref: RecordRef,
    person_id: int,
    rule: str,
    evidence: Mapping[str, object],
    rule_version: int,
    now: datetime,
    by: str = "warmline",
) -> None:
    """Makes a record belong to a person, whoever it belonged to.

    `evidence`: names of the fields that agreed, never values.
    """
    row = {
        "source": ref.source,
        "remote_id": ref.remote_id,
        "person_id": person_id,
        "rule": rule,
        "evidence": json.dumps(dict(evidence), sort_keys=True),
        "rule_version": rule_version,
        "made_by": by,
        "at": to_text(now),
    }
    db.change(query("note_undone"), {"source": ref.source, "remote_id": ref.remote_id, "new": person_id})
    db.change(query("set_link"), row)


def set_links(db: Mirror, found: Sequence[NewLink], rule_version: int, now: datetime) -> None:
    """As `set_link`, for many records that warmline links."""
    lost = [
        {"source": one.ref.source, "remote_id": one.ref.remote_id, "new": one.person_id} for one in found if one.moves
    ]
    db.change_many(query("note_undone"), lost)
    at = to_text(now)
    rows = [
        {
            "source": one.ref.source,
            "remote_id": one.ref.remote_id,
            "person_id": one.person_id,
            "rule": one.rule,
            "evidence": json.dumps(one.evidence, sort_keys=True),
            "rule_version": rule_version,
            "made_by": "warmline",
            "at": at,
        }
        for one in found
    ]
    db.change_many(query("set_link"), rows)


def unlink(db: Mirror, ref: RecordRef) -> int | None:
    """Takes a record from its person; the person who lost it, None when it had none.

    A candidate gets a person of its own through `ensure_people`.
    """
    db.change(query("note_undone"), {"source": ref.source, "remote_id": ref.remote_id, "new": None})
    sql = "DELETE FROM person_link WHERE source = ? AND remote_id = ? RETURNING person_id"
    lost = db.change_rows(sql, (ref.source, ref.remote_id))
    return int(lost[0][0]) if lost else None


_MOVE_OUTBOX = "UPDATE OR IGNORE outbox SET person_id = :new WHERE person_id = :old"
_ABSORB = (
    "UPDATE task SET person_id = :new WHERE person_id = :old",
    _MOVE_OUTBOX,
    # What has no place beside the new person's own open rows, and was not sent, is planned anew.
    "UPDATE outbox SET state = 'WITHDRAWN' WHERE person_id = :old AND state IN ('PENDING', 'DEFERRED')",
    _MOVE_OUTBOX,
    "DELETE FROM work WHERE source = 'person' AND remote_id = CAST(:old AS TEXT)",
    "UPDATE audit_subject SET person_id = :new WHERE person_id = :old",
    "DELETE FROM person WHERE id = :old",
)


def follow_tasks(db: Mirror, person_ids: Collection[int]) -> list[int]:
    """A task stays with who holds its contact: tasks of these people whose contact went to somebody else go along; the
    people who got one."""
    return sorted({row[0] for row in db.change_rows(query("follow_tasks"), {"people": json.dumps(list(person_ids))})})


def absorb_emptied(db: Mirror, joined: Mapping[int, int]) -> None:
    """Ends the people among the keys of `joined` that have no records left; what was theirs goes to the value."""
    sql = (
        "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT person_id FROM person_link WHERE person_id = value)"
    )
    for (old,) in db.rows(sql, (json.dumps(sorted(joined)),)):
        absorb(db, old, joined[old])


def absorb(db: Mirror, old_id: int, new_id: int) -> bool:
    """Ends a person without records: tasks and outbox rows go to the other one, score and decisions end.

    False, and nothing happens, while the person still has a record.
    """
    has_records = db.row("SELECT 1 FROM person_link WHERE person_id = ? LIMIT 1", (old_id,)) is not None
    if has_records or old_id == new_id:
        return False
    for statement in _ABSORB:
        db.change(statement, {"old": old_id, "new": new_id})
    return True
