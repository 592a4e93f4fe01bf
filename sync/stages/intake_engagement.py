"""How single events of web, mail and forms enter the mirror: as touch days of known contacts that may be tracked.

An event is kept by a hash of its id and the day it stands on, so that duplicates, another order, late arrivals and
corrections end in the same touch days (docs/decisions/0042). Events of people the mirror does not know are not kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from connectors.protocols import Page, Record
from sync.core.ageing import kept_from
from sync.core.audience import is_internal
from sync.core.calendar import local_day
from sync.core.events import Click, SeenEvent, SuspectRules, judge
from sync.core.model import HUBSPOT, RecordRef
from sync.core.touches import APPLICATION_SUBMITTED, MAIL_CLICK, SITE_VISIT
from sync.stages.intake_ats import Rejection, map_records
from sync.stages.page_kinds import SitePages
from sync.stages.pull import Stored
from sync.stages.run import Run
from sync.store import engagement, work
from sync.store.db import Mirror
from sync.store.engagement import Known, MailClick, StoredEvent
from sync.store.runs import StreamCounts

Mail = tuple[str, str]  # contact and mailing
Found = list[tuple[SeenEvent, str]]


@dataclass(frozen=True, slots=True)
class EngagementIntake:
    """One stream of events. `to_event`: the mapping. `reach_days`: how far back a first read goes. `waits`: it is read
    only when HubSpot counted a form.

    `deliveries`: when mailings were delivered, as far as this process has seen: clicks are judged by them.
    """

    noun: str
    to_event: Callable[[Record], SeenEvent]
    version: str
    pages: SitePages
    rules: SuspectRules
    reach_days: int
    waits: bool = False
    sweeps: bool = False
    deliveries: dict[Mail, set[datetime]] = field(default_factory=lambda: defaultdict(set))

    @property
    def stream(self) -> str:
        """`hubspot.<noun>`."""
        return f"{HUBSPOT}.{self.noun}"

    def store(self, db: Mirror, page: Page, run: Run) -> Stored:
        """Save one page; contacts whose touch days changed go to reconcile."""
        events, rejected = map_records(page.records, self.to_event)
        found = _of_contacts(db, events, run)
        self._note_deliveries(found)
        kept = [self._stored(event, contact_id, run) for event, contact_id in found if event.kind]
        outdated = [self._hash(event) for event, _ in found if event.replaced_by]
        saved, days, counts = self._save(db, kept, outdated, run)
        judged = self._judge(db, found, saved)
        changed = days | judged
        if changed:
            engagement.remake_days(db, changed)
            refs = [RecordRef(HUBSPOT, contact_id) for contact_id, _ in changed]
            work.enqueue(db, "reconcile", refs, run.now)
        passed_over = len(events) - len(kept)
        own = StreamCounts(fetched=len(page.records), suppressed=passed_over, quarantined=len(rejected))
        return Stored(counts + own, rejected)

    def has_news(self, db: Mirror) -> bool:
        """Whether the stream is to be read in this run."""
        return not self.waits or engagement.forms_expected(db)

    def drop_missing(self, _: Mirror, __: Run, /) -> int:
        """Events are never swept."""
        return 0

    def close_file(self, page: Page, rejected: Sequence[Rejection]) -> None:
        """Events do not come from files."""

    def _hash(self, event: SeenEvent) -> str:
        return engagement.hash_of(self.stream, event.id)

    def _note_deliveries(self, found: Found) -> None:
        for event, contact_id in found:
            if event.mail and event.delivered_at is not None:
                self.deliveries[contact_id, event.mail].add(event.delivered_at)

    def _stored(self, event: SeenEvent, contact_id: str, run: Run) -> StoredEvent:
        kind, job_id = self._kind(event, run)
        return StoredEvent(
            id_hash=self._hash(event),
            stream=self.stream,
            contact_id=contact_id,
            kind=kind,
            job_id=job_id,
            day=local_day(event.at, run.policy.time.zone),
            at=event.at,
            rule=event.rule if kind == MAIL_CLICK else "",
            own_rule=event.rule if kind == MAIL_CLICK else "",
            mail=event.mail if kind == MAIL_CLICK else "",
            link=event.link,
            device=event.device,
        )

    def _kind(self, event: SeenEvent, run: Run) -> tuple[str, str]:
        """A visit is of the kind of its page; an application by form is for the vacancy of its page."""
        if event.kind not in (SITE_VISIT, APPLICATION_SUBMITTED):
            return event.kind, ""
        kind, job_id = self.pages.kind_of(run, event.page)
        return (kind or event.kind, job_id) if event.kind == SITE_VISIT else (event.kind, job_id)

    def _save(
        self, db: Mirror, kept: Sequence[StoredEvent], outdated: Sequence[str], run: Run
    ) -> tuple[list[StoredEvent], set[engagement.DayKey], StreamCounts]:
        """Save what is new or corrected: that, the days it changes, and the counts."""
        once = {one.id_hash: one for one in kept}
        known = engagement.known_events(db, [*once, *outdated])
        oldest = kept_from(run.today, run.policy.score.kinds)
        current = [one for one in once.values() if one.day >= oldest.get(one.kind, oldest[""])]
        current = [one for one in current if one.id_hash not in outdated]
        new = [_as_settled(one, known.get(one.id_hash)) for one in current if _is_news(one, known.get(one.id_hash))]
        left = [known[one].key for one in known if one in outdated]
        left += [known[one.id_hash].key for one in new if one.id_hash in known and known[one.id_hash].key != one.key]
        engagement.remove_events(db, outdated)
        engagement.save_events(db, new)
        days = {(key[0], key[3]) for key in (*left, *(one.key for one in new))}
        if left:
            engagement.remake_days(db, days, left)
        counts = StreamCounts(
            stored=len(new),
            unchanged=len(current) - len(new),
            duplicate=len(kept) - len(once),
            suppressed=len(once) - len(current),
        )
        return new, days, counts

    def _judge(self, db: Mirror, found: Found, saved: Sequence[StoredEvent]) -> set[engagement.DayKey]:
        """Judge the clicks in every mailing this page says something new of; the days of clicks judged otherwise."""
        mails = {(one.contact_id, one.mail) for one in saved if one.mail}
        mails |= {(contact_id, event.mail) for event, contact_id in found if not event.kind and event.mail}
        by_mail: dict[Mail, list[MailClick]] = defaultdict(list)
        for click in engagement.clicks_of(db, mails) if mails else ():
            by_mail[click.contact_id, click.mail].append(click)
        changed = []
        for mail, clicks in by_mail.items():
            changed += self._verdicts(clicks, self.deliveries[mail])
        engagement.set_rules(db, [(one.id_hash, rule, delivered) for one, rule, delivered in changed])
        return {(one.contact_id, one.day) for one, *_ in changed}

    def _verdicts(
        self, clicks: Sequence[MailClick], seen: Collection[datetime]
    ) -> list[tuple[MailClick, str, datetime | None]]:
        deliveries = {*seen, *(one.delivered_at for one in clicks if one.delivered_at)}
        rules = judge([Click(one.id_hash, one.link, one.at, one.own_rule) for one in clicks], deliveries, self.rules)
        found = []
        for one in clicks:
            rule = rules[one.id_hash]
            delivered = max((at for at in deliveries if at <= one.at), default=None)
            if (rule, delivered) != (one.rule, one.delivered_at):
                found.append((one, rule, delivered))
        return found


def _is_news(one: StoredEvent, known: Known | None) -> bool:
    """Whether an event is new or another than before; of one that is settled only its day can be."""
    if known is None:
        return True
    return one.key != known.key or (not known.is_settled and one.own_rule != known.own_rule)


def _as_settled(one: StoredEvent, known: Known | None) -> StoredEvent:
    """A settled event stays judged as it was."""
    if known is None or not known.is_settled:
        return one
    return replace(one, at=None, rule=known.rule, own_rule=known.rule, mail="", link="", device="")


def _of_contacts(db: Mirror, events: Sequence[SeenEvent], run: Run) -> Found:
    """The events of contacts the mirror holds and may track, with the contact; the team's own people left out."""
    by_id = engagement.contacts_by_id(db, {one.contact_id for one in events if one.contact_id})
    by_email = engagement.contacts_by_email(db, {one.email for one in events if one.email})
    found: Found = []
    audience = run.policy.audience
    for event in events:
        contact_id, email = by_id.get(event.contact_id or "", (by_email.get(event.email or "", ""), event.email or ""))
        if contact_id and (audience.internal or not is_internal(email, audience)):
            found.append((event, contact_id))
    return found
