"""Marketing events (open days, fairs, webinars) and who takes part (docs/vendor-facts.md, marketing events).

A person stands to an event in one state at a time, the last that was told. HubSpot counts participants on the event;
what the event's own `updatedAt` does when only they change is not documented, so here it stays as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.clock import to_iso, to_moment
from sandbox.directory import page_window
from sandbox.errors import bad_request, not_found
from sandbox.store import Record

if TYPE_CHECKING:
    from sandbox.portal import Portal

REGISTERED, CANCELLED, ATTENDED, NO_SHOW = "REGISTERED", "CANCELLED", "ATTENDED", "NO_SHOW"
STATES = (REGISTERED, CANCELLED, ATTENDED, NO_SHOW)
WRITTEN = {"register": REGISTERED, "attend": ATTENDED, "cancel": CANCELLED}
MOST_INPUTS = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Body = dict[str, Any]


@dataclass
class Participation:
    """How one contact stands to an event. `occurred_at`: epoch ms of the last thing told."""

    id: str
    contact_id: str
    state: str
    occurred_at: int
    created_at: str


@dataclass
class Event:
    """One event. `told`: every interaction ever accepted, as (contact, state, epoch ms)."""

    id: str
    name: str
    starts_at: str
    ends_at: str | None
    updated_at: str
    participations: dict[str, Participation] = field(default_factory=dict)
    told: list[tuple[str, str, int]] = field(default_factory=list)

    def tell(self, participation_id: str, contact_id: str, state: str, at: datetime, now: str) -> None:
        """A contact stands in a state from now on; the same contact, state and moment twice change nothing."""
        occurred_at = (at - EPOCH) // timedelta(milliseconds=1)
        if (contact_id, state, occurred_at) in self.told:
            return
        self.told.append((contact_id, state, occurred_at))
        before = self.participations.get(contact_id)
        made_at = before.created_at if before else now
        known = before.id if before else participation_id
        self.participations[contact_id] = Participation(known, contact_id, state, occurred_at, made_at)


class MarketingEvents:
    """The events of a portal."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self.events: dict[str, Event] = {}

    # what people do ---------------------------------------------------------------------------------------------

    def add(self, name: str, starts_at: str | datetime, ends_at: str | datetime | None = None) -> str:
        """A marketer makes an event; its id."""
        event_id = self._portal.next_id()
        until = None if ends_at is None else to_iso(to_moment(ends_at))
        now = to_iso(self._portal.clock.now())
        self.events[event_id] = Event(event_id, name, to_iso(to_moment(starts_at)), until, now)
        return event_id

    def tell(self, event_id: str, contact: str, state: str, at: str | datetime | None = None) -> None:
        """A contact (id or e-mail) registers, cancels, attends, or does not show up. ApiError; ValueError."""
        if state not in STATES:
            raise ValueError(f"{state} is not one of {', '.join(STATES)}")
        record = self._portal.record("contacts", contact, archived=False)
        moment = to_moment(at) if at else self._portal.clock.now()
        self._tell(self.event(event_id), record.id, state, moment)

    def remove(self, event_id: str, contact_id: str) -> None:
        """A participation was booked on the wrong person and is taken away."""
        del self.event(event_id).participations[contact_id]

    # what HubSpot answers ---------------------------------------------------------------------------------------

    def event(self, event_id: str) -> Event:
        """ApiError 404 when there is none."""
        if event_id not in self.events:
            raise not_found(f"No marketing event exists with the object id {event_id}")
        return self.events[event_id]

    def page(self, query: dict[str, str]) -> Body:
        """One page of events by id."""
        limit, after = page_window(query, 10, 100)
        found = [self.events[one] for one in sorted(self.events, key=int) if int(one) > after]
        return _paged([self._as_json(event) for event in found], limit, [event.id for event in found])

    def breakdown(self, event_id: str, query: dict[str, str]) -> Body:
        """One page of an event's participations; `state` and `contactIdentifier` narrow it down."""
        event = self.event(event_id)
        return self._breakdown([(event, one) for one in self._shown(event)], query)

    def of_contact(self, contact: str, query: dict[str, str]) -> Body:
        """One page of a contact's participations, at any event."""
        record = self._portal.record("contacts", contact, archived=False)
        events = [self.events[one] for one in sorted(self.events, key=int)]
        own = [(event, one) for event in events for one in self._shown(event) if one.contact_id == record.id]
        return self._breakdown(own, query)

    def totals(self, event_id: str) -> Body:
        """How many stand in each state."""
        counts = Counter(one.state for one in self._shown(self.event(event_id)))
        return {
            "registered": counts[REGISTERED],
            "attended": counts[ATTENDED],
            "cancelled": counts[CANCELLED],
            "noShows": counts[NO_SHOW],
        }

    def record_attendance(self, event_id: str, word: str, body: Any) -> tuple[int, Body]:
        """Contacts by `vid` into a state; who is no contact is named in a 207. ApiError 400, 404."""
        event, state = self.event(event_id), WRITTEN.get(word)
        if state is None:
            raise bad_request(f"Unknown subscriber state: {word}")
        inputs = body.get("inputs") if isinstance(body, dict) else None
        if not isinstance(inputs, list) or not inputs or len(inputs) > MOST_INPUTS:
            raise bad_request(f"inputs must hold between 1 and {MOST_INPUTS} rows")
        rows = [_checked(one) for one in inputs]
        results, errors = [], []
        for vid, at in rows:
            contact = self._contact(str(vid))
            if contact is None:
                errors.append(not_found(f"Contact {vid} does not exist").row(ids=[str(vid)]))
                continue
            self._tell(event, contact.id, state, at)
            results.append({"vid": vid})
        answer: Body = {"status": "COMPLETE", "results": results}
        return (207, {**answer, "numErrors": len(errors), "errors": errors}) if errors else (200, answer)

    def _tell(self, event: Event, contact_id: str, state: str, at: datetime) -> None:
        event.tell(self._portal.next_id(), contact_id, state, at, to_iso(self._portal.clock.now()))

    def _contact(self, key: str) -> Record | None:
        store = self._portal.stores["contacts"]
        return store.get(store.survivor_id(key), False)

    def _shown(self, event: Event) -> list[Participation]:
        """Those whose contact is there, merged ones under the survivor."""
        found: dict[str, Participation] = {}
        for one in event.participations.values():
            contact = self._contact(one.contact_id)
            if contact is not None:
                found[contact.id] = Participation(one.id, contact.id, one.state, one.occurred_at, one.created_at)
        return sorted(found.values(), key=lambda one: int(one.id))

    def _breakdown(self, found: list[tuple[Event, Participation]], query: dict[str, str]) -> Body:
        limit, after = page_window(query, 10, 100)
        wanted, who = query.get("state"), query.get("contactIdentifier")
        if wanted is not None and wanted not in STATES:
            raise bad_request(f"Unknown participation state: {wanted[:40]}")
        if who is not None:
            found = [(event, one) for event, one in found if who in self._names(one)]
        found = [(event, one) for event, one in found if wanted in (None, one.state)]
        left = [(event, one) for event, one in found if int(one.id) > after]
        page = _paged([self._participation_json(*each) for each in left], limit, [one.id for _, one in left])
        return {"total": len(found), **page}

    def _names(self, one: Participation) -> tuple[str, str]:
        contact = self._contact(one.contact_id)
        return one.contact_id, contact.properties.get("email", "") if contact else ""

    def _participation_json(self, event: Event, one: Participation) -> Body:
        contact = self._contact(one.contact_id)
        properties = contact.properties if contact else {}
        names = {key: properties[key] for key in ("email", "firstname", "lastname") if key in properties}
        return {
            "id": one.id,
            "createdAt": one.created_at,
            "associations": {
                "contact": {"contactId": one.contact_id, **names},
                "marketingEvent": {"marketingEventId": event.id, "name": event.name},
            },
            "properties": {"attendanceState": one.state, "occurredAt": one.occurred_at},
        }

    def _as_json(self, event: Event) -> Body:
        counts = Counter(one.state for one in self._shown(event))
        return {
            "objectId": event.id,
            "eventName": event.name,
            "eventType": "OPEN_DAY",
            "startDateTime": event.starts_at,
            **({"endDateTime": event.ends_at} if event.ends_at else {}),
            "registrants": counts.total() - counts[CANCELLED],
            "attendees": counts[ATTENDED],
            "cancellations": counts[CANCELLED],
            "noShows": counts[NO_SHOW],
            "eventCancelled": False,
            "customProperties": [],
            "createdAt": event.updated_at,
            "updatedAt": event.updated_at,
        }


def _checked(row: Any) -> tuple[int, datetime]:
    """`vid` and the moment of one input, whose three fields are all required. ApiError 400."""
    if not isinstance(row, dict) or not all(name in row for name in ("vid", "interactionDateTime", "properties")):
        raise bad_request("vid, interactionDateTime and properties are required")
    vid, at = row["vid"], row["interactionDateTime"]
    if type(vid) is not int or type(at) is not int or not isinstance(row["properties"], dict):
        raise bad_request("vid and interactionDateTime must be whole numbers, properties an object")
    return vid, EPOCH + timedelta(milliseconds=at)


def _paged(rows: list[Body], limit: int, ids: list[str]) -> Body:
    answer: Body = {"results": rows[:limit]}
    if len(rows) > limit:
        answer["paging"] = {"next": {"after": ids[limit - 1]}}
    return answer
