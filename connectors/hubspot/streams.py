"""The streams of HubSpot, in the order they must be pulled: owners before what they own, contacts before
their tasks and activities.
"""

from __future__ import annotations

from connectors.protocols import StreamSpec

OWNERS = "owners"
CONTACTS = "contacts"
TASKS = "tasks"
CALLS, MEETINGS, EMAILS, COMMUNICATIONS = "calls", "meetings", "emails", "communications"
ACTIVITIES = (CALLS, MEETINGS, EMAILS, COMMUNICATIONS)
EVENTS, EMAIL_EVENTS, FORMS = "events", "email_events", "forms"
ENGAGEMENT = (EVENTS, EMAIL_EVENTS, FORMS)
MARKETING_EVENTS = "marketing_events"

# What a portal must have for each, as `doctor` says it (docs/vendor-facts.md, engagement).
ENGAGEMENT_NEEDS = {
    EVENTS: "an Enterprise subscription of any hub, and where the token is an app's the scope oauth",
    EMAIL_EVENTS: "marketing e-mail and the scope content",
    FORMS: "the scope forms",
}
MARKETING_EVENTS_NEED = "the scope crm.objects.marketing_events.read"
EVENT_LAG_MINUTES = 60  # a recipient may become known that much after the event
EVENT_LATE_DAYS = 7

# Contacts differ from every other object here (docs/vendor-facts.md, search).
MODIFIED_AT = {CONTACTS: "lastmodifieddate"} | dict.fromkeys((TASKS, *ACTIVITIES), "hs_lastmodifieddate")
WITH_CONTACTS = frozenset({TASKS, *ACTIVITIES})  # their records carry `contact_ids`


def declared_streams(lag_minutes: int, *, tracking: bool = False) -> tuple[StreamSpec, ...]:
    """Owners are few and have no modified filter: always whole.

    `lag_minutes`: how late the search index may be. Activities are optional: contact without them is not seen.
    `tracking` False: streams of web and mail behaviour do not exist.
    """
    events = tuple(_event_stream(noun, lag_minutes) for noun in ENGAGEMENT) if tracking else ()
    return (
        StreamSpec(OWNERS, incremental=False),
        StreamSpec(CONTACTS, incremental=True, lag_minutes=lag_minutes),
        StreamSpec(TASKS, incremental=True, lag_minutes=lag_minutes),
        *(StreamSpec(noun, incremental=True, lag_minutes=lag_minutes, optional=True) for noun in ACTIVITIES),
        StreamSpec(MARKETING_EVENTS, incremental=True, optional=True, needs=MARKETING_EVENTS_NEED),
        *events,
    )


def _event_stream(noun: str, lag_minutes: int) -> StreamSpec:
    return StreamSpec(
        noun,
        incremental=True,
        lag_minutes=max(lag_minutes, EVENT_LAG_MINUTES),
        optional=True,
        needs=ENGAGEMENT_NEEDS[noun],
        late_days=EVENT_LATE_DAYS,
    )
