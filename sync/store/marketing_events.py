"""Marketing events and who takes part in them, as last read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from sync.core.model import RecordRef
from sync.core.participation import MarketingEvent, Participation
from sync.store.db import Mirror
from sync.store.rows import ref_json
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_moment, to_text


def marks(db: Mirror) -> dict[str, str]:
    """The mark of every event that was read, by id."""
    return {row[0]: row[1] for row in db.rows("SELECT remote_id, mark FROM marketing_event")}


def event_names(db: Mirror) -> dict[str, str]:
    """The names of the events that were read, by id; those without one are absent."""
    return {row[0]: row[1] for row in db.rows("SELECT remote_id, name FROM marketing_event WHERE name IS NOT NULL")}


def missed_events(db: Mirror, refs: Collection[RecordRef]) -> dict[RecordRef, list[datetime]]:
    """When people were noted as not having come to an event they registered for, by record, in order; a record without
    has no key."""
    found: dict[RecordRef, list[datetime]] = defaultdict(list)
    for source, remote_id, at in db.rows(query("missed_events"), {"refs": ref_json(refs)}):
        found[RecordRef(source, remote_id)].append(to_moment(at))
    return dict(found)


def save_event(db: Mirror, event: MarketingEvent, now: datetime) -> set[str]:
    """Makes an event have exactly these participations; the contacts whose own was added, changed or removed."""
    sql = "SELECT contact_id, state, at FROM participation WHERE event_id = ?"
    before = {row[0]: (row[1], row[2]) for row in db.rows(sql, (event.remote_id,))}
    after = {one.contact_id: (one.state, optional_text(one.at)) for one in event.participations}
    written = [contact_id for contact_id, row in after.items() if before.get(contact_id) != row]
    removed = [contact_id for contact_id in before if contact_id not in after]
    at = to_text(now)
    rows = [(event.remote_id, contact_id, *after[contact_id], at) for contact_id in written]
    db.change_many(query("save_participation"), rows)
    sql = "DELETE FROM participation WHERE event_id = ? AND contact_id IN (SELECT value FROM json_each(?))"
    db.change(sql, (event.remote_id, json.dumps(removed)))
    row = (event.remote_id, event.name, optional_text(event.starts_at), optional_text(event.ends_at), event.mark, at)
    db.change(query("save_marketing_event"), row)
    return {*written, *removed}


def participations_of(db: Mirror, contact_ids: Collection[str]) -> dict[str, list[Participation]]:
    """The participations of contacts, by contact; every contact asked for is a key."""
    sql = (
        "SELECT event_id, contact_id, state, at FROM participation "
        "WHERE contact_id IN (SELECT value FROM json_each(?)) ORDER BY event_id"
    )
    found: dict[str, list[Participation]] = defaultdict(list, {contact_id: [] for contact_id in contact_ids})
    for event_id, contact_id, state, at in db.rows(sql, (json.dumps(list(contact_ids)),)):
        found[contact_id].append(Participation(event_id, contact_id, state, optional_moment(at)))
    return dict(found)


def survivors(db: Mirror, contact_ids: Collection[str]) -> Mapping[str, str]:
    """Of contacts that were merged away, the one that answers for them now; the others are absent."""
    sql = "SELECT remote_id FROM contact WHERE deleted_at IS NULL AND remote_id IN (SELECT value FROM json_each(?))"
    live = {row[0] for row in db.rows(sql, (json.dumps(list(contact_ids)),))}
    strange = sorted(set(contact_ids) - live)
    if not strange:
        return {}
    return {row[0]: row[1] for row in db.rows(query("merged_into"), {"ids": json.dumps(strange)})}


def forget_unreadable(db: Mirror, stream: str, event_id: str) -> None:
    """Takes an event's participants out of quarantine: it was read again, and who still cannot be read comes back."""
    sql = "DELETE FROM quarantine WHERE stream = ? AND substr(ref, 1, ?) = ?"
    db.change(sql, (stream, len(event_id) + 1, f"{event_id}/"))
