"""How marketing events and their participants enter the mirror. The touch days of a contact whose participations
changed are made anew from all it has, so that a correction leaves no trace of what stood before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from connectors.protocols import Page, Record
from sync.core.model import HUBSPOT, RecordRef
from sync.core.participation import KINDS, MarketingEvent, participation_touches
from sync.errors import InvalidRecord
from sync.stages import suppress
from sync.stages.intake_ats import Rejection
from sync.stages.pull import Stored
from sync.stages.run import Run
from sync.store import links, marketing_events, touches, work
from sync.store.db import Mirror
from sync.store.runs import StreamCounts

STREAM = f"{HUBSPOT}.marketing_events"
ToEvent = Callable[[Record], tuple[MarketingEvent, list[Rejection]]]


@dataclass(frozen=True, slots=True)
class MarketingEventIntake:
    """HubSpot's marketing events. Counts are of participants."""

    to_event: ToEvent
    version: str
    sweeps: bool = False

    def store(self, db: Mirror, page: Page, run: Run) -> Stored:
        """Save the events of a page, each with all its participants; people whose touches changed are scored anew."""
        total, told = StreamCounts(), list[Rejection]()
        for record in page.records:
            try:
                event, rejected = self.to_event(record)
            except InvalidRecord as error:
                told.append((str(record.get("id") or "?"), error.field, error.reason))
                total += StreamCounts(fetched=1, quarantined=1)
                continue
            told += rejected
            total += _save(db, event, len(rejected), run)
        return Stored(total, told)

    def drop_missing(self, _: Mirror, __: Run, /) -> int:
        """An event HubSpot does not list any more still took place."""
        return 0

    def close_file(self, page: Page, rejected: Sequence[Rejection]) -> None:
        """Marketing events do not come from files."""


def _save(db: Mirror, event: MarketingEvent, rejected: int, run: Run) -> StreamCounts:
    marketing_events.forget_unreadable(db, STREAM, event.remote_id)
    gone = suppress.forgotten_contacts(db, [one.contact_id for one in event.participations])
    event = replace(event, participations=tuple(one for one in event.participations if one.contact_id not in gone))
    changed = marketing_events.save_event(db, _of_survivors(db, event), run.now)
    touch_again(db, changed, run)
    stored = sum(one.contact_id in changed for one in event.participations)
    return StreamCounts(
        fetched=len(event.participations) + len(gone) + event.repeated + rejected,
        stored=stored,
        unchanged=len(event.participations) - stored,
        duplicate=event.repeated,
        suppressed=len(gone),
        quarantined=rejected,
    )


def _of_survivors(db: Mirror, event: MarketingEvent) -> MarketingEvent:
    """The event with contacts under the ids they have now; one that is there twice stays as its own id tells."""
    now_known = marketing_events.survivors(db, [one.contact_id for one in event.participations])
    if not now_known:
        return event
    kept = {one.contact_id: one for one in event.participations if one.contact_id not in now_known}
    for one in event.participations:
        if one.contact_id in now_known:
            survivor = now_known[one.contact_id]
            kept.setdefault(survivor, replace(one, contact_id=survivor))
    return replace(event, participations=tuple(kept[contact_id] for contact_id in sorted(kept)))


def touch_again(db: Mirror, contact_ids: Collection[str], run: Run) -> None:
    """Make the event touch days of contacts anew and ask for the scores of their people."""
    refs = [RecordRef(HUBSPOT, contact_id) for contact_id in sorted(contact_ids)]
    found = marketing_events.participations_of(db, contact_ids)
    zone = run.policy.time.zone
    rows = [(ref, touch) for ref in refs for touch in participation_touches(found[ref.remote_id], zone)]
    touches.replace_touch_days(db, refs, tuple(KINDS.values()), rows)
    work.enqueue_people(db, "score", _people_of(db, refs), run.now)


def _people_of(db: Mirror, refs: Iterable[RecordRef]) -> set[int]:
    return {person_id for person_id, _ in links.links_of(db, refs).values()}
