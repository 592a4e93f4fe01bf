"""Faults on request: what was applied, what the client sees, what is counted."""

from __future__ import annotations

import pytest
import requests

from sandbox.faults import Fault
from sandbox.state import SandboxState
from tests.unit.sandbox.conftest import Api

CONTACTS = "/crm/objects/2026-09/contacts"
NEW = {"properties": {"email": "new@example.org"}}


@pytest.mark.parametrize(
    ("kind", "records"),
    [("drop_before", 3), ("hang", 3), ("drop_after", 4)],  # only drop_after applies the write
)
def test_a_lost_reply_leaves_the_write_done_or_not(served: SandboxState, api: Api, kind: str, records: int) -> None:
    served.plan_fault(kind, r"/contacts$", method="POST", hang_s=0.01)

    with pytest.raises(requests.ConnectionError):
        api("POST", CONTACTS, NEW)

    assert len(served.dump()["contacts"]) == records
    assert served.stats.count("POST", "/crm/objects/contacts", 0) == 1
    assert api("GET", CONTACTS).status_code == 200  # the fault is used up


def test_a_planned_status_comes_with_its_body_and_headers(served: SandboxState, api: Api) -> None:
    served.plan_fault("status", status=503, body={"message": "busy"}, headers={"Retry-After": "7"}, times=2, skip=1)

    answers = [api("GET", CONTACTS) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 503, 503, 200]
    assert (answers[1].json(), answers[1].headers["Retry-After"]) == ({"message": "busy"}, "7")


def test_garbage_is_a_200_that_is_not_json(served: SandboxState, api: Api) -> None:
    served.plan_fault("garbage")

    answer = api("POST", CONTACTS, NEW)

    assert answer.status_code == 200 and answer.text.startswith("<html>")
    assert len(served.dump()["contacts"]) == 3


def test_an_unknown_kind_is_refused_when_planned() -> None:
    with pytest.raises(ValueError, match="not one of"):
        Fault("explode")


@pytest.mark.parametrize(
    ("kind", "status", "records"),
    [("status_after", 502, 4), ("garbage_after", 200, 4), ("hollow", 201, 3)],  # hollow: a success that did nothing
)
def test_an_answer_may_lie_about_what_was_applied(
    served: SandboxState, api: Api, kind: str, status: int, records: int
) -> None:
    served.plan_fault(kind, r"/contacts$", method="POST", status=502)

    answer = api("POST", CONTACTS, NEW)

    assert (answer.status_code, len(served.dump()["contacts"])) == (status, records)


def test_a_batch_may_leave_out_its_last_row_silently_or_with_an_error(served: SandboxState, api: Api) -> None:
    rows = [{"properties": {"email": f"{one}@example.org"}, "objectWriteTraceId": one} for one in ("a", "b", "c", "d")]
    served.plan_fault("omit", "batch/create")
    served.plan_fault("partial", "batch/create", category="RATE_LIMITS")

    omitted = api("POST", f"{CONTACTS}/batch/create", {"inputs": rows[:2]})
    partial = api("POST", f"{CONTACTS}/batch/create", {"inputs": rows[2:]})

    assert [one["objectWriteTraceId"] for one in omitted.json()["results"]] == ["a"]
    assert omitted.status_code == 201 and "errors" not in omitted.json()
    assert [one["objectWriteTraceId"] for one in partial.json()["results"]] == ["c"]
    assert partial.status_code == 207
    assert partial.json()["errors"][0]["context"] == {"objectWriteTraceId": ["d"]}
    assert partial.json()["errors"][0]["category"] == "RATE_LIMITS"


def test_a_slow_answer_comes_late_and_whole(served: SandboxState, api: Api) -> None:
    served.plan_fault("slow", r"/contacts$", hang_s=0.05)

    answer = api("GET", CONTACTS)

    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() >= 0.05
