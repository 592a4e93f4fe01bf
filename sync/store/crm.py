"""What HubSpot said: contacts, owners, list members. Tasks: `tasks.py`."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sync.core.consent_said import GATED
from sync.core.model import HUBSPOT, Contact, Owner, RecordRef
from sync.store.consents import load_consents
from sync.store.db import Mirror
from sync.store.rows import (
    Noun,
    Saved,
    Values,
    flag,
    live_by_id,
    optional_flag,
    save_rows,
    text_list,
    to_tuple,
)
from sync.store.times import optional_moment, optional_text, to_moment, to_text


def _contact_values(row: Contact) -> Values:
    return (
        row.email,
        text_list(row.additional_emails),
        row.first_name,
        row.last_name,
        row.phone,
        row.mobile_phone,
        row.owner_id,
        row.lifecycle_stage,
        row.deals,
        int(row.opted_out),
        int(row.seen),
        row.stored_candidate_id,
        row.band_in_crm,
        optional_text(row.call_back_at),
        optional_text(row.reply_due_at),
        int(row.do_not_call),
        row.channel_preference,
        int(row.no_profiling),
        flag(row.tracking_consent),
        text_list(row.merged_ids),
        optional_text(row.created_at),
    )


def _contact(row: Values) -> Contact:
    return Contact(
        remote_id=row[0],
        email=row[1],
        additional_emails=to_tuple(row[2]),
        first_name=row[3],
        last_name=row[4],
        phone=row[5],
        mobile_phone=row[6],
        owner_id=row[7],
        lifecycle_stage=row[8],
        deals=row[9],
        opted_out=row[10] == 1,
        seen=row[11] == 1,
        stored_candidate_id=row[12],
        band_in_crm=row[13],
        call_back_at=optional_moment(row[14]),
        reply_due_at=optional_moment(row[15]),
        do_not_call=row[16] == 1,
        channel_preference=row[17],
        no_profiling=row[18] == 1,
        tracking_consent=optional_flag(row[19]),
        merged_ids=to_tuple(row[20]),
        created_at=optional_moment(row[21]),
        updated_at=optional_moment(row[22]),
    )


CONTACT = Noun(
    table="contact",
    columns=(
        "email",
        "additional_emails",
        "first_name",
        "last_name",
        "phone",
        "mobile_phone",
        "owner_id",
        "lifecycle_stage",
        "deals",
        "opted_out",
        "seen",
        "stored_candidate_id",
        "band_in_crm",
        "call_back_at",
        "reply_due_at",
        "do_not_call",
        "channel_preference",
        "no_profiling",
        "tracking_consent",
        "merged_ids",
        "remote_created_at",
    ),
    values=_contact_values,
    record=_contact,
    scoped=False,
    also_hashed=lambda row: tuple(sorted(map(repr, row.consents))),
)
OWNER = Noun(
    table="owner",
    columns=("email", "name", "active"),
    values=lambda row: (row.email, row.name, int(row.active)),
    record=lambda row: Owner(remote_id=row[0], email=row[1], name=row[2], active=row[3] == 1),
    scoped=False,
    stamped=False,
)


# Properties the mirror reads back: its field, and how a written value is read.
_ECHOED: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "warmline_candidate_id": ("stored_candidate_id", str),
    "warmline_band": ("band_in_crm", str),
    "warmline_reply_due_at": ("reply_due_at", datetime.fromisoformat),
}


def save_contacts(db: Mirror, rows: Sequence[Contact], now: datetime) -> Saved:
    """Saves a page of contacts."""
    return save_rows(db, CONTACT, HUBSPOT, rows, now)


def save_owners(db: Mirror, rows: Sequence[Owner], now: datetime) -> Saved:
    """Saves a page of owners."""
    return save_rows(db, OWNER, HUBSPOT, rows, now)


def echo_contact(db: Mirror, contact_id: str, written: Mapping[str, str], now: datetime) -> None:
    """Shows in the mirror what warmline itself wrote to a contact, by property, so that its echo in the next pull is no
    news.
    """
    values: dict[str, Any] = {
        field: read(written[name]) if written[name] else None
        for name, (field, read) in _ECHOED.items()
        if name in written
    }
    if values:
        kept = load_consents(db, [RecordRef(HUBSPOT, contact_id)])
        said = tuple(row.said for rows in kept.values() for row in rows if row.said.field not in GATED)
        contacts = [replace(contact, **values, consents=said) for contact in live_by_id(db, CONTACT, [contact_id])]
        save_contacts(db, contacts, now)


def live_contact_ids(db: Mirror, contact_ids: Collection[str]) -> list[str]:
    """Those of these contacts that the mirror holds and that are not deleted, in order."""
    sql = (
        "SELECT remote_id FROM contact "
        "WHERE deleted_at IS NULL AND remote_id IN (SELECT value FROM json_each(?)) ORDER BY remote_id"
    )
    return [row[0] for row in db.rows(sql, (json.dumps(list(contact_ids)),))]


def mark_contacts_deleted(db: Mirror, contact_ids: Collection[str], now: datetime) -> list[str]:
    """Marks live contacts as deleted in HubSpot; the ids that were live."""
    sql = (
        "UPDATE contact SET deleted_at = ?, changed_at = ? "
        "WHERE deleted_at IS NULL AND remote_id IN (SELECT value FROM json_each(?)) RETURNING remote_id"
    )
    at = to_text(now)
    return sorted(row[0] for row in db.change_rows(sql, (at, at, json.dumps(list(contact_ids)))))


def replace_list_members(db: Mirror, list_id: str, contact_ids: Collection[str]) -> tuple[list[str], list[str]]:
    """Makes a list hold exactly these contacts; who was added and who removed."""
    before = {row[0] for row in db.rows("SELECT contact_id FROM list_member WHERE list_id = ?", (list_id,))}
    after = set(contact_ids)
    added, removed = sorted(after - before), sorted(before - after)
    sql = "DELETE FROM list_member WHERE list_id = ? AND contact_id IN (SELECT value FROM json_each(?))"
    db.change(sql, (list_id, json.dumps(removed)))
    db.change_many("INSERT INTO list_member (list_id, contact_id) VALUES (?, ?)", [(list_id, one) for one in added])
    return added, removed


def note_joined(db: Mirror, list_id: str, joined: Mapping[str, datetime | None]) -> list[str]:
    """Keeps since when the members of a list are on it; those for whom that is news."""
    known = dict(db.rows("SELECT contact_id, joined_at FROM list_member WHERE list_id = ?", (list_id,)))
    new = {one: at for one in known if (at := optional_text(joined.get(one))) != known[one]}
    sql = "UPDATE list_member SET joined_at = ? WHERE list_id = ? AND contact_id = ?"
    db.change_many(sql, [(at, list_id, one) for one, at in new.items()])
    return sorted(new)


def joined_at(db: Mirror, contact_ids: Collection[str]) -> dict[str, list[datetime]]:
    """Since when contacts are on lists, a moment a list, by contact; every contact asked for is a key."""
    sql = (
        "SELECT contact_id, joined_at FROM list_member WHERE joined_at IS NOT NULL "
        "AND contact_id IN (SELECT value FROM json_each(?)) ORDER BY joined_at, list_id"
    )
    found: dict[str, list[datetime]] = {contact_id: [] for contact_id in contact_ids}
    for contact_id, at in db.rows(sql, (json.dumps(list(contact_ids)),)):
        found[contact_id].append(to_moment(at))
    return found


def list_members(db: Mirror, list_ids: Collection[str]) -> set[str]:
    """The contacts in any of these lists."""
    sql = "SELECT contact_id FROM list_member WHERE list_id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in db.rows(sql, (json.dumps(list(list_ids)),))}
