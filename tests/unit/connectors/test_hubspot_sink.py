"""Each row of a write gets the one outcome that is certain: done, refused, not done, or not known."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import requests
import responses

from connectors.protocols import Crm, WriteResult, WriteRow, WriteStatus
from sync.errors import AuthError, DailyLimitReached, MissingScope
from tests.unit.connectors.conftest import BASE

CONTACTS = f"{BASE}/crm/objects/2026-09/contacts"
TASKS = f"{BASE}/crm/objects/2026-09/tasks"
INVALID = {"status": "error", "category": "VALIDATION_ERROR", "message": "Jansen is no number"}
DAILY = {"policyName": "DAILY", "message": "You have reached your daily limit."}
MARKER = "[wl:0123456789ab]"


def update(number: int, **properties: str) -> WriteRow:
    return WriteRow(f"key-{number}", str(number), properties or {"warmline_score": "61"})


def task(key: str, contact: str = "51", body: str = MARKER) -> WriteRow:
    return WriteRow(key, None, {"hs_task_body": body, "hs_timestamp": "1"}, (contact,))


def contact(key: str, **properties: str) -> WriteRow:
    return WriteRow(key, None, properties)


def statuses(results: Sequence[WriteResult]) -> dict[str, str]:
    return {result.key: result.status.value for result in results}


def test_an_update_sends_id_properties_and_key_and_no_id_property(web: responses.RequestsMock, crm: Crm) -> None:
    web.post(f"{CONTACTS}/batch/update", json={"results": [{"id": "2", "properties": {"a": "1"}}, {"id": "1"}]})

    results = crm.update_contacts([update(1), update(2)])

    assert results == [
        WriteResult("key-1", WriteStatus.DONE, "1"),
        WriteResult("key-2", WriteStatus.DONE, "2", {"a": "1"}),
    ]
    assert json.loads(web.calls[0].request.body) == {
        "inputs": [
            {"id": "1", "properties": {"warmline_score": "61"}, "objectWriteTraceId": "key-1"},
            {"id": "2", "properties": {"warmline_score": "61"}, "objectWriteTraceId": "key-2"},
        ]
    }


def test_a_task_is_created_with_its_contact_in_one_call(web: responses.RequestsMock, crm: Crm) -> None:
    shown = {"hs_task_body": f"Bel Anna<br>{MARKER}"}
    web.post(f"{TASKS}/batch/create", status=201, json={"results": [{"id": "71", "properties": shown}]})

    results = crm.create_tasks([task("k1")])

    assert results == [WriteResult("k1", WriteStatus.DONE, "71", shown)]
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204}
    assert json.loads(web.calls[0].request.body)["inputs"] == [
        {
            "properties": {"hs_task_body": MARKER, "hs_timestamp": "1"},
            "objectWriteTraceId": "k1",
            "associations": [{"to": {"id": "51"}, "types": [kind]}],
        }
    ]


@pytest.mark.parametrize(
    "shown",
    [
        [{"id": "72", "objectWriteTraceId": "k2"}, {"id": "71", "objectWriteTraceId": "k1"}],
        [
            {"id": "72", "properties": {"email": "b@example.org"}},
            {"id": "71", "properties": {"email": "a@example.org"}},
        ],
        [
            {"id": "72", "properties": {"warmline_candidate_id": "ats:2"}},
            {"id": "71", "properties": {"warmline_candidate_id": "ats:1"}},
        ],
    ],
)
def test_created_contacts_are_known_by_what_they_carry_never_by_order(
    web: responses.RequestsMock, crm: Crm, shown: list[dict[str, Any]]
) -> None:
    web.post(f"{CONTACTS}/batch/create", status=201, json={"results": shown})
    rows = [
        contact("k1", email="A@Example.org", warmline_candidate_id="ats:1"),
        contact("k2", email="b@example.org", warmline_candidate_id="ats:2"),
    ]

    results = crm.create_contacts(rows)

    assert {result.key: result.object_id for result in results} == {"k1": "71", "k2": "72"}


@pytest.mark.parametrize(
    "answer",
    [
        {"results": []},
        {},
        {"results": [{"id": "9", "properties": {"hs_task_body": "another"}}]},
        {"results": [{"properties": {"hs_task_body": MARKER}}]},  # no id
        {"status": "PENDING"},
    ],
)
def test_a_success_that_does_not_confirm_a_row_is_not_one(
    web: responses.RequestsMock, crm: Crm, answer: dict[str, Any]
) -> None:
    web.post(f"{TASKS}/batch/create", status=201, json=answer)

    assert statuses(crm.create_tasks([task("k1")])) == {"k1": "unknown"}


def test_a_207_is_read_row_by_row(web: responses.RequestsMock, crm: Crm) -> None:
    errors = [
        {**INVALID, "context": {"objectWriteTraceId": ["k2"], "propertyName": ["hs_task_type"]}},
        {"category": "CONFLICT", "message": "Existing ID: 77", "context": {"objectWriteTraceId": ["k3"]}},
        {"category": "OBJECT_NOT_FOUND", "context": {"objectWriteTraceId": ["k4"]}},
        {"category": "RATE_LIMITS", "context": {"objectWriteTraceId": ["k5"]}},
        {"category": "INTERNAL_ERROR", "context": {"objectWriteTraceId": ["k6"]}},
    ]
    done = [{"id": "71", "objectWriteTraceId": "k1"}]
    web.post(f"{TASKS}/batch/create", status=207, json={"results": done, "errors": errors, "numErrors": 5})

    results = crm.create_tasks([task(f"k{n}") for n in range(1, 8)])

    assert results == [
        WriteResult("k1", WriteStatus.DONE, "71"),
        WriteResult("k2", WriteStatus.REJECTED, reason="VALIDATION_ERROR: hs_task_type"),
        WriteResult("k3", WriteStatus.REJECTED, reason="CONFLICT", existing_id="77"),
        WriteResult("k4", WriteStatus.REJECTED, reason="OBJECT_NOT_FOUND", missing=True),
        WriteResult("k5", WriteStatus.RETRY, reason="RATE_LIMITS"),
        WriteResult("k6", WriteStatus.UNKNOWN, reason="INTERNAL_ERROR"),
        WriteResult("k7", WriteStatus.UNKNOWN, reason="not confirmed by the answer"),
    ]


def test_a_merged_contact_answers_under_its_new_id(web: responses.RequestsMock, crm: Crm) -> None:
    web.post(f"{CONTACTS}/batch/update", json={"results": [{"id": "900"}, {"id": "1"}]})

    results = crm.update_contacts([update(1), update(2)])

    assert {result.key: result.object_id for result in results} == {"key-1": "1", "key-2": "900"}


def test_two_unplaced_answers_are_not_guessed(web: responses.RequestsMock, crm: Crm) -> None:
    web.post(f"{CONTACTS}/batch/update", json={"results": [{"id": "900"}, {"id": "901"}]})

    assert statuses(crm.update_contacts([update(1), update(2)])) == {"key-1": "unknown", "key-2": "unknown"}


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        ({"status": 500}, "unknown"),
        ({"status": 503}, "unknown"),
        ({"body": requests.ReadTimeout()}, "unknown"),
        ({"body": requests.ConnectionError()}, "unknown"),
        ({"status": 200, "body": "<html>"}, "unknown"),
        ({"status": 302}, "unknown"),
        ({"status": 429}, "retry"),
        ({"status": 423}, "retry"),
        ({"status": 477}, "retry"),
        ({"body": requests.ConnectTimeout()}, "retry"),
        ({"status": 400, "json": INVALID}, "rejected"),
        ({"status": 404, "json": {"category": "OBJECT_NOT_FOUND"}}, "rejected"),
        ({"status": 404, "body": "<html>"}, "unknown"),
    ],
)
def test_a_lost_write_is_unknown_and_a_refused_one_can_be_retried(
    web: responses.RequestsMock, crm: Crm, failure: dict[str, Any], status: str
) -> None:
    web.post(f"{TASKS}/batch/create", **failure)

    results = crm.create_tasks([task("k1")])

    assert statuses(results) == {"k1": status}
    assert "Jansen" not in results[0].reason


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ({"status": 429, "json": DAILY}, DailyLimitReached),
        ({"status": 401}, AuthError),
        ({"status": 403, "json": {"category": "MISSING_SCOPES"}}, MissingScope),
    ],
)
def test_what_stops_the_run_is_raised_only_while_nothing_was_sent(
    web: responses.RequestsMock, make_crm: Callable[..., Crm], failure: dict[str, Any], error: type[Exception]
) -> None:
    web.post(f"{CONTACTS}/batch/update", **failure)
    with pytest.raises(error):
        make_crm().update_contacts([update(1), update(2)])

    web.reset()
    web.post(f"{CONTACTS}/batch/update", status=400, json=INVALID)
    web.post(f"{CONTACTS}/batch/update", json={"results": [{"id": "1"}]})
    web.post(f"{CONTACTS}/batch/update", **failure)

    assert statuses(make_crm().update_contacts([update(1), update(2)])) == {"key-1": "done", "key-2": "retry"}


def test_archiving_is_confirmed_by_reading_what_is_left(web: responses.RequestsMock, crm: Crm) -> None:
    web.post(f"{TASKS}/batch/archive", status=204)
    web.post(f"{TASKS}/batch/read", json={"results": [{"id": "72"}, {"id": "73", "archived": True}]})

    results = crm.archive_tasks([WriteRow("a", "71", {}), WriteRow("b", "72", {}), WriteRow("c", "73", {})])

    assert statuses(results) == {"a": "done", "b": "unknown", "c": "done"}
    assert json.loads(web.calls[0].request.body) == {"inputs": [{"id": "71"}, {"id": "72"}, {"id": "73"}]}
    assert json.loads(web.calls[1].request.body)["inputs"] == [{"id": "71"}, {"id": "72"}, {"id": "73"}]


def test_archiving_in_part_names_what_failed(web: responses.RequestsMock, crm: Crm) -> None:
    errors = [{"category": "OBJECT_NOT_FOUND", "context": {"ids": ["72"]}}]
    web.post(f"{TASKS}/batch/archive", status=207, json={"errors": errors})
    web.post(f"{TASKS}/batch/read", json={"results": []})

    results = crm.archive_tasks([WriteRow("a", "71", {}), WriteRow("b", "72", {})])

    assert [(each.status.value, each.missing) for each in results] == [("done", False), ("rejected", True)]


@pytest.mark.parametrize(
    "rows",
    [
        [update(number) for number in range(101)],
        [update(1), WriteRow("other", "1", {})],
        [WriteRow("same", "1", {}), WriteRow("same", "2", {})],
        [WriteRow("k", None, {})],
    ],
)
def test_a_batch_hubspot_would_refuse_whole_is_not_sent(crm: Crm, rows: list[WriteRow]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        crm.update_contacts(rows)


def test_no_rows_cost_no_request(crm: Crm) -> None:
    assert (crm.update_contacts([]), crm.requests.writes) == ([], 0)
