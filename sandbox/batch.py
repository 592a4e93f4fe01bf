"""The five batch calls: what fails alone, and what fails the whole batch (docs/vendor-facts.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox import objects
from sandbox.clock import to_iso
from sandbox.errors import ApiError, bad_request
from sandbox.objects import Selection
from sandbox.store import INTEGRATION, Record

if TYPE_CHECKING:
    from sandbox.state import SandboxState

MAX_INPUTS = 100
MAX_INPUTS_WITH_HISTORY = 50
Row = dict[str, Any]
Answer = tuple[int, Row | None]
Write = Callable[["SandboxState", str, Row], Row]


def read(state: SandboxState, type_: str, body: Row, archived: bool = False) -> Answer:
    """200, or 207 with one error naming the ids that were not found."""
    if not isinstance(body.get("properties"), list) or not isinstance(body.get("propertiesWithHistory"), list):
        raise bad_request("Invalid input JSON: properties and propertiesWithHistory are required")
    wanted = Selection(body["properties"], body["propertiesWithHistory"])
    ids = _ids(body, MAX_INPUTS_WITH_HISTORY if wanted.history else MAX_INPUTS)
    id_property = body.get("idProperty")
    if id_property:
        objects.check_id_property(state.stores[type_], type_, id_property)
    found: dict[str, Record] = {}
    missing = []
    for asked in ids:
        record = _lookup(state, type_, asked, id_property, archived)
        if record is None:
            missing.append(asked)
        else:
            found[record.id] = record
    errors = [_not_found(state, type_, missing)] if missing else []
    return _reply(state, [objects.view(state, record, wanted) for record in found.values()], errors, 200)


def create(state: SandboxState, type_: str, body: Row) -> Answer:
    """201; 207 when every input has its own trace id and some were refused."""
    return _reply(state, *_write_rows(state, type_, _inputs(body), _create_row), 201)


def update(state: SandboxState, type_: str, body: Row) -> Answer:
    """200, or 207 when ids do not exist or traced rows were refused.

    Contacts cannot be updated by e-mail here.
    """
    inputs = _inputs(body)
    by = {str(row["idProperty"]) for row in inputs if row.get("idProperty")}
    for name in by:
        if name in ("hs_object_id", "email"):
            label = state.stores[type_].schema.type_id
            raise bad_request(f"Unable to perform update/upsert by non-unique {label} property {name}")
        objects.check_id_property(state.stores[type_], type_, name)
    _ids(body, MAX_INPUTS)
    known = [row for row in inputs if _lookup(state, type_, str(row["id"]), row.get("idProperty"), False)]
    missing = [str(row["id"]) for row in inputs if row not in known]
    results, errors = _write_rows(state, type_, known, _update_row)
    return _reply(state, results, errors + ([_not_found(state, type_, missing)] if missing else []), 200)


def upsert(state: SandboxState, type_: str, body: Row) -> Answer:
    """200 with `new` on each result; 207 as for create. Every input names the same unique property."""
    inputs = _inputs(body)
    names = {str(row.get("idProperty", "")) for row in inputs}
    if len(names) != 1 or "" in names:
        raise bad_request("Every input of an upsert needs the same idProperty")
    objects.check_id_property(state.stores[type_], type_, names.pop())
    _ids(body, MAX_INPUTS)
    return _reply(state, *_write_rows(state, type_, inputs, _upsert_row), 200)


def archive(state: SandboxState, type_: str, body: Row) -> Answer:
    """204, also for ids that are gone already."""
    for object_id in _ids(body, MAX_INPUTS):
        record = state.stores[type_].get(object_id)
        if record:
            state.stores[type_].archive(record)
    return 204, None


def _create_row(state: SandboxState, type_: str, row: Row) -> Row:
    return objects.written(state, objects.create(state, type_, row, INTEGRATION))


def _update_row(state: SandboxState, type_: str, row: Row) -> Row:
    record = objects.find(state, type_, str(row["id"]), row.get("idProperty"))
    return objects.written(state, objects.update(state, record, row.get("properties"), INTEGRATION))


def _upsert_row(state: SandboxState, type_: str, row: Row) -> Row:
    name, key = row["idProperty"], str(row["id"])
    record = state.stores[type_].get(state.stores[type_].holder(name, key) or "")
    if record:
        return objects.written(state, objects.update(state, record, row.get("properties"), INTEGRATION)) | {
            "new": False
        }
    properties = {name: key, **(row.get("properties") or {})}
    return objects.written(state, objects.create(state, type_, {**row, "properties": properties}, INTEGRATION)) | {
        "new": True
    }


def _write_rows(state: SandboxState, type_: str, rows: list[Row], write: Write) -> tuple[list[Row], list[Row]]:
    """Results and errors. Without trace ids, or for an unknown property, one bad row undoes all."""
    traced = _all_traced(rows)
    results, refused = [], []
    with state.journal.atomic():
        for row in rows:
            try:
                results.append(write(state, type_, row) | _trace(row))
            except ApiError as error:
                if not traced or error.code == "PROPERTY_DOESNT_EXIST":
                    raise
                refused.append(error.row(objectWriteTraceId=[row["objectWriteTraceId"]]))
    return results, refused


def _all_traced(rows: list[Row]) -> bool:
    traces = [row.get("objectWriteTraceId") for row in rows]
    return bool(rows) and all(traces) and len(set(traces)) == len(traces)


def _trace(row: Row) -> Row:
    return {"objectWriteTraceId": row["objectWriteTraceId"]} if row.get("objectWriteTraceId") else {}


def _reply(state: SandboxState, results: list[Row], errors: list[Row], status: int) -> Answer:
    # HubSpot promises no order; turning it round makes a client that pairs by position fail in its first
    # test.
    now = to_iso(state.clock.now())
    answer: Row = {
        "status": "COMPLETE",
        "results": results[::-1],
        "startedAt": now,
        "completedAt": now,
    }
    if not errors:
        return status, answer
    return 207, answer | {"numErrors": len(errors), "errors": errors}


def _lookup(state: SandboxState, type_: str, asked: str, id_property: str | None, archived: bool) -> Record | None:
    store = state.stores[type_]
    object_id = store.holder(id_property, asked) if id_property else asked
    if not id_property and asked in store.merged_into and not state.batch_read_follows_merges:
        return None
    return store.get(object_id or "", archived)


def _not_found(state: SandboxState, type_: str, ids: list[str]) -> Row:
    label = state.stores[type_].schema.label
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "context": {"ids": ids},
        "message": f"Could not get some {label} objects, they may be deleted or not exist. Check that ids are valid.",
    }


def _inputs(body: Row, most: int = MAX_INPUTS) -> list[Row]:
    rows = body.get("inputs")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad_request("Invalid input JSON: inputs is required")
    if len(rows) <= most:
        return rows
    if most == MAX_INPUTS_WITH_HISTORY:
        raise bad_request(
            "The maximum number of inputs supported in a batch request for property histories is 50. "
            "Please reduce the number of items and try again"
        )
    raise bad_request(f"The maximum number of inputs in a batch request is {most}, got {len(rows)}")


def _ids(body: Row, most: int) -> list[str]:
    rows = _inputs(body, most)
    if any("id" not in row for row in rows):
        raise bad_request("Invalid input JSON: every input needs an id")
    ids = [str(row["id"]) for row in rows]
    twice = sorted({object_id for object_id in ids if ids.count(object_id) > 1})
    if twice:
        raise bad_request(
            f"Duplicate IDs found in batch input: [{', '.join(twice)}]. IDs must be unique",
            context={"ids": twice},
        )
    return ids
