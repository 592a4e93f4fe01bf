"""The CRM object endpoints: lists, single objects, batches, search, merge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox import batch, merge, objects, search
from sandbox.directory import page_window
from sandbox.endpoint import Answer, Call, Endpoint
from sandbox.errors import bad_request, not_found
from sandbox.objects import Selection
from sandbox.store import INTEGRATION

MAX_PAGE, MAX_PAGE_WITH_HISTORY = 100, 50


def readable(path: dict[str, str]) -> list[str]:
    """Scopes of which one lets a key read; tasks go with the contact scopes (docs/vendor-facts.md)."""
    kind = path.get("type") or path.get("from") or "contacts"
    return ["crm.objects.contacts.read", *([] if kind == "contacts" else [f"crm.objects.{kind}.read"])]


def writable(path: dict[str, str]) -> list[str]:
    """Scopes of which one lets a key write these objects."""
    return [scope.replace(".read", ".write") for scope in readable(path)]


def _selection(call: Call) -> Selection:
    return Selection(call.listed("properties"), call.listed("propertiesWithHistory"), call.listed("associations"))


def _list(call: Call) -> Answer:
    wanted = _selection(call)
    limit, after = page_window({"limit": "10", **call.query}, 10, MAX_PAGE_WITH_HISTORY if wanted.history else MAX_PAGE)
    records, following = call.state.stores[call.type].page(after, limit, call.query.get("archived") == "true")
    answer: dict[str, Any] = {"results": [objects.view(call.state, record, wanted) for record in records]}
    if following:
        answer["paging"] = {"next": {"after": following}}
    return 200, answer


def _get(call: Call) -> Answer:
    archived = call.query.get("archived") == "true"
    record = objects.find(call.state, call.type, call.path["id"], call.query.get("idProperty"), archived)
    return 200, objects.view(call.state, record, _selection(call))


def _create(call: Call) -> Answer:
    return 201, objects.written(call.state, objects.create(call.state, call.type, _object(call), INTEGRATION))


def _patch(call: Call) -> Answer:
    record = objects.find(call.state, call.type, call.path["id"], call.query.get("idProperty"))
    return 200, objects.written(
        call.state, objects.update(call.state, record, _object(call).get("properties"), INTEGRATION)
    )


def _delete(call: Call) -> Answer:
    record = call.state.stores[call.type].get(call.path["id"])
    if record:
        call.state.stores[call.type].archive(record)
    return 204, None


def _merge(call: Call) -> Answer:
    body = _object(call)
    if "primaryObjectId" not in body or "objectIdToMerge" not in body:
        raise bad_request("Invalid input JSON: primaryObjectId and objectIdToMerge are required")
    survivor = merge.merge(call.state, str(body["primaryObjectId"]), str(body["objectIdToMerge"]), INTEGRATION)
    return 200, objects.written(call.state, survivor)


def _gdpr_delete(call: Call) -> Answer:
    body = _object(call)
    object_id = str(body.get("objectId", ""))
    if body.get("idProperty") == "email":
        object_id = call.state.stores["contacts"].holder("email", object_id) or ""
    merge.gdpr_delete(call.state, object_id)
    return 204, None


def _object(call: Call) -> dict[str, Any]:
    body = call.body
    if not isinstance(body, dict):
        raise bad_request("Invalid input JSON: expected an object")
    return body


def _batch(write: Any) -> Any:
    return lambda call: write(call.state, call.type, _object(call))


def _batch_read(call: Call) -> Answer:
    return batch.read(call.state, call.type, _object(call), call.query.get("archived") == "true")


def _search(call: Call) -> Answer:
    return 200, search.search(call.state, call.type, _object(call))


def _contacts_only(handler: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    def call_it(call: Call) -> Answer:
        if call.type != "contacts":
            raise not_found("resource not found")
        return handler(call)

    return call_it


BASE = "/crm/objects/{type}"
OBJECT_ENDPOINTS = [
    Endpoint("POST", f"{BASE}/batch/read", _batch_read, scopes=readable),
    Endpoint("POST", f"{BASE}/search", _search, "search", readable),
    Endpoint("POST", f"{BASE}/batch/create", _batch(batch.create), scopes=writable),
    Endpoint("POST", f"{BASE}/batch/update", _batch(batch.update), scopes=writable),
    Endpoint("POST", f"{BASE}/batch/upsert", _batch(batch.upsert), scopes=writable),
    Endpoint("POST", f"{BASE}/batch/archive", _batch(batch.archive), scopes=writable),
    Endpoint("POST", f"{BASE}/merge", _contacts_only(_merge), scopes=writable),
    Endpoint("POST", f"{BASE}/gdpr-delete", _contacts_only(_gdpr_delete), scopes=writable),
    Endpoint("GET", BASE, _list, scopes=readable),
    Endpoint("POST", BASE, _create, scopes=writable),
    Endpoint("GET", f"{BASE}/{{id}}", _get, scopes=readable),
    Endpoint("PATCH", f"{BASE}/{{id}}", _patch, scopes=writable),
    Endpoint("DELETE", f"{BASE}/{{id}}", _delete, scopes=writable),
]
