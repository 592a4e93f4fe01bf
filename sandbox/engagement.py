"""What HubSpot does to a contact's counters and dates when the person does something (docs/vendor-facts.md).

Each function takes the present properties and a moment (aware UTC) and returns the changes, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import to_iso

Properties = Mapping[str, str]
Changes = dict[str, str]
SITE = "https://www.werkenbijvoorbeeldzorg.example.nl"


def visit(now: Properties, at: datetime, *, pages: int = 3, url: str = f"{SITE}/vacatures") -> Changes:
    """One session of `pages` page views, a minute apart.

    Only identified visitors get here: HubSpot sees no others.
    """
    last = at + timedelta(minutes=pages - 1)
    visits, views = _plus(now, "hs_analytics_num_visits", 1), _plus(now, "hs_analytics_num_page_views", pages)
    average = round(int(views) / int(visits), 2)
    changes = {
        "hs_analytics_num_visits": visits,
        "hs_analytics_num_page_views": views,
        "hs_analytics_average_page_views": f"{average:g}",
        "hs_analytics_last_url": url,
        **_latest(now, "hs_analytics_last_visit_timestamp", at),
        **_latest(now, "hs_analytics_last_timestamp", last),
        **_first(now, "hs_analytics_first_visit_timestamp", at),
        **_first(now, "hs_analytics_first_timestamp", at),
        "hs_latest_source": "DIRECT_TRAFFIC",
        **_latest(now, "hs_latest_source_timestamp", at),
    }
    return (
        {"hs_analytics_source": "DIRECT_TRAFFIC", "hs_analytics_first_url": url, **changes}
        if not _seen(now)
        else changes
    )


def mail(now: Properties, at: datetime, *, name: str = "Nieuwe vacatures in de zorg") -> Changes:
    """One marketing mail delivered."""
    return {
        "hs_email_delivered": _plus(now, "hs_email_delivered", 1),
        "hs_email_last_email_name": name,
        "hs_email_sends_since_last_engagement": _plus(now, "hs_email_sends_since_last_engagement", 1),
        **_latest(now, "hs_email_last_send_date", at),
    }


def opened(now: Properties, at: datetime) -> Changes:
    """One open of a marketing mail."""
    return {
        "hs_email_open": _plus(now, "hs_email_open", 1),
        **_latest(now, "hs_email_last_open_date", at),
        **_first(now, "hs_email_first_open_date", at),
    }


def click(now: Properties, at: datetime) -> Changes:
    """One click in a marketing mail; HubSpot counts the mail as opened too."""
    return {
        "hs_email_click": _plus(now, "hs_email_click", 1),
        "hs_email_sends_since_last_engagement": "0",
        **opened(now, at),
        **_latest(now, "hs_email_last_click_date", at),
        **_first(now, "hs_email_first_click_date", at),
    }


def reply(now: Properties, at: datetime, *, sales: bool = False) -> Changes:
    """One answer: to a marketing mail, or with `sales` to a recruiter's own mail."""
    if sales:
        return {
            **_latest(now, "hs_sales_email_last_replied", at),
            **_latest(now, "hs_last_sales_activity_timestamp", at),
        }
    return {
        "hs_email_replied": _plus(now, "hs_email_replied", 1),
        "hs_email_sends_since_last_engagement": "0",
        **_latest(now, "hs_email_last_reply_date", at),
        **_first(now, "hs_email_first_reply_date", at),
    }


def form(now: Properties, at: datetime, *, name: str = "Werken bij: vacaturealert") -> Changes:
    """One form submission; `name` is "page title: form name"."""
    before = now.get("recent_conversion_event_name")
    unique = 0 if before == name else 1
    changes = {
        "num_conversion_events": _plus(now, "num_conversion_events", 1),
        "num_unique_conversion_events": _plus(now, "num_unique_conversion_events", unique),
        **_latest(now, "recent_conversion_date", at),
        "recent_conversion_event_name": name,
        **_first(now, "first_conversion_date", at),
    }
    return changes if before else {"first_conversion_event_name": name, **changes}


def meeting(now: Properties, at: datetime, *, start: datetime | None = None) -> Changes:
    """A meeting booked at `at`, taking place at `start` (default a day later)."""
    held_at = start or at + timedelta(days=1)
    return {
        **_latest(now, "engagements_last_meeting_booked", at),
        **_latest(now, "hs_latest_meeting_activity", held_at),
    }


def optout(now: Properties, at: datetime) -> Changes:
    """Unsubscribed from all mail."""
    return {"hs_email_optout": "true"}


KINDS: dict[str, Callable[..., Changes]] = {
    "visit": visit,
    "mail": mail,
    "open": opened,
    "click": click,
    "reply": reply,
    "form": form,
    "meeting": meeting,
    "optout": optout,
}


def folded(events: list[tuple[str, datetime, dict[str, Any]]]) -> Changes:
    """The properties after these (kind, moment, options) events, in any order; none gives no properties."""
    properties: Changes = {}
    for kind, at, options in sorted(events, key=lambda event: event[1]):
        properties |= KINDS[kind](properties, at, **options)
    return properties


def _seen(now: Properties) -> bool:
    return "hs_analytics_num_visits" in now


def _plus(now: Properties, name: str, more: int) -> str:
    return str(int(float(now.get(name, "0"))) + more)


def _latest(now: Properties, name: str, at: datetime) -> Changes:
    return {name: max(now.get(name, ""), to_iso(at))}


def _first(now: Properties, name: str, at: datetime) -> Changes:
    return {name: min(now.get(name) or to_iso(at), to_iso(at))}
