"""What the completeness check asks of HubSpot: a count, the recycle bin, contacts by id."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from responses.matchers import query_param_matcher

from connectors.protocols import Crm, RereadsById
from sync.errors import BadAnswer, NotServed
from tests.unit.connectors.conftest import BASE

CONTACTS = f"{BASE}/crm/objects/2026-09/contacts"
SINCE = datetime(2006, 1, 1, tzinfo=UTC)


def archived(*ids: int, after: str | None = None, flag: bool = True) -> dict[str, Any]:
    answer: dict[str, Any] = {"results": [{"id": str(one), "properties": {}, "archived": flag} for one in ids]}
    return answer | ({"paging": {"next": {"after": after}}} if after else {})


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"total": 250_001, "results": []}, 250_001),
        ({"results": []}, None),  # a server that does not count
        ({"total": "12", "results": []}, None),
        ({"total": True, "results": []}, None),
    ],
)
def test_contacts_are_counted_by_one_search_of_one_record(
    web: responses.RequestsMock, crm: Crm, answer: dict[str, Any], expected: int | None
) -> None:
    web.post(f"{CONTACTS}/search", json=answer)

    assert crm.count_contacts(SINCE) == expected

    assert json.loads(web.calls[0].request.body) == {
        "filterGroups": [
            {"filters": [{"propertyName": "lastmodifieddate", "operator": "GTE", "value": "1136073600000"}]}
        ],
        "limit": 1,
        "properties": ["lastmodifieddate"],
    }


def test_the_recycle_bin_is_read_by_the_hundred_up_to_a_bound(web: responses.RequestsMock, crm: Crm) -> None:
    common = {"limit": "100", "properties": "hs_object_id", "archived": "true"}
    web.get(CONTACTS, json=archived(1, 2, after="3"), match=[query_param_matcher(common)])
    web.get(CONTACTS, json=archived(3, 4, after="5"), match=[query_param_matcher({**common, "after": "3"})])

    assert crm.fetch_archived(2) == ["1", "2", "3", "4"]


def test_live_contacts_shown_as_the_recycle_bin_are_not_taken_for_archived(
    web: responses.RequestsMock, crm: Crm
) -> None:
    web.get(CONTACTS, json=archived(1, 2, flag=False))

    assert crm.fetch_archived(2) == []


def test_a_recycle_bin_that_goes_round_is_an_error(web: responses.RequestsMock, crm: Crm) -> None:
    web.get(CONTACTS, json=archived(1, after="1"))

    with pytest.raises(BadAnswer):
        crm.fetch_archived(20)


def test_contacts_are_read_again_by_id_with_what_pages_show_and_archived_ones_are_gone(
    web: responses.RequestsMock, crm: Crm
) -> None:
    live = {"id": "1", "properties": {"email": "a@example.org", "phone": "06"}, "archived": False}
    web.post(f"{CONTACTS}/batch/read", json={"results": [live, {"id": "2", "properties": {}, "archived": True}]})

    assert isinstance(crm, RereadsById)
    found = crm.fetch_records("contacts", ["1", "2"])

    assert {asked: record["properties"] for asked, record in found.items()} == {"1": {"email": "a@example.org"}}


def test_other_records_are_not_read_by_id(crm: Crm) -> None:
    with pytest.raises(NotServed):
        crm.fetch_records("owners", ["1"])
