"""The HubSpot connector against the sandbox over real HTTP, in both API versions. Waiting is on fake time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.hubspot import HubSpotOptions, connect
from connectors.protocols import Crm, PropertySpec, Window, WriteResult, WriteRow, WriteStatus
from sandbox.clock import SandboxClock
from sandbox.directory import ContactList, Owner
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.store import INTEGRATION
from sync.errors import AuthError, DailyLimitReached, MissingScope, NetworkFault, RejectedAction
from tests.unit.connectors.conftest import FakeTime

NOW = "2026-11-24T08:00:00.000Z"
CHANGED = Window(datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC))
EVERYTHING = Window(None, CHANGED.until)
Connect = Callable[..., Crm]


def fill(state: SandboxState) -> None:
    """Owners, a list, and no records."""
    state.owners = [Owner(str(701 + n), 9001 + n, f"r{n}@example.org", "R", str(n)) for n in range(130)]
    state.lists = {"31": ContactList("31", "Talentpool")}


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with start(SandboxState(SandboxClock(NOW, running=False), fill)) as sandbox:
        yield sandbox


@pytest.fixture
def state(running: RunningSandbox) -> SandboxState:
    running.state.reset()
    running.state.clock.set(NOW)
    return running.state


@pytest.fixture
def fake_time(state: SandboxState) -> FakeTime:
    time = FakeTime()
    state.limits.monotonic = time.clock
    return time


@pytest.fixture(params=["2026-09", "v3"])
def connected(request: pytest.FixtureRequest, running: RunningSandbox, fake_time: FakeTime) -> Connect:
    def make(**options: Any) -> Crm:
        given = {
            "token": lambda: "sandbox-token",
            "base_url": running.base_url,
            "api_version": request.param,
            "contact_properties": ("email", "firstname"),
            "task_properties": ("hs_task_subject", "hs_task_body"),
        }
        options = {**given, **options}
        return connect(HubSpotOptions(**options), clock=fake_time.clock, sleep=fake_time.sleep, jitter=lambda: 0.0)

    return make


@pytest.fixture
def crm(connected: Connect) -> Crm:
    return connected()


def load_contacts(state: SandboxState, count: int) -> list[str]:
    return [
        state.load("contacts", {"firstname": "Anna", "email": f"a{number}@example.org"}, INTEGRATION).id
        for number in range(count)
    ]


def ids_of(crm: Crm, noun: str, window: Window, token: str | None = None) -> list[str]:
    return [record["id"] for page in crm.fetch_pages(noun, window, token) for record in page.records]


def by_status(results: Sequence[WriteResult]) -> dict[str, int]:
    return {status.value: n for status in WriteStatus if (n := sum(each.status is status for each in results))}


def new_task(number: int, contact_id: str) -> WriteRow:
    body = f"Bel Anna\n[wl:{number:012x}]"
    properties = {"hs_timestamp": "1795507200000", "hs_task_subject": "Bel Anna", "hs_task_body": body}
    return WriteRow(f"key-{number}", None, properties, (contact_id,))


@pytest.mark.parametrize("window", [EVERYTHING, CHANGED])
def test_every_contact_comes_once(state: SandboxState, crm: Crm, window: Window) -> None:
    ids = load_contacts(state, 450)

    assert ids_of(crm, "contacts", window) == ids


@pytest.mark.parametrize("connected", ["2026-09"], indirect=True)
def test_a_window_passes_ten_thousand_records_of_one_moment(state: SandboxState, connected: Connect) -> None:
    state.limits.search = None
    ids = load_contacts(state, 10_150)
    crm = connected(contact_properties=())

    found = ids_of(crm, "contacts", CHANGED)

    assert (found == ids, crm.requests.reads) == (True, 51)


@pytest.mark.parametrize("window", [EVERYTHING, CHANGED])
def test_a_walk_goes_on_behind_any_token(state: SandboxState, crm: Crm, window: Window) -> None:
    ids = load_contacts(state, 450)
    pages = list(crm.fetch_pages("contacts", window, None))

    for page in pages[:-1]:
        behind = ids_of(crm, "contacts", window, page.token)
        assert behind == ids[ids.index(page.records[-1]["id"]) + 1 :]


def test_a_window_has_two_sides(state: SandboxState, crm: Crm) -> None:
    moments = ("06:59:59.999", "07:00:00.000", "08:59:59.999", "09:00:00.000")
    ids = []
    for moment in moments:
        state.clock.set(f"2026-11-24T{moment}Z")
        ids += [state.load("contacts", {"email": f"{moment[:2]}{moment[-1]}@example.org"}, INTEGRATION).id]

    assert ids_of(crm, "contacts", CHANGED) == ids[1:3]


def test_owners_are_paged_whole(crm: Crm) -> None:
    assert len(ids_of(crm, "owners", CHANGED)) == 130


@pytest.mark.parametrize("window", [EVERYTHING, CHANGED])
def test_tasks_know_their_contacts(state: SandboxState, crm: Crm, window: Window) -> None:
    state.association_page = 2
    people = load_contacts(state, 5)
    rows = [new_task(0, people[0]), WriteRow("key-1", None, new_task(1, "").properties, tuple(people))]
    crm.create_tasks([*rows, WriteRow("key-2", None, new_task(2, "").properties)])

    tasks = [record for page in crm.fetch_pages("tasks", window, None) for record in page.records]

    assert [task["contact_ids"] for task in tasks] == [people[:1], people, []]


def test_updates_are_settled_row_by_row(state: SandboxState, crm: Crm) -> None:
    ids = load_contacts(state, 3)
    rows = [WriteRow(f"k{each}", each, {"firstname": "Bea"}) for each in [*ids, "999999"]]

    results = crm.update_contacts(rows)

    assert by_status(results) == {"done": 3, "rejected": 1}
    assert [each.object_id for each in results if each.missing] == ["999999"]
    assert {each["properties"]["firstname"] for each in crm.fetch_contacts(ids, ["firstname"]).values()} == {"Bea"}


def test_a_poison_row_does_not_hold_up_the_others(state: SandboxState, crm: Crm) -> None:
    ids = load_contacts(state, 40)
    rows = [WriteRow(f"k{each}", each, {"firstname": "Bea"}) for each in ids]
    rows[17] = WriteRow("poison", ids[17], {"warmline_nonsense": "Anna"})

    results = crm.update_contacts(rows)

    refused = [each for each in results if each.status is not WriteStatus.DONE]
    assert [(each.key, each.status, "Anna" in each.reason) for each in refused] == [
        ("poison", WriteStatus.REJECTED, False)
    ]


def test_contacts_that_exist_are_named(state: SandboxState, crm: Crm) -> None:
    ids = load_contacts(state, 2)
    rows = [WriteRow(f"k{n}", None, {"email": f"A{n}@example.org", "firstname": "A"}) for n in range(5)]

    results = crm.create_contacts(rows)

    assert by_status(results) == {"done": 3, "rejected": 2}
    assert {each.key: each.existing_id for each in results if each.existing_id} == {
        "k0": ids[0],
        "k1": ids[1],
    }


def test_the_contacts_of_a_task_are_set_and_setting_them_again_changes_nothing(state: SandboxState, crm: Crm) -> None:
    first, second, third = load_contacts(state, 3)
    [result] = crm.create_tasks([WriteRow("key-1", None, new_task(1, "").properties, (first, second))])
    made = str(result.object_id)

    for _ in range(2):
        crm.set_task_contacts(made, add=[third], remove=[first])

    assert set(state.associations.of("tasks", made, "contacts")) == {second, third}
    with pytest.raises(RejectedAction):
        crm.set_task_contacts(made, add=["999999"], remove=[])


def test_tasks_are_created_read_back_changed_and_archived(state: SandboxState, crm: Crm) -> None:
    (person,) = load_contacts(state, 1)

    made = crm.create_tasks([new_task(1, person)])[0]
    changed = crm.update_tasks([WriteRow("u", made.object_id, {"hs_task_subject": "Bel Anna vandaag"})])[0]
    of_person = crm.fetch_tasks_of([person], ["hs_task_subject"])
    archived = crm.archive_tasks([WriteRow("a", made.object_id, {})])[0]
    read = crm.fetch_tasks([str(made.object_id), "999999"], ["hs_task_subject"])

    assert [each.status for each in (made, changed, archived)] == [WriteStatus.DONE] * 3
    assert "[wl:000000000001]" in str(made.properties["hs_task_body"])
    assert [task["properties"] for task in of_person[person]] == [{"hs_task_subject": "Bel Anna vandaag"}]
    assert {task_id: task["archived"] for task_id, task in read.items()} == {made.object_id: True}


@pytest.mark.parametrize("keeps_id", [True, False])
@pytest.mark.parametrize("batch_follows", [True, False])
def test_merged_contacts_are_found_under_the_id_asked_for(
    state: SandboxState, crm: Crm, keeps_id: bool, batch_follows: bool
) -> None:
    state.merge_keeps_id, state.batch_read_follows_merges = keeps_id, batch_follows
    first, second, third, gone = load_contacts(state, 4)
    survivor = state.merge(first, second).id
    state.gdpr_delete(gone)

    found = crm.fetch_contacts([first, second, third, gone], ["email"])
    histories = crm.fetch_history([first, second, third, gone], ["email"])

    assert {asked: record["id"] for asked, record in found.items()} == {
        first: survivor,
        second: survivor,
        third: third,
    }
    assert set(histories) == {first, second, third}


def test_a_contact_is_found_by_email_and_by_a_unique_property(state: SandboxState, crm: Crm) -> None:
    ids = load_contacts(state, 2)
    unique = PropertySpec("warmline_candidate_id", "Candidate", "Its id", "string", "text", unique=True)
    crm.ensure_group("warmline", "warmline")
    crm.create_property(unique, "warmline")
    crm.update_contacts([WriteRow("k", ids[1], {"warmline_candidate_id": "ats:7"})])

    by_email = crm.fetch_contacts_by("email", ["A0@Example.org", "nobody@example.org"], ["firstname"])
    by_property = crm.fetch_contacts_by("warmline_candidate_id", ["ats:7", "ats:8"], ["email"])

    assert {value: each["id"] for value, each in (by_email | by_property).items()} == {
        "A0@Example.org": ids[0],
        "ats:7": ids[1],
    }


def test_the_schema_can_be_made_twice_and_removed(crm: Crm) -> None:
    spec = PropertySpec("warmline_band", "Band", "How warm", "enumeration", "select", (("hot", "Heet"),))
    for _ in range(2):
        crm.ensure_group("warmline", "warmline")
        crm.create_property(spec, "warmline")

    state = crm.fetch_properties()["warmline_band"]
    removed = (crm.archive_property("warmline_band"), crm.archive_group("warmline"))

    assert ((state.type, state.field_type, state.unique, state.read_only), removed) == (
        ("enumeration", "select", False, False),
        (True, True),
    )
    assert "warmline_band" not in crm.fetch_properties()


def test_list_members_come_by_the_hundred(state: SandboxState, crm: Crm) -> None:
    ids = load_contacts(state, 120)
    state.lists["31"].members.update(dict.fromkeys(ids, NOW))

    pages = list(crm.fetch_list_members("31", None))

    assert [each["recordId"] for page in pages for each in page.records] == ids


def test_no_request_is_ever_throttled(state: SandboxState, crm: Crm, fake_time: FakeTime) -> None:
    state.limits.burst = 100
    load_contacts(state, 10)

    for _ in range(150):
        ids_of(crm, "contacts", EVERYTHING)
        ids_of(crm, "contacts", CHANGED)

    assert (crm.requests.reads, crm.requests.throttled) == (300, 0)
    assert fake_time.now - 1_000 < 60


def test_a_second_process_on_the_same_key_is_seen(state: SandboxState, connected: Connect) -> None:
    state.limits.burst = 100
    load_contacts(state, 10)
    workers = [connected() for _ in range(3)]

    for worker in workers:
        for _ in range(70):
            ids_of(worker, "contacts", EVERYTHING)

    assert [worker.requests.throttled for worker in workers] == [0, 0, 0]


def test_searches_throttled_by_other_apps_wait_a_second(state: SandboxState, crm: Crm, fake_time: FakeTime) -> None:
    ids = load_contacts(state, 1)
    for _ in range(5):
        state.limits.admit("other-app", "search", state.clock.now())

    assert ids_of(crm, "contacts", CHANGED) == ids
    assert (crm.requests.throttled, fake_time.slept) == (1, [1.0])


def test_the_days_reserve_is_kept_and_a_spent_day_stops_at_once(state: SandboxState, connected: Connect) -> None:
    state.limits.daily, state.limits.daily_used = 1_000, 799
    polite = connected()
    load_contacts(state, 1)
    ids_of(polite, "contacts", EVERYTHING)
    with pytest.raises(DailyLimitReached):
        polite.update_contacts([WriteRow("k", "10001", {"firstname": "Bea"})])

    state.limits.daily_used = 1_000
    late = connected()
    with pytest.raises(DailyLimitReached):
        late.fetch_account()

    assert (polite.requests.writes, late.requests.reads, late.requests.throttled) == (0, 1, 1)


@pytest.mark.parametrize(
    ("fault", "status", "tasks"),
    [
        ({"kind": "drop_before"}, "unknown", 0),
        ({"kind": "drop_after"}, "unknown", 1),
        ({"kind": "garbage"}, "unknown", 0),
        ({"kind": "status", "status": 500}, "unknown", 0),
        ({"kind": "hang", "hang_s": 0.6}, "unknown", 0),
        ({"kind": "status", "status": 423, "times": 2}, "done", 1),
        ({"kind": "status", "status": 429, "times": 99}, "retry", 0),
    ],
)
def test_a_create_is_never_sent_twice(
    state: SandboxState, connected: Connect, fault: dict[str, Any], status: str, tasks: int
) -> None:
    crm = connected(read_timeout_s=0.3)
    (person,) = load_contacts(state, 1)
    state.plan_fault(path_regex="batch/create", **fault)

    results = crm.create_tasks([new_task(1, person)])

    assert by_status(results) == {status: 1}
    assert len(ids_of(crm, "tasks", EVERYTHING)) == tasks


@pytest.mark.parametrize("kind", ["drop_before", "garbage", "hang", "status"])
def test_a_read_survives_two_faults(state: SandboxState, connected: Connect, kind: str) -> None:
    ids = load_contacts(state, 250)
    state.plan_fault(kind, "search|contacts$", skip=1, times=2, hang_s=0.6, status=502)
    crm = connected(read_timeout_s=0.3)

    assert ids_of(crm, "contacts", CHANGED) == ids
    assert crm.requests.retried == 2


def test_a_read_that_never_succeeds_says_so(state: SandboxState, crm: Crm) -> None:
    state.plan_fault("drop_before", times=99)

    with pytest.raises(NetworkFault):
        crm.fetch_account()


def test_a_wrong_token_and_a_missing_scope_are_named(state: SandboxState, connected: Connect) -> None:
    with pytest.raises(AuthError):
        connected(token=lambda: "stale").fetch_account()
    state.scopes.discard("crm.lists.read")
    with pytest.raises(MissingScope) as caught:
        list(connected().fetch_list_members("31", None))

    assert caught.value.scopes == ("crm.lists.read",)


def test_a_token_rotated_in_flight_costs_one_request(state: SandboxState, connected: Connect) -> None:
    held = ["sandbox-token"]
    crm = connected(token=lambda: held[0])
    crm.fetch_account()
    state.token = held[0] = "rotated-token"

    crm.fetch_account()

    assert (crm.requests.reads, crm.requests.retried) == (3, 1)
