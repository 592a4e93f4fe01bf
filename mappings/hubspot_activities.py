"""HubSpot's calls, meetings, e-mails and communications to activities. The mapping: hubspot_activities.toml."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from mappings.rules import load_table, normal_name
from mappings.values import record_id, spelled, to_count, to_moment, to_text
from sync.core.activity import DO_NOT_CONTACT, Activity
from sync.errors import InvalidRecord

NOUNS = ("calls", "meetings", "emails", "communications")
OTHER = "other"

_ALWAYS = ("hs_lastmodifieddate", "hubspot_owner_id")
_NEVER_CHANGES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Rules:
    """How one noun is read. `channel`, `direction`, `outcome`: HubSpot's value → ours.

    `labels`: an outcome and the phrases of labels that mean it.
    """

    at: Sequence[str]
    fixed_channel: str | None
    columns: Mapping[str, str]
    channel: Mapping[str, str]
    direction: Mapping[str, str]
    outcome: Mapping[str, str]
    labels: Sequence[tuple[str, Sequence[str]]]


@cache
def _rules(noun: str) -> _Rules:
    table = load_table("hubspot_activities.toml")[noun]
    columns = {field: name for field, name in table["property"].items() if field != "at"}
    channel = table["channel"]
    return _Rules(
        at=table["property"]["at"],
        fixed_channel=channel if isinstance(channel, str) else None,
        columns=columns,
        channel=channel if isinstance(channel, dict) else _NEVER_CHANGES,
        direction=table.get("direction", _NEVER_CHANGES),
        outcome=table.get("outcome", _NEVER_CHANGES),
        labels=[(line["outcome"], [_spelled(one) for one in line["phrases"]]) for line in table.get("labels", ())],
    )


def activity_properties(noun: str) -> list[str]:
    """Every property of a noun to ask HubSpot for, sorted: headers only."""
    rules = _rules(noun)
    return sorted({*_ALWAYS, *rules.at, *rules.columns.values()})


def known_dispositions() -> frozenset[str]:
    """The dispositions every portal has; of others the label is needed."""
    return frozenset(_rules("calls").outcome)


def mapping_text(noun: str) -> str:
    """The noun's part of the mapping as one text, for a version that changes with it."""
    return json.dumps(load_table("hubspot_activities.toml")[noun], sort_keys=True)


def to_activity(noun: str, record: Mapping[str, Any], stop: Collection[str] = ()) -> Activity:
    """The activity. `contact_ids` stand on the record, and `disposition_label` where the portal added the disposition.

    `stop`: dispositions, by value or label in lower case, that mean the person is not to be contacted. Raises
    InvalidRecord with the property that cannot be read, or when there is no id or moment.
    """
    rules, properties = _rules(noun), record.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise InvalidRecord("properties", "not an object")
    columns = {field: _text(properties, name) for field, name in rules.columns.items()}
    direction = columns.get("direction")
    return Activity(
        remote_id=record_id(record),
        channel=rules.fixed_channel or rules.channel.get(columns["channel"] or "", OTHER),
        at=_first_moment(properties, rules.at),
        contact_ids=tuple(str(contact_id) for contact_id in record.get("contact_ids") or ()),
        direction=rules.direction.get(direction) if direction else None,
        outcome=_outcome(rules, columns.get("outcome"), _text(record, "disposition_label"), stop),
        owner_id=_text(properties, "hubspot_owner_id"),
        duration_s=_seconds(properties, rules.columns.get("duration_ms")),
        archived=bool(record.get("archived", False)),
        updated_at=_moment(properties, "hs_lastmodifieddate"),
    )


def outcome_of_label(label: str) -> str:
    """The outcome a disposition's label speaks of, in Dutch or English; `other` when it speaks of none."""
    spelled = _spelled(label)
    return next(
        (outcome for outcome, phrases in _rules("calls").labels if any(one in spelled for one in phrases)), OTHER
    )


def _outcome(rules: _Rules, value: str | None, label: str | None, stop: Collection[str]) -> str | None:
    if not value:
        return None
    if rules.labels and any(one.strip().lower() in stop for one in (value, label or "")):
        return DO_NOT_CONTACT
    known = rules.outcome.get(value) or rules.outcome.get(value.lower())
    return known or (outcome_of_label(label) if label and rules.labels else OTHER)


def _spelled(words: str) -> str:
    """Words between underscores, so that a phrase is found at word edges only."""
    kept = "".join(char if char.isalnum() else " " for char in words)
    return f"_{normal_name(kept)}_"


def _text(properties: Mapping[str, Any], name: str) -> str | None:
    try:
        return to_text(spelled(properties.get(name) or ""))
    except ValueError as error:
        raise InvalidRecord(name, str(error)) from None


def _first_moment(properties: Mapping[str, Any], names: Sequence[str]) -> datetime:
    for name in names:
        found = _moment(properties, name)
        if found is not None:
            return found
    raise InvalidRecord(names[-1], "missing")


def _moment(properties: Mapping[str, Any], name: str) -> datetime | None:
    value = _text(properties, name)
    try:
        return to_moment(value) if value else None
    except ValueError as error:
        raise InvalidRecord(name, str(error)) from None


def _seconds(properties: Mapping[str, Any], name: str | None) -> int | None:
    """Whole seconds of a length in milliseconds."""
    value = _text(properties, name) if name else None
    try:
        return to_count(value) // 1000 if value else None
    except ValueError as error:
        raise InvalidRecord(name or "", str(error)) from None
