"""The streams of HubSpot, in the order they must be pulled: owners before what they own, contacts before
their tasks.
"""

from __future__ import annotations

from connectors.protocols import StreamSpec

OWNERS = "owners"
CONTACTS = "contacts"
TASKS = "tasks"

# Contacts differ from every other object here (facts 1.2).
MODIFIED_AT = {CONTACTS: "lastmodifieddate", TASKS: "hs_lastmodifieddate"}


def declared_streams(lag_minutes: int) -> tuple[StreamSpec, ...]:
    """Owners are few and have no modified filter: always whole.

    `lag_minutes`: how late the search index may be.
    """
    return (
        StreamSpec(OWNERS, incremental=False),
        StreamSpec(CONTACTS, incremental=True, lag_minutes=lag_minutes),
        StreamSpec(TASKS, incremental=True, lag_minutes=lag_minutes),
    )
