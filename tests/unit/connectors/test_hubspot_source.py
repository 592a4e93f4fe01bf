"""Pages: what is asked, what is yielded, when a walk ends, and when it must not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from responses.matchers import query_param_matcher

from connectors.protocols import Crm, Page, Rejected, Window
from sync.errors import BadAnswer
from tests.unit.connectors.conftest import BASE

CONTACTS = f"{BASE}/crm/objects/2026-09/contacts"
TASKS = f"{BASE}/crm/objects/2026-09/tasks"
LINKS = f"{BASE}/crm/associations/2026-09/tasks/contacts/batch/read"
EVERYTHING = Window(None, datetime(2026, 11, 24, 8, tzinfo=UTC))
CHANGED = Window(datetime(2026, 11, 24, 7, 59, 59, 500_999, UTC), datetime(2026, 11, 24, 8, tzinfo=UTC))


def item(number: int, **properties: str) -> dict[str, Any]:
    made = {"createdAt": "2026-11-01T00:00:00Z", "updatedAt": "2026-11-02T00:00:00Z", "archived": False}
    return {"id": str(number), "properties": {"hs_object_id": str(number), **properties}, **made}


def record(number: int, **properties: str) -> dict[str, Any]:
    return item(number) | {"properties": properties}


def page(items: list[dict[str, Any]], after: str | None = None, **more: Any) -> dict[str, Any]:
    return {"results": items, **more} | ({"paging": {"next": {"after": after}}} if after else {})


def bodies(web: responses.RequestsMock) -> list[dict[str, Any]]:
    return [json.loads(call.request.body) for call in web.calls]


def test_everything_is_a_snapshot_of_list_pages(web: responses.RequestsMock, crm: Crm) -> None:
    first = query_param_matcher({"limit": "100", "properties": "email"})
    second = query_param_matcher({"limit": "100", "properties": "email", "after": "2"})
    web.get(CONTACTS, json=page([item(1, email="a@example.org", phone="06")], "2"), match=[first])
    web.get(CONTACTS, json=page([item(2)]), match=[second])

    pages = list(crm.fetch_pages("contacts", EVERYTHING, None))

    assert pages == [
        Page([record(1, email="a@example.org")], "2", snapshot_begin=True),
        Page([record(2)], None, snapshot_end=True),
    ]


def test_the_recycle_bin_holds_only_what_is_marked_as_deleted(web: responses.RequestsMock, crm: Crm) -> None:
    web.get(TASKS, json=page([item(1), item(2) | {"archived": True}]))
    web.post(LINKS, json={"results": []})

    found = [one["id"] for bin_page in crm.fetch_deleted_tasks() for one in bin_page.records]

    assert found == ["2"]


def test_a_snapshot_resumes_behind_its_token(web: responses.RequestsMock, crm: Crm) -> None:
    after = query_param_matcher({"limit": "100", "properties": "email", "after": "7"})
    web.get(CONTACTS, json=page([item(8)]), match=[after])

    assert list(crm.fetch_pages("contacts", EVERYTHING, "7")) == [Page([record(8)], None, snapshot_end=True)]


def test_a_list_that_goes_round_is_an_error(web: responses.RequestsMock, crm: Crm) -> None:
    web.get(CONTACTS, json=page([item(1)], "1"))

    with pytest.raises(BadAnswer):
        list(crm.fetch_pages("contacts", EVERYTHING, None))

    assert len(web.calls) == 2


def test_a_window_is_searched_by_id_with_both_ends(web: responses.RequestsMock, crm: Crm) -> None:
    window = [
        {"propertyName": "lastmodifieddate", "operator": "GTE", "value": "1795507199500"},
        {"propertyName": "lastmodifieddate", "operator": "LT", "value": "1795507200000"},
    ]
    floor = {"propertyName": "hs_object_id", "operator": "GT", "value": "1000"}
    common = {
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "limit": 200,
        "properties": ["email"],
    }
    unordered = [item(number) for number in (1000, 9, 99)]  # as numbers: 1000 is the highest
    web.post(f"{CONTACTS}/search", json=page(unordered, "3", total=4))
    web.post(f"{CONTACTS}/search", json=page([item(1001)], total=1))

    pages = list(crm.fetch_pages("contacts", CHANGED, None))

    assert [(len(each.records), each.token, each.total) for each in pages] == [
        (3, "1000", 4),
        (1, None, None),
    ]
    assert bodies(web) == [
        {"filterGroups": [{"filters": window}], **common},
        {"filterGroups": [{"filters": [*window, floor]}], **common},
    ]


@pytest.mark.parametrize(
    ("answer", "calls"),
    [
        (page([], total=0), 1),
        (page([item(1)], total=1), 1),
        (page([item(n) for n in range(1, 201)], total=200), 1),  # full, and said to be all
        (page([item(n) for n in range(1, 201)]), 2),  # full, and nothing said
        (page([item(1)], "1", total=1), 2),  # short, yet a next page is named
        (page([item(1)], total=5), 3),  # short, yet more are counted; at the end they are counted once more
    ],
)
def test_a_search_ends_when_every_sign_says_so(
    web: responses.RequestsMock, crm: Crm, answer: dict[str, Any], calls: int
) -> None:
    web.post(f"{CONTACTS}/search", json=answer)
    if calls > 1:
        web.post(f"{CONTACTS}/search", json=page([], total=0))

    pages = list(crm.fetch_pages("contacts", CHANGED, None))

    assert (len(web.calls), pages[-1].token) == (calls, None)


@pytest.mark.parametrize(
    "second",
    [
        page([item(1), item(2)], total=3),  # the same records again
        page([], total=3),  # counted and not given
        {"total": 0},  # no results at all
        page([{"id": None}], total=2),  # none to go on from
    ],
)
def test_a_search_that_does_not_lead_on_is_an_error(
    web: responses.RequestsMock, crm: Crm, second: dict[str, Any]
) -> None:
    web.post(f"{CONTACTS}/search", json=page([item(1), item(2)], total=5))
    web.post(f"{CONTACTS}/search", json=second)

    with pytest.raises(BadAnswer):
        list(crm.fetch_pages("contacts", CHANGED, None))


def test_an_item_that_is_no_record_does_not_stop_its_page(web: responses.RequestsMock, crm: Crm) -> None:
    broken = [{"properties": {"email": "jan@example.org"}}, {"id": "3", "properties": "jan@example.org"}]
    rejected = (
        Rejected("row 1", "id", "missing or of another shape"),
        Rejected("3", "properties", "missing or of another shape"),
    )
    web.get(CONTACTS, json=page([item(1), *broken]))
    web.post(f"{CONTACTS}/search", json=page([item(1), *broken], total=3))

    for window in (EVERYTHING, CHANGED):
        (only,) = crm.fetch_pages("contacts", window, None)
        assert (only.records, only.rejected) == ([record(1)], rejected)


def test_properties_too_long_for_a_query_are_read_by_batch(
    web: responses.RequestsMock, make_crm: Callable[..., Crm]
) -> None:
    names = [f"warmline_{'x' * 80}_{number}" for number in range(150)]
    web.get(CONTACTS, json=page([item(1)]), match=[query_param_matcher({"limit": "100"})])
    web.post(f"{CONTACTS}/batch/read", json=page([item(1, **{names[0]: "v"})]))
    web.post(f"{CONTACTS}/search", json=page([item(1)], total=1))

    crm = make_crm(contact_properties=names)
    listed = list(crm.fetch_pages("contacts", EVERYTHING, None))
    searched = list(crm.fetch_pages("contacts", CHANGED, None))

    assert listed[0].records == searched[0].records == [record(1, **{names[0]: "v"})]
    assert json.loads(web.calls[1].request.body)["properties"] == names


def test_tasks_carry_their_contacts_by_one_association_read(web: responses.RequestsMock, crm: Crm) -> None:
    web.post(f"{TASKS}/search", json=page([item(1), item(2)], total=2))
    to = [{"toObjectId": 51, "associationTypes": []}, {"toObjectId": 52, "associationTypes": []}]
    nothing = {"category": "OBJECT_NOT_FOUND", "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND"}
    links = {"results": [{"from": {"id": "1"}, "to": to}], "numErrors": 1, "errors": [nothing]}
    web.post(LINKS, status=207, json=links)

    pages = list(crm.fetch_pages("tasks", CHANGED, None))

    assert [(task["id"], task["contact_ids"]) for task in pages[0].records] == [
        ("1", ["51", "52"]),
        ("2", []),
    ]
    assert bodies(web)[1] == {"inputs": [{"id": "1"}, {"id": "2"}]}


def test_long_association_lists_are_paged_inside_the_result(web: responses.RequestsMock, crm: Crm) -> None:
    web.post(f"{TASKS}/search", json=page([item(1)], total=1))
    more = {"paging": {"next": {"after": "x"}}}
    web.post(LINKS, json={"results": [{"from": {"id": "1"}, "to": [{"toObjectId": 51}], **more}]})
    web.post(LINKS, json={"results": [{"from": {"id": "1"}, "to": [{"toObjectId": 52}]}]})

    pages = list(crm.fetch_pages("tasks", CHANGED, None))

    assert pages[0].records[0]["contact_ids"] == ["51", "52"]
    assert bodies(web)[2] == {"inputs": [{"id": "1", "after": "x"}]}


def test_owners_are_always_whole(web: responses.RequestsMock, crm: Crm) -> None:
    owner = {"id": "7", "email": "noor@example.org", "userId": 9, "teams": [{"id": "1"}]}
    web.get(f"{BASE}/crm/owners/2026-09", json=page([owner]))

    pages = list(crm.fetch_pages("owners", CHANGED, None))

    assert (pages[0].records[0]["id"], pages[0].records[0]["email"]) == ("7", "noor@example.org")
    assert "teams" not in pages[0].records[0]
    assert (pages[0].snapshot_begin, pages[0].snapshot_end) == (True, True)


def test_an_unknown_noun_is_a_mistake_of_the_caller(crm: Crm) -> None:
    with pytest.raises(ValueError, match="no stream"):
        crm.fetch_pages("deals", EVERYTHING, None)


def test_a_rotated_token_reaches_api_objects_that_are_held(
    web: responses.RequestsMock, make_crm: Callable[..., Crm]
) -> None:
    token = ["pat-old"]
    crm = make_crm(token=lambda: token[0])
    web.get(CONTACTS, json=page([]))
    web.get(CONTACTS, status=401)
    web.get(CONTACTS, json=page([]))

    list(crm.fetch_pages("contacts", EVERYTHING, None))
    token[0] = "pat-new"
    list(crm.fetch_pages("contacts", EVERYTHING, None))

    sent = [call.request.headers["Authorization"].removeprefix("Bearer ") for call in web.calls]
    assert sent == ["pat-old", "pat-old", "pat-new"]


def test_naming_the_connector_loads_no_http_library() -> None:
    code = "import sys, connectors.hubspot; print({'requests', 'hubspot', 'tenacity'} & {*sys.modules})"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
