"""A contact is deleted for good in HubSpot: by id, and safely twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.protocols import Crm, WriteStatus
from sandbox.server import RunningSandbox
from sandbox.state import SandboxState
from sandbox.store import INTEGRATION
from tests.contract.hubspot_portal import connector, renewed, served
from tests.unit.connectors.conftest import FakeTime

NOW = "2026-11-24T09:00:00+00:00"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served(NOW)


@pytest.fixture
def state(running: RunningSandbox) -> SandboxState:
    return renewed(running, NOW)


@pytest.fixture(params=["2026-09", "v3"])
def crm(request: pytest.FixtureRequest, running: RunningSandbox, state: SandboxState) -> Crm:
    return connector(running, FakeTime(), api_version=request.param)()


@pytest.fixture
def anna(state: SandboxState) -> str:
    return state.load("contacts", {"email": "anna@example.org"}, INTEGRATION).id


def test_a_contact_is_gone_for_good_and_can_be_deleted_twice(state: SandboxState, crm: Crm, anna: str) -> None:
    first, again = crm.erase_contact(anna), crm.erase_contact(anna)

    assert (first.status, again.status) == (WriteStatus.DONE, WriteStatus.DONE)
    assert state.stores["contacts"].get(anna, archived=None) is None


def test_a_vendor_that_does_not_know_the_contact_says_so(state: SandboxState, crm: Crm, anna: str) -> None:
    state.plan_fault("status", "gdpr-delete", status=404, category="OBJECT_NOT_FOUND")

    result = crm.erase_contact(anna)

    assert (result.status, result.missing) == (WriteStatus.REJECTED, True)


def test_an_answer_that_is_lost_is_not_certain_and_nothing_is_sent_again(
    state: SandboxState, crm: Crm, anna: str
) -> None:
    state.plan_fault("drop_after", "gdpr-delete")

    assert crm.erase_contact(anna).status is WriteStatus.UNKNOWN
    assert state.stats.writes == 1
