"""Pages of what people did, event by event: page visits, marketing e-mail events, form submissions.

Each record is cut down here: of an address host and path are left, of a form's values the e-mail address, of a mail
event no subject, place or referrer. What a record never had stays absent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.hubspot.bridge import Bridge, next_after, results_of
from connectors.hubspot.errors import Refused
from connectors.hubspot.streams import EMAIL_EVENTS, EVENTS
from connectors.hubspot.urls import page_of
from connectors.paging import LoopGuard
from connectors.protocols import Page, Record, Rejected, Window
from sync.errors import BadAnswer

EVENT_LIMIT = 100  # a larger page is not documented
MAIL_LIMIT = 1_000
FORM_LIMIT = 50
FORMS_LIMIT = 50

MAIL_EVENTS_PATH = "/email/public/v1/events"
FORMS_PATH = "/marketing/v3/forms"
SUBMISSIONS_PATH = "/form-integrations/v1/submissions/forms"

_MAIL_FIELDS = ("type", "recipient", "emailCampaignId", "deviceType", "userAgent", "filteredEvent", "linkId")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EngagementPages:
    """Pages of the three streams. `days`: how far back a first read goes. `event_types`: of event-occurrences."""

    def __init__(self, bridge: Bridge, *, days: int, event_types: Sequence[str]) -> None:
        self._bridge = bridge
        self._days = timedelta(days=days)
        self._event_types = tuple(event_types)

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages of a window, in the vendor's order; everything (`since` None) starts `days` before its end."""
        bounded = replace(window, since=window.until - self._days if window.since is None else window.since)
        read = {EVENTS: self._events, EMAIL_EVENTS: self._mail_events}.get(noun, self._submissions)
        return read(bounded, token)

    def _events(self, window: Window, token: str | None) -> Iterator[Page]:
        """One event type after the other; a token is `number of the type:after`."""
        assert window.since is not None
        number, _, after = (token or "0:").partition(":")
        for place in range(int(number), len(self._event_types)):
            guard, following = LoopGuard(after or None), after or None
            while True:
                body = self._bridge.get(
                    self._bridge.paths.event_occurrences,
                    objectType="contact",
                    eventType=self._event_types[place],
                    occurredAfter=_iso(window.since),
                    occurredBefore=_iso(window.until),
                    limit=EVENT_LIMIT,
                    after=following,
                )
                items = results_of(body)
                following = guard.step(next_after(body), (str(one.get("id")) for one in items))
                yield _page(items, _event_record, _next_place(place, following, len(self._event_types)))
                if following is None:
                    break
            after = ""

    def _mail_events(self, window: Window, token: str | None) -> Iterator[Page]:
        """Every type of event, newest first: opens, clicks, and the deliveries that clicks are judged by."""
        assert window.since is not None
        guard, is_first = LoopGuard(token), True
        while is_first or token is not None:
            body = self._bridge.get(
                MAIL_EVENTS_PATH,
                startTimestamp=_epoch_ms(window.since),
                endTimestamp=_epoch_ms(window.until),
                limit=MAIL_LIMIT,
                offset=token,
            )
            items = _dicts(body.get("events"))
            offset = body.get("offset") if body.get("hasMore") is True else None
            token = guard.step(None if offset in (None, "") else str(offset), (_mail_id(one) for one in items))
            yield _page(items, _mail_record, token)
            is_first = False

    def _submissions(self, window: Window, token: str | None) -> Iterator[Page]:
        """One form after the other, newest first, until the window's begin; a token is `form:after`.

        A form before the token's is not read again, one that is gone is passed over.
        """
        start, _, after = (token or "").partition(":")
        form_ids = sorted(self._form_ids())
        for place, form_id in enumerate(form_ids):
            if start and form_id < start:
                continue
            for page in self._submissions_of(form_id, window, after if form_id == start else ""):
                is_last = page.token is None and place == len(form_ids) - 1
                token = None if is_last else f"{form_id}:{page.token}" if page.token else f"{form_ids[place + 1]}:"
                yield replace(page, token=token)

    def _form_ids(self) -> Iterator[str]:
        guard, after, is_first = LoopGuard(), None, True
        while is_first or after is not None:
            body = self._bridge.get(FORMS_PATH, limit=FORMS_LIMIT, after=after)
            found = [str(one["id"]) for one in results_of(body) if one.get("id")]
            yield from found
            after = guard.step(next_after(body), found)
            is_first = False

    def _submissions_of(self, form_id: str, window: Window, after: str) -> Iterator[Page]:
        assert window.since is not None
        since, until = int(_epoch_ms(window.since)), int(_epoch_ms(window.until))
        guard, following = LoopGuard(after or None), after or None
        while True:
            items, following = self._some_submissions(form_id, following)
            moments = [_number(one.get("submittedAt")) for one in items]
            inside = [one for one, at in zip(items, moments, strict=True) if at is None or since <= at < until]
            following = guard.step(following)
            if any(at is not None and at < since for at in moments):
                following = None
            yield _page([{**one, "formId": form_id} for one in inside], _submission_record, following)
            if following is None:
                return

    def _some_submissions(self, form_id: str, after: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """A page of submissions and the token behind it; none of a form that is gone or has no submissions to show."""
        try:
            body = self._bridge.get(f"{SUBMISSIONS_PATH}/{form_id}", limit=FORM_LIMIT, after=after)
        except Refused as refused:
            if not refused.missing:
                raise
            return [], None
        return results_of(body), next_after(body)


def _next_place(place: int, following: str | None, types: int) -> str | None:
    if following is not None:
        return f"{place}:{following}"
    return f"{place + 1}:" if place + 1 < types else None


def _page(items: Sequence[Mapping[str, Any]], to_record: Any, token: str | None) -> Page:
    """The items as records; those without what they are known by are rejected by their row."""
    records: list[Record] = []
    rejected = []
    for row, item in enumerate(items):
        record = to_record(item)
        if record is None:
            rejected.append(Rejected(f"row {row}", "id", "missing or of another shape"))
        else:
            records.append(record)
    return Page(records, token, rejected=tuple(rejected))


def _event_record(item: Mapping[str, Any]) -> Record | None:
    """Of an event: what it was, who did it, when, and on which page."""
    contact_id, at = str(item.get("objectId") or ""), item.get("occurredAt")
    if not contact_id or not at:
        return None
    given = item.get("properties")
    properties = given if isinstance(given, dict) else {}
    page = page_of(properties.get("hs_url"))
    event_type = str(item.get("eventType") or "")
    known = item.get("id") or _hash(event_type, contact_id, at, page)
    return {"id": str(known), "type": event_type, "contact_id": contact_id, "at": at, "page": page}


def _mail_id(item: Mapping[str, Any]) -> str:
    """An id alone is not unique: (id, created) is the key."""
    return f"{item.get('id')}|{item.get('created')}"


def _mail_record(item: Mapping[str, Any]) -> Record | None:
    """Of a mail event: what, to whom, when, of which mailing, and what tells a machine from a person."""
    if not item.get("id") or _number(item.get("created")) is None:
        return None
    sent = item.get("sentBy")
    replaced = item.get("obsoletedBy")
    link = item.get("linkId") or (_hash(item["url"]) if item.get("url") else None)
    return {name: item.get(name) for name in _MAIL_FIELDS} | {
        "id": _mail_id(item),
        "at": item["created"],
        "linkId": link,
        "sent_at": sent.get("created") if isinstance(sent, dict) else None,
        "replaced_by": _mail_id(replaced) if isinstance(replaced, dict) and replaced.get("id") else None,
    }


def _submission_record(item: Mapping[str, Any]) -> Record | None:
    """Of a submission: which form, when, on which page, and the e-mail address filled in."""
    at = item.get("submittedAt")
    if _number(at) is None:
        return None
    email = next((one.get("value") for one in _dicts(item.get("values")) if _is_email(one)), None)
    form_id = str(item["formId"])
    known = item.get("conversionId") or _hash(form_id, at, email)
    return {"id": str(known), "form_id": form_id, "at": at, "email": email, "page": page_of(item.get("pageUrl"))}


def _is_email(value: Mapping[str, Any]) -> bool:
    """The contact's own address; a company's field may bear the same name."""
    return value.get("name") == "email" and value.get("objectTypeId", "0-1") in ("0-1", None, "")


def _dicts(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise BadAnswer("HubSpot's answer has no list of events.")
    return [one for one in value if isinstance(one, dict)]


def _number(value: Any) -> int | None:
    return int(value) if str(value).isdigit() else None


def _hash(*parts: Any) -> str:
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def _epoch_ms(moment: datetime) -> str:
    return str((moment - _EPOCH) // timedelta(milliseconds=1))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
