"""Which contact of a person is written, when they have several, and what still stands on the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sync.core.facts import Beside
from sync.core.model import HUBSPOT, Contact, RecordRef, TouchDay
from sync.core.properties.identity import CANDIDATE_ID
from sync.store import baselines, conflicts
from sync.store.crm import CONTACT
from sync.store.db import Mirror
from sync.store.rows import live_by_id

_OWN = "warmline_"

Records = Mapping[int, Sequence[tuple[RecordRef, str]]]
Touches = Mapping[RecordRef, Sequence[TouchDay]]


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts by person: the one that is written (None: not in HubSpot), and the others."""

    primary: dict[int, Contact | None]
    others: dict[int, tuple[Contact, ...]]

    @property
    def primary_ids(self) -> list[str]:
        """The contacts that are written."""
        return [one.remote_id for one in self.primary.values() if one is not None]


def load_contacts(db: Mirror, records: Records, touches: Touches) -> Contacts:
    """The contacts of these people."""
    ids = [ref.remote_id for linked in records.values() for ref, _ in linked if ref.source == HUBSPOT]
    found = {one.remote_id: one for one in live_by_id(db, CONTACT, ids)}
    primary: dict[int, Contact | None] = {}
    others: dict[int, tuple[Contact, ...]] = {}
    for person_id, linked in records.items():
        own = [found[ref.remote_id] for ref, _ in linked if ref.source == HUBSPOT and ref.remote_id in found]
        newest = max(own, key=lambda one: _activity(one, touches), default=None)
        primary[person_id] = _with_objections(newest, own) if newest and len(own) > 1 else newest
        if len(own) > 1:
            others[person_id] = tuple(one for one in own if one is not newest)
    return Contacts(primary, others)


def load_beside(db: Mirror, others: Mapping[int, Collection[Contact]]) -> dict[int, tuple[Beside, ...]]:
    """What warmline wrote on contacts of people who are written on another one. Nobody has several → no query."""
    ids = [one.remote_id for those in others.values() for one in those]
    if not ids:
        return {}
    written = baselines.load(db, "contact", ids)
    contested = conflicts.contested(conflicts.load(db, "contact", ids))
    return {
        person_id: tuple(
            _beside(one, written.get(one.remote_id, {}), contested.get(one.remote_id, {})) for one in those
        )
        for person_id, those in others.items()
    }


def _beside(contact: Contact, written: Mapping[str, str], contested: Mapping[str, str]) -> Beside:
    standing = {name: value for name, value in written.items() if name.startswith(_OWN) and value}
    if CANDIDATE_ID not in written and contact.stored_candidate_id:
        standing[CANDIDATE_ID] = contact.stored_candidate_id
    return Beside(contact.remote_id, tuple(sorted(standing.items())), frozenset(contested))


def _activity(contact: Contact, touches: Touches) -> tuple[str, bool, float, str]:
    """By day, so that two contacts used on one day do not take turns; then the one that is written already."""
    days = [one.day for one in touches.get(RecordRef(HUBSPOT, contact.remote_id), ())]
    updated_at = contact.updated_at.timestamp() if contact.updated_at else 0.0
    newest = max(days).isoformat() if days else ""
    return newest, bool(contact.stored_candidate_id), updated_at, contact.remote_id


def _with_objections(contact: Contact, own: Sequence[Contact]) -> Contact:
    """A contact with what the person objected to on any contact of theirs."""
    return replace(
        contact,
        do_not_call=any(one.do_not_call for one in own),
        opted_out=any(one.opted_out for one in own),
        no_profiling=any(one.no_profiling for one in own),
    )
