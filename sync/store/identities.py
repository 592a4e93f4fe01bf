"""What tells people apart, read from the mirror for linking: only the columns that are compared, a hundred thousand
records in a second.
"""

from __future__ import annotations

# ruff: noqa: S608 -- statements are made of table and column names declared by the nouns, never of values
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sync.core.identity import MOST_SHARING, Identity
from sync.core.model import HUBSPOT, RecordRef
from sync.store.ats_nouns import ATTENDANCE, CANDIDATE
from sync.store.crm import CONTACT
from sync.store.db import Mirror
from sync.store.rows import Values, to_tuple
from sync.store.sql import query

_IDS = "remote_id IN (SELECT value FROM json_each(?))"
_CANDIDATES = (
    "SELECT remote_id, email_addresses, first_name, last_name, name_infix, phone_numbers FROM candidate "
    f"WHERE {CANDIDATE.live} AND source = ? AND {_IDS}"
)
_CONTACTS = (
    "SELECT remote_id, email, additional_emails, first_name, last_name, stored_candidate_id, mobile_phone, phone "
    f"FROM contact WHERE {CONTACT.live} AND {_IDS}"
)
_SHEET = (
    "SELECT remote_id, email, first_name, last_name, name_infix, phone FROM attendance "
    f"WHERE {ATTENDANCE.live} AND source = ? AND {_IDS}"
)
_SHEET_SOURCE = ".attendance"


@dataclass(frozen=True, slots=True)
class Known:
    """Identities of live records, by kind."""

    candidates: tuple[Identity, ...] = ()
    contacts: tuple[Identity, ...] = ()
    sheet: tuple[Identity, ...] = ()


def load(db: Mirror, refs: Iterable[RecordRef]) -> Known:
    """The identities of the live records among `refs`."""
    candidates: list[Identity] = []
    contacts: list[Identity] = []
    sheet: list[Identity] = []
    for source, ids in by_source(refs).items():
        if source == HUBSPOT:
            contacts += [_contact(row) for row in db.rows(_CONTACTS, (json.dumps(ids),))]
        elif source.endswith(_SHEET_SOURCE):
            sheet += [_line(source, row) for row in db.rows(_SHEET, (source, json.dumps(ids)))]
        else:
            candidates += [_candidate(source, row) for row in db.rows(_CANDIDATES, (source, json.dumps(ids)))]
    return Known(tuple(candidates), tuple(contacts), tuple(sheet))


def by_source(refs: Iterable[RecordRef]) -> dict[str, list[str]]:
    """The ids of records by their source: SQLite looks up a list of ids twice as fast as a list of pairs."""
    found: dict[str, list[str]] = defaultdict(list)
    for source, remote_id in refs:
        found[source].append(remote_id)
    return found


def crowded(db: Mirror, keys: Collection[str]) -> frozenset[str]:
    """Those of these blocking keys that are on more candidates and contacts than may share one: nobody's own."""
    found = db.rows(query("crowded_keys"), {"keys": json.dumps(list(keys)), "most": MOST_SHARING})
    return frozenset(row[0] for row in found)


def _candidate(source: str, row: Values) -> Identity:
    remote_id, emails, first, last, infix, phones = row
    ref = RecordRef(source, remote_id)
    return Identity(ref, to_tuple(emails), first, last, infix, f"{source}:{remote_id}", to_tuple(phones))


def _contact(row: Values) -> Identity:
    remote_id, email, additional, first, last, stored_id, mobile, phone = row
    emails = (email, *to_tuple(additional)) if email else to_tuple(additional)
    stored_id = (stored_id or "").strip() or None
    return Identity(RecordRef(HUBSPOT, remote_id), emails, first, last, None, stored_id, _known(mobile, phone))


def _line(source: str, row: Values) -> Identity:
    remote_id, email, first, last, infix, phone = row
    return Identity(RecordRef(source, remote_id), _known(email), first, last, infix, None, _known(phone))


def _known(*values: str | None) -> tuple[str, ...]:
    return tuple([value for value in values if value])
