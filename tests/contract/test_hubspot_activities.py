"""Activities through the connector, against the sandbox over real HTTP, in both API versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.protocols import Crm, Window
from mappings.hubspot_activities import NOUNS, activity_properties, known_dispositions
from sandbox.activities import DISPOSITIONS, PRIVATE
from sandbox.errors import missing_scopes
from sandbox.server import RunningSandbox
from sandbox.state import SandboxState
from sandbox.store import INTEGRATION
from sync.errors import MissingScope
from tests.contract.hubspot_portal import Connect, connector, renewed, served
from tests.unit.connectors.conftest import FakeTime

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FIRST = Window(None, NOW + timedelta(hours=1))
CHANGED = Window(NOW - timedelta(hours=1), NOW + timedelta(hours=1))


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served(NOW)


@pytest.fixture
def state(running: RunningSandbox) -> SandboxState:
    state = renewed(running, NOW)
    state.limits.search = None
    return state


@pytest.fixture(params=["2026-09", "v3"])
def connected(request: pytest.FixtureRequest, running: RunningSandbox, state: SandboxState) -> Connect:
    known = {"activity_properties": {noun: activity_properties(noun) for noun in NOUNS}}
    known |= {"known_dispositions": known_dispositions(), "api_version": request.param}
    return connector(running, FakeTime(), **known)


@pytest.fixture
def crm(connected: Connect) -> Crm:
    return connected()


def contacts(state: SandboxState, count: int) -> list[str]:
    return [state.load("contacts", {"email": f"a{n}@example.org"}, INTEGRATION).id for n in range(count)]


def calls(state: SandboxState, count: int, **properties: str) -> list[str]:
    given = {"hs_timestamp": "2026-11-24T08:00:00.000Z", **properties}
    return [state.load("calls", given, INTEGRATION).id for _ in range(count)]


def records(crm: Crm, noun: str, window: Window) -> list[dict[str, Any]]:
    return [dict(record) for page in crm.fetch_pages(noun, window, None) for record in page.records]


def test_each_activity_stream_is_incremental(crm: Crm) -> None:
    specs = {spec.noun: spec.incremental for spec in crm.streams}

    assert list(specs) == ["owners", "contacts", "tasks", *NOUNS, "marketing_events"]
    assert all(specs[noun] for noun in NOUNS)


@pytest.mark.parametrize(
    ("log", "noun", "properties"),
    [
        (
            "log_call",
            "calls",
            {
                "hs_call_disposition": DISPOSITIONS["connected"],
                "hs_call_direction": "OUTBOUND",
                "hs_call_duration": "90000",
            },
        ),
        (
            "log_meeting",
            "meetings",
            {"hs_meeting_outcome": "SCHEDULED", "hs_meeting_start_time": "2026-11-24T08:00:00.000Z"},
        ),
        ("log_email", "emails", {"hs_email_direction": "EMAIL"}),
        ("log_message", "communications", {"hs_communication_channel_type": "WHATS_APP"}),
    ],
)
def test_a_record_holds_its_headers_its_contacts_and_nothing_that_was_said(
    state: SandboxState, crm: Crm, log: str, noun: str, properties: dict[str, str]
) -> None:
    people = contacts(state, 2)
    made = getattr(state, log)(people)

    [found] = records(crm, noun, CHANGED)

    now = "2026-11-24T08:00:00.000Z"
    headers = {"hs_timestamp": now, "hs_lastmodifieddate": now, "hubspot_owner_id": None, **properties}
    assert found == {
        "id": made.id,
        "properties": headers,
        "createdAt": now,
        "updatedAt": now,
        "archived": False,
        "contact_ids": people,
    }
    assert PRIVATE not in str(found)


def test_the_first_read_goes_back_no_further_than_it_is_told(state: SandboxState, connected: Connect) -> None:
    found = []
    for days in (181, 180, 31, 29, 0):
        state.clock.set(FIRST.until - timedelta(days=days) - timedelta(hours=0 if days else 1))
        found += calls(state, 1)

    assert [one["id"] for one in records(connected(), "calls", FIRST)] == found[1:]
    assert [one["id"] for one in records(connected(activity_days=30), "calls", FIRST)] == found[3:]
    assert state.stats.count("GET", "/crm/objects/calls") == 0, "the whole history is never listed"


@pytest.mark.parametrize("connected", ["2026-09"], indirect=True)
def test_a_first_read_passes_ten_thousand_with_one_association_read_a_page(
    state: SandboxState, connected: Connect
) -> None:
    ids = calls(state, 10_150)
    state.link("calls", ids[-1], "contacts", *contacts(state, 1))
    crm = connected()

    found = [one["id"] for one in records(crm, "calls", FIRST)]

    assert found == ids
    assert (state.stats.count("POST", "calls/search"), state.stats.count("POST", "calls/contacts/batch/read")) == (
        51,
        51,
    )


def test_a_first_read_goes_on_behind_any_token(state: SandboxState, crm: Crm) -> None:
    ids = calls(state, 450)
    pages = list(crm.fetch_pages("calls", FIRST, None))

    for page in pages[:-1]:
        behind = [one["id"] for rest in crm.fetch_pages("calls", FIRST, page.token) for one in rest.records]
        assert behind == ids[ids.index(page.records[-1]["id"]) + 1 :]


def test_the_contacts_of_a_group_meeting_are_paged_inside_the_answer(state: SandboxState, crm: Crm) -> None:
    state.association_page = 100
    people = contacts(state, 250)
    state.log_meeting(people)

    [meeting] = records(crm, "meetings", CHANGED)

    assert meeting["contact_ids"] == people
    assert state.stats.count("POST", "meetings/contacts/batch/read") == 3


def test_no_news_is_one_search_a_stream(state: SandboxState, crm: Crm) -> None:
    for noun in NOUNS:
        assert [page.records for page in crm.fetch_pages(noun, CHANGED, None)] == [[]]

    assert state.stats.total == 4


def test_the_names_of_own_outcomes_are_asked_for_once_and_only_when_one_is_met(state: SandboxState, crm: Crm) -> None:
    calls(state, 300, hs_call_disposition=DISPOSITIONS["busy"])
    records(crm, "calls", CHANGED)
    asked_before = state.stats.count("GET", "/crm/properties/calls")
    state.add_disposition("0f0f", "Wil nadenken")
    calls(state, 300, hs_call_disposition="0f0f")

    labels = [one.get("disposition_label") for _ in range(2) for one in records(crm, "calls", CHANGED)]

    assert (asked_before, state.stats.count("GET", "/crm/properties/calls")) == (0, 1)
    assert labels == [*[None] * 300, *["Wil nadenken"] * 300] * 2


def test_outcomes_that_cannot_be_named_cost_the_word_and_not_the_stream(state: SandboxState, crm: Crm) -> None:
    body = missing_scopes(["crm.schemas.calls.read"]).body("c")
    state.plan_fault("status", "/hs_call_disposition$", status=403, body=body, times=99)
    ids = calls(state, 2, hs_call_disposition="0f0f")

    found = records(crm, "calls", CHANGED)

    assert [(one["id"], one.get("disposition_label")) for one in found] == [(one, None) for one in ids]
    assert state.stats.count("GET", "/crm/properties/calls") == 1


@pytest.mark.parametrize("path", ["emails/search", "emails/contacts/batch/read"])
def test_a_missing_scope_is_named(state: SandboxState, crm: Crm, path: str) -> None:
    state.log_email(contacts(state, 1))
    body = missing_scopes(["crm.objects.emails.read"]).body("c")
    state.plan_fault("status", path, status=403, body=body, times=99)

    with pytest.raises(MissingScope) as caught:
        records(crm, "emails", CHANGED)

    assert caught.value.scopes == ("crm.objects.emails.read",)
