"""The association endpoints: batches in both directions, single default links (docs/vendor-facts.md)."""

from __future__ import annotations

from typing import Any

from sandbox.associations import association_type, invalid_target
from sandbox.endpoint import Answer, Call, Endpoint
from sandbox.errors import bad_request
from sandbox.object_routes import readable, writable
from sandbox.schema import ASSOCIATION_TYPES

MAX_READ, MAX_CREATE = 1_000, 2_000


def _batch_read(call: Call) -> Answer:
    """200, or 207 when some of the records have no links, which is a normal outcome."""
    results, errors = [], []
    for row in _inputs(call, MAX_READ):
        from_id = str(row.get("id", ""))
        item = _links(call, from_id, str(row.get("after") or "0"))
        if item:
            results.append(item)
        else:
            errors.append(_no_links(call, from_id))
    answer: dict[str, Any] = {"status": "COMPLETE", "results": results[::-1]}
    return (207, answer | {"numErrors": len(errors), "errors": errors}) if errors else (200, answer)


def _links(call: Call, from_id: str, after: str) -> dict[str, Any] | None:
    state, (from_type, to_type) = call.state, (call.path["from"], call.path["to"])
    store, other = state.stores[from_type], state.stores[to_type]
    if not after.isdigit():
        raise bad_request("after is not valid")
    if store.get(from_id) is None:
        return None
    # Links of archived records are hidden until they are restored.
    ids = [to_id for to_id in state.associations.of(from_type, store.survivor_id(from_id), to_type) if other.get(to_id)]
    if not ids:
        return None
    kind = association_type(from_type, to_type)
    start, size = int(after), state.association_page
    to = [{"toObjectId": int(to_id), "associationTypes": [kind]} for to_id in ids[start : start + size]]
    item: dict[str, Any] = {"from": {"id": from_id}, "to": to}
    if start + size < len(ids):
        item["paging"] = {"next": {"after": str(start + size)}}
    return item


def _no_links(call: Call, from_id: str) -> dict[str, Any]:
    context = {
        "fromObjectId": [from_id],
        "fromObjectType": [call.path["from"]],
        "toObjectType": [call.path["to"]],
    }
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {call.path['to']} is associated with {call.path['from']} {from_id}.",
        "context": context,
    }


def _batch_create(call: Call) -> Answer:
    rows = [(_pair(row), row.get("types")) for row in _inputs(call, MAX_CREATE)]
    number = ASSOCIATION_TYPES.get((call.path["from"], call.path["to"]))
    for _, types in rows:
        asked = {kind.get("associationTypeId") for kind in types or [] if isinstance(kind, dict)}
        if asked != {number}:
            raise bad_request(
                f"Association type {sorted(map(str, asked))} is not valid for {call.path['from']} to {call.path['to']}"
            )
    return 201, {"status": "COMPLETE", "results": [_linked(call, *pair) for pair, _ in rows]}


def _batch_default(call: Call) -> Answer:
    pairs = [_pair(row) for row in _inputs(call, MAX_CREATE)]
    return 200, {"status": "COMPLETE", "results": [_linked(call, *pair) for pair in pairs]}


def _batch_archive(call: Call) -> Answer:
    for row in _inputs(call, MAX_CREATE):
        targets = row.get("to")
        for target in targets if isinstance(targets, list) else [targets]:
            from_id, to_id = _pair({"from": row.get("from"), "to": target})
            call.state.associations.remove(call.path["from"], from_id, call.path["to"], to_id)
    return 204, None


def _put_default(call: Call) -> Answer:
    return 200, {"status": "COMPLETE", "results": [_linked(call, call.path["id"], call.path["to_id"])]}


def _delete(call: Call) -> Answer:
    call.state.associations.remove(call.path["from"], call.path["id"], call.path["to"], call.path["to_id"])
    return 204, None


def _linked(call: Call, from_id: str, to_id: str) -> dict[str, Any]:
    state, (from_type, to_type) = call.state, (call.path["from"], call.path["to"])
    found, target = state.stores[from_type].get(from_id), state.stores[to_type].get(to_id)
    if found is None or target is None:
        raise invalid_target(*((from_type, from_id) if found is None else (to_type, to_id)))
    state.link(from_type, found.id, to_type, target.id)
    return {
        "from": {"id": found.id},
        "to": {"id": target.id},
        "associationSpec": {
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": association_type(from_type, to_type)["typeId"],
        },
    }


def _pair(row: dict[str, Any]) -> tuple[str, str]:
    try:
        return str(row["from"]["id"]), str(row["to"]["id"])
    except (KeyError, TypeError):
        raise bad_request("Invalid input JSON: every input needs from.id and to.id") from None


def _inputs(call: Call, most: int) -> list[dict[str, Any]]:
    rows = call.body.get("inputs") if isinstance(call.body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad_request("Invalid input JSON: inputs is required")
    if len(rows) > most:
        raise bad_request(f"The maximum number of inputs in a batch request is {most}, got {len(rows)}")
    return rows


BASE = "/crm/associations/{from}/{to}/batch"
SINGLE = "/crm/objects/{from}/{id}/associations"
ASSOCIATION_ENDPOINTS = [
    Endpoint("POST", f"{BASE}/read", _batch_read, "exempt", readable),
    Endpoint("POST", f"{BASE}/create", _batch_create, "exempt", writable),
    Endpoint("POST", f"{BASE}/associate/default", _batch_default, "exempt", writable),
    Endpoint("POST", f"{BASE}/archive", _batch_archive, "exempt", writable),
    Endpoint("PUT", f"{SINGLE}/default/{{to}}/{{to_id}}", _put_default, scopes=writable),
    Endpoint("DELETE", f"{SINGLE}/{{to}}/{{to_id}}", _delete, scopes=writable),
]
