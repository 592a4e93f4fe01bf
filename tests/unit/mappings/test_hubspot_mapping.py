"""HubSpot records to the model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from mappings.hubspot import ContactMapper, contact_properties, parse_mapping, to_owner
from mappings.hubspot_tasks import marker_of, task_properties, to_task, visible_hash
from sync.core.model import Contact, Counters, Owner, Task
from sync.errors import ConfigError, InvalidRecord

CREATED = datetime(2026, 1, 1, 10, tzinfo=UTC)
VISITED = {"hs_analytics_num_visits": "3", "hs_analytics_last_visit_timestamp": "2026-11-20T08:00:00.500Z"}
MET = {"hs_latest_meeting_activity": "1793520000000"}
MET_AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


def record(**properties: str | None) -> dict[str, Any]:
    return {"id": "101", "properties": properties}


def test_a_contact_is_read_whole() -> None:
    raw = record(
        email="sanne@example.org",
        hs_additional_emails="s@example.org;sv@example.org",
        firstname="Sanne ",
        lastname="van de Haterd",
        phone="0612345678",
        mobilephone="",
        hubspot_owner_id="7",
        lifecyclestage="lead",
        num_associated_deals="2.0",
        hs_email_optout="true",
        warmline_candidate_id="ats:17",
        warmline_band="warm",
        warmline_call_back_at="2026-11-24T14:30:00+01:00",
        warmline_do_not_call="false",
        warmline_channel_preference="phone",
        warmline_no_profiling=None,
        hs_merged_object_ids="90;101",
        hs_calculated_merged_vids="90:1700000000000;80:1700000000000",
        createdate="2026-01-01T10:00:00Z",
        lastmodifieddate="1767261600000",
        unknown_property="x",
    )

    assert ContactMapper("off").to_contact(raw) == Contact(
        remote_id="101",
        email="sanne@example.org",
        additional_emails=("s@example.org", "sv@example.org"),
        first_name="Sanne",
        last_name="van de Haterd",
        phone="0612345678",
        owner_id="7",
        lifecycle_stage="lead",
        deals=2,
        opted_out=True,
        stored_candidate_id="ats:17",
        band_in_crm="warm",
        call_back_at=datetime(2026, 11, 24, 13, 30, tzinfo=UTC),
        channel_preference="phone",
        tracking_consent=False,
        merged_ids=("90", "80"),
        created_at=CREATED,
        updated_at=CREATED,
    )


def test_the_record_s_own_moments_stand_in_for_missing_properties() -> None:
    contact = ContactMapper("off").to_contact({"id": 5, "createdAt": "2026-01-01T10:00:00Z", "updatedAt": None})

    assert contact == Contact("5", created_at=CREATED, tracking_consent=False)


@pytest.mark.parametrize(
    ("consent", "properties", "seen", "counters"),
    [
        (
            "portal",
            VISITED,
            True,
            Counters(visits=3, last_visit_at=datetime(2026, 11, 20, 8, 0, 0, 500_000, tzinfo=UTC)),
        ),
        ("portal", {"hs_email_delivered": "2"}, True, Counters()),
        ("portal", {"hs_email_delivered": "0", "hs_analytics_num_visits": "0"}, False, Counters()),
        ("portal", {"hs_analytics_first_timestamp": "1793520000000"}, True, Counters()),
        ("portal", {}, False, Counters()),
        ("off", VISITED, False, None),  # nothing of the site without consent
        ("off", VISITED | MET, True, Counters(last_meeting_at=MET_AT)),  # a meeting is neither web nor mail
        (
            "property:ok",
            VISITED | {"ok": "true"},
            True,
            Counters(visits=3, last_visit_at=datetime(2026, 11, 20, 8, 0, 0, 500_000, tzinfo=UTC)),
        ),
        ("property:ok", VISITED | {"ok": "false"}, False, None),
        ("property:ok", VISITED | {"ok": "ja"}, False, None),  # only a plain true is consent
        ("property:ok", VISITED, False, None),
        ("property:ok", MET, True, Counters(last_meeting_at=MET_AT)),
    ],
)
def test_what_is_seen_depends_on_tracking_consent(
    consent: str, properties: dict[str, str], seen: bool, counters: Counters | None
) -> None:
    mapper = ContactMapper(consent)

    assert mapper.to_contact(record(**properties)).seen is seen
    assert mapper.to_counters(record(**properties)) == counters


def test_the_later_of_two_replies_and_the_first_known_meeting_count() -> None:
    raw = record(
        hs_email_last_reply_date="2026-11-01T08:00:00Z",
        hs_sales_email_last_replied="2026-11-02T08:00:00Z",
        hs_latest_meeting_activity="",
        engagements_last_meeting_booked="2026-11-01T08:00:00Z",
    )

    assert ContactMapper("portal").to_counters(raw) == Counters(
        last_reply_at=datetime(2026, 11, 2, 8, tzinfo=UTC), last_meeting_at=MET_AT
    )


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"properties": {}}, "id"),
        (record(num_associated_deals="veel"), "num_associated_deals"),
        (record(createdate="gisteren"), "createdate"),
        (record(createdate="99999999999999999999"), "createdate"),
        (record(hs_email_optout="perhaps"), "hs_email_optout"),
        (record(hs_email_delivered="veel"), "hs_email_delivered"),
        ({"id": "1", "properties": {"email": ["a@example.org"]}}, "email"),
        ({"id": "1", "properties": {"hs_analytics_num_visits": "1e300"}}, "hs_analytics_num_visits"),
        ({"id": "1", "properties": ["email"]}, "properties"),
        (record(warmline_call_back_at="9999-12-31T23:59:59Z"), "warmline_call_back_at"),
        ({"id": "1", "properties": {}, "createdAt": "x"}, "createdAt"),
    ],
)
def test_a_value_of_another_type_is_refused_by_property_without_the_value(raw: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidRecord) as refused:
        ContactMapper("portal").to_contact(raw)
        ContactMapper("portal").to_counters(raw)

    assert refused.value.field == field
    assert "veel" not in str(refused.value)


def test_without_tracking_web_and_mail_behaviour_is_not_even_asked_for() -> None:
    everything, without = set(contact_properties("ok")), set(contact_properties(tracking=False))

    assert {"ok", "email", "hs_analytics_num_visits", "hs_email_delivered"} <= everything
    seen = {name for name in without if "analytics" in name or "click" in name or "repl" in name}
    assert seen == {"warmline_reply_due_at"}  # what the team promised, not what the person did
    assert {"email", "hs_latest_meeting_activity", "hs_email_optout"} <= without


def test_everything_wrong_in_a_mapping_is_told_at_once() -> None:
    table = {
        "people": {},
        "contact": {
            "a": {"to": "nowhere", "type": "text"},
            "b": {"to": "email", "type": "colour"},
            "c": {"to": "email", "type": "text"},
            "date_of_birth": {"to": "phone", "type": "text"},
            "d": {"where": "email"},
        },
    }

    with pytest.raises(ConfigError) as refused:
        parse_mapping(table)

    assert [problem.key for problem in refused.value.problems] == [
        "people",
        "contact.d",
        "contact.a",
        "contact.b",
        "contact.c",
        "contact.date_of_birth",
    ]


def test_an_owner_is_read_with_its_address_in_lower_case() -> None:
    raw = {"id": "7", "email": "R@Example.org", "firstName": "Rik", "lastName": "", "archived": True}

    assert to_owner(raw) == Owner("7", "r@example.org", "Rik", active=False)


BODY = "Waarom nu: vacature bekeken op 19 nov.\nTe bieden: R&amp;D\n[wl:3f9a1c02be77]"


def test_a_task_is_read_without_its_text() -> None:
    properties = {
        "hs_task_subject": "Bel Sanne",
        "hs_task_body": BODY,
        "hs_timestamp": "1793520000000",
        "hubspot_owner_id": "7",
        "hs_task_type": "CALL",
        "hs_task_status": "NOT_STARTED",
        "hs_createdate": "2026-01-01T10:00:00Z",
    }

    assert to_task({"id": 9, "properties": properties, "contact_ids": [101], "archived": False}) == Task(
        remote_id="9",
        contact_ids=("101",),
        marker="3f9a1c02be77",
        status="NOT_STARTED",
        type="CALL",
        owner_id="7",
        due_at=MET_AT,
        visible_hash=visible_hash(properties),
        created_at=CREATED,
    )
    assert set(properties) <= set(task_properties())


@pytest.mark.parametrize(
    ("body", "marker"),
    [
        (BODY, "3f9a1c02be77"),
        ("<p>tekst</p><p>[wl:3F9A1C02BE77]</p>", "3f9a1c02be77"),
        ("a <b>[wl:</b>3f9a1c02be77]", "3f9a1c02be77"),  # an editor split it
        ("&#91;wl:3f9a1c02be77&#93;", "3f9a1c02be77"),
        ("[wl:aaaaaaaaaaaa] quoted\n[wl:3f9a1c02be77]", "3f9a1c02be77"),  # the last one
        ("[wl:3f9a1c02be7]", None),  # too short
        ("", None),
    ],
)
def test_the_marker_is_found_whatever_html_is_around_it(body: str, marker: str | None) -> None:
    assert marker_of(body) == marker


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        (
            {"hs_task_body": "<p>" + BODY.replace("\n", "</p><p>", 1).replace("\n", "<br/>") + "</p>"},
            True,
        ),
        ({"hs_task_body": BODY.replace("\n", "  \r\n")}, True),
        ({"hs_timestamp": "2026-11-01T08:00:00Z"}, True),
        ({"hs_task_status": "COMPLETED"}, True),  # not visible text
        ({"hs_task_body": BODY + " Bel na 16:00."}, False),
        ({"hs_task_subject": "Bel Sanne morgen"}, False),
        ({"hs_timestamp": "1793520060000"}, False),
        ({"hubspot_owner_id": "8"}, False),
        ({"hs_task_type": "TODO"}, False),
    ],
)
def test_an_edit_a_person_made_shows_and_a_respelling_does_not(changed: dict[str, str], same: bool) -> None:
    sent: dict[str, str | None] = {
        "hs_task_subject": "Bel Sanne",
        "hs_task_body": BODY,
        "hs_timestamp": "1793520000000",
        "hubspot_owner_id": "7",
        "hs_task_type": "CALL",
    }

    assert (visible_hash({**sent, **changed}) == visible_hash(sent)) is same


def test_numbers_and_booleans_written_as_such_in_json_are_read_like_their_spelling() -> None:
    raw = {"id": 101, "properties": {"hubspot_owner_id": 7, "hs_email_optout": True, "num_associated_deals": 2.0}}

    contact = ContactMapper("off").to_contact(raw)

    assert contact == Contact(remote_id="101", owner_id="7", opted_out=True, deals=2, tracking_consent=False)


def test_what_cannot_be_shown_is_left_out_of_a_text() -> None:
    raw = record(firstname="Zo\ud800\u00eb\x00", lastname="\u202bde\tVries\n", email="z@example.org")

    contact = ContactMapper("off").to_contact(raw)

    assert (contact.first_name, contact.last_name) == ("Zo \u00eb", "\u202bde Vries")
