"""Who was forgotten, by keyed hashes only, and what is still to be done for them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import TypeVar

from sync.core import forgetting
from sync.core.forgetting import PERSON
from sync.core.model import HUBSPOT, RecordRef
from sync.store import runs
from sync.store.db import Mirror
from sync.store.rows import ref_json
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_moment, to_text

KEY = "forget_key"
PERSON_SCOPE, ATS_SCOPE, CRM_SCOPE = "person", "ats", "hubspot"
ASKED, PURGED, DONE = "asked", "purged", "done"
RETENTION = "retention"  # as a cause; the other is ASKED

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Erasure:
    """One person who is forgotten. `scope`: person, or the one side that erased its record. `state`: asked (the mirror
    may still hold them), purged (HubSpot is to be cleared), done. `look_until`: a task that was sent before may appear
    in HubSpot until then. `cause`: somebody asked, or their retention ended."""

    id: str
    scope: str
    state: str
    at: datetime
    look_until: datetime | None = None
    cause: str = ASKED


def any_known(db: Mirror) -> bool:
    """Whether anybody was ever forgotten; one look at an empty table otherwise."""
    return db.row("SELECT 1 FROM tombstone LIMIT 1") is not None


def key_of(db: Mirror) -> bytes | None:
    """The key of the hashes; None before anybody was forgotten."""
    text = runs.setting(db, KEY)
    return bytes.fromhex(text) if text else None


def ensure_key(db: Mirror, known: bytes | None = None) -> bytes:
    """The key of the hashes, `known` or a new one where the mirror has none."""
    key = key_of(db)
    if key is None:
        key = known or secrets.token_bytes(32)
        runs.set_setting(db, KEY, key.hex())
    return key


def bury(
    db: Mirror,
    erasure: Erasure,
    hashes: Mapping[str, bool],
    records: Iterable[RecordRef],
    *,
    known: bytes | None = None,
) -> None:
    """Keeps that a person is forgotten, with the ids that are still needed. `hashes`: whether each is of a contact's
    id. Safe twice."""
    ensure_key(db, known)
    row = (*astuple(erasure)[:3], to_text(erasure.at), optional_text(erasure.look_until), erasure.cause)
    sql = (
        "INSERT INTO erasure (id, scope, state, at, look_until, cause) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    )
    db.change(sql, row)
    add_hashes(db, erasure.id, hashes)
    add_records(db, erasure.id, records)


def add_hashes(db: Mirror, erasure_id: str, hashes: Mapping[str, bool]) -> None:
    """More by which somebody who is forgotten is recognised."""
    sql = "INSERT INTO tombstone (hash, erasure_id, is_contact) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    db.change_many(sql, [(one, erasure_id, int(is_contact)) for one, is_contact in hashes.items()])


def add_records(db: Mirror, erasure_id: str, records: Iterable[RecordRef]) -> None:
    """Records to purge from the mirror and to clear in HubSpot."""
    sql = "INSERT INTO erasure_record (erasure_id, source, remote_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    db.change_many(sql, [(erasure_id, ref.source, ref.remote_id) for ref in records])


def reopen(db: Mirror, erasure_id: str, records: Iterable[RecordRef]) -> None:
    """Asks to purge records that turned out to be of somebody who is forgotten."""
    add_records(db, erasure_id, records)
    db.change("UPDATE erasure SET state = 'asked' WHERE id = ?", (erasure_id,))


def in_state(db: Mirror, state: str) -> list[Erasure]:
    """Erasures in a state, oldest first."""
    sql = "SELECT id, scope, state, at, look_until FROM erasure WHERE state = ? AND state <> 'done' ORDER BY at, id"
    return [_erasure(row) for row in db.rows(sql, (state,))]


def load(db: Mirror, erasure_ids: Collection[str]) -> list[Erasure]:
    """Erasures by id, oldest first."""
    sql = (
        "SELECT id, scope, state, at, look_until FROM erasure "
        "WHERE id IN (SELECT value FROM json_each(?)) ORDER BY at, id"
    )
    return [_erasure(row) for row in db.rows(sql, (json.dumps(list(erasure_ids)),))]


def _erasure(row: Sequence[str | None]) -> Erasure:
    erasure_id, scope, state, at, look_until = row
    return Erasure(str(erasure_id), str(scope), str(state), to_moment(str(at)), optional_moment(look_until))


def records_of(db: Mirror, erasure_id: str) -> list[RecordRef]:
    """The ids still kept of somebody who is forgotten, in order."""
    sql = "SELECT source, remote_id FROM erasure_record WHERE erasure_id = ? ORDER BY source, remote_id"
    return [RecordRef(*row) for row in db.rows(sql, (erasure_id,))]


def move_on(db: Mirror, erasure_id: str, state: str, look_until: datetime | None = None) -> None:
    """The next state of an erasure. Done: no id of the person is kept."""
    row = (state, optional_text(look_until), erasure_id)
    db.change("UPDATE erasure SET state = ?, look_until = ? WHERE id = ?", row)
    if state == DONE:
        db.change("DELETE FROM erasure_record WHERE erasure_id = ?", (erasure_id,))


def person_erasures(db: Mirror) -> dict[str, tuple[Erasure, dict[str, bool]]]:
    """Everybody who was forgotten as a person, with their hashes (whether each is of a contact's id), by id."""
    rows = db.rows("SELECT id, scope, state, at, look_until FROM erasure WHERE scope = 'person'")
    found: dict[str, tuple[Erasure, dict[str, bool]]] = {str(row[0]): (_erasure(row), {}) for row in rows}
    for erasure_id, hash_, is_contact in db.rows("SELECT erasure_id, hash, is_contact FROM tombstone"):
        if erasure_id in found:
            found[erasure_id][1][hash_] = is_contact == 1
    return found


def lift(db: Mirror, erasure_ids: Collection[str]) -> None:
    """The person applied again: nothing keeps them out any more."""
    db.change("DELETE FROM erasure WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(erasure_ids)),))


def hashed(db: Mirror, traits: Iterable[str]) -> dict[str, str]:
    """Traits by their hashes; empty before anybody was forgotten."""
    key = key_of(db)
    return {} if key is None else {forgetting.tombstone(key, trait): trait for trait in traits}


def recognised(db: Mirror, traits: Mapping[K, Collection[str]]) -> dict[K, list[Erasure]]:
    """By what was asked for, the erasures its traits belong to, oldest first; who is not forgotten has no key."""
    by_hash = hashed(db, {trait for those in traits.values() for trait in those})
    found: dict[str, list[Erasure]] = {}
    for hash_, *row in db.rows(query("recognised"), {"hashes": json.dumps(list(by_hash))}):
        found.setdefault(by_hash[hash_], []).append(_erasure(row))
    told = {one: [erasure for trait in those for erasure in found.get(trait, ())] for one, those in traits.items()}
    return {one: list(dict.fromkeys(erasures)) for one, erasures in told.items() if erasures}


def held(db: Mirror, refs: Collection[RecordRef]) -> set[RecordRef]:
    """Those of these records of which the mirror holds a row."""
    return {RecordRef(*row) for row in db.rows(query("rows_held"), {"refs": ref_json(refs)})}


def with_addresses(db: Mirror, addresses: Collection[str]) -> set[RecordRef]:
    """Every record with one of these e-mail addresses, gone ones too. `addresses`: lower case, and as blocking keys."""
    found = db.rows(query("rows_with_addresses"), {"addresses": json.dumps(list(addresses))})
    return {RecordRef(*row) for row in found}


def with_lines(db: Mirror, ends: Collection[str], digits: int) -> set[RecordRef]:
    """Every record with a telephone number that ends so, gone ones too. `digits`: how long the ends are."""
    found = db.rows(query("rows_with_lines"), {"ends": json.dumps(list(ends)), "digits": digits})
    return {RecordRef(*row) for row in found}


def with_id(db: Mirror, source: str | None, remote_id: str) -> set[RecordRef]:
    """Contacts and candidates with an id, gone ones too. `source` None: of any."""
    found = db.rows(query("rows_with_id"), {"source": source, "remote_id": remote_id})
    return {RecordRef(*row) for row in found}


def existing_people(db: Mirror, people: Collection[int]) -> set[int]:
    """Those of these people who are in the mirror."""
    sql = "SELECT id FROM person WHERE id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in db.rows(sql, (json.dumps(list(people)),))}


def ats_sources(db: Mirror) -> list[str]:
    """The sources candidates ever came from, in order."""
    sql = "SELECT substr(stream, 1, length(stream) - 11) FROM cursor WHERE stream LIKE '%.candidates' ORDER BY 1"
    return [row[0] for row in db.rows(sql)]


def all_records(db: Mirror) -> set[RecordRef]:
    """Every candidate, contact and sign-in line that is not gone."""
    sql = (
        "SELECT source, remote_id FROM candidate WHERE deleted_at IS NULL UNION ALL SELECT source, remote_id FROM "
        "attendance WHERE deleted_at IS NULL UNION ALL SELECT 'hubspot', remote_id FROM contact "
        "WHERE deleted_at IS NULL"
    )
    return {RecordRef(*row) for row in db.rows(sql)}


def gone_contacts(db: Mirror, most: int) -> list[str]:
    """Contacts that are not in HubSpot any more, those merged into another one left out; at most that many."""
    return [row[0] for row in db.rows(query("gone_contacts"), {"most": most})]


def late_tasks(db: Mirror, people: Collection[int]) -> datetime | None:
    """When the latest task of these people was sent whose answer never came; None: there is none."""
    row = db.row(query("late_tasks"), {"people": json.dumps(list(people))})
    return optional_moment(row[0]) if row else None


def is_contact_trait(trait: str) -> bool:
    """Whether a trait is the id of a HubSpot contact."""
    return trait.startswith(f"record\n{HUBSPOT}\n")


def person_records(people: Iterable[int]) -> list[RecordRef]:
    """People as records, so that they are purged and recognised like them."""
    return [RecordRef(PERSON, str(one)) for one in people]


def ask_back(db: Mirror, refs: Iterable[RecordRef]) -> None:
    """Candidates who applied again are to be read anew."""
    sql = "INSERT INTO comeback (source, remote_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
    db.change_many(sql, [(ref.source, ref.remote_id) for ref in refs])


def coming_back(db: Mirror) -> list[RecordRef]:
    """Candidates who are to be read anew, in order."""
    return [RecordRef(*row) for row in db.rows("SELECT source, remote_id FROM comeback ORDER BY source, remote_id")]


def is_back(db: Mirror, refs: Iterable[RecordRef]) -> None:
    """These candidates were read anew."""
    sql = "DELETE FROM comeback WHERE source = ? AND remote_id = ?"
    db.change_many(sql, [(ref.source, ref.remote_id) for ref in refs])


def new_id() -> str:
    """A random id that says nothing of whom it is."""
    return secrets.token_hex(8)
