"""Calls, meetings, e-mails and communications to activities: headers in, words out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mappings.hubspot_activities import (
    NOUNS,
    activity_properties,
    known_dispositions,
    outcome_of_label,
    to_activity,
)
from mappings.rules import is_forbidden
from sync.core.activity import Activity
from sync.errors import InvalidRecord

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CHANGED = datetime(2026, 11, 20, 9, 45, 0, 250_000, tzinfo=UTC)
HEADERS = {
    "hs_timestamp": "2026-11-20T09:30:00.000Z",
    "hs_lastmodifieddate": "2026-11-20T09:45:00.250Z",
    "hubspot_owner_id": "701",
}


def record(contact_ids: tuple[str, ...] = ("51",), **properties: Any) -> dict[str, Any]:
    return {"id": "9", "properties": {**HEADERS, **properties}, "contact_ids": list(contact_ids), "archived": False}


def activity(channel: str, **more: Any) -> Activity:
    known = {"at": AT, "contact_ids": ("51",), "owner_id": "701", "updated_at": CHANGED}
    return Activity(remote_id="9", channel=channel, **{**known, **more})


def test_a_call_says_who_when_which_way_how_long_and_how_it_ended() -> None:
    call = record(
        ("51", "52"),
        hs_call_direction="OUTBOUND",
        hs_call_disposition="73a0d17f-1163-4015-bdd5-ec830791da20",
        hs_call_duration="21999",
    )

    assert to_activity("calls", call) == activity(
        "call", contact_ids=("51", "52"), direction="out", outcome="no_answer", duration_s=21
    )


@pytest.mark.parametrize(
    ("disposition", "outcome"),
    [
        ("f240bbac-87c9-4f6e-bf70-924b57d47db7", "connected"),
        ("73a0d17f-1163-4015-bdd5-ec830791da20", "no_answer"),
        ("b2cf5968-551e-4856-9783-52b3da59a7d0", "voicemail"),
        ("9d9162e7-6cf3-4944-bf63-4dff82258764", "busy"),
        ("a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "live_message"),
        ("17b47fee-58de-441e-a44c-c6300d46f273", "wrong_number"),
        ("F240BBAC-87C9-4F6E-BF70-924B57D47DB7", "connected"),
        ("00000000-0000-4000-8000-000000000000", "other"),
        ("", None),
        (None, None),
    ],
)
def test_each_default_disposition_has_its_word(disposition: str | None, outcome: str | None) -> None:
    assert to_activity("calls", record(hs_call_disposition=disposition)) == activity("call", outcome=outcome)


@pytest.mark.parametrize(
    ("label", "outcome"),
    [
        ("Gesproken", "connected"),
        ("Kandidaat gesproken - interesse", "connected"),
        ("Niet gesproken", "no_answer"),
        ("Geen gehoor (2e poging)", "no_answer"),
        ("Niet opgenomen", "no_answer"),
        ("Opgenomen", "connected"),
        ("Not reached", "no_answer"),
        ("Reached", "connected"),
        ("Voicemail ingesproken", "voicemail"),
        ("Left voice-mail", "voicemail"),
        ("In gesprek", "busy"),
        ("BEZET", "busy"),
        ("Boodschap achtergelaten bij partner", "live_message"),
        ("Nummer klopt niet", "wrong_number"),
        ("Wrong number", "wrong_number"),
        ("Niet meer bellen", "do_not_contact"),
        ("Wil geen contact meer", "do_not_contact"),
        ("DO NOT CONTACT", "do_not_contact"),
        ("Geen contact", "no_answer"),
        ("Wil nadenken", "other"),
        ("Embezetting", "other"),  # not `bezet`: whole words only
        ("", "other"),
    ],
)
def test_a_disposition_of_the_portals_own_is_known_by_its_label(label: str, outcome: str) -> None:
    own = record(hs_call_disposition="0f0f") | {"disposition_label": label}

    assert (outcome_of_label(label), to_activity("calls", own).outcome) == (outcome, outcome)


@pytest.mark.parametrize(
    ("record_of_call", "outcome"),
    [
        (record(hs_call_disposition="0f0f") | {"disposition_label": " Rood "}, "do_not_contact"),
        (record(hs_call_disposition="0F0F") | {"disposition_label": "Groen"}, "do_not_contact"),  # by its value
        (record(hs_call_disposition="1f1f") | {"disposition_label": "Roodborst"}, "other"),
        (record(hs_call_disposition=""), None),
    ],
)
def test_the_team_names_outcomes_that_mean_leave_me_alone(record_of_call: Any, outcome: str | None) -> None:
    assert to_activity("calls", record_of_call, frozenset({"rood", "0f0f"})).outcome == outcome


@pytest.mark.parametrize("value, word", [("INBOUND", "in"), ("OUTBOUND", "out"), ("", None), ("SIDEWAYS", None)])
def test_the_direction_of_a_call(value: str, word: str | None) -> None:
    assert to_activity("calls", record(hs_call_direction=value)).direction == word


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        ("SCHEDULED", "scheduled"),
        ("COMPLETED", "completed"),
        ("RESCHEDULED", "rescheduled"),
        ("NO_SHOW", "no_show"),
        ("CANCELED", "canceled"),
        ("KOFFIE", "other"),
        (None, None),
    ],
)
def test_a_meeting_is_at_its_start_with_its_outcome(value: str | None, outcome: str | None) -> None:
    meeting = record(hs_meeting_start_time="2026-12-01T13:00:00Z", hs_meeting_outcome=value)

    assert to_activity("meetings", meeting) == activity(
        "meeting", at=datetime(2026, 12, 1, 13, tzinfo=UTC), outcome=outcome
    )


def test_a_meeting_without_a_start_is_at_its_timestamp() -> None:
    assert to_activity("meetings", record()) == activity("meeting")


@pytest.mark.parametrize(
    "value, word", [("EMAIL", "out"), ("INCOMING_EMAIL", "in"), ("FORWARDED_EMAIL", None), (None, None)]
)
def test_an_email_goes_out_or_comes_in(value: str | None, word: str | None) -> None:
    assert to_activity("emails", record(hs_email_direction=value)) == activity("email", direction=word)


@pytest.mark.parametrize(
    "value, channel",
    [("WHATS_APP", "whatsapp"), ("LINKEDIN_MESSAGE", "linkedin"), ("SMS", "sms"), ("PIGEON", "other"), (None, "other")],
)
def test_a_message_has_a_channel_and_no_direction(value: str | None, channel: str) -> None:
    assert to_activity("communications", record(hs_communication_channel_type=value)) == activity(channel)


def test_epoch_milliseconds_an_archived_record_and_one_without_owner_or_contacts() -> None:
    bare = {"id": "9", "properties": {"hs_timestamp": "1795512600000"}, "archived": True}

    assert to_activity("emails", bare) == Activity(
        "9", "email", datetime(2026, 11, 24, 9, 30, tzinfo=UTC), archived=True
    )


@pytest.mark.parametrize(
    ("noun", "broken", "field", "reason"),
    [
        ("calls", {"properties": HEADERS}, "id", "missing"),
        ("calls", record(hs_timestamp=None), "hs_timestamp", "missing"),
        ("emails", record(hs_timestamp="gisteren"), "hs_timestamp", "not a date"),
        ("calls", record(hs_call_duration="lang"), "hs_call_duration", "not a number"),
        ("meetings", record(hs_meeting_start_time="straks"), "hs_meeting_start_time", "not a date"),
        ("calls", record(hubspot_owner_id=[701]), "hubspot_owner_id", "not a text"),
    ],
)
def test_what_cannot_be_read_names_its_field_and_not_its_value(
    noun: str, broken: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(InvalidRecord) as caught:
        to_activity(noun, broken)

    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_only_headers_are_asked_for() -> None:
    asked = {noun: activity_properties(noun) for noun in NOUNS}

    assert asked == {
        "calls": [
            "hs_call_direction",
            "hs_call_disposition",
            "hs_call_duration",
            "hs_lastmodifieddate",
            "hs_timestamp",
            "hubspot_owner_id",
        ],
        "meetings": [
            "hs_lastmodifieddate",
            "hs_meeting_outcome",
            "hs_meeting_start_time",
            "hs_timestamp",
            "hubspot_owner_id",
        ],
        "emails": ["hs_email_direction", "hs_lastmodifieddate", "hs_timestamp", "hubspot_owner_id"],
        "communications": ["hs_communication_channel_type", "hs_lastmodifieddate", "hs_timestamp", "hubspot_owner_id"],
    }
    assert not [name for names in asked.values() for name in names if is_forbidden(name)]
    assert len(known_dispositions()) == 6
