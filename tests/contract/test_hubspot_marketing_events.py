"""Marketing events through the connector, against the sandbox over real HTTP, in both API versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from connectors.protocols import Crm, Page, Window, WriteResult, WriteRow, WriteStatus
from sandbox.marketing_events import ATTENDED, CANCELLED, REGISTERED
from sandbox.server import RunningSandbox
from sandbox.state import SandboxState
from sandbox.store import INTEGRATION
from sync.errors import MissingScope
from tests.contract.hubspot_portal import Connect, connector, renewed, served
from tests.unit.connectors.conftest import FakeTime

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
WHOLE = Window(None, NOW)
CHANGED = Window(NOW - timedelta(hours=1), NOW)
NOON = int(NOW.timestamp() * 1000)
EVENTS = "marketing_events"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served(NOW)


@pytest.fixture
def state(running: RunningSandbox) -> SandboxState:
    return renewed(running, NOW)


@pytest.fixture(params=["2026-09", "v3"])
def connected(request: pytest.FixtureRequest, running: RunningSandbox, state: SandboxState) -> Connect:
    return connector(running, FakeTime(), api_version=request.param)


@pytest.fixture
def crm(connected: Connect) -> Crm:
    return connected()


def contacts(state: SandboxState, count: int) -> list[str]:
    return [state.load("contacts", {"email": f"a{n}@example.org"}, INTEGRATION).id for n in range(count)]


def event(state: SandboxState, name: str = "Open dag", *, ended_days_ago: float = 1) -> str:
    ended_at = NOW - timedelta(days=ended_days_ago)
    return state.marketing_events.add(name, ended_at - timedelta(hours=3), ended_at)


def pages(crm: Crm, window: Window, token: str | None = None) -> list[Page]:
    return list(crm.fetch_pages(EVENTS, window, token))


def shown(crm: Crm, window: Window) -> list[str]:
    return [str(record["id"]) for page in pages(crm, window) for record in page.records]


def known(crm: Crm) -> Mapping[str, str]:
    """Let the connector remember what it reads now."""
    marks = {str(one["id"]): str(one["fingerprint"]) for page in pages(crm, WHOLE) for one in page.records}
    crm.remember_events(lambda: marks)
    return marks


def test_an_event_comes_with_its_participants_and_nothing_else_of_them(state: SandboxState, crm: Crm) -> None:
    anna, bram = contacts(state, 2)
    day = event(state)
    state.marketing_events.tell(day, anna, REGISTERED, NOW - timedelta(days=9))
    state.marketing_events.tell(day, bram, ATTENDED, NOW - timedelta(days=1))

    (page,) = pages(crm, WHOLE)

    (record,) = page.records
    made = "2026-11-24T08:00:00.000Z"
    assert page.token is None
    assert {name: record[name] for name in ("id", "name", "ends_at")} == {
        "id": day,
        "name": "Open dag",
        "ends_at": "2026-11-23T08:00:00.000Z",
    }
    assert [{**one, "id": ""} for one in record["participants"]] == [
        {"id": "", "contact_id": anna, "state": REGISTERED, "at": NOON - 9 * 86_400_000, "created_at": made},
        {"id": "", "contact_id": bram, "state": ATTENDED, "at": NOON - 86_400_000, "created_at": made},
    ]


def test_events_and_participants_are_read_by_the_hundred(state: SandboxState, crm: Crm) -> None:
    people = contacts(state, 130)
    for _ in range(101):
        event(state)
    full = event(state, "Banenmarkt")
    for contact in people:
        state.marketing_events.tell(full, contact, REGISTERED, NOW)

    found = pages(crm, WHOLE)

    assert [len(page.records) for page in found] == [1] * 102
    assert len(found[-1].records[0]["participants"]) == 130
    assert state.stats.total == 2 + 101 + 2


def test_a_quiet_read_costs_the_list_of_events_only(state: SandboxState, crm: Crm) -> None:
    (anna,) = contacts(state, 1)
    for number in range(3):
        state.marketing_events.tell(event(state, f"Open dag {number}"), anna, REGISTERED, NOW)
    known(crm)
    before = state.stats.total

    found = pages(crm, CHANGED)

    assert (found, state.stats.total - before) == ([], 1)


def test_only_an_event_whose_participants_moved_is_read_again(state: SandboxState, crm: Crm) -> None:
    (anna,) = contacts(state, 1)
    events = [event(state, f"Open dag {number}") for number in range(3)]
    for one in events:
        state.marketing_events.tell(one, anna, REGISTERED, NOW)
    known(crm)

    state.marketing_events.tell(events[1], anna, CANCELLED, NOW)

    assert shown(crm, CHANGED) == [events[1]]


def test_a_whole_read_also_takes_events_whose_counts_stand_still(state: SandboxState, crm: Crm) -> None:
    anna, bram = contacts(state, 2)
    day = event(state)
    state.marketing_events.tell(day, anna, REGISTERED, NOW)
    state.marketing_events.tell(day, bram, CANCELLED, NOW)
    known(crm)
    state.marketing_events.tell(day, anna, CANCELLED, NOW)
    state.marketing_events.tell(day, bram, REGISTERED, NOW)

    assert (shown(crm, CHANGED), shown(crm, WHOLE)) == ([], [day])


def test_an_old_event_is_read_once_and_a_very_old_one_never(state: SandboxState, connected: Connect) -> None:
    crm = connected(marketing_event_days=14, marketing_event_first_days=200)
    recent, old = event(state, ended_days_ago=13), event(state, ended_days_ago=100)
    event(state, ended_days_ago=201)

    first = sorted(known(crm))

    assert (first, shown(crm, WHOLE)) == (sorted([recent, old]), [recent])


def test_a_read_that_was_cut_off_goes_on_behind_the_last_event(state: SandboxState, crm: Crm) -> None:
    events = [event(state, f"Open dag {number}") for number in range(3)]
    token = pages(crm, WHOLE)[0].token

    left = pages(crm, WHOLE, token)

    assert token == events[0]
    assert [page.records[0]["id"] for page in left] == events[1:]


def test_an_event_that_was_deleted_meanwhile_does_not_hold_up_the_others(state: SandboxState, crm: Crm) -> None:
    gone, there = event(state), event(state)
    state.plan_fault("status", f"participations/{gone}/", status=404, body={"category": "OBJECT_NOT_FOUND"})

    found = pages(crm, WHOLE)

    assert [(one.ref, one.field) for page in found for one in page.rejected] == [(gone, "participations")]
    assert [record["id"] for page in found for record in page.records] == [there]


def test_a_participant_without_a_contact_id_is_found_by_address(
    state: SandboxState, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, bram = contacts(state, 2)
    day = event(state)
    for contact in (anna, bram):
        state.marketing_events.tell(day, contact, ATTENDED, NOW)
    told = state.marketing_events._participation_json
    emails = {anna: "A0@example.org", bram: "nobody@example.org"}
    monkeypatch.setattr(
        state.marketing_events,
        "_participation_json",
        lambda of, one: told(of, one) | {"associations": {"contact": {"email": emails[one.contact_id]}}},
    )

    (page,) = pages(crm, WHOLE)

    assert [one["contact_id"] for one in page.records[0]["participants"]] == [anna, ""]


def test_without_the_scope_it_says_which_one_is_missing(state: SandboxState, crm: Crm) -> None:
    state.scopes.discard("crm.objects.marketing_events.read")

    with pytest.raises(MissingScope) as raised:
        pages(crm, WHOLE)

    assert raised.value.scopes == ("crm.objects.marketing_events.read",)


def test_attendance_is_written_by_contact_and_moment(state: SandboxState, crm: Crm) -> None:
    anna, bram = contacts(state, 2)
    day = event(state)

    results = crm.record_attendance(day, [attendance(anna), attendance(bram)])

    assert {one.key: one.status for one in results} == {anna: WriteStatus.DONE, bram: WriteStatus.DONE}
    assert state.marketing_events.event(day).told == [(anna, ATTENDED, NOON), (bram, ATTENDED, NOON)]


def test_the_same_attendance_twice_is_one(state: SandboxState, crm: Crm) -> None:
    (anna,) = contacts(state, 1)
    day = event(state)

    crm.record_attendance(day, [attendance(anna)])
    crm.record_attendance(day, [attendance(anna)])

    assert state.marketing_events.event(day).told == [(anna, ATTENDED, NOON)]


def test_who_is_no_contact_does_not_hold_up_the_others(state: SandboxState, crm: Crm) -> None:
    (anna,) = contacts(state, 1)
    day = event(state)

    results = crm.record_attendance(day, [attendance("999999"), attendance(anna)])

    assert {one.key: one.status for one in results} == {"999999": WriteStatus.REJECTED, anna: WriteStatus.DONE}


def test_an_attendance_without_an_answer_is_not_certain(state: SandboxState, crm: Crm) -> None:
    (anna,) = contacts(state, 1)
    day = event(state)
    state.plan_fault("drop_after", "/attendance/")

    results = crm.record_attendance(day, [attendance(anna)])

    assert [(one.key, one.status) for one in results] == [(anna, WriteStatus.UNKNOWN)]
    assert state.stats.writes == 1


def test_an_answer_that_names_nobody_confirms_nobody(state: SandboxState, crm: Crm) -> None:
    (anna,) = contacts(state, 1)
    day = event(state)
    state.plan_fault("hollow", "/attendance/")

    results: list[WriteResult] = list(crm.record_attendance(day, [attendance(anna)]))

    assert [(one.key, one.status) for one in results] == [(anna, WriteStatus.UNKNOWN)]


def attendance(contact: str) -> WriteRow:
    return WriteRow(contact, contact, {"interactionDateTime": str(NOON)})
