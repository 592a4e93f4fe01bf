"""Candidates and recruiters at work, by method and over the control plane."""

from __future__ import annotations

import threading

import pytest
import requests

from sandbox.clock import SandboxClock
from sandbox.server import start
from sandbox.state import SandboxState
from tests.unit.sandbox.conftest import NOW, Api

ANNA, BRAM = "10001", "10002"


def test_a_visit_moves_counters_and_dates_and_the_modified_stamp(state: SandboxState) -> None:
    state.clock.advance(60)
    state.visit(ANNA, "2026-11-24T07:30:00Z", pages=4)
    shown = state.visit("anna@example.org", "2026-11-23T07:30:00Z", pages=2).properties

    assert (shown["hs_analytics_num_visits"], shown["hs_analytics_num_page_views"]) == ("2", "6")
    assert shown["hs_analytics_last_visit_timestamp"] == "2026-11-24T07:30:00.000Z"  # a late event moves no date back
    assert shown["hs_analytics_first_visit_timestamp"] == "2026-11-23T07:30:00.000Z"
    assert shown["lastmodifieddate"] == "2026-11-24T08:01:00.000Z"


@pytest.mark.parametrize(
    ("kind", "options", "changed"),
    [
        ("click", {}, {"hs_email_click": "1", "hs_email_open": "1", "hs_email_last_click_date": NOW}),
        ("reply", {}, {"hs_email_replied": "1", "hs_email_last_reply_date": NOW}),
        ("reply", {"sales": True}, {"hs_sales_email_last_replied": NOW}),
        (
            "form",
            {"name": "Open dag: aanmelden"},
            {
                "num_conversion_events": "1",
                "recent_conversion_date": NOW,
                "recent_conversion_event_name": "Open dag: aanmelden",
            },
        ),
        (
            "meeting",
            {"start": "2026-11-25T10:00:00Z"},
            {
                "engagements_last_meeting_booked": NOW,
                "hs_latest_meeting_activity": "2026-11-25T10:00:00.000Z",
            },
        ),
        ("mail", {}, {"hs_email_delivered": "1", "hs_email_last_send_date": NOW}),
        ("optout", {}, {"hs_email_optout": "true"}),
    ],
)
def test_each_event_over_the_control_plane(api: Api, kind: str, options: dict, changed: dict[str, str]) -> None:
    answer = api("POST", f"/sandbox/contacts/{ANNA}/{kind}", options)

    assert answer.status_code == 200
    assert answer.json()["properties"] | changed == answer.json()["properties"]


def test_recruiters_handle_a_task_over_the_control_plane(served: SandboxState, api: Api) -> None:
    link = {
        "to": {"id": ANNA},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}],
    }
    body = {"properties": {"hs_timestamp": NOW}, "associations": [link], "user_id": 9001}
    task = api("POST", "/sandbox/objects/tasks", body).json()["id"]

    edited = api("POST", f"/sandbox/tasks/{task}/edit", {"properties": {"hs_task_subject": "Anders"}, "user_id": 9001})
    owned = api("POST", f"/sandbox/tasks/{task}/reassign", {"owner_id": "701"})
    done = api("POST", f"/sandbox/tasks/{task}/complete")
    gone = api("POST", f"/sandbox/tasks/{task}/delete")

    assert edited.json()["properties"]["hs_task_subject"] == "Anders"
    assert owned.json()["properties"]["hubspot_owner_id"] == "701"
    assert done.json()["properties"]["hs_task_is_completed"] == "1"
    assert (gone.json()["archived"], served.dump()["tasks"][task]["associations"]) == (
        True,
        {"contacts": [ANNA]},
    )


def test_contacts_are_merged_archived_restored_and_erased_over_the_control_plane(
    served: SandboxState, api: Api
) -> None:
    survivor = api("POST", "/sandbox/contacts/merge", {"primary": ANNA, "secondary": BRAM}).json()["id"]
    archived = api("POST", f"/sandbox/objects/contacts/{survivor}/archive").json()["archived"]
    restored = api("POST", f"/sandbox/objects/contacts/{survivor}/restore").json()["archived"]
    erased = api("POST", "/sandbox/contacts/cees@example.org/gdpr-delete")

    assert (archived, restored, erased.status_code) == (True, False, 200)
    assert list(served.dump()["contacts"]) == [survivor] and survivor not in (ANNA, BRAM)


def test_the_control_plane_sets_clock_settings_and_faults_and_shows_them(served: SandboxState, api: Api) -> None:
    clock = api("POST", "/sandbox/clock", {"now": "2026-12-01T08:00:00Z", "advance_s": 60}).json()
    settings = api(
        "POST",
        "/sandbox/settings",
        {"search_lag_s": 30, "remove_scopes": ["crm.lists.read"], "limits": {"burst": None}},
    ).json()
    faults = api("POST", "/sandbox/faults", {"faults": [{"kind": "status", "status": 500, "path_regex": "x"}]}).json()
    cleared = api("DELETE", "/sandbox/faults").json()

    assert clock == {"now": "2026-12-01T08:01:00.000Z", "running": False}
    assert settings["search_lag_s"] == 30 and settings["limits"]["burst"] is None
    assert "crm.lists.read" not in settings["scopes"]
    assert (len(faults["faults"]), cleared["faults"]) == (1, [])
    assert api("POST", "/sandbox/faults", {"faults": [{"kind": "explode"}]}).status_code == 400


def test_requests_are_counted_by_template_and_status_without_the_control_plane(served: SandboxState, api: Api) -> None:
    api("GET", f"/crm/v3/objects/contacts/{ANNA}")
    api("GET", "/crm/objects/2026-09/0-1/999")
    api("PATCH", f"/crm/objects/2026-09/contacts/{ANNA}", {"properties": {"city": "Ede"}})

    stats = api("GET", "/sandbox/stats").json()

    assert stats["requests"] == {
        "GET /crm/objects/contacts/{id}": {"200": 1, "404": 1},
        "PATCH /crm/objects/contacts/{id}": {"200": 1},
    }
    assert (stats["total"], stats["writes"], stats["reads"]) == (3, 1, 2)
    assert api("POST", "/sandbox/stats/reset").json()["total"] == 0


def test_a_reset_brings_the_first_world_back(served: SandboxState, api: Api) -> None:
    before = api("GET", "/sandbox/dump").json()
    api("POST", f"/sandbox/contacts/{ANNA}/visit")
    changed = api("GET", "/sandbox/dump").json()
    api("POST", "/sandbox/reset")

    assert changed != before and api("GET", "/sandbox/dump").json() == before


def test_long_answers_are_packed_when_the_client_takes_gzip(served: SandboxState, api: Api) -> None:
    answer = api("GET", "/crm/properties/2026-09/contacts")

    assert answer.headers["Content-Encoding"] == "gzip" and len(answer.json()["results"]) > 50


def test_a_sandbox_stops_at_once_even_with_a_hanging_request() -> None:
    state, reached, errors = SandboxState(SandboxClock(NOW)), threading.Event(), []
    state.plan_fault("hang", hang_s=60)
    count = state.stats.record
    state.stats.record = lambda *request: (count(*request), reached.set())

    def ask(url: str) -> None:
        try:
            requests.get(url, timeout=20)
        except requests.ConnectionError as error:
            errors.append(error)

    with start(state) as sandbox:
        client = threading.Thread(target=ask, args=(f"{sandbox.base_url}/account-info/v3/details",))
        client.start()
        assert reached.wait(5)
    client.join(5)

    assert (client.is_alive(), len(errors)) == (False, 1)
