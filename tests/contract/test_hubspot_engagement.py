"""Streams of single events through the connector, against the sandbox over real HTTP, in both API versions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.hubspot import HubSpotOptions, connect
from connectors.protocols import Crm, Page, Window
from sandbox.server import RunningSandbox
from sandbox.state import SandboxState
from sandbox.store import INTEGRATION
from sync.errors import MissingScope
from tests.contract.hubspot_portal import connector, renewed, served
from tests.unit.connectors.conftest import FakeTime

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FIRST = Window(None, NOW + timedelta(hours=1))
LAST_HOUR = Window(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
STREAMS = ("events", "email_events", "forms")
SITE = "https://www.werkenbij.example.nl:8443"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served(NOW)


@pytest.fixture
def state(running: RunningSandbox) -> SandboxState:
    state = renewed(running, NOW)
    state.scopes |= {"content", "forms"}
    state.touches.enterprise = True
    return state


@pytest.fixture(params=["2026-09", "v3"])
def crm(request: pytest.FixtureRequest, running: RunningSandbox, state: SandboxState) -> Crm:
    known = {"activity_days": 180, "tracking": True, "event_types": ("e_visited_page", "e_clicked_sequence_email")}
    known |= {"contact_properties": ("email", "hs_analytics_last_url"), "api_version": request.param}
    return connector(running, FakeTime(), **known)()


@pytest.fixture
def anna(state: SandboxState) -> str:
    return state.load("contacts", {"email": "anna@example.org"}, INTEGRATION).id


def records(crm: Crm, noun: str, window: Window = FIRST) -> list[dict[str, Any]]:
    return [dict(record) for page in crm.fetch_pages(noun, window, None) for record in page.records]


def test_without_tracking_there_are_no_such_streams(running: RunningSandbox) -> None:
    untracked = connect(HubSpotOptions(token=lambda: "sandbox-token", base_url=running.base_url))

    assert {spec.noun for spec in untracked.streams} & set(STREAMS) == set()


def test_each_stream_is_optional_and_says_what_it_needs(crm: Crm) -> None:
    specs = [spec for spec in crm.streams if spec.noun in STREAMS]

    assert [(one.noun, one.incremental, one.optional, bool(one.needs)) for one in specs] == [
        (noun, True, True, True) for noun in STREAMS
    ]


@pytest.mark.parametrize("noun", STREAMS)
def test_a_portal_without_the_tier_or_scope_refuses(state: SandboxState, crm: Crm, noun: str) -> None:
    state.touches.enterprise = False
    state.scopes -= {"content", "forms"}

    with pytest.raises(MissingScope):
        records(crm, noun)


def test_a_visit_is_host_and_path_and_nothing_else(state: SandboxState, crm: Crm, anna: str) -> None:
    state.page_view(anna, f"{SITE}/vacatures/4711/")

    [visit] = records(crm, "events")

    assert visit == {
        "id": "900000000001",
        "type": "e_visited_page",
        "contact_id": anna,
        "at": "2026-11-24T08:00:00.000Z",
        "page": "www.werkenbij.example.nl/vacatures/4711",
    }


def test_a_path_part_that_is_an_address_is_left_out(state: SandboxState, crm: Crm, anna: str) -> None:
    state.page_view(anna, f"{SITE}/afmelden/anna%40example.org/klaar")

    [visit] = records(crm, "events")

    assert visit["page"] == "www.werkenbij.example.nl/afmelden/klaar"


def test_every_event_type_is_read_through_all_its_pages(state: SandboxState, crm: Crm, anna: str) -> None:
    for number in range(230):
        state.page_view(anna, f"{SITE}/vacatures/{number}", NOW - timedelta(minutes=number))
    state.touches.occurred(anna, NOW, type="e_clicked_sequence_email")

    pages = list(crm.fetch_pages("events", FIRST, None))

    assert [len(page.records) for page in pages] == [100, 100, 30, 1]
    assert [page.token is None for page in pages] == [False, False, False, True]


@pytest.mark.parametrize("noun", STREAMS)
def test_a_pull_goes_on_after_the_page_of_its_token(state: SandboxState, crm: Crm, anna: str, noun: str) -> None:
    _fill(state, anna, 2_100 if noun == "email_events" else 130)
    pages = list(crm.fetch_pages(noun, FIRST, None))

    rest = list(crm.fetch_pages(noun, FIRST, pages[0].token))

    assert _ids(rest) == _ids(pages[1:])
    assert len(_ids(pages)) == len(set(_ids(pages)))


@pytest.mark.parametrize("noun", STREAMS)
def test_a_window_has_two_sides(state: SandboxState, crm: Crm, anna: str, noun: str) -> None:
    for minutes in (-90, 0, 90):
        _happen(state, anna, NOW + timedelta(minutes=minutes))

    assert len(records(crm, noun, LAST_HOUR)) == 1


@pytest.mark.parametrize("noun", STREAMS)
def test_a_first_read_goes_back_a_number_of_days(state: SandboxState, crm: Crm, anna: str, noun: str) -> None:
    for days in (1, 179, 181):
        _happen(state, anna, NOW - timedelta(days=days))

    assert len(records(crm, noun)) == 2


def test_a_mail_event_keeps_what_tells_a_machine_and_no_more(state: SandboxState, crm: Crm) -> None:
    state.mail_event("anna@example.org", "CLICK", sent_at=NOW - timedelta(minutes=5))

    [click] = records(crm, "email_events")

    assert sorted(click) == [
        "at", "deviceType", "emailCampaignId", "filteredEvent", "id", "linkId", "recipient", "replaced_by", "sent_at",
        "type", "userAgent",
    ]  # fmt: skip
    assert (click["id"], click["sent_at"]) == (
        "00000000-0000-4000-8000-000000000001|1795507200000",
        1795506900000,
    )


def test_a_submission_keeps_the_address_and_no_other_value(state: SandboxState, crm: Crm) -> None:
    state.touches.submitted("anna@example.org", NOW, url=f"{SITE}/alert")

    [submission] = records(crm, "forms")

    assert submission == {
        "id": "c0000001",
        "form_id": next(iter(state.touches.forms)),
        "at": 1795507200000,
        "email": "anna@example.org",
        "page": "www.werkenbij.example.nl/alert",
    }


def test_forms_are_read_no_further_than_the_windows_begin(state: SandboxState, crm: Crm) -> None:
    for minutes in range(-120, 30):
        state.touches.submitted("anna@example.org", NOW + timedelta(minutes=minutes))
    before = crm.requests.reads

    found = records(crm, "forms", LAST_HOUR)

    assert len(found) == 90
    assert crm.requests.reads - before == 3  # the forms, and two of three pages


def test_a_form_that_is_gone_is_passed_over(state: SandboxState, crm: Crm) -> None:
    state.touches.submitted("anna@example.org", NOW)
    state.plan_fault("status", "submissions", times=1, status=404, body={"category": "OBJECT_NOT_FOUND"})

    assert records(crm, "forms") == []


def test_of_a_contacts_last_address_only_the_page_leaves_the_connector(
    state: SandboxState, crm: Crm, anna: str
) -> None:
    state.visit(anna, url=f"{SITE}/vacatures/4711?naam=Anna#solliciteer")

    [contact] = records(crm, "contacts")

    assert contact["page"] == "www.werkenbij.example.nl/vacatures/4711"
    assert "naam" not in json.dumps(contact)


def test_nothing_that_may_not_be_kept_leaves_the_connector(state: SandboxState, crm: Crm, anna: str) -> None:
    _happen(state, anna, NOW)

    told = json.dumps([records(crm, noun) for noun in STREAMS])

    for secret in ("utm_source", "geheim", "203.0.113.7", "Amsterdam", "Vertrouwelijk", "Boer", "fingerprint"):
        assert secret not in told


def _happen(state: SandboxState, contact: str, at: datetime) -> None:
    """One of each."""
    state.page_view(contact, f"{SITE}/vacatures", at)
    state.mail_event("anna@example.org", "OPEN", at)
    state.touches.submitted("anna@example.org", at)


def _fill(state: SandboxState, contact: str, count: int) -> None:
    for number in range(count):
        _happen(state, contact, NOW - timedelta(seconds=number))


def _ids(pages: list[Page]) -> list[str]:
    return [str(record["id"]) for page in pages for record in page.records]
