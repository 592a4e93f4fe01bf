"""Search: operators, one sort, the 10,000 wall, and an index that lags."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.errors import ApiError
from sandbox.search import search
from sandbox.state import SandboxState
from tests.unit.sandbox.conftest import NOW, Api

ANNA, BRAM, CEES = "10001", "10002", "10003"


def found(state: SandboxState, *filters: dict[str, Any], **more: Any) -> list[str]:
    body = {"filterGroups": [{"filters": list(filters)}] if filters else [], **more}
    return [row["id"] for row in search(state, "contacts", body)["results"]]


@pytest.fixture
def visited(state: SandboxState) -> SandboxState:
    """Anna came twice, Bram once, Cees never."""
    for key in (ANNA, ANNA, BRAM):
        state.visit(key)
    return state


@pytest.mark.parametrize(
    ("name", "operator", "value", "ids"),
    [
        ("hs_analytics_num_visits", "EQ", "2", [ANNA]),
        ("hs_analytics_num_visits", "NEQ", "2", [BRAM]),  # a record without the value does not match
        ("hs_analytics_num_visits", "LT", "2", [BRAM]),
        ("hs_analytics_num_visits", "GTE", "1", [ANNA, BRAM]),
        ("hs_analytics_num_visits", "HAS_PROPERTY", None, [ANNA, BRAM]),
        ("hs_analytics_num_visits", "NOT_HAS_PROPERTY", None, [CEES]),
        ("firstname", "EQ", "ANNA", [ANNA]),  # EQ ignores case
        ("email", "CONTAINS_TOKEN", "*cees*", [CEES]),
        ("lastmodifieddate", "GTE", "1795507200000", [ANNA, BRAM, CEES]),
        ("lastmodifieddate", "GT", NOW, []),
    ],
)
def test_operators(visited: SandboxState, name: str, operator: str, value: str | None, ids: list[str]) -> None:
    assert found(visited, {"propertyName": name, "operator": operator, "value": value}) == ids


def test_in_compares_strings_in_lower_case_as_given(state: SandboxState) -> None:
    lower = {"propertyName": "firstname", "operator": "IN", "values": ["anna", "bram"]}
    upper = {**lower, "values": ["Anna"]}

    assert (found(state, lower), found(state, upper)) == ([ANNA, BRAM], [])


def test_between_takes_both_ends_and_groups_are_alternatives(visited: SandboxState) -> None:
    visits = {
        "propertyName": "hs_analytics_num_visits",
        "operator": "BETWEEN",
        "value": "1",
        "highValue": "2",
    }
    cees = {"propertyName": "firstname", "operator": "EQ", "value": "cees"}

    groups = [{"filters": [visits]}, {"filters": [cees]}]

    assert found(visited, visits) == [ANNA, BRAM]
    assert found(visited, filterGroups=groups) == [ANNA, BRAM, CEES]


def test_the_association_filter_finds_the_tasks_of_a_contact(state: SandboxState) -> None:
    link = {
        "to": {"id": BRAM},
        "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}],
    }
    task = state.create_by_hand("tasks", {"hs_timestamp": NOW}, [link])
    query = {"filters": [{"propertyName": "associations.contact", "operator": "EQ", "value": BRAM}]}

    answer = search(state, "tasks", {"filterGroups": [query]})

    assert [row["id"] for row in answer["results"]] == [task.id]


def test_one_sort_in_numeric_order_with_empty_values_last(visited: SandboxState) -> None:
    sort = {"propertyName": "hs_analytics_num_visits", "direction": "ASCENDING"}

    assert found(visited, sorts=[sort]) == [BRAM, ANNA, CEES]
    assert found(visited, sorts=["-hs_analytics_num_visits"]) == [ANNA, BRAM, CEES]


def test_paging_goes_by_offset_and_stops_without_a_next(state: SandboxState) -> None:
    first = search(state, "contacts", {"limit": 2})
    second = search(state, "contacts", {"limit": 2, "after": first["paging"]["next"]["after"]})

    assert (first["total"], first["paging"]["next"]["after"]) == (3, "2")
    assert [row["id"] for row in second["results"]] == [CEES] and "paging" not in second


@pytest.mark.parametrize(
    "body",
    [
        {"limit": 201},
        {"limit": 200, "after": "9900"},  # past the 10,000 wall
        {"after": "abc"},
        {"sorts": ["email", "firstname"]},
        {"filterGroups": [{"filters": []}] * 6},
        {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "HAS_PROPERTY"}] * 7}]},
        {"filters": [{"propertyName": "nope", "operator": "EQ", "value": "1"}]},
        {"filters": [{"propertyName": "email", "operator": "LIKE", "value": "1"}]},
        {"filters": [{"propertyName": "email", "operator": "EQ"}]},
        {"query": "x" * 3_000},
    ],
)
def test_a_query_beyond_the_limits_is_400(state: SandboxState, body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as caught:
        search(state, "contacts", body)

    assert caught.value.status == 400


def test_search_sees_a_change_only_after_the_lag_and_the_old_value_until_then(state: SandboxState) -> None:
    state.clock.advance(3600)
    state.search_lag_s = 60
    state.edit("contacts", ANNA, {"city": "Ede"})
    new = state.create_by_hand("contacts", {"email": "new@example.org"})
    in_ede = {"propertyName": "city", "operator": "EQ", "value": "ede"}

    before = (found(state, in_ede), found(state))
    state.clock.advance(61)

    assert before == ([], [ANNA, BRAM, CEES])
    assert (found(state, in_ede), found(state)) == ([ANNA], [ANNA, BRAM, CEES, new.id])


def test_archived_records_are_never_found(state: SandboxState) -> None:
    state.archive("contacts", BRAM)

    assert found(state) == [ANNA, CEES]


def test_search_answers_carry_no_rate_limit_headers(api: Api) -> None:
    answer = api("POST", "/crm/objects/2026-09/contacts/search", {"limit": 1})

    assert answer.status_code == 200
    assert not [name for name in answer.headers if "ratelimit" in name.lower()]
