"""The sandbox answers as HubSpot does (docs/vendor-facts.md), over real HTTP on 127.0.0.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests

from sandbox.clock import SandboxClock
from sandbox.directory import ContactList, Owner
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState

NOW = "2026-11-24T08:00:00.000Z"
CONTACTS, TASKS = "/crm/objects/2026-09/contacts", "/crm/objects/2026-09/tasks"
Api = Callable[..., requests.Response]


def fill(state: SandboxState) -> None:
    """One owner on duty, one gone, a list and no records."""
    state.owners = [
        Owner("701", 9001, "noor@example.org", "Noor", "V"),
        Owner("702", 9002, "weg@example.org", "Weg", "G", archived=True),
    ]
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
def api(running: RunningSandbox, state: SandboxState) -> Iterator[Api]:
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer sandbox-token"

        def call(method: str, path: str, body: object = None, **query: object) -> requests.Response:
            return session.request(method, running.base_url + path, json=body, params=query, timeout=5)

        yield call


def contact(api: Api, email: str, **properties: str) -> str:
    """Id of a new contact."""
    answer = api("POST", CONTACTS, {"properties": {"email": email, **properties}})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def task_body(contact_id: object, **properties: str) -> dict[str, object]:
    link = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}
    return {
        "properties": {"hs_timestamp": "1763974800000", "hs_task_subject": "Bel", **properties},
        "associations": [{"to": {"id": contact_id}, "types": [link]}],
    }


def read(api: Api, ids: list[str], properties: list[str], **more: object) -> requests.Response:
    inputs = [{"id": object_id} for object_id in ids]
    body = {"inputs": inputs, "properties": properties, "propertiesWithHistory": [], **more}
    return api("POST", f"{CONTACTS}/batch/read", body)


@pytest.mark.parametrize("base", ["/crm/objects/2026-09/contacts", "/crm/v3/objects/contacts", "/crm/v3/objects/0-1"])
def test_both_path_families_and_the_type_id_reach_the_same_contacts(api: Api, base: str) -> None:
    created = api("POST", base, {"properties": {"email": "A@Example.org"}})

    found = api("GET", f"{CONTACTS}/{created.json()['id']}", properties="email").json()

    assert (created.status_code, found["properties"]["email"]) == (201, "a@example.org")


def test_a_wrong_token_is_401_and_a_removed_scope_403_with_its_name(
    running: RunningSandbox, state: SandboxState, api: Api
) -> None:
    state.scopes.discard("crm.objects.owners.read")

    wrong = requests.get(running.base_url + CONTACTS, headers={"Authorization": "Bearer x"}, timeout=5)
    refused = api("GET", "/crm/owners/2026-09")

    assert (wrong.status_code, wrong.json()["category"]) == (401, "INVALID_AUTHENTICATION")
    assert (refused.status_code, refused.json()["category"]) == (403, "MISSING_SCOPES")
    assert refused.json()["errors"][0]["context"]["requiredGranularScopes"] == ["crm.objects.owners.read"]


def test_pages_start_at_the_id_in_after_and_hold_at_most_100(api: Api) -> None:
    ids = [contact(api, f"p{i}@example.org") for i in range(5)]

    first = api("GET", CONTACTS, limit=2).json()
    second = api("GET", CONTACTS, limit=3, after=first["paging"]["next"]["after"]).json()

    assert [row["id"] for row in first["results"] + second["results"]] == ids
    assert first["paging"]["next"]["after"] == ids[2] and "paging" not in second
    assert api("GET", CONTACTS, limit=101).status_code == 400


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"nope": "1"}, "PROPERTY_DOESNT_EXIST"),
        ({"hs_analytics_num_visits": "3"}, "READ_ONLY_VALUE"),
        ({"hs_object_id": "3"}, "READ_ONLY_VALUE"),
        ({"lifecyclestage": "Lead"}, "INVALID_OPTION"),  # enumerations are case-sensitive
        ({"email": "not an address"}, "INVALID_EMAIL"),
        ({"hubspot_owner_id": "702"}, "INVALID_OWNER_ID"),  # archived
    ],
)
def test_a_bad_property_is_refused_by_name(api: Api, properties: dict[str, str], code: str) -> None:
    answer = api("POST", CONTACTS, {"properties": properties})

    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert answer.json()["errors"][0] | {"message": ""} == {
        "message": "",
        "code": code,
        "context": {"propertyName": list(properties)},
    }


def test_an_address_is_unique_also_against_secondary_addresses(state: SandboxState, api: Api) -> None:
    one, two = contact(api, "one@example.org"), contact(api, "two@example.org")
    state.merge(one, two, keep_id=True)

    answer = api("POST", CONTACTS, {"properties": {"email": "TWO@example.org"}})

    assert (answer.status_code, answer.json()["category"]) == (409, "CONFLICT")
    assert answer.json()["message"] == f"Contact already exists. Existing ID: {one}"


def test_batch_create_with_trace_ids_refuses_row_by_row(api: Api) -> None:
    taken = contact(api, "taken@example.org")
    rows = [("good", "new@example.org"), ("bad", "taken@example.org")]
    inputs = [{"objectWriteTraceId": trace, "properties": {"email": email}} for trace, email in rows]

    answer = api("POST", f"{CONTACTS}/batch/create", {"inputs": inputs})

    error = answer.json()["errors"][0]
    assert (answer.status_code, answer.json()["numErrors"]) == (207, 1)
    assert [row["objectWriteTraceId"] for row in answer.json()["results"]] == ["good"]
    assert (error["context"], error["category"]) == ({"objectWriteTraceId": ["bad"]}, "CONFLICT")
    assert error["message"].endswith(f"Existing ID: {taken}")


def test_batch_create_without_trace_ids_writes_all_or_nothing(state: SandboxState, api: Api) -> None:
    inputs = [{"properties": {"email": email}} for email in ("new@example.org", "bad address")]

    answer = api("POST", f"{CONTACTS}/batch/create", {"inputs": inputs})

    assert answer.status_code == 400
    assert state.dump()["contacts"] == {}
    contact(api, "new@example.org")  # its address was not kept by the refused batch


def test_an_unknown_property_fails_the_whole_batch_even_with_trace_ids(state: SandboxState, api: Api) -> None:
    rows = [
        {"objectWriteTraceId": "a", "properties": {"email": "a@example.org"}},
        {"objectWriteTraceId": "b", "properties": {"nope": "1"}},
    ]

    answer = api("POST", f"{CONTACTS}/batch/create", {"inputs": rows})

    assert (answer.status_code, state.dump()["contacts"]) == (400, {})


def test_batch_read_names_missing_ids_in_a_207_and_keeps_no_order(api: Api) -> None:
    ids = [contact(api, f"p{i}@example.org") for i in range(3)]

    answer = read(api, [*ids, "999"], ["email"])

    assert answer.status_code == 207
    assert [row["id"] for row in answer.json()["results"]] == ids[::-1]
    assert answer.json()["errors"][0]["context"] == {"ids": ["999"]}


def test_batch_limits_are_100_inputs_50_with_history_and_no_id_twice(api: Api) -> None:
    many = [str(i) for i in range(1, 102)]

    assert read(api, many, []).status_code == 400
    assert read(api, many[:51], [], propertiesWithHistory=["email"]).status_code == 400
    twice = read(api, ["1", "1"], [])
    assert (twice.status_code, twice.json()["context"]) == (400, {"ids": ["1"]})


def test_upsert_by_a_unique_property_creates_then_updates(api: Api) -> None:
    definition = {
        "name": "warmline_candidate_id",
        "label": "Id",
        "type": "string",
        "fieldType": "text",
        "groupName": "contactinformation",
        "hasUniqueValue": True,
    }
    api("POST", "/crm/properties/2026-09/contacts", definition)
    row = {"id": "ats:1", "idProperty": "warmline_candidate_id", "properties": {"firstname": "Jan"}}

    news = [api("POST", f"{CONTACTS}/batch/upsert", {"inputs": [row]}).json()["results"][0] for _ in range(2)]

    assert [row["new"] for row in news] == [True, False] and news[0]["id"] == news[1]["id"]
    other = contact(api, "other@example.org")
    clash = api("PATCH", f"{CONTACTS}/{other}", {"properties": {"warmline_candidate_id": "ats:1"}})
    assert (clash.status_code, clash.json()["category"]) == (400, "UNIQUE_VALUE_CONFLICT")


def test_an_equal_value_moves_no_stamp_and_a_new_one_does(state: SandboxState, api: Api) -> None:
    one = contact(api, "one@example.org", city="Ede")
    state.clock.advance(60)

    same = api("PATCH", f"{CONTACTS}/{one}", {"properties": {"city": "Ede"}}).json()["updatedAt"]
    changed = api("PATCH", f"{CONTACTS}/{one}", {"properties": {"city": ""}}).json()

    assert (same, changed["updatedAt"]) == (NOW, "2026-11-24T08:01:00.000Z")
    assert "city" not in changed["properties"]


def test_a_task_needs_a_due_date_and_an_existing_contact(api: Api) -> None:
    one = contact(api, "one@example.org")

    dateless = api("POST", TASKS, {"properties": {"hs_task_subject": "Bel"}})
    orphan = api("POST", TASKS, task_body("999"))
    made = api("POST", TASKS, task_body(int(one), hs_task_body="<p>Hoi</p>[wl:1]"))

    assert (dateless.status_code, dateless.json()["context"]) == (400, {"properties": ["hs_timestamp"]})
    assert (orphan.status_code, made.status_code) == (400, 201)
    assert made.json()["properties"]["hs_task_body"] == "<p>Hoi</p>[wl:1]"
    assert made.json()["properties"]["hs_timestamp"] == "2025-11-24T09:00:00.000Z"


def test_associations_read_both_ways_and_none_is_a_207(api: Api) -> None:
    one, lonely = contact(api, "one@example.org"), contact(api, "lonely@example.org")
    task = api("POST", TASKS, task_body(one)).json()["id"]
    inputs = {"inputs": [{"id": one}, {"id": lonely}]}

    answer = api("POST", "/crm/associations/2026-09/contacts/tasks/batch/read", inputs)
    back = api("POST", "/crm/v4/associations/tasks/contacts/batch/read", {"inputs": [{"id": task}]})

    assert answer.status_code == 207
    assert answer.json()["results"][0]["to"][0]["toObjectId"] == int(task)
    assert answer.json()["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"
    assert answer.json()["errors"][0]["context"]["fromObjectId"] == [lonely]
    assert back.json()["results"][0]["to"][0]["associationTypes"][0]["typeId"] == 204


def test_a_completed_task_says_so_and_a_deleted_one_is_found_among_the_archived(state: SandboxState, api: Api) -> None:
    task = api("POST", TASKS, task_body(contact(api, "one@example.org"))).json()["id"]

    state.complete_task(task)
    done = api("GET", f"{TASKS}/{task}", properties="hs_task_is_completed,hs_task_completion_date").json()
    api("DELETE", f"{TASKS}/{task}")

    assert done["properties"]["hs_task_is_completed"] == "1" and done["properties"]["hs_task_completion_date"] == NOW
    assert api("GET", f"{TASKS}/{task}").status_code == 404
    assert api("GET", TASKS, archived="true").json()["results"][0]["id"] == task


@pytest.mark.parametrize("keep_id", [True, False])
def test_a_merged_id_answers_200_with_the_survivor(state: SandboxState, api: Api, keep_id: bool) -> None:
    one, two = contact(api, "one@example.org"), contact(api, "two@example.org")
    task = api("POST", TASKS, task_body(two)).json()["id"]
    state.merge_keeps_id = keep_id
    api("POST", f"{CONTACTS}/merge", {"primaryObjectId": one, "objectIdToMerge": two})

    asked = "hs_merged_object_ids,hs_calculated_merged_vids,hs_additional_emails"
    found = api("GET", f"{CONTACTS}/{two}", properties=asked)

    shown = found.json()["properties"]
    assert (found.status_code, found.json()["id"] == one) == (200, keep_id)
    assert (shown["hs_merged_object_ids"], shown["hs_additional_emails"]) == (
        f"{one};{two}",
        "two@example.org",
    )
    assert shown["hs_calculated_merged_vids"].startswith(f"{one}:")
    assert state.associations.of("contacts", found.json()["id"], "tasks") == [task]
