"""Object types, property definitions and property groups of the sandbox portal."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# from type, to type -> the HubSpot-defined association type id (docs/vendor-facts.md). Later object types
# add theirs here.
ASSOCIATION_TYPES = {
    ("tasks", "contacts"): 204,
    ("contacts", "tasks"): 203,
    ("calls", "contacts"): 194,
    ("contacts", "calls"): 193,
    ("meetings", "contacts"): 200,
    ("contacts", "meetings"): 199,
    ("notes", "contacts"): 202,
    ("contacts", "notes"): 201,
    ("emails", "contacts"): 198,
    ("contacts", "emails"): 197,
    ("communications", "contacts"): 81,
    ("contacts", "communications"): 82,
}
FIELD_TYPES = {
    "string": {"text", "textarea", "html", "phonenumber", "file"},
    "number": {"number"},
    "date": {"date"},
    "datetime": {"date"},
    "bool": {"booleancheckbox"},
    "phone_number": {"phonenumber"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox"},
}


@dataclass
class Property:
    """One property definition. `options` are internal values, empty for open sets such as owner ids."""

    name: str
    type: str
    field_type: str
    group: str
    label: str = ""
    description: str = ""
    options: list[dict[str, Any]] = field(default_factory=list)
    read_only: bool = False
    unique: bool = False
    defined_by_hubspot: bool = False
    archived: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The definition as the properties API answers it."""
        locked = self.defined_by_hubspot
        return {
            "name": self.name,
            "label": self.label or self.name,
            "type": self.type,
            "fieldType": self.field_type,
            "description": self.description,
            "groupName": self.group,
            "options": self.options,
            "displayOrder": self.extra.get("displayOrder", -1),
            "calculated": False,
            "externalOptions": False,
            "hasUniqueValue": self.unique,
            "hidden": self.extra.get("hidden", False),
            "hubspotDefined": locked,
            "formField": self.extra.get("formField", False),
            "dataSensitivity": "non_sensitive",
            "archived": self.archived,
            "modificationMetadata": {
                "archivable": not locked,
                "readOnlyDefinition": locked,
                "readOnlyValue": self.read_only,
                "readOnlyOptions": locked,
            },
        }


@dataclass
class ObjectSchema:
    """One object type: its ids, its stamps and its properties by name (archived ones included)."""

    name: str
    type_id: str
    label: str
    created: str
    modified: str
    read_by_default: list[str]
    required: list[str]
    properties: dict[str, Property]
    groups: dict[str, dict[str, Any]]

    def live(self, name: str) -> Property | None:
        """The definition, or None when there is none or it is archived."""
        found = self.properties.get(name)
        return found if found and not found.archived else None


def default_schemas() -> dict[str, ObjectSchema]:
    """Fresh schemas of a new portal, by type name."""
    text = (Path(__file__).parent / "schema.toml").read_text(encoding="utf-8")
    return {name: _schema(name, raw) for name, raw in tomllib.loads(text).items()}


def _schema(name: str, raw: dict[str, Any]) -> ObjectSchema:
    group = raw["group"]
    properties = {
        prop: _default_property(prop, spec.split(), group, raw["options"].get(prop, []))
        for prop, spec in raw["properties"].items()
    }
    return ObjectSchema(
        name=name,
        type_id=raw["type_id"],
        label=raw["label"],
        created=raw["created"],
        modified=raw["modified"],
        read_by_default=raw["read_by_default"],
        required=raw["required"],
        properties=properties,
        groups={group: {"name": group, "label": group, "displayOrder": 0, "archived": False}},
    )


def _default_property(name: str, spec: list[str], group: str, values: list[Any]) -> Property:
    """`values`: options as a value that is its own label, or as {value, label}."""
    type_, field_type, *flags = spec
    values = values or (["true", "false"] if type_ == "bool" else [])
    named = [value if isinstance(value, dict) else {"value": value, "label": value} for value in values]
    options = [{**option, "displayOrder": i, "hidden": False} for i, option in enumerate(named)]
    return Property(
        name,
        type_,
        field_type,
        group,
        options=options,
        read_only="ro" in flags,
        unique="unique" in flags,
        defined_by_hubspot=True,
    )


def type_name(schemas: dict[str, ObjectSchema], given: str) -> str | None:
    """The type's name for a name, singular name or type id; None when unknown."""
    for schema in schemas.values():
        if given.lower() in (schema.name, schema.type_id, schema.label.lower()):
            return schema.name
    return None
