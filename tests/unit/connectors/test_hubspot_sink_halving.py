"""A refused batch wrote nothing: it is halved until the row at fault stands alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import responses

from connectors.protocols import Crm, WriteResult, WriteStatus
from tests.unit.connectors.test_hubspot_sink import CONTACTS, INVALID, contact, statuses, update


def poisoned(poison: set[str], status: int = 400, **body: str) -> Callable[[Any], tuple[int, dict[str, str], str]]:
    """Refuses the whole batch while it holds a poison row, as HubSpot does."""

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        rows = json.loads(request.body)["inputs"]
        ids = [row.get("id") or row["objectWriteTraceId"] for row in rows]
        if poison & set(ids):
            return status, {}, json.dumps({**INVALID, **body})
        made = [{"id": str(900 + n), "objectWriteTraceId": one} for n, one in enumerate(ids)]
        done = made if "batch/create" in request.url else [{"id": one} for one in ids]
        return 200, {}, json.dumps({"results": done[::-1]})

    return answer


@pytest.mark.parametrize("poison", [{"1"}, {"57"}, {"100"}, {"3", "4", "98"}])
def test_a_poison_row_stands_alone_in_the_end(web: responses.RequestsMock, crm: Crm, poison: set[str]) -> None:
    web.add_callback("POST", f"{CONTACTS}/batch/update", poisoned(poison))

    results = crm.update_contacts([update(number) for number in range(1, 101)])

    assert {result.object_id for result in results if result.status is WriteStatus.REJECTED} == poison
    assert sum(result.status is WriteStatus.DONE for result in results) == 100 - len(poison)
    assert len(web.calls) <= 2 * 7 * len(poison) + 1


def test_a_conflict_of_the_whole_batch_is_found_by_halving(web: responses.RequestsMock, crm: Crm) -> None:
    message = "Contact already exists. Existing ID: 12345"
    web.add_callback("POST", f"{CONTACTS}/batch/create", poisoned({"k3"}, 409, category="CONFLICT", message=message))

    results = crm.create_contacts([contact(f"k{n}", email=f"{n}@example.org") for n in range(1, 9)])

    refused = [result for result in results if result.status is WriteStatus.REJECTED]
    assert refused == [WriteResult("k3", WriteStatus.REJECTED, reason="409 CONFLICT", existing_id="12345")]
    assert len(results) == 8


def test_rows_with_a_property_that_is_gone_cost_one_call_more(web: responses.RequestsMock, crm: Crm) -> None:
    gone = {**INVALID, "errors": [{"code": "PROPERTY_DOESNT_EXIST", "context": {"propertyName": ["gone"]}}]}
    web.post(f"{CONTACTS}/batch/update", status=400, json=gone)
    web.post(f"{CONTACTS}/batch/update", json={"results": [{"id": "2"}]})
    rows = [update(1, gone="x"), update(2), *(update(number, gone="x") for number in range(3, 100))]

    results = crm.update_contacts(rows)

    assert (len(web.calls), statuses(results)["key-2"]) == (2, "done")
    assert {result.reason for result in results} == {"", "400 VALIDATION_ERROR / PROPERTY_DOESNT_EXIST: gone"}
