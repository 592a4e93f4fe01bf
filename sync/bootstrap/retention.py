"""What a person confirmed about retention: a contact of somebody who is due is deleted for good in HubSpot.

Nothing here happens by itself: one WHO, named by a person, each time (docs/decisions/0067).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from connectors.protocols import Crm, Record, WriteResult, WriteStatus
from sync.bootstrap.app import App
from sync.bootstrap.forgetting import leased, open_run
from sync.core.model import HUBSPOT, RecordRef, person_ref
from sync.errors import ConfigError, Problem
from sync.stages import erase, retention
from sync.stages.run import Run
from sync.store import audit, links, people, retentions
from sync.store.db import Mirror

_LOOKED_AT = ("lifecyclestage", "num_associated_deals")
GONE, DELETED, UNKNOWN, KEPT = "gone", "deleted", "unknown", "kept"


@dataclass(slots=True)
class Confirmed:
    """What was done. `contacts`: what became of each: deleted, gone (it was already), unknown (no certain answer), or
    why it was kept. `left`: records that are to be erased in the ATS, by hand."""

    erased_here: bool = False
    contacts: dict[str, str] = field(default_factory=dict)
    left: tuple[RecordRef, ...] = ()

    @property
    def complete(self) -> bool:
        """Nothing is left to do in HubSpot."""
        return all(what in (DELETED, GONE) for what in self.contacts.values())


def confirm(app: App, db: Mirror, who: str) -> Confirmed:
    """Delete for good in HubSpot the contacts of one person whose retention ended, after they were erased here.

    Raises ConfigError when writing is off, or WHO is nobody who is due; LeaseHeld, MissingScope, RetriableError.
    """
    if not app.settings.writes.enabled:
        fix = "Run it again with WARMLINE_WRITES__ENABLED=true."
        raise ConfigError([Problem("writes.enabled", "is false, so nothing is deleted in HubSpot.", fix)])
    done = Confirmed()
    with leased(app, db) as held:
        run, crm = open_run(app, db, held)
        records = _records(app, run, who, done)
        erase.clear(run, crm)
        contacts = [ref.remote_id for ref in records if ref.source == HUBSPOT]
        found = crm.fetch_contacts(contacts, _LOOKED_AT) if contacts else {}
        for contact_id in contacts:
            done.contacts[contact_id] = _delete(run, crm, contact_id, found)
    done.left = tuple(ref for ref in records if ref.source != HUBSPOT)
    return done


def done_elsewhere(db: Mirror, who: str) -> RecordRef:
    """A person erased a record where it was: it is proposed no more. Raises ConfigError when it is none of those."""
    found = [one.record for one in retentions.proposals(db) if who in (one.record.remote_id, spelled(one.record))]
    if len(found) != 1:
        raise _nobody("is no record, or not one record only, that is proposed for erasure")
    with db.write():
        retentions.drop_proposals(db, found)
    return found[0]


def spelled(ref: RecordRef) -> str:
    """'hubspot:501'."""
    return f"{ref.source}:{ref.remote_id}"


def _records(app: App, run: Run, who: str, done: Confirmed) -> list[RecordRef]:
    """The records proposed of WHO; somebody who is still here is erased first."""
    known = _proposed(run.db, who)
    if not known:
        person_id, records = _due(run, who)
        late = timedelta(minutes=app.settings.writes.not_before_minutes)
        due = [
            one for one in retention.ending(run.db, run.policy.retention, run.now) if one.facts.person_id == person_id
        ]
        if not retention.erase(run, due, late=late, actor=retention.PERSON):
            raise _nobody("has records, by mailbox and name, of somebody who is kept")
        done.erased_here = True
        known = next((found for ref in records if (found := _proposed(run.db, spelled(ref)))), [])
    return known


def _proposed(db: Mirror, who: str) -> list[RecordRef]:
    """Everything proposed of the person one of whose records is WHO. Raises ConfigError when that may be several."""
    proposals = retentions.proposals(db)
    meant = {one.erasure_id for one in proposals if who in (one.record.remote_id, spelled(one.record))}
    if len(meant) > 1:
        raise _nobody("may be several people; put the source before it, as in hubspot:501")
    return [one.record for one in proposals if one.erasure_id in meant]


def _due(run: Run, who: str) -> tuple[int, list[RecordRef]]:
    """Somebody in the mirror whose retention ended, with their records."""
    found = people.find_person(run.db, who)
    if len(found.person_ids) != 1:
        raise _nobody("is nobody, or not one person only, whose retention ended")
    person_id = found.person_ids[0]
    if person_id not in {one.facts.person_id for one in retention.ending(run.db, run.policy.retention, run.now)}:
        raise _nobody(f"{person_ref(person_id)} is somebody whose retention did not end")
    return person_id, [ref for ref, _ in links.records_of(run.db, [person_id])[person_id]]


def _nobody(what: str) -> ConfigError:
    fix = "Look at `warmline retention`; who asked to be forgotten is forgotten by `warmline forget WHO`."
    return ConfigError([Problem("WHO", f"{what}. Nothing was deleted.", fix)])


def _delete(run: Run, crm: Crm, contact_id: str, found: Mapping[str, Record]) -> str:
    """Delete one contact, unless it is something else to the team by now. The asking is noted before it is done."""
    record = found.get(contact_id)
    kept = _why_kept(contact_id, record) if record is not None else ""
    if kept:
        return kept
    if record is None:
        return _settle(run, contact_id, GONE)
    with run.db.write(run.lease):
        audit.note_gdpr_delete(run.db, _erasure(run.db, contact_id), "gdpr_delete_asked", run.now)
    return _settle(run, contact_id, _outcome(crm.erase_contact(contact_id)))


def _outcome(result: WriteResult) -> str:
    if result.status is WriteStatus.DONE:
        return DELETED
    if result.missing:
        return GONE
    return UNKNOWN if result.status is WriteStatus.UNKNOWN else f"{KEPT}: {result.reason}"


def _settle(run: Run, contact_id: str, outcome: str) -> str:
    """Note what became of a contact; one that is gone is proposed no more."""
    with run.db.write(run.lease):
        audit.note_gdpr_delete(run.db, _erasure(run.db, contact_id), f"gdpr_{outcome.partition(':')[0]}", run.now)
        if outcome in (DELETED, GONE):
            retentions.drop_proposals(run.db, [RecordRef(HUBSPOT, contact_id)])
    return outcome


def _why_kept(contact_id: str, record: Record) -> str:
    if str(record["id"]) != contact_id:
        return f"{KEPT}: it was merged into {record['id']}, which may be somebody else"
    properties: Mapping[str, str | None] = record.get("properties") or {}
    if properties.get("lifecyclestage") == retention.CUSTOMER or (properties.get("num_associated_deals") or "0") != "0":
        return f"{KEPT}: it is a customer, or has a deal"
    return ""


def _erasure(db: Mirror, contact_id: str) -> str:
    ref = RecordRef(HUBSPOT, contact_id)
    return next(one.erasure_id for one in retentions.proposals(db) if one.record == ref)
