"""Event-occurrences, marketing e-mail events and form submissions, as strict as HubSpot documents them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.clock import to_moment
from sandbox.directory import page_window
from sandbox.endpoint import Answer, Call, Endpoint
from sandbox.errors import ApiError, bad_request, not_found
from sandbox.touch_log import EVENT_TYPES

MOST_EVENTS, MOST_MAIL_EVENTS, MOST_SUBMISSIONS, MOST_FORMS = 100, 1_000, 50, 100
OCCURRENCES = ("/events/v3/events", "/events/event-occurrences/2026-09")
_MAIL_QUERY = {
    "startTimestamp", "endTimestamp", "eventType", "recipient", "campaignId", "appId", "excludeFilteredEvents", "limit",
    "offset",
}  # fmt: skip


def _scope(name: str) -> Callable[[dict[str, str]], list[str]]:
    return lambda path: [name]


def _need_enterprise(call: Call) -> None:
    if not call.state.touches.enterprise:
        message = "This account does not have the required product tier to access this endpoint."
        raise ApiError(403, message, "FORBIDDEN")


def _moment(call: Call, name: str) -> datetime | None:
    text = call.query.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"{name} is not a date-time") from None
    if moment.tzinfo is None:
        raise bad_request(f"{name} has no offset")
    return moment


def _occurrences(call: Call) -> Answer:
    """Newest first; `occurredAfter` and `occurredBefore` bound it."""
    _need_enterprise(call)
    limit, start = page_window(call.query, 20, MOST_EVENTS)
    after, before = _moment(call, "occurredAfter"), _moment(call, "occurredBefore")
    wanted = {"eventType": call.query.get("eventType"), "objectId": call.query.get("objectId")}
    found = [
        event
        for event in sorted(call.state.touches.pages, key=lambda one: (one["occurredAt"], one["id"]), reverse=True)
        if all(value in (None, event[name]) for name, value in wanted.items())
        and (after is None or to_moment(event["occurredAt"]) >= after)
        and (before is None or to_moment(event["occurredAt"]) < before)
    ]
    return 200, _page(found, start, limit)


def _event_types(call: Call) -> Answer:
    _need_enterprise(call)
    return 200, {"eventTypes": list(EVENT_TYPES)}


def _mail_events(call: Call) -> Answer:
    """Newest first; the type filter takes one type."""
    unknown = sorted(call.query.keys() - _MAIL_QUERY)
    if unknown:
        raise bad_request(f"unknown parameter {unknown[0]}")
    limit, start = page_window({"limit": call.query.get("limit", "10"), "after": _offset(call)}, 10, MOST_MAIL_EVENTS)
    begin, end = (_epoch_ms(call, name) for name in ("startTimestamp", "endTimestamp"))
    kind, recipient = call.query.get("eventType"), call.query.get("recipient")
    hides_filtered = call.query.get("excludeFilteredEvents") == "true"
    found = [
        event
        for event in sorted(call.state.touches.mails, key=lambda one: (one["created"], one["id"]), reverse=True)
        if (begin is None or event["created"] >= begin)
        and (end is None or event["created"] < end)
        and kind in (None, event["type"])
        and recipient in (None, event["recipient"])
        and not (hides_filtered and event.get("filteredEvent"))
    ]
    end_at = start + limit
    more = end_at < len(found)
    return 200, {"hasMore": more, "offset": f"o{end_at}" if more else "", "events": found[start:end_at]}


def _offset(call: Call) -> str:
    text = call.query.get("offset", "") or "o0"
    if not text.startswith("o"):
        raise bad_request("offset is not valid")
    return text[1:]


def _epoch_ms(call: Call, name: str) -> int | None:
    text = call.query.get(name)
    if text is None:
        return None
    if not text.isdigit():
        raise bad_request(f"{name} must be milliseconds")
    return int(text)


def _forms(call: Call) -> Answer:
    limit, start = page_window(call.query, 20, MOST_FORMS)
    found = [{"id": key, "name": name, "archived": False} for key, name in sorted(call.state.touches.forms.items())]
    return 200, _page(found, start, limit)


def _submissions(call: Call) -> Answer:
    """Newest first, and no filter by time."""
    form_id = call.path["form"]
    if form_id not in call.state.touches.forms:
        raise not_found()
    limit, start = page_window(call.query, 20, MOST_SUBMISSIONS)
    found = sorted(call.state.touches.submissions.get(form_id, []), key=lambda one: -one["submittedAt"])
    return 200, _page(found, start, limit)


def _page(found: list[dict[str, Any]], start: int, limit: int) -> dict[str, Any]:
    body: dict[str, Any] = {"results": found[start : start + limit]}
    if start + limit < len(found):
        body["paging"] = {"next": {"after": str(start + limit), "link": "?"}}
    return body


TOUCH_ENDPOINTS = [
    *(Endpoint("GET", path, _occurrences) for path in OCCURRENCES),
    *(Endpoint("GET", f"{path.removesuffix('/events')}/event-types", _event_types) for path in OCCURRENCES),
    Endpoint("GET", "/email/public/v1/events", _mail_events, scopes=_scope("content")),
    Endpoint("GET", "/marketing/v3/forms", _forms, scopes=_scope("forms")),
    Endpoint("GET", "/form-integrations/v1/submissions/forms/{form}", _submissions, scopes=_scope("forms")),
]
