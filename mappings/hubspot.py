"""HubSpot records to the model. The mapping itself is hubspot.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from mappings.hubspot_consent import stated
from mappings.hubspot_tasks import after_write, is_whole, task_properties, to_task, visible_hash
from mappings.rules import Rule, Shape, load_table, parse_rules
from mappings.values import CONVERTERS, record_id, spelled, to_moment, to_text
from sync.core.consent_said import LEGAL_BASIS, ConsentProperty
from sync.core.model import Contact, Counters, Owner
from sync.errors import ConfigError, InvalidRecord, Problem

__all__ = [
    "ContactMapper",
    "after_write",
    "contact_properties",
    "is_whole",
    "load_mapping",
    "parse_mapping",
    "task_properties",
    "to_owner",
    "to_task",
    "visible_hash",
]

Record = Mapping[str, Any]
Step = tuple[str, str, Callable[[str], Any], str]


@cache
def load_mapping() -> Mapping[str, tuple[Rule, ...]]:
    """The rules of hubspot.toml by table. Raises ConfigError with everything that is wrong in it."""
    return parse_mapping(load_table("hubspot.toml"))


def parse_mapping(table: Mapping[str, Any]) -> Mapping[str, tuple[Rule, ...]]:
    """The rules of a mapping by table: contact, counters, seen."""
    types = frozenset(CONVERTERS)
    shapes = {
        "contact": Shape({field.name for field in fields(Contact)} - {"remote_id", "seen", "consents"}, types),
        "counters": Shape({field.name for field in fields(Counters)}, types),
        "seen": Shape({"seen"}, types),
    }
    problems = [Problem(noun, "unknown table.", f"Known: {', '.join(shapes)}.") for noun in table if noun not in shapes]
    mapping = {}
    for noun, shape in shapes.items():
        rules, found = parse_rules(noun, table.get(noun, {}), shape)
        mapping[noun] = tuple(rules)
        problems += found
    if problems:
        raise ConfigError(problems)
    return mapping


def contact_properties(
    consent_property: str | None = None, *, tracking: bool = True, consents: Sequence[ConsentProperty] = ()
) -> list[str]:
    """Every contact property to ask HubSpot for, sorted. `tracking` False leaves web and mail behaviour unread."""
    rules = [rule for table in load_mapping().values() for rule in table]
    names = {rule.column for rule in rules if tracking or not rule.tracked}
    names |= {LEGAL_BASIS, *(name for one in consents for name in one.names)}
    return sorted(names | ({consent_property} if consent_property else set()))


class ContactMapper:
    """Contacts and their counters under one tracking consent: 'off', 'portal' or 'property:<name>'. Compiled once.

    `consents`: the properties in which the team keeps consent.
    """

    def __init__(self, consent: str, consents: Sequence[ConsentProperty] = ()) -> None:
        mapping = load_mapping()
        kind, _, self._consent_property = consent.partition(":")
        self._by_property = kind == "property"
        self._always = {"off": False, "portal": True}.get(kind)
        self._contact = _steps(mapping["contact"])
        self._counters = _steps(mapping["counters"])
        self._consents = consents
        self._untracked = _steps([rule for rule in mapping["counters"] if not rule.tracked])
        visits = [rule for rule in mapping["counters"] if rule.to in ("visits", "last_visit_at")]
        self._seen = tuple((rule.column, CONVERTERS[rule.type]) for rule in [*mapping["seen"], *visits])
        self._met = tuple(step[0] for step in self._untracked)

    def to_contact(self, record: Record) -> Contact:
        """The contact. Raises InvalidRecord with the property that cannot be read, or when there is no id."""
        remote_id, properties = _parts(record)
        values = _filled(self._contact, properties)
        merged = values.get("merged_ids")
        if merged:
            values["merged_ids"] = tuple(dict.fromkeys(other for other in merged if other != remote_id))
        values.setdefault("created_at", _record_moment(record, "createdAt"))
        values.setdefault("updated_at", _record_moment(record, "updatedAt"))
        consent = self._consent(properties)
        seen = self._was_seen(properties, consent)
        said = stated(properties, self._consents)
        return Contact(remote_id=remote_id, seen=seen, tracking_consent=consent, consents=said, **values)

    def to_counters(self, record: Record) -> Counters | None:
        """What HubSpot counted. Without tracking consent only the last meeting, and None when there was none."""
        _, properties = _parts(record)
        if self._consent(properties):
            return Counters(**_filled(self._counters, properties))
        values = _filled(self._untracked, properties)
        return Counters(**values) if values else None

    def _consent(self, properties: Mapping[str, str | None]) -> bool | None:
        """Anything but a plain true is no consent."""
        if not self._by_property:
            return self._always
        value = properties.get(self._consent_property)
        return value.strip().lower() == "true" if isinstance(value, str) and value.strip() else None

    def _was_seen(self, properties: Mapping[str, str | None], consent: bool | None) -> bool:
        if any(properties.get(name) for name in self._met):
            return True
        if not consent:
            return False
        for name, convert in self._seen:
            raw = properties.get(name)
            if raw and _converted(name, convert, raw):
                return True
        return False


def to_owner(record: Record) -> Owner:
    """A HubSpot owner; e-mail in lower case, archived ones are not active. Raises InvalidRecord without an id."""
    name = " ".join(part for name in ("firstName", "lastName") if (part := _text(record, name)))
    email = _text(record, "email")
    active = not record.get("archived", False)
    return Owner(record_id(record), email=email.lower() if email else None, name=name or None, active=active)


def _text(record: Record, name: str) -> str | None:
    try:
        return to_text(spelled(record.get(name) or ""))
    except ValueError as error:
        raise InvalidRecord(name, str(error)) from None


def _steps(rules: Sequence[Rule]) -> tuple[Step, ...]:
    return tuple((rule.column, rule.to, CONVERTERS[rule.type], rule.join) for rule in rules)


def _parts(record: Record) -> tuple[str, Mapping[str, str | None]]:
    properties = record.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise InvalidRecord("properties", "not an object")
    return record_id(record), properties


def _filled(steps: Sequence[Step], properties: Mapping[str, str | None]) -> dict[str, Any]:
    """Field values of the properties that are filled; "" and null are unknown. Runs a hundred thousand times: no calls
    but the converter."""
    values: dict[str, Any] = {}
    name = ""
    try:
        for name, to, convert, join in steps:
            raw = properties.get(name)
            if not raw:
                continue
            value = convert(raw if type(raw) is str else spelled(raw))
            if not join or values.get(to) is None:
                values[to] = value
            elif join == "add":
                values[to] += value
            elif join == "latest" and value > values[to]:
                values[to] = value
    except ValueError as error:
        raise InvalidRecord(name, str(error)) from None
    return values


def _converted(name: str, convert: Callable[[str], Any], raw: str) -> Any:
    try:
        return convert(spelled(raw))
    except ValueError:
        raise InvalidRecord(name, "not a number or date") from None


def _record_moment(record: Record, key: str) -> Any:
    value = record.get(key)
    try:
        return to_moment(spelled(value)) if value else None
    except ValueError:
        raise InvalidRecord(key, "not a date") from None
