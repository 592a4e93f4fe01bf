"""The contact properties warmline makes, and how two spellings of a property value are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from mappings.rules import load_table
from mappings.values import to_moment

TYPES = ("string", "number", "bool", "enumeration", "datetime", "date")


@dataclass(frozen=True, slots=True)
class ContactProperty:
    """A contact property warmline wants. Texts by language (nl, en); `options`: value and its labels. `default`: made
    unless left out; otherwise only when asked for. `people`: filled in by people. `priority`: 0 is wanted most."""

    name: str
    type: str
    field_type: str
    labels: Mapping[str, str]
    descriptions: Mapping[str, str]
    default: bool
    priority: int
    options: tuple[tuple[str, Mapping[str, str]], ...] = ()
    unique: bool = False
    people: bool = False

    def option_labels(self, language: str) -> tuple[tuple[str, str], ...]:
        """(value, label) pairs in the order they are shown."""
        return tuple((value, labels[language]) for value, labels in self.options)


@cache
def load_properties() -> tuple[ContactProperty, ...]:
    """All of them, most wanted first."""
    table = load_table("warmline_properties.toml")["properties"]
    return tuple(_property(name, entry, rank) for rank, (name, entry) in enumerate(table.items()))


@cache
def load_group() -> tuple[str, Mapping[str, str]]:
    """Name of the property group, and its label by language."""
    group = load_table("warmline_properties.toml")["group"]
    return group["name"], {language: group[language] for language in ("nl", "en")}


@cache
def property_types() -> Mapping[str, str]:
    """HubSpot's type of each property warmline may write, by name; for `canonical`."""
    return {spec.name: spec.type for spec in load_properties()}


def _property(name: str, entry: Mapping[str, Any], rank: int) -> ContactProperty:
    return ContactProperty(
        name=name,
        type=entry["type"],
        field_type=entry["field_type"],
        labels={"nl": entry["nl"][0], "en": entry["en"][0]},
        descriptions={"nl": entry["nl"][1], "en": entry["en"][1]},
        default=entry["default"],
        priority=rank,
        options=tuple((value, {"nl": nl, "en": en}) for value, (nl, en) in entry.get("options", {}).items()),
        unique=entry.get("unique", False),
        people=entry.get("people", False),
    )


def canonical(type: str, value: str | None) -> str:
    """One spelling for values HubSpot holds equal: '62' and '62.0', ms and ISO, null and ''. `type`: HubSpot's type
    name; an unknown one counts as string. A value that is not of its type is compared as text. Raises nothing."""
    text = (value or "").replace("\r\n", "\n").rstrip()
    if not text:
        return ""
    if type == "number":
        return _number(text)
    if type in ("datetime", "date"):
        return _moment(type, text)
    if type == "bool":
        return {"1": "true", "yes": "true", "0": "false", "no": "false"}.get(text.lower().strip(), text.lower().strip())
    if type == "enumeration" and ";" in text:
        return ";".join(sorted({part.strip() for part in text.split(";") if part.strip()}))
    return text


def _number(text: str) -> str:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return text
    return "0" if number == 0 else format(number.normalize(), "f")


def _moment(type: str, text: str) -> str:
    try:
        moment = to_moment(text.strip())
    except ValueError:
        return text
    if type == "date":
        return moment.date().isoformat()
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
