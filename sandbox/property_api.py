"""The properties API: definitions and groups (docs/vendor-facts.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.errors import ApiError, bad_request, not_found
from sandbox.schema import FIELD_TYPES, ObjectSchema, Property
from sandbox.values import NAME

if TYPE_CHECKING:
    from sandbox.state import SandboxState

MAX_UNIQUE = 10


def create_property(state: SandboxState, type_: str, body: dict[str, Any]) -> dict[str, Any]:
    """The new definition; the name of an archived one brings it back.

    ApiError 409 when it exists, 400 when invalid.
    """
    schema = state.stores[type_].schema
    definition = _definition(state, schema, body)
    if schema.live(definition.name):
        message = f"A property named '{definition.name}' already exists. Please choose another name."
        raise ApiError(409, message, "OBJECT_ALREADY_EXISTS", subCategory="Properties.PROPERTY_WITH_NAME_EXISTS")
    schema.properties[definition.name] = definition
    return definition.as_json()


def property_named(schema: ObjectSchema, name: str, archived: bool = False) -> Property:
    """The definition. ApiError 404."""
    found = schema.properties.get(name)
    if found is None or found.archived != archived:
        raise not_found(f'Property "{name}" does not exist', subCategory="Properties.PROPERTY_NOT_FOUND")
    return found


def change_property(schema: ObjectSchema, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """The definition after the change; `options` replace the whole list. Type and uniqueness stay.

    ApiError 400, 404.
    """
    found = property_named(schema, name)
    if found.defined_by_hubspot:
        raise bad_request(f"Property {name} is defined by HubSpot and cannot be changed")
    if body.get("type", found.type) != found.type or body.get("hasUniqueValue", found.unique) != found.unique:
        raise bad_request(f"type and hasUniqueValue of {name} cannot be changed")
    _check_group(schema, body.get("groupName", found.group))
    found.label, found.description = (
        body.get("label", found.label),
        body.get("description", found.description),
    )
    found.group, found.options = body.get("groupName", found.group), body.get("options", found.options)
    found.extra |= {key: body[key] for key in ("displayOrder", "hidden", "formField") if key in body}
    return found.as_json()


def archive_property(schema: ObjectSchema, name: str) -> None:
    """Archived, or gone already. ApiError 400 for HubSpot's own properties."""
    found = schema.live(name)
    if found and found.defined_by_hubspot:
        raise bad_request(
            f"Property {name} is defined by HubSpot and cannot be archived",
            subCategory="PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
        )
    if found:
        found.archived = True


def batch_create(state: SandboxState, type_: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """201, or 207 with an error for each property that was refused."""
    results, errors = [], []
    for row in _rows(body):
        try:
            results.append(create_property(state, type_, row))
        except ApiError as error:
            errors.append(error.row(name=[str(row.get("name"))]))
    return _multi(results, errors, 201)


def batch_read(schema: ObjectSchema, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """200, or 207 with an error for each property that does not exist."""
    results, errors = [], []
    for row in _rows(body):
        try:
            results.append(property_named(schema, str(row.get("name")), bool(body.get("archived"))).as_json())
        except ApiError as error:
            errors.append(error.row(name=[str(row.get("name"))]))
    return _multi(results, errors, 200)


def create_group(schema: ObjectSchema, body: dict[str, Any]) -> dict[str, Any]:
    """The new group. ApiError 409 when it exists."""
    name = body.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name) or not body.get("label"):
        raise bad_request("A property group needs a lower-case name and a label")
    if name in schema.groups and not schema.groups[name]["archived"]:
        raise ApiError(
            409,
            f"A property group named '{name}' already exists.",
            "OBJECT_ALREADY_EXISTS",
            subCategory="Properties.GROUP_WITH_NAME_EXISTS",
        )
    schema.groups[name] = {
        "name": name,
        "label": body["label"],
        "displayOrder": body.get("displayOrder", -1),
        "archived": False,
    }
    return schema.groups[name]


def group_named(schema: ObjectSchema, name: str) -> dict[str, Any]:
    """The live group. ApiError 404."""
    group = schema.groups.get(name)
    if group is None or group["archived"]:
        raise not_found(f'Property group "{name}" does not exist')
    return group


def archive_group(schema: ObjectSchema, name: str) -> None:
    """Archived. ApiError 400 while live properties are in it."""
    if any(not prop.archived and prop.group == name for prop in schema.properties.values()):
        raise bad_request(f"Property group {name} still has properties")
    if name in schema.groups:
        schema.groups[name]["archived"] = True


def _definition(state: SandboxState, schema: ObjectSchema, body: dict[str, Any]) -> Property:
    missing = [key for key in ("name", "label", "type", "fieldType", "groupName") if not body.get(key)]
    if missing:
        raise bad_request(f"Some required fields were not set: {missing}", context={"missing": missing})
    if not NAME.fullmatch(body["name"]) or body["name"].startswith("hs_"):
        raise bad_request(f"{body['name']!r} is not a valid property name")
    if body["fieldType"] not in FIELD_TYPES.get(body["type"], set()):
        raise bad_request(f"fieldType {body['fieldType']!r} does not go with type {body['type']!r}")
    _check_group(schema, body["groupName"])
    _check_unique(state, schema, body)
    return Property(
        body["name"],
        body["type"],
        body["fieldType"],
        body["groupName"],
        body["label"],
        body.get("description", ""),
        _options(body),
        unique=bool(body.get("hasUniqueValue")),
        extra={key: body[key] for key in ("displayOrder", "hidden", "formField") if key in body},
    )


def _options(body: dict[str, Any]) -> list[dict[str, Any]]:
    options = body.get("options") or []
    if body["type"] == "bool" and {str(option.get("value")) for option in options} != {"true", "false"}:
        raise bad_request(f"Boolean property {body['name']} needs exactly the options true and false")
    if body["type"] == "enumeration" and not options:
        raise bad_request(f"Enumeration property {body['name']} needs options")
    values = [option.get("value") for option in options]
    if len(set(values)) != len(values) or not all(isinstance(option.get("label"), str) for option in options):
        raise bad_request(f"Options of {body['name']} need a label and a value of their own")
    return [
        {
            "label": o["label"],
            "value": str(o["value"]),
            "description": o.get("description", ""),
            "displayOrder": o.get("displayOrder", i),
            "hidden": o.get("hidden", False),
        }
        for i, o in enumerate(options)
    ]


def _check_group(schema: ObjectSchema, name: str) -> None:
    if name not in schema.groups or schema.groups[name]["archived"]:
        raise bad_request(f"Property group {name!r} does not exist")


def _check_unique(state: SandboxState, schema: ObjectSchema, body: dict[str, Any]) -> None:
    if not body.get("hasUniqueValue"):
        return
    if schema.name != "contacts" and not state.unique_task_properties:
        raise bad_request(f"Unique properties are not supported on {schema.type_id}")
    if body["type"] not in ("string", "number"):
        raise bad_request("Only string and number properties can have unique values")
    own = [
        prop for prop in schema.properties.values() if prop.unique and not prop.defined_by_hubspot and not prop.archived
    ]
    if len(own) >= MAX_UNIQUE:
        raise bad_request(f"At most {MAX_UNIQUE} unique properties an object")


def _rows(body: dict[str, Any]) -> list[dict[str, Any]]:
    rows = body.get("inputs")
    if not isinstance(rows, list) or len(rows) > 100:
        raise bad_request("Invalid input JSON: inputs takes 1 to 100 properties")
    return rows


def _multi(results: list[Any], errors: list[Any], status: int) -> tuple[int, dict[str, Any]]:
    answer: dict[str, Any] = {"status": "COMPLETE", "results": results}
    return (207, answer | {"numErrors": len(errors), "errors": errors}) if errors else (status, answer)
