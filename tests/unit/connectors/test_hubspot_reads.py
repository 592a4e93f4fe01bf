"""Look-ups by id and by value: merged, missing and archived records, histories, and the schema."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
import responses

from connectors.protocols import Account, Crm, PropertySpec, PropertyState, PropertyValue
from sync.errors import BadAnswer, MissingScope, ServerFault
from tests.unit.connectors.conftest import BASE

CONTACTS = f"{BASE}/crm/objects/2026-09/contacts"
TASKS = f"{BASE}/crm/objects/2026-09/tasks"
PROPERTIES = f"{BASE}/crm/properties/2026-09/contacts"
NOT_FOUND = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "gone"}


def item(number: int, **properties: str) -> dict[str, Any]:
    return {"id": str(number), "properties": properties}


def body(web: responses.RequestsMock, call: int = 0) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(web.calls[call].request.body)
    return parsed


def test_the_account_is_the_portal_of_the_token(web: responses.RequestsMock, crm: Crm) -> None:
    told = {"portalId": 4242, "timeZone": "Europe/Amsterdam", "uiDomain": "app-eu1.hubspot.com"}
    web.get(f"{BASE}/account-info/2026-09/details", json=told)

    assert crm.fetch_account() == Account("4242", "Europe/Amsterdam", "app-eu1.hubspot.com")


def test_contacts_are_read_by_the_hundred_with_both_arrays(web: responses.RequestsMock, crm: Crm) -> None:
    ids = [str(number) for number in range(1, 151)]
    web.post(f"{CONTACTS}/batch/read", json={"results": [item(number) for number in range(100, 0, -1)]})
    web.post(f"{CONTACTS}/batch/read", json={"results": [item(number) for number in range(101, 151)]})

    found = crm.fetch_contacts([*ids, "1"], ["email"])

    assert list(found) == ids
    assert len(body(web)["inputs"]) == 100
    assert (body(web)["properties"], body(web)["propertiesWithHistory"]) == (["email"], [])


@pytest.mark.parametrize("batch", [{"results": [item(1)], "errors": [NOT_FOUND]}, {"results": [item(1), item(900)]}])
def test_a_merged_contact_is_found_as_its_survivor(
    web: responses.RequestsMock, crm: Crm, batch: dict[str, Any]
) -> None:
    answers = iter([batch, {"results": [item(900)]}])
    web.add_callback("POST", f"{CONTACTS}/batch/read", lambda _: (207, {}, json.dumps(next(answers))))
    web.get(f"{CONTACTS}/2", json=item(900))
    web.get(f"{CONTACTS}/3", status=404, json=NOT_FOUND)

    found = crm.fetch_contacts(["1", "2", "3"], ["email"])

    assert {asked: record["id"] for asked, record in found.items()} == {"1": "1", "2": "900"}


def test_a_fault_in_a_row_is_not_taken_for_a_missing_contact(web: responses.RequestsMock, crm: Crm) -> None:
    web.post(f"{CONTACTS}/batch/read", status=207, json={"results": [], "errors": [{"category": "INTERNAL_ERROR"}]})

    with pytest.raises(ServerFault):
        crm.fetch_contacts(["1"], ["email"])


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ({"email": "a@example.org", "firstname": "An"}, True),
        ({"email": "new@example.org", "hs_additional_emails": "b@example.org;a@example.org"}, True),
        ({"email": "somebody@example.org"}, False),  # an answer to another question
    ],
)
def test_a_contact_by_email_must_have_that_email(
    web: responses.RequestsMock, crm: Crm, shown: dict[str, str], found: bool
) -> None:
    web.post(f"{CONTACTS}/batch/read", json={"results": [item(5, **shown)]})

    contacts = crm.fetch_contacts_by("email", [" A@Example.org"], ["firstname"])

    assert list(contacts) == ([" A@Example.org"] if found else [])
    assert (body(web)["idProperty"], body(web)["inputs"]) == ("email", [{"id": "a@example.org"}])
    assert "example.org" not in web.calls[0].request.url
    assert all(set(contact["properties"]) <= {"firstname"} for contact in contacts.values())


@pytest.mark.parametrize(("status", "told"), [(207, {"results": [], "errors": [NOT_FOUND]}), (404, NOT_FOUND)])
def test_no_contact_by_a_value_is_none(
    web: responses.RequestsMock, crm: Crm, status: int, told: dict[str, Any]
) -> None:
    web.post(f"{CONTACTS}/batch/read", status=status, json=told)

    assert crm.fetch_contacts_by("warmline_candidate_id", ["ats:1"], ["email"]) == {}


def test_histories_are_read_by_fifty_newest_first(web: responses.RequestsMock, crm: Crm) -> None:
    old = {"value": "1", "timestamp": "2026-11-01T00:00:00Z", "sourceType": "CRM_UI", "sourceId": "u"}
    new = {"value": None, "timestamp": 1_795_507_200_000, "sourceType": "INTEGRATION"}
    told = [{"id": str(number), "propertiesWithHistory": {"score": [old, new]}} for number in range(1, 61)]
    web.post(f"{CONTACTS}/batch/read", json={"results": told[:50]})
    web.post(f"{CONTACTS}/batch/read", json={"results": told[50:]})

    found = crm.fetch_history([str(number) for number in range(1, 61)], ["score", "band"])

    assert (len(found), len(body(web)["inputs"]), body(web)["propertiesWithHistory"]) == (
        60,
        50,
        ["score", "band"],
    )
    assert found["60"] == {
        "score": [
            PropertyValue("", datetime(2026, 11, 24, 8, tzinfo=UTC), "INTEGRATION", ""),
            PropertyValue("1", datetime(2026, 11, 1, tzinfo=UTC), "CRM_UI", "u"),
        ],
        "band": [],
    }


def test_a_history_without_a_time_is_no_history(web: responses.RequestsMock, crm: Crm) -> None:
    told = {"id": "1", "propertiesWithHistory": {"score": [{"value": "1", "timestamp": "yesterday"}]}}
    web.post(f"{CONTACTS}/batch/read", json={"results": [told]})

    with pytest.raises(BadAnswer):
        crm.fetch_history(["1"], ["score"])


def test_tasks_of_contacts_include_archived_ones(web: responses.RequestsMock, crm: Crm) -> None:
    links = [{"from": {"id": "51"}, "to": [{"toObjectId": 1}, {"toObjectId": 2}, {"toObjectId": 3}]}]
    web.post(f"{BASE}/crm/associations/2026-09/contacts/tasks/batch/read", json={"results": links})
    web.post(f"{TASKS}/batch/read", json={"results": [item(1)]}, match=[responses.matchers.query_param_matcher({})])
    archived = [responses.matchers.query_param_matcher({"archived": "true"})]
    web.post(f"{TASKS}/batch/read", json={"results": [item(2)]}, match=archived)

    found = crm.fetch_tasks_of(["51", "52"], ["hs_task_body"])

    assert {contact: [(each["id"], each["archived"]) for each in some] for contact, some in found.items()} == {
        "51": [("1", False), ("2", True)],
        "52": [],
    }


def test_list_members_are_paged(web: responses.RequestsMock, crm: Crm) -> None:
    url = f"{BASE}/crm/lists/2026-09/31/memberships"
    web.get(url, json={"results": [{"recordId": "51"}], "paging": {"next": {"after": "x"}}})
    web.get(url, json={"results": [{"recordId": 52}]})

    pages = list(crm.fetch_list_members("31", None))

    assert [(each.records[0]["recordId"], each.token) for each in pages] == [("51", "x"), ("52", None)]


def test_a_list_without_its_scope_says_which(web: responses.RequestsMock, crm: Crm) -> None:
    told = {
        "category": "MISSING_SCOPES",
        "errors": [{"context": {"requiredGranularScopes": ["crm.lists.read"]}}],
    }
    web.get(f"{BASE}/crm/lists/2026-09/31/memberships", status=403, json=told)

    with pytest.raises(MissingScope) as caught:
        list(crm.fetch_list_members("31", None))

    assert caught.value.scopes == ("crm.lists.read",)


def test_properties_are_known_by_name(web: responses.RequestsMock, crm: Crm) -> None:
    told = {"name": "email", "type": "string", "fieldType": "text", "hasUniqueValue": True}
    web.get(PROPERTIES, json={"results": [{**told, "modificationMetadata": {"readOnlyValue": True}}]})

    assert crm.fetch_properties() == {"email": PropertyState("email", "string", "text", unique=True, read_only=True)}


@pytest.mark.parametrize("is_there", [True, False])
def test_a_property_that_no_answer_confirms_is_looked_up(web: responses.RequestsMock, crm: Crm, is_there: bool) -> None:
    web.post(PROPERTIES, status=201, json={})
    web.get(PROPERTIES, json={"results": [{"name": "warmline_why", "type": "string"}] if is_there else []})
    spec = PropertySpec("warmline_why", "Why", "Why it is so", "string", "text")

    with contextlib.nullcontext() if is_there else pytest.raises(BadAnswer, match="warmline_why"):
        crm.create_property(spec, "warmline")

    assert [call.request.method for call in web.calls] == ["POST", "GET"]


@pytest.mark.parametrize("status", [201, 409])
def test_making_a_property_twice_is_no_error(web: responses.RequestsMock, crm: Crm, status: int) -> None:
    web.post(PROPERTIES, status=status, json={"name": "warmline_band"} if status == 201 else {})
    spec = PropertySpec("warmline_band", "Band", "How warm", "enumeration", "select", (("hot", "Heet"),))

    crm.create_property(spec, "warmline")

    assert body(web) == {
        "name": "warmline_band",
        "label": "Band",
        "description": "How warm",
        "type": "enumeration",
        "fieldType": "select",
        "groupName": "warmline",
        "options": [{"value": "hot", "label": "Heet", "displayOrder": 0, "hidden": False}],
    }


@pytest.mark.parametrize(("status", "was_there"), [(204, True), (404, False)])
def test_removing_says_whether_it_was_there(
    web: responses.RequestsMock, crm: Crm, status: int, was_there: bool
) -> None:
    web.delete(f"{PROPERTIES}/warmline_band", status=status)
    web.delete(f"{PROPERTIES}/groups/warmline", status=status)

    assert (crm.archive_property("warmline_band"), crm.archive_group("warmline")) == (was_there, was_there)
