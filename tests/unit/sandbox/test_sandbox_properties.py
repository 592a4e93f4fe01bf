"""The properties API: provisioning must be able to trust its answers."""

from __future__ import annotations

import pytest

from sandbox.state import SandboxState
from tests.unit.sandbox.conftest import Api

CONTACTS = "/crm/properties/2026-09/contacts"
SCORE = {
    "name": "warmline_score",
    "label": "Score",
    "type": "number",
    "fieldType": "number",
    "groupName": "warmline",
}


@pytest.fixture
def provisioned(api: Api) -> Api:
    api("POST", f"{CONTACTS}/groups", {"name": "warmline", "label": "Warmline"})
    api("POST", CONTACTS, SCORE)
    return api


def test_a_group_and_a_property_are_made_once_and_then_409(provisioned: Api) -> None:
    group = provisioned("POST", f"{CONTACTS}/groups", {"name": "warmline", "label": "Warmline"})
    again = provisioned("POST", CONTACTS, SCORE)

    assert group.status_code == 409
    assert (again.status_code, again.json()["category"]) == (409, "OBJECT_ALREADY_EXISTS")
    assert again.json()["subCategory"] == "Properties.PROPERTY_WITH_NAME_EXISTS"


def test_an_archived_property_is_404_refuses_values_and_comes_back_by_post(
    served: SandboxState, provisioned: Api
) -> None:
    deleted = provisioned("DELETE", f"{CONTACTS}/warmline_score")

    gone = provisioned("GET", f"{CONTACTS}/warmline_score")
    refused = provisioned("PATCH", "/crm/v3/objects/contacts/10001", {"properties": {"warmline_score": "5"}})
    back = provisioned("POST", CONTACTS, SCORE)

    assert [answer.status_code for answer in (deleted, gone, refused, back)] == [204, 404, 400, 201]
    assert gone.json()["category"] == "OBJECT_NOT_FOUND"


@pytest.mark.parametrize(
    "change",
    [
        {"type": "number", "fieldType": "text"},
        {"groupName": "nowhere"},
        {"name": "Warmline Band"},
        {"type": "bool", "fieldType": "booleancheckbox"},  # needs options true and false
        {"type": "enumeration", "fieldType": "select"},  # needs options
        {"label": ""},
    ],
)
def test_a_wrong_definition_is_400(provisioned: Api, change: dict[str, str]) -> None:
    assert provisioned("POST", CONTACTS, {**SCORE, "name": "warmline_other", **change}).status_code == 400


def test_options_are_replaced_as_a_whole(provisioned: Api) -> None:
    options = [{"label": "Warm", "value": "warm"}]
    band = {
        **SCORE,
        "name": "warmline_band",
        "type": "enumeration",
        "fieldType": "select",
        "options": options,
    }
    provisioned("POST", CONTACTS, band)

    changed = provisioned("PATCH", f"{CONTACTS}/warmline_band", {"options": [{"label": "Hot", "value": "hot"}]})

    assert [option["value"] for option in changed.json()["options"]] == ["hot"]


def test_batch_create_reports_what_exists_in_a_207(provisioned: Api) -> None:
    rows = [SCORE, {**SCORE, "name": "warmline_rank"}]

    answer = provisioned("POST", f"{CONTACTS}/batch/create", {"inputs": rows})

    assert answer.status_code == 207
    assert [row["name"] for row in answer.json()["results"]] == ["warmline_rank"]
    assert answer.json()["errors"][0]["context"]["name"] == ["warmline_score"]


def test_default_properties_say_what_is_read_only(api: Api) -> None:
    found = {row["name"]: row for row in api("GET", CONTACTS).json()["results"]}

    visits, email = found["hs_analytics_num_visits"], found["email"]
    assert (visits["type"], visits["modificationMetadata"]["readOnlyValue"]) == ("number", True)
    assert (email["type"], email["modificationMetadata"]["readOnlyValue"]) == ("string", False)


def test_a_unique_property_on_tasks_only_where_the_portal_has_it(served: SandboxState, api: Api) -> None:
    key = {
        "name": "warmline_task_key",
        "label": "Key",
        "type": "string",
        "fieldType": "text",
        "groupName": "task",
        "hasUniqueValue": True,
    }

    refused = api("POST", "/crm/properties/2026-09/tasks", key).status_code
    served.unique_task_properties = True

    assert (refused, api("POST", "/crm/v3/properties/tasks", key).status_code) == (400, 201)
