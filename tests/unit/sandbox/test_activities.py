"""Recruiters log calls, meetings, e-mails and messages, by method and over the control plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.activities import DISPOSITIONS, PRIVATE
from sandbox.errors import ApiError
from sandbox.state import SandboxState
from tests.unit.sandbox.conftest import NOW, Api

ANNA, BRAM = "10001", "10002"
EARLIER = "2026-11-20T10:00:00.000Z"


@pytest.mark.parametrize(
    ("kind", "options", "noun", "shown"),
    [
        (
            "call",
            {"disposition": "no_answer", "direction": "in", "duration_s": 12},
            "calls",
            {
                "hs_call_disposition": "73a0d17f-1163-4015-bdd5-ec830791da20",
                "hs_call_direction": "INBOUND",
                "hs_call_duration": "12000",
            },
        ),
        ("call", {}, "calls", {"hs_call_disposition": DISPOSITIONS["connected"], "hs_call_direction": "OUTBOUND"}),
        (
            "meeting",
            {"start": "2026-12-01T13:00:00Z", "outcome": "no_show"},
            "meetings",
            {"hs_meeting_start_time": "2026-12-01T13:00:00.000Z", "hs_meeting_outcome": "NO_SHOW"},
        ),
        ("email", {"direction": "in"}, "emails", {"hs_email_direction": "INCOMING_EMAIL"}),
        ("email", {"direction": "out"}, "emails", {"hs_email_direction": "EMAIL"}),
        ("message", {"channel": "linkedin"}, "communications", {"hs_communication_channel_type": "LINKEDIN_MESSAGE"}),
    ],
)
def test_each_kind_over_the_control_plane(
    served: SandboxState, api: Api, kind: str, options: dict[str, Any], noun: str, shown: dict[str, str]
) -> None:
    body = {"at": EARLIER, "also": ["bram@example.org"], **options}

    answer = api("POST", f"/sandbox/contacts/{ANNA}/log/{kind}", body)

    made = answer.json()
    assert answer.status_code == 200
    assert made["properties"] | {**shown, "hs_timestamp": EARLIER} == made["properties"]
    assert served.dump()[noun][made["id"]]["associations"] == {"contacts": [ANNA, BRAM]}
    assert served.record(noun, made["id"]).source.type == "CRM_UI"


@pytest.mark.parametrize("log", ["log_call", "log_meeting", "log_email", "log_message"])
def test_what_was_said_is_in_hubspot_and_shown_to_who_asks_for_it(state: SandboxState, log: str) -> None:
    plays: Callable[..., Any] = getattr(state, log)

    made = plays(ANNA)

    assert PRIVATE in made.properties.values()
    assert made.properties["hs_timestamp"] == NOW
    assert state.associations.of("contacts", ANNA, made.type) == [made.id]


def test_a_portal_names_its_call_outcomes_and_an_admin_adds_one(served: SandboxState, api: Api) -> None:
    api("POST", "/sandbox/dispositions", {"value": "0f0f", "label": "Wil nadenken"})
    again = api("POST", "/sandbox/dispositions", {"value": "0f0f", "label": "Wil nadenken"})
    options = api("GET", "/crm/properties/2026-09/calls/hs_call_disposition").json()["options"]

    assert {one["label"]: one["value"] for one in options} == {
        "Busy": DISPOSITIONS["busy"],
        "Connected": DISPOSITIONS["connected"],
        "Left live message": DISPOSITIONS["live_message"],
        "Left voicemail": DISPOSITIONS["voicemail"],
        "No answer": DISPOSITIONS["no_answer"],
        "Wrong number": DISPOSITIONS["wrong_number"],
        "Wil nadenken": "0f0f",
    }
    assert (again.status_code, served.log_call(ANNA, disposition="0f0f").properties["hs_call_disposition"]) == (
        400,
        "0f0f",
    )


def test_an_unknown_outcome_kind_or_owner_is_refused(state: SandboxState) -> None:
    for options in ({"disposition": "no-such"}, {"owner_id": "99"}):
        with pytest.raises(ApiError):
            state.log_call(ANNA, **options)
    with pytest.raises(KeyError):
        state.log("pigeon", ANNA)

    assert state.dump()["calls"] == {}


def test_activities_are_searched_and_read_with_their_contacts(served: SandboxState, api: Api) -> None:
    call = served.log_call([ANNA, BRAM]).id
    body = {"filterGroups": [{"filters": [{"propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": NOW}]}]}

    for noun in ("calls", "0-48"):
        found = api("POST", f"/crm/objects/2026-09/{noun}/search", body).json()
        assert [one["id"] for one in found["results"]] == [call]
    links = api("POST", "/crm/associations/2026-09/calls/contacts/batch/read", {"inputs": [{"id": call}]}).json()
    assert [one["toObjectId"] for one in links["results"][0]["to"]] == [int(ANNA), int(BRAM)]
    assert links["results"][0]["to"][0]["associationTypes"][0]["typeId"] == 194


def test_merged_contacts_and_deleted_activities_take_their_links_along(state: SandboxState) -> None:
    call, email = state.log_call(ANNA), state.log_email(BRAM)
    survivor = state.merge(ANNA, BRAM)
    state.archive("emails", email.id)

    assert state.associations.of("calls", call.id, "contacts") == [survivor.id]
    assert state.dump()["emails"][email.id]["archived"] is True
