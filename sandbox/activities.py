"""What a recruiter logs in HubSpot: calls, meetings, e-mails, messages (docs/vendor-facts.md).

Each function gives the object type and the properties of one activity. Words such as `no_answer` stand for
HubSpot's own values, which are taken as they are too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sandbox.clock import to_iso
from sandbox.errors import bad_request
from sandbox.schema import ASSOCIATION_TYPES, ObjectSchema

Logged = tuple[str, dict[str, str]]
DISPOSITIONS = {
    "connected": "f240bbac-87c9-4f6e-bf70-924b57d47db7",
    "no_answer": "73a0d17f-1163-4015-bdd5-ec830791da20",
    "voicemail": "b2cf5968-551e-4856-9783-52b3da59a7d0",
    "busy": "9d9162e7-6cf3-4944-bf63-4dff82258764",
    "live_message": "a4c4c377-d246-4b32-a13b-75a56a4cd0ff",
    "wrong_number": "17b47fee-58de-441e-a44c-c6300d46f273",
}
EMAIL_DIRECTIONS = {"out": "EMAIL", "in": "INCOMING_EMAIL", "forwarded": "FORWARDED_EMAIL"}
CALL_DIRECTIONS = {"out": "OUTBOUND", "in": "INBOUND"}
MESSAGE_CHANNELS = {"whatsapp": "WHATS_APP", "linkedin": "LINKEDIN_MESSAGE", "sms": "SMS"}
# What was said; nobody but HubSpot may ever hold it.
PRIVATE = "Vertrouwelijk: heeft last van de rug en wil niet dat de baas het weet."


def call(at: datetime, *, disposition: str = "connected", direction: str = "out", duration_s: int = 90) -> Logged:
    """A call; "" for one without a disposition."""
    return "calls", {
        "hs_timestamp": to_iso(at),
        "hs_call_title": PRIVATE,
        "hs_call_body": PRIVATE,
        "hs_call_to_number": "+31612345678",
        "hs_call_status": "COMPLETED",
        "hs_call_disposition": DISPOSITIONS.get(disposition, disposition),
        "hs_call_direction": CALL_DIRECTIONS.get(direction, direction),
        "hs_call_duration": str(duration_s * 1000),
    }


def meeting(at: datetime, *, start: datetime | None = None, outcome: str = "scheduled") -> Logged:
    """A meeting that starts at `start`, by default at `at`."""
    return "meetings", {
        "hs_timestamp": to_iso(at),
        "hs_meeting_title": PRIVATE,
        "hs_internal_meeting_notes": PRIVATE,
        "hs_meeting_start_time": to_iso(start or at),
        "hs_meeting_outcome": outcome.upper(),
    }


def email(at: datetime, *, direction: str = "out") -> Logged:
    """An e-mail, `out`, `in` or `forwarded`."""
    return "emails", {
        "hs_timestamp": to_iso(at),
        "hs_email_subject": PRIVATE,
        "hs_email_text": PRIVATE,
        "hs_email_headers": '{"from": {"email": "anna@example.org"}}',
        "hs_email_status": "SENT",
        "hs_email_direction": EMAIL_DIRECTIONS.get(direction, direction),
    }


def message(at: datetime, *, channel: str = "whatsapp") -> Logged:
    """A `whatsapp`, `linkedin` or `sms` message; HubSpot keeps no direction."""
    return "communications", {
        "hs_timestamp": to_iso(at),
        "hs_communication_body": PRIVATE,
        "hs_communication_logged_from": "CRM",
        "hs_communication_channel_type": MESSAGE_CHANNELS.get(channel, channel),
    }


KINDS: dict[str, Callable[..., Logged]] = {"call": call, "meeting": meeting, "email": email, "message": message}


def inline_links(type_: str, contact_ids: list[str]) -> list[dict[str, object]]:
    """The `associations` of a create that tie the activity to these contacts."""
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": ASSOCIATION_TYPES[type_, "contacts"]}
    return [{"to": {"id": contact_id}, "types": [kind]} for contact_id in contact_ids]


def add_disposition(schema: ObjectSchema, value: str, label: str) -> None:
    """The portal's admin adds a call outcome. ApiError 400 when there is one with that value."""
    options = schema.properties["hs_call_disposition"].options
    if any(option["value"] == value for option in options):
        raise bad_request(f"Option {value} exists")
    options.append({"label": label, "value": value, "displayOrder": len(options), "hidden": False})
