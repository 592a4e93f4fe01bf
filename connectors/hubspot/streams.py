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

# Contacts differ from every other object here (docs/vendor-facts.md, search).
MODIFIED_AT = {CONTACTS: "lastmodifieddate"} | dict.fromkeys((TASKS, *ACTIVITIES), "hs_lastmodifieddate")
WITH_CONTACTS = frozenset({TASKS, *ACTIVITIES})  # their records carry `contact_ids`


def declared_streams(lag_minutes: int) -> tuple[StreamSpec, ...]:
    """Owners are few and have no modified filter: always whole.

    `lag_minutes`: how late the search index may be. Activities are optional: contact without them is not seen.
    """
    return (
        StreamSpec(OWNERS, incremental=False),
        StreamSpec(CONTACTS, incremental=True, lag_minutes=lag_minutes),
        StreamSpec(TASKS, incremental=True, lag_minutes=lag_minutes),
        *(StreamSpec(noun, incremental=True, lag_minutes=lag_minutes, optional=True) for noun in ACTIVITIES),
    )
