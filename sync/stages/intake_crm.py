"""How the HubSpot nouns enter the mirror: owners, contacts with their counters turned into touch days, tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from connectors.protocols import Page, Record
from sync.core.activity import task_activity
from sync.core.consent_said import said_by_contact
from sync.core.model import HUBSPOT, Contact, Counters, RecordRef, Task, TouchDay
from sync.core.touches import FORM, TRACKED_KINDS, delta, first_sight
from sync.stages import suppress
from sync.stages.intake_activities import log_activities
from sync.stages.intake_ats import Rejection, ToRow, map_records, stored_page
from sync.stages.page_kinds import SitePages
from sync.stages.pull import Stored
from sync.stages.run import Run
from sync.stages.switches import covered_kinds
from sync.store import conflicts, consents, crm, decisions, engagement, merges, snapshots, tasks, work
from sync.store import intake as intake_rows
from sync.store import touches as touch_rows
from sync.store.db import Mirror
from sync.store.rows import Saved

NOTHING = Counters()
CONTACTS = f"{HUBSPOT}.contacts"


def _decide_again(db: Mirror, run: Run) -> None:
    """Another team: who wants a task may get one now, and who has or wants one may need another recruiter."""
    found = {*decisions.wanting_people(db), *tasks.people_with_open_tasks(db)}
    work.enqueue_people(db, "decide", sorted(found), run.now)


class ContactMapping(Protocol):
    """The part of `mappings.hubspot.ContactMapper` this stage uses."""

    def to_contact(self, record: Record) -> Contact: ...

    def to_counters(self, record: Record) -> Counters | None: ...


@dataclass(frozen=True, slots=True)
class OwnerIntake:
    """The portal's owners; each pull shows all of them."""

    to_row: ToRow
    version: str
    sweeps: bool = True

    def store(self, db: Mirror, page: Page, run: Run) -> Stored:
        """Save one page of owners."""
        rows, rejected = map_records(page.records, self.to_row)
        saved = crm.save_owners(db, rows, run.now)
        if saved.changed:
            _decide_again(db, run)
        return stored_page(page, rows, saved, rejected)

    def drop_missing(self, db: Mirror, run: Run) -> int:
        """Owners that are not listed any more get no tasks."""
        gone = snapshots.delete_missing(db, "owners", HUBSPOT, run.now)
        if gone:
            _decide_again(db, run)
        return len(gone)

    def close_file(self, page: Page, rejected: Sequence[Rejection]) -> None:
        """Owners do not come from files."""


@dataclass(frozen=True, slots=True)
class TaskIntake:
    """Tasks: warmline's own, known by their marker, and what people made of them.

    Completed calls and e-mails of anyone in the last `activity_days` are activities too.
    """

    to_row: ToRow
    version: str
    activity_days: int
    sweeps: bool = False

    def store(self, db: Mirror, page: Page, run: Run) -> Stored:
        """Save one page of tasks; people whose own task changed are decided anew."""
        found, rejected = map_records(page.records, self.to_row)
        rows, _ = suppress.keep_tasks(db, found)
        kept = tasks.with_markers(db, rows)
        own = {row.remote_id for row in kept}
        others = [row for row in rows if row.remote_id not in own]
        saved = tasks.save_tasks(db, kept, run.now)
        people = tasks.people_of_tasks(db, saved.changed)
        work.enqueue_people(db, "decide", people, run.now)
        by_us = tasks.completed_by_warmline(db, [row.remote_id for row in kept])
        self._log(db, [row for row in kept if row.remote_id not in by_us], run)
        logged = self._log(db, others, run)
        both = Saved(
            saved.stored + logged.stored, saved.unchanged + logged.unchanged, saved.duplicate + logged.duplicate, ()
        )
        return stored_page(page, rows, both, rejected)

    def _log(self, db: Mirror, rows: Sequence[Task], run: Run) -> Saved:
        found = [task_activity(row, now=run.now, days=self.activity_days) for row in rows]
        return log_activities(db, "tasks", found, run)

    def drop_missing(self, _: Mirror, __: Run, /) -> int:
        """Tasks are followed by increments, never swept."""
        return 0

    def close_file(self, page: Page, rejected: Sequence[Rejection]) -> None:
        """Tasks do not come from files."""


@dataclass(frozen=True, slots=True)
class ContactIntake:
    """Contacts: the row, the counters last seen, and the touch days that follow from how the counters moved.

    `pages`: what the last page seen tells of a visit; None: nothing.
    """

    mapping: ContactMapping
    version: str
    sweeps: bool = True
    pages: SitePages | None = None

    def store(self, db: Mirror, page: Page, run: Run) -> Stored:
        """Save one page of contacts; changed ones and those with new touches go to reconcile."""
        found, refused = map_records(page.records, partial(self._map, run))
        contacts, _ = suppress.keep_contacts(db, [contact for contact, _ in found])
        rejected, _ = suppress.keep_rejected(db, "contacts", HUBSPOT, refused)
        kept = {contact.remote_id for contact in contacts} | {one[0] for one in rejected}
        pairs = [pair for pair in found if pair[0].remote_id in kept]
        hidden = {contact.remote_id for contact, _ in found} | {one[0] for one in refused}
        saved = crm.save_contacts(db, contacts, run.now)
        follow_merges(db, contacts, run)
        _keep_consents(db, contacts, saved, run)
        conflicts.note_changed(db, contacts)
        touched = save_counters(db, pairs, run)
        changed = [RecordRef(HUBSPOT, contact_id) for contact_id in {*saved.changed, *touched}]
        work.enqueue(db, "reconcile", changed, run.now)
        return stored_page(page, contacts, saved, rejected, hidden - kept)

    def _map(self, run: Run, record: Record) -> tuple[Contact, Counters]:
        counters = self.mapping.to_counters(record) or NOTHING
        page = record.get("page") if self.pages and counters.last_visit_at else None
        if self.pages and page:
            kind, job = self.pages.kind_of(run, page)
            counters = replace(counters, page_kind=kind, page_job=job)
        return self.mapping.to_contact(record), counters

    def drop_missing(self, db: Mirror, run: Run) -> int:
        """Contacts a complete read did not show are gone; reconcile undoes their links."""
        intake_rows.forget_unseen(db, CONTACTS)
        gone = snapshots.delete_missing(db, "contacts", HUBSPOT, run.now)
        work.enqueue(db, "reconcile", [RecordRef(HUBSPOT, contact_id) for contact_id in gone], run.now)
        return len(gone)

    def mark_gone(self, db: Mirror, ids: Collection[str], run: Run) -> int:
        """Contacts that are gone by their id; reconcile undoes their links."""
        intake_rows.clear_quarantine(db, CONTACTS, ids)
        gone = snapshots.mark_gone(db, "contacts", HUBSPOT, ids, run.now)
        work.enqueue(db, "reconcile", [RecordRef(HUBSPOT, contact_id) for contact_id in gone], run.now)
        return len(gone)

    def follow(self, db: Mirror, moved: Mapping[str, str], run: Run) -> None:
        """Contacts that answer under another id were merged: what the mirror holds of them moves."""
        for old, new in moved.items():
            _follow(db, old, new, run)

    def close_file(self, page: Page, rejected: Sequence[Rejection]) -> None:
        """Contacts do not come from files."""


def _keep_consents(db: Mirror, contacts: Sequence[Contact], saved: Saved, run: Run) -> None:
    """What contacts that are new or changed say of consent."""
    changed = frozenset(saved.changed)
    said = {RecordRef(HUBSPOT, one.remote_id): said_by_contact(one) for one in contacts if one.remote_id in changed}
    consents.save_consents(db, said, run.now)


def follow_merges(db: Mirror, contacts: Sequence[Contact], run: Run) -> None:
    """A merged contact names the ids it lived under: what the mirror holds of those moves to it, its totals included,
    so that visits counted before the merge are no news."""
    survivor = {old: contact.remote_id for contact in contacts for old in contact.merged_ids}
    if not survivor:
        return
    for old in merges.unmoved(db, survivor):
        _follow(db, old, survivor[old], run)


def _follow(db: Mirror, old: str, new: str, run: Run) -> None:
    people = merges.move_contact(db, old, new, run.now)
    work.enqueue_people(db, "score", people, run.now)
    work.enqueue(db, "reconcile", [RecordRef(HUBSPOT, old), RecordRef(HUBSPOT, new)], run.now)


def save_counters(db: Mirror, seen: Sequence[tuple[Contact, Counters]], run: Run) -> set[str]:
    """Turn moved counters into touch days and keep the new totals; ids of contacts whose touches changed.

    First sight baselines the totals and dates what HubSpot dates (docs/scoring.md). Kinds a better source shows give
    nothing, and a form waits until its submission was looked for. Who may not be tracked loses the web and mail
    touches there were.
    """
    old = touch_rows.load_counters(db, [contact.remote_id for contact, _ in seen])
    moved = {contact.remote_id: new for contact, new in seen if old.get(contact.remote_id, NOTHING) != new}
    covered = covered_kinds(db)
    touches = [
        (RecordRef(HUBSPOT, contact_id), touch)
        for contact_id, new in moved.items()
        for touch in _touches(old.get(contact_id), new, covered, run)
    ]
    waiting = [one for one in touches if FORM in covered and one[1].kind == FORM]
    engagement.expect_forms(db, [(ref.remote_id, one.count, one.last_at or run.now) for ref, one in waiting])
    touches = [one for one in touches if one not in waiting] if waiting else touches
    ended = _forget_untracked(db, [contact.remote_id for contact, _ in seen if not contact.tracking_consent])
    touch_rows.add_touch_days(db, touches)
    engagement.yield_site_visits(db, {(ref.remote_id, touch.day.isoformat()) for ref, touch in touches})
    touch_rows.save_counters(db, moved)
    return {*ended, *(ref.remote_id for ref, _ in touches)}


def _forget_untracked(db: Mirror, contact_ids: Collection[str]) -> Sequence[str]:
    """Web and mail behaviour of contacts that may not be tracked is forgotten; those of whom there was some."""
    ended = engagement.tracked_contacts(db, contact_ids, TRACKED_KINDS) if contact_ids else []
    touch_rows.replace_touch_days(db, [RecordRef(HUBSPOT, one) for one in ended], TRACKED_KINDS, ())
    engagement.forget_events(db, ended)
    return ended


def _touches(old: Counters | None, new: Counters, covered: frozenset[str], run: Run) -> Sequence[TouchDay]:
    policy, zone = run.policy.score, run.policy.time.zone
    if old is None:
        return first_sight(new, now=run.now, zone=zone, kinds=policy.kinds)
    return delta(old, new, now=run.now, zone=zone, covered=covered - {FORM})
