"""Pages of marketing events with who takes part: one record an event, whole, so that a correction leaves no trace.

The list of events costs one request a hundred; who takes part is asked only of events that may have changed. Of a
participant the contact's id, the state and the moment are kept: an e-mail address serves to find the contact and
goes no further.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from connectors.hubspot.bridge import Bridge, next_after, results_of
from connectors.hubspot.errors import Refused
from connectors.hubspot.reads import Lookups
from connectors.paging import LoopGuard
from connectors.protocols import Page, Record, Rejected, Window

LIMIT = 100

_COUNTS = ("registrants", "attendees", "cancellations", "noShows")
_ALSO_CHANGES = ("eventName", "startDateTime", "endDateTime", "updatedAt")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Fingerprints = Mapping[str, str]


def nothing_read() -> Fingerprints:
    """No event was read before."""
    return {}


class MarketingEventPages:
    """Pages of events. `days`: how long after its end an event is still looked at; `first_days`: how long for one that
    was never read. `known`: fingerprints of the events read before, by id."""

    def __init__(self, bridge: Bridge, lookups: Lookups, *, days: int, first_days: int) -> None:
        self._bridge = bridge
        self._lookups = lookups
        self._days = timedelta(days=days)
        self._first_days = timedelta(days=max(days, first_days))
        self.known: Callable[[], Fingerprints] = nothing_read

    def fetch_pages(self, window: Window, token: str | None) -> Iterator[Page]:
        """A page for each event that is due, by id; a token is the id of the last one shown. No event due: no page.

        Everything (`since` None): also those whose counts did not move.
        """
        events = sorted(self._due(window), key=lambda one: int(_id_of(one)))
        left = [one for one in events if token is None or int(_id_of(one)) > int(token)]
        for place, event in enumerate(left, start=1):
            following = None if place == len(left) else _id_of(event)
            try:
                participants = self._participants(_id_of(event))
            except Refused as refused:
                if not refused.missing:
                    raise
                gone = Rejected(_id_of(event), "participations", "not found")
                yield Page((), following, rejected=(gone,))
            else:
                yield Page([_record(event, participants)], following)

    def _due(self, window: Window) -> list[Mapping[str, Any]]:
        known = self.known()
        return [one for one in self._events() if self._is_due(one, window, known)]

    def _events(self) -> Iterator[Mapping[str, Any]]:
        guard, after, is_first = LoopGuard(), None, True
        while is_first or after is not None:
            body = self._bridge.get(self._bridge.paths.marketing_events, limit=LIMIT, after=after)
            found = [one for one in results_of(body) if _id_of(one).isdigit()]
            yield from found
            after = guard.step(next_after(body), (_id_of(one) for one in found))
            is_first = False

    def _is_due(self, event: Mapping[str, Any], window: Window, known: Fingerprints) -> bool:
        ended_at = _moment(event.get("endDateTime")) or _moment(event.get("startDateTime")) or window.until
        if _id_of(event) not in known:
            return ended_at >= window.until - self._first_days
        if ended_at < window.until - self._days:
            return False
        mark = _fingerprint(event)
        return window.since is None or not mark or known[_id_of(event)] != mark

    def _participants(self, event_id: str) -> list[Record]:
        path = f"{self._bridge.paths.marketing_events}/participations/{event_id}/breakdown"
        guard, after, is_first = LoopGuard(), None, True
        found: list[Mapping[str, Any]] = []
        while is_first or after is not None:
            body = self._bridge.get(path, limit=LIMIT, after=after)
            items = results_of(body)
            found += items
            after = guard.step(next_after(body), (str(one.get("id")) for one in items))
            is_first = False
        return self._with_contacts(found)

    def _with_contacts(self, items: Sequence[Mapping[str, Any]]) -> list[Record]:
        """Participants, each with its contact's id; "" for one that no contact stands for."""
        emails = [_email_of(one) for one in items if not _contact_of(one) and _email_of(one)]
        known = self._lookups.fetch_contacts_by("email", emails, ("hs_object_id",)) if emails else {}
        ids = {email: str(record["id"]) for email, record in known.items()}
        return [_participant(one, _contact_of(one) or ids.get(_email_of(one), "")) for one in items]


def _record(event: Mapping[str, Any], participants: Sequence[Record]) -> Record:
    return {
        "id": _id_of(event),
        "name": event.get("eventName"),
        "starts_at": event.get("startDateTime"),
        "ends_at": event.get("endDateTime"),
        "fingerprint": _fingerprint(event),
        "participants": participants,
    }


def _participant(item: Mapping[str, Any], contact_id: str) -> Record:
    given = item.get("properties")
    properties = given if isinstance(given, dict) else {}
    return {
        "id": str(item.get("id") or ""),
        "contact_id": contact_id,
        "state": properties.get("attendanceState"),
        "at": properties.get("occurredAt"),
        "created_at": item.get("createdAt"),
    }


def _fingerprint(event: Mapping[str, Any]) -> str:
    """Changes when an event or the number of its participants in a state does; "" where HubSpot gives no numbers."""
    if all(event.get(name) is None for name in _COUNTS):
        return ""
    told = json.dumps([event.get(name) for name in (*_COUNTS, *_ALSO_CHANGES)], default=str)
    return blake2b(told.encode(), digest_size=8).hexdigest()


def _id_of(event: Mapping[str, Any]) -> str:
    return str(event.get("objectId") or event.get("id") or "")


def _associated(item: Mapping[str, Any]) -> Mapping[str, Any]:
    associations = item.get("associations")
    contact = associations.get("contact") if isinstance(associations, dict) else None
    return contact if isinstance(contact, dict) else {}


def _contact_of(item: Mapping[str, Any]) -> str:
    contact_id = str(_associated(item).get("contactId") or "")
    return contact_id if contact_id.isdigit() else ""


def _email_of(item: Mapping[str, Any]) -> str:
    return str(_associated(item).get("email") or "").strip().lower()


def _moment(text: Any) -> datetime | None:
    try:
        if str(text).isdigit():
            return _EPOCH + timedelta(milliseconds=int(text))
        moment = datetime.fromisoformat(str(text))
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
