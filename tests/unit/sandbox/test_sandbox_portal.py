"""Owners, lists, account details, history, erasure, and updates by id."""

from __future__ import annotations

from sandbox.directory import ContactList, Owner
from sandbox.state import SandboxState
from tests.unit.sandbox.conftest import NOW, Api

CONTACTS = "/crm/objects/2026-09/contacts"
ANNA, BRAM, CEES = "10001", "10002", "10003"


def test_owners_page_by_id_filter_by_address_and_hide_archived_ones(served: SandboxState, api: Api) -> None:
    served.owners += [
        Owner("702", 9002, "weg@example.org", "Weg", "G", archived=True),
        Owner("703", 9003, "ben@example.org", "Ben", "V"),
    ]

    first = api("GET", "/crm/owners/2026-09", limit=1).json()
    second = api("GET", "/crm/owners/2026-09", limit=1, after=first["paging"]["next"]["after"]).json()
    by_email = api("GET", "/crm/v3/owners", email="NOOR@example.org").json()["results"]
    archived = api("GET", "/crm/v3/owners", archived="true").json()["results"]

    assert [page["results"][0]["id"] for page in (first, second)] == ["701", "703"] and "paging" not in second
    assert [(owner["id"], owner["userId"]) for owner in by_email] == [("701", 9001)]
    assert [(owner["userId"], owner["userIdIncludingInactive"]) for owner in archived] == [(None, 9002)]
    assert api("GET", "/crm/v3/owners/9003", idProperty="userId").json()["id"] == "703"


def test_members_page_by_record_id_and_follow_a_merge(served: SandboxState, api: Api) -> None:
    served.lists["31"] = ContactList("31", "Talentpool", members=dict.fromkeys((CEES, BRAM, ANNA), NOW))

    page = api("GET", "/crm/lists/2026-09/31/memberships", limit=2).json()
    rest = api("GET", "/crm/v3/lists/31/memberships", limit=2, after=page["paging"]["next"]["after"]).json()
    survivor = served.merge(ANNA, BRAM).id

    assert [row["recordId"] for row in page["results"] + rest["results"]] == [ANNA, BRAM, CEES]
    assert set(served.lists["31"].members) == {survivor, CEES}
    assert api("GET", "/crm/lists/2026-09/99/memberships").status_code == 404


def test_a_manual_list_takes_and_loses_members(served: SandboxState, api: Api) -> None:
    served.lists["31"] = ContactList("31", "Talentpool", members={ANNA: NOW})
    body = {"recordIdsToAdd": [BRAM, "999"], "recordIdsToRemove": [ANNA]}

    answer = api("PUT", "/crm/lists/2026-09/31/memberships/add-and-remove", body).json()

    assert answer == {"recordsIdsAdded": [BRAM], "recordIdsRemoved": [ANNA], "recordIdsMissing": ["999"]}
    assert list(served.lists["31"].members) == [BRAM]


def test_account_details_name_portal_and_zone(api: Api) -> None:
    account = api("GET", "/account-info/2026-09/details").json()

    assert (account["portalId"], account["timeZone"], account["companyCurrency"]) == (
        4242,
        "Europe/Amsterdam",
        "EUR",
    )


def test_history_tells_our_writes_from_a_persons(served: SandboxState, api: Api) -> None:
    api("PATCH", f"{CONTACTS}/{ANNA}", {"properties": {"city": "Ede"}})
    served.edit("contacts", ANNA, {"city": "Tiel"}, user_id=9001)

    row = api("GET", f"{CONTACTS}/{ANNA}", propertiesWithHistory="city").json()

    lines = row["propertiesWithHistory"]["city"]
    assert [(line["value"], line["sourceType"], line["sourceId"]) for line in lines] == [
        ("Tiel", "CRM_UI", "userId:9001"),
        ("Ede", "INTEGRATION", "warmline-app"),
    ]
    assert lines[0]["updatedByUserId"] == 9001


def test_a_gdpr_delete_leaves_nothing_behind(served: SandboxState, api: Api) -> None:
    answer = api("POST", f"{CONTACTS}/gdpr-delete", {"objectId": "anna@example.org", "idProperty": "email"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert list(served.dump()["contacts"]) == [BRAM, CEES]
    assert api("GET", f"{CONTACTS}/{ANNA}", archived="true").status_code == 404


def test_batch_update_goes_by_record_id_only_and_reports_missing_ids(api: Api) -> None:
    by_email = {"id": "anna@example.org", "idProperty": "email", "properties": {"city": "Ede"}}
    by_id = [{"id": ANNA, "properties": {"city": "Ede"}}, {"id": "999", "properties": {"city": "Ede"}}]

    refused = api("POST", f"{CONTACTS}/batch/update", {"inputs": [by_email]})
    answer = api("POST", f"{CONTACTS}/batch/update", {"inputs": by_id})

    assert (refused.status_code, answer.status_code) == (400, 207)
    assert answer.json()["results"][0]["properties"]["city"] == "Ede"
    assert answer.json()["errors"][0]["context"] == {"ids": ["999"]}


def test_a_refused_batch_update_leaves_every_row_as_it_was(served: SandboxState, api: Api) -> None:
    before = served.dump()
    rows = [
        {"id": ANNA, "properties": {"city": "Ede"}},
        {"id": BRAM, "properties": {"email": "cees@example.org"}},
    ]

    answer = api("POST", f"{CONTACTS}/batch/update", {"inputs": rows})

    assert (answer.status_code, served.dump()) == (409, before)


def test_another_primary_address_starts_the_mail_counters_from_nothing(served: SandboxState) -> None:
    served.click(ANNA)

    shown = served.edit("contacts", ANNA, {"email": "nieuw@example.org"}).properties

    assert "hs_email_click" not in shown and shown["hs_email_last_click_date"] == NOW


def test_a_lifecycle_stage_only_goes_forward(served: SandboxState) -> None:
    served.edit("contacts", ANNA, {"lifecyclestage": "customer"})

    assert served.edit("contacts", ANNA, {"lifecyclestage": "lead"}).properties["lifecyclestage"] == "customer"


def test_a_list_of_property_names_beyond_the_urls_length_is_414(api: Api) -> None:
    assert api("GET", CONTACTS, properties=",".join(["hs_email_click"] * 1_200)).status_code == 414


def test_paths_and_parameters_are_read_as_the_sdk_writes_them(api: Api) -> None:
    repeated = api("GET", f"{CONTACTS}/{ANNA}", properties=["email", "firstname"]).json()["properties"]

    assert (repeated["email"], repeated["firstname"]) == ("anna@example.org", "Anna")
    assert api("GET", "/crm/v3/owners/").json()["results"][0]["id"] == "701"


def test_what_the_sandbox_does_not_have_is_404_or_400_with_a_hubspot_body(api: Api) -> None:
    path, kind = api("GET", "/crm/v3/quotes"), api("GET", "/crm/v3/objects/unicorns")

    assert (path.status_code, path.json()["category"]) == (404, "OBJECT_NOT_FOUND")
    assert (kind.status_code, kind.json()["category"]) == (400, "VALIDATION_ERROR")


def test_a_body_that_is_not_json_is_400(api: Api) -> None:
    assert api("POST", CONTACTS, "just text").status_code == 400
    assert api("POST", f"{CONTACTS}/batch/read", {"inputs": [{"id": ANNA}]}).status_code == 400  # no properties array


def test_many_links_of_one_record_are_paged_within_its_result(served: SandboxState, api: Api) -> None:
    served.association_page = 2
    link = {
        "to": {"id": ANNA},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}],
    }
    tasks = [int(served.create_by_hand("tasks", {"hs_timestamp": NOW}, [link]).id) for _ in range(3)]
    path = "/crm/associations/2026-09/contacts/tasks/batch/read"

    first = api("POST", path, {"inputs": [{"id": ANNA}]}).json()["results"][0]
    after = first["paging"]["next"]["after"]
    second = api("POST", path, {"inputs": [{"id": ANNA, "after": after}]}).json()["results"][0]

    assert [to["toObjectId"] for to in first["to"] + second["to"]] == tasks
    assert "paging" not in second


def test_links_can_be_made_and_removed_in_batches(served: SandboxState, api: Api) -> None:
    task = served.create_by_hand("tasks", {"hs_timestamp": NOW}).id
    base = "/crm/associations/2026-09/tasks/contacts/batch"
    pair = {"from": {"id": task}, "to": {"id": ANNA}}
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}

    made = api("POST", f"{base}/create", {"inputs": [{**pair, "types": [kind]}]})
    linked = served.associations.of("contacts", ANNA, "tasks")
    wrong = api("POST", f"{base}/create", {"inputs": [{**pair, "types": [{**kind, "associationTypeId": 203}]}]})
    removed = api("POST", f"{base}/archive", {"inputs": [{"from": {"id": task}, "to": [{"id": ANNA}]}]})

    assert (made.status_code, linked, wrong.status_code, removed.status_code) == (201, [task], 400, 204)
    assert served.associations.of("contacts", ANNA, "tasks") == []


def test_an_archived_contact_frees_its_address_and_keeps_its_record(served: SandboxState, api: Api) -> None:
    served.archive("contacts", ANNA)

    again = api("POST", CONTACTS, {"properties": {"email": "anna@example.org"}})
    archived = api("GET", CONTACTS, archived="true").json()["results"]
    read = {"inputs": [{"id": ANNA}], "properties": ["email"], "propertiesWithHistory": []}

    assert (again.status_code, [row["id"] for row in archived]) == (201, [ANNA])
    assert api("POST", f"{CONTACTS}/batch/read", read).status_code == 207
    assert api("POST", f"{CONTACTS}/batch/read", read, archived="true").status_code == 200


def test_batch_read_can_be_told_not_to_follow_merges(served: SandboxState, api: Api) -> None:
    survivor = served.merge(ANNA, BRAM).id
    read = {"inputs": [{"id": ANNA}, {"id": BRAM}], "properties": [], "propertiesWithHistory": []}

    followed = api("POST", f"{CONTACTS}/batch/read", read)
    served.batch_read_follows_merges = False
    refused = api("POST", f"{CONTACTS}/batch/read", read)

    assert [row["id"] for row in followed.json()["results"]] == [survivor]  # once, though asked by two ids
    assert (refused.status_code, refused.json()["errors"][0]["context"]) == (207, {"ids": [ANNA, BRAM]})
