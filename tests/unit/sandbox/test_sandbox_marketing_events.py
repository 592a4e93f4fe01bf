"""Marketing events as HubSpot answers them: paged, counted, and strict about what is written."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.marketing_events import ATTENDED, CANCELLED, NO_SHOW, REGISTERED
from sandbox.state import SandboxState
from tests.unit.sandbox.conftest import Api

EVENTS = "/marketing/marketing-events/2026-09"
MS = 1_795_161_600_000
ANNA, BRAM, CEES = "10001", "10002", "10003"


@pytest.fixture
def event(served: SandboxState) -> str:
    return served.marketing_events.add("Open dag", "2026-11-21T09:00:00Z", "2026-11-21T13:00:00Z")


def row(vid: int = 10_001, **more: Any) -> dict[str, Any]:
    return {"vid": vid, "interactionDateTime": MS, "properties": {}, **more}


def test_an_event_counts_its_participants_and_keeps_its_date(served: SandboxState, api: Api, event: str) -> None:
    before = api("GET", EVENTS).json()["results"][0]
    served.clock.advance(60)
    for contact, state in ((ANNA, ATTENDED), (BRAM, NO_SHOW), (CEES, CANCELLED)):
        served.marketing_events.tell(event, contact, state)

    after = api("GET", EVENTS).json()["results"][0]
    totals = api("GET", f"{EVENTS}/participations/{event}").json()

    assert [after[name] for name in ("registrants", "attendees", "cancellations", "noShows")] == [2, 1, 1, 1]
    assert (totals, after["updatedAt"]) == (
        {"registered": 0, "attended": 1, "cancelled": 1, "noShows": 1},
        before["updatedAt"],
    )


def test_participations_page_by_ten_and_can_be_narrowed(served: SandboxState, api: Api, event: str) -> None:
    for contact, state in ((ANNA, ATTENDED), (BRAM, REGISTERED), (CEES, REGISTERED)):
        served.marketing_events.tell(event, contact, state)
    path = f"{EVENTS}/participations/{event}/breakdown"

    first = api("GET", path, limit=2).json()
    second = api("GET", path, limit=2, after=first["paging"]["next"]["after"]).json()
    attended = api("GET", path, state=ATTENDED).json()
    of_bram = api("GET", f"{EVENTS}/participations/contacts/bram@example.org/breakdown").json()

    def ids(body: dict[str, Any]) -> list[str]:
        return [one["associations"]["contact"]["contactId"] for one in body["results"]]

    assert (ids(first), ids(second), ids(attended), ids(of_bram)) == ([ANNA, BRAM], [CEES], [ANNA], [BRAM])
    assert (first["total"], "paging" in second) == (3, False)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("", {"limit": 101}, 400),
        ("/participations/1/breakdown", {}, 404),
        ("/participations/1", {}, 404),
        ("/participations/{event}/breakdown", {"limit": 101}, 400),
        ("/participations/{event}/breakdown", {"state": "WAVED"}, 400),
        ("/participations/contacts/nobody@example.org/breakdown", {}, 404),
    ],
)
def test_a_wrong_question_is_refused(api: Api, event: str, path: str, query: dict[str, Any], status: int) -> None:
    assert api("GET", EVENTS + path.format(event=event), **query).status_code == status


@pytest.mark.parametrize(
    ("word", "body", "status"),
    [
        ("attend", {"inputs": [row()]}, 200),
        ("ATTENDED", {"inputs": [row()]}, 400),
        ("attend", {"inputs": []}, 400),
        ("attend", {"inputs": [row()] * 101}, 400),
        ("attend", {"inputs": [{"vid": 10_001, "interactionDateTime": MS}]}, 400),
        ("attend", {"inputs": [row(interactionDateTime="2026-11-20")]}, 400),
        ("attend", {"inputs": [row(), row(999)]}, 207),
    ],
)
def test_attendance_needs_its_three_fields_and_a_contact(
    served: SandboxState, api: Api, event: str, word: str, body: dict[str, Any], status: int
) -> None:
    answer = api("POST", f"{EVENTS}/{event}/attendance/{word}/create", body)

    assert answer.status_code == status
    assert served.marketing_events.event(event).told == ([(ANNA, ATTENDED, MS)] if status < 300 else [])


def test_reading_and_writing_need_scopes_of_their_own(served: SandboxState, api: Api, event: str) -> None:
    served.scopes -= {"crm.objects.marketing_events.read", "crm.objects.marketing_events.write"}

    answers = [api("GET", EVENTS), api("POST", f"{EVENTS}/{event}/attendance/attend/create", {"inputs": [row()]})]

    assert [one.status_code for one in answers] == [403, 403]


def test_people_are_driven_through_the_control_plane(served: SandboxState, api: Api) -> None:
    body = {"name": "Open dag", "starts_at": "2026-11-21T09:00:00Z"}
    event = api("POST", "/sandbox/marketing-events", body).json()["id"]

    api("POST", f"/sandbox/marketing-events/{event}/REGISTERED", {"contact": "anna@example.org"})

    (told,) = served.marketing_events.event(event).told
    assert told[:2] == (ANNA, REGISTERED)
