"""Single CRM objects: validation on the way in, the JSON view on the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox import values
from sandbox.associations import inline_targets, invalid_target
from sandbox.clock import to_iso, to_moment
from sandbox.errors import ApiError, bad_request, contact_exists, invalid_property, not_found, unique_conflict
from sandbox.store import ObjectStore, Record, Source

if TYPE_CHECKING:
    from sandbox.state import SandboxState

STAGES = [
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
]


MAIL_COUNTERS = (
    "hs_email_delivered",
    "hs_email_open",
    "hs_email_click",
    "hs_email_replied",
    "hs_email_bounce",
)


@dataclass(frozen=True)
class Selection:
    """What a reader asked for. No properties asked means the type's default ones."""

    properties: Sequence[str] = ()
    history: Sequence[str] = ()
    associations: Sequence[str] = ()


def create(state: SandboxState, type_: str, payload: dict[str, Any], source: Source) -> Record:
    """A new record with its inline associations, all or nothing. ApiError 400 or 409 when refused."""
    store = state.stores[type_]
    properties = checked(state, type_, payload.get("properties"), source)
    missing = [name for name in store.schema.required if not properties.get(name)]
    if missing:
        raise bad_request(
            f"Error creating {store.schema.label}. Some required properties were not set.",
            context={"properties": missing},
        )
    targets = inline_targets(type_, payload.get("associations") or [])
    linked = [(to_type, _existing(state, to_type, to_id)) for to_type, to_id in targets]
    refuse_taken(store, properties, "null")
    _defaults(state, type_, properties, source)
    record = store.insert(state.next_id(), properties, source)
    for to_type, to_id in linked:
        state.link(type_, record.id, to_type, to_id)
    return record


def update(state: SandboxState, record: Record, properties: Any, source: Source) -> Record:
    """Write properties onto a live record; equal values change nothing. ApiError 400 or 409 when refused."""
    store = state.stores[record.type]
    changes = checked(state, record.type, properties, source)
    for name, value in changes.items():
        definition = store.schema.properties[name]
        changes[name] = values.appended(definition, record.properties.get(name, ""), value)
    if not _stage_goes_forward(record, changes):
        del changes["lifecyclestage"]
    for name in store.schema.required:
        if changes.get(name) == "":
            raise bad_request(f"Property {name} is required", context={"properties": [name]})
    refuse_taken(store, changes, record.id)
    changes |= _derived(state, record.type, {**record.properties, **changes})
    if changes.get("email", record.properties.get("email")) != record.properties.get("email"):
        # HubSpot counts mail per primary address: another address starts from nothing (docs/vendor-facts.md).
        changes |= dict.fromkeys((name for name in record.properties if name in MAIL_COUNTERS), "")
    store.change(record, changes, source)
    return record


def find(
    state: SandboxState,
    type_: str,
    object_id: str,
    id_property: str | None = None,
    archived: bool | None = False,
) -> Record:
    """The record by id or by a unique property's value; a merged id gives the survivor.

    ApiError 404 or 400.
    """
    store = state.stores[type_]
    if id_property and id_property != "hs_object_id":
        check_id_property(store, type_, id_property)
        object_id = store.holder(id_property, object_id) or ""
    record = store.get(object_id, archived)
    if record is None:
        raise not_found()
    return record


def check_id_property(store: ObjectStore, type_: str, name: str) -> None:
    """ApiError 400 unless `name` identifies records: a contact's email or a property with hasUniqueValue."""
    definition = store.schema.live(name)
    if not (definition and definition.unique) and (type_, name) != ("contacts", "email"):
        raise bad_request(f"Unable to perform update/upsert by non-unique {store.schema.type_id} property {name}")


def checked(state: SandboxState, type_: str, properties: Any, source: Source) -> dict[str, str]:
    """The stored form of given properties. ApiError 400 for the first unknown, read-only or invalid one."""
    if not isinstance(properties, dict):
        raise bad_request("Invalid input JSON: properties is required")
    schema, stored = state.stores[type_].schema, {}
    for name in properties:
        if schema.live(name) is None:
            raise invalid_property(name, f'Property "{name}" does not exist', "PROPERTY_DOESNT_EXIST")
    for name, raw in properties.items():
        definition = schema.properties[name]
        if definition.read_only:
            raise invalid_property(
                name, f'"{name}" is a read only property; its value cannot be set.', "READ_ONLY_VALUE"
            )
        stored[name] = values.canonical(definition, raw)
    owner = stored.get("hubspot_owner_id")
    if owner and not state.owner_is_active(owner):
        raise invalid_property("hubspot_owner_id", f"Owner {owner} does not exist", "INVALID_OWNER_ID")
    return stored


def refuse_taken(store: ObjectStore, properties: dict[str, str], object_id: str) -> None:
    """ApiError when another live record has one of these unique values."""
    for name, value in properties.items():
        definition = store.schema.properties[name]
        if not value or not (definition.unique or name == "email"):
            continue
        holder = store.holder(name, value)
        if holder and holder != object_id:
            raise contact_exists(holder) if name == "email" else unique_conflict(name, object_id, holder)


def view(state: SandboxState, record: Record, wanted: Selection) -> dict[str, Any]:
    """The object as HubSpot answers it.

    Asked properties without a value are null, unknown ones are left out.
    """
    schema = state.stores[record.type].schema
    names = [name for name in wanted.properties if name in schema.properties]
    always = (schema.created, "hs_object_id", schema.modified)
    names = [*names, *always] if wanted.properties else schema.read_by_default
    shown = {**record.properties, **_now_values(state, record)} if record.type == "tasks" else record.properties
    answer = {
        "id": record.id,
        "properties": {name: shown.get(name) for name in names},
        "createdAt": to_iso(record.created_at),
        "updatedAt": to_iso(record.updated_at),
        "archived": bool(record.archived_at),
    }
    if record.archived_at:
        answer["archivedAt"] = to_iso(record.archived_at)
    if wanted.history:
        answer["propertiesWithHistory"] = {name: _history(record, name) for name in wanted.history if schema.live(name)}
    if wanted.associations:
        answer |= _associated(state, record, wanted.associations)
    return answer


def written(state: SandboxState, record: Record) -> dict[str, Any]:
    """The answer to a write: every property that has a value."""
    return view(state, record, Selection(properties=list(record.properties)))


def _existing(state: SandboxState, type_: str, object_id: str) -> str:
    store = state.stores.get(type_)
    record = store.get(object_id) if store else None
    if record is None:
        raise invalid_target(type_, object_id)
    return record.id


def _defaults(state: SandboxState, type_: str, properties: dict[str, str], source: Source) -> None:
    properties["hs_object_source"] = source.type
    properties["hs_object_source_id"] = source.id
    if type_ == "contacts":
        properties.setdefault("lifecyclestage", "lead")
    if type_ == "tasks":
        properties.setdefault("hs_task_status", "NOT_STARTED")
        properties.setdefault("hs_task_type", "TODO")
        properties.setdefault("hs_task_priority", "NONE")
    properties |= _derived(state, type_, properties)


def _derived(state: SandboxState, type_: str, properties: dict[str, str]) -> dict[str, str]:
    if type_ != "tasks":
        return {}
    done = properties.get("hs_task_status") == "COMPLETED"
    was_done = properties.get("hs_task_is_completed") == "1"
    completed_at = properties.get("hs_task_completion_date", "") if was_done else to_iso(state.clock.now())
    return {
        "hs_task_is_completed": "1" if done else "0",
        "hs_task_completion_count": "1" if done else "0",
        "hs_task_completion_date": completed_at if done else "",
    }


def _now_values(state: SandboxState, record: Record) -> dict[str, str]:
    past_due = to_moment(record.properties["hs_timestamp"]) < state.clock.now()
    is_open = record.properties.get("hs_task_is_completed") != "1"
    return {
        "hs_task_is_past_due_date": str(past_due).lower(),
        "hs_task_is_overdue": str(past_due and is_open).lower(),
    }


def _stage_goes_forward(record: Record, changes: dict[str, str]) -> bool:
    """False for a backward lifecycle stage, which HubSpot silently ignores unless it was cleared first."""
    new, old = changes.get("lifecyclestage"), record.properties.get("lifecyclestage")
    return not (new and old) or STAGES.index(new) >= STAGES.index(old)


def _history(record: Record, name: str) -> list[dict[str, Any]]:
    lines = []
    for value, at, source in record.value_history(name):
        line: dict[str, Any] = {
            "value": value,
            "timestamp": to_iso(at),
            "sourceType": source.type,
            "sourceId": source.id,
        }
        if source.user_id is not None:
            line["updatedByUserId"] = source.user_id
        lines.append(line)
    return lines


def _associated(state: SandboxState, record: Record, types: Sequence[str]) -> dict[str, Any]:
    found = {}
    for given in types:
        to_type = state.type_name(given)
        ids = [i for i in state.associations.of(record.type, record.id, to_type) if state.stores[to_type].get(i)]
        kind = f"{record.type[:-1]}_to_{to_type[:-1]}"
        if ids:
            found[to_type] = {"results": [{"id": object_id, "type": kind} for object_id in ids]}
    return {"associations": found} if found else {}


__all__ = ["ApiError", "Selection", "create", "find", "update", "view", "written"]
