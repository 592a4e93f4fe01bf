"""HubSpot tasks to the model: whose, when, our marker, and a hash of what a person sees. The text itself is dropped."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from mappings.values import record_id, spelled, to_moment, to_text
from sync.core.model import Task
from sync.errors import InvalidRecord

_PROPERTIES = (
    "hs_createdate",
    "hs_lastmodifieddate",
    "hs_task_body",
    "hs_task_completion_date",
    "hs_task_status",
    "hs_task_subject",
    "hs_task_type",
    "hs_timestamp",
    "hubspot_owner_id",
)
_VISIBLE = ("hs_task_subject", "hs_task_body", "hs_timestamp", "hubspot_owner_id", "hs_task_type")
_FIELDS = {
    "hs_task_status": "status",
    "hs_task_type": "type",
    "hubspot_owner_id": "owner_id",
    "hs_timestamp": "due_at",
    "hs_task_body": "marker",
    "hs_task_completion_date": "completed_at",
    "hs_lastmodifieddate": "updated_at",
}
_MARKER = re.compile(r"\[wl:\s*([0-9a-f]{12})\s*\]", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|br|hr|li|ul|ol|tr|td|th|table|h[1-6]|blockquote|pre)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)


def task_properties() -> list[str]:
    """Every task property to ask HubSpot for, sorted. The body is read for its marker and hash, and never kept."""
    return list(_PROPERTIES)


def to_task(record: Mapping[str, Any]) -> Task:
    """The task. `contact_ids` stand on the record. Raises InvalidRecord with the property that cannot be read."""
    properties = _as_texts(record.get("properties") or {})
    return Task(
        remote_id=record_id(record),
        contact_ids=tuple(str(contact_id) for contact_id in record.get("contact_ids") or ()),
        marker=marker_of(properties.get("hs_task_body") or ""),
        status=to_text(properties.get("hs_task_status") or ""),
        type=to_text(properties.get("hs_task_type") or ""),
        owner_id=to_text(properties.get("hubspot_owner_id") or ""),
        due_at=_moment(properties, "hs_timestamp"),
        visible_hash=visible_hash(properties),
        created_at=_moment(properties, "hs_createdate"),
        completed_at=_moment(properties, "hs_task_completion_date"),
        archived=bool(record.get("archived", False)),
        updated_at=_moment(properties, "hs_lastmodifieddate"),
    )


def _as_texts(properties: Any) -> dict[str, str]:
    """The properties that are filled, as text. Raises InvalidRecord."""
    if not isinstance(properties, Mapping):
        raise InvalidRecord("properties", "not an object")
    texts: dict[str, str] = {}
    for name, value in properties.items():
        try:
            texts[name] = spelled("" if value is None else value)
        except ValueError as error:
            raise InvalidRecord(name, str(error)) from None
    return texts


def after_write(task: Task, properties: Mapping[str, str | None], seen: str) -> Task:
    """The task once these properties were written. `seen`: its visible hash then. Raises InvalidRecord."""
    told = to_task({"id": task.remote_id, "properties": properties})
    changed = {field: getattr(told, field) for name, field in _FIELDS.items() if properties.get(name)}
    return replace(task, **changed, visible_hash=seen)


def is_whole(properties: Mapping[str, str | None]) -> bool:
    """Whether an answer shows all that a person sees of a task."""
    return all(properties.get(name) is not None for name in _VISIBLE)


def marker_of(body: str) -> str | None:
    """The 12 hex of the last `[wl:…]` in a task's body, lower case; None when there is none."""
    found = _MARKER.findall(visible_text(body))
    return str(found[-1]).lower() if found else None


def visible_hash(properties: Mapping[str, str | None]) -> str:
    """Hash of subject, visible body, due moment, owner and type, from property values as HubSpot spells them. Equal
    for a body sent as plain lines and read back as HTML, and for a due moment as ms and as ISO. Raises
    InvalidRecord."""
    due_at = _moment(properties, "hs_timestamp")
    seen = [
        visible_text(properties.get("hs_task_subject") or ""),
        visible_text(properties.get("hs_task_body") or ""),
        int(due_at.timestamp() * 1000) if due_at else None,
        properties.get("hubspot_owner_id") or "",
        properties.get("hs_task_type") or "",
    ]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]


def visible_text(body: str) -> str:
    """What a person sees of simple HTML: tags gone, entities resolved, whitespace collapsed."""
    text = _TAG.sub("", _BLOCK.sub(" ", body)) if "<" in body else body
    return " ".join(html.unescape(text).split())


def _moment(properties: Mapping[str, str | None], name: str) -> datetime | None:
    value = properties.get(name)
    try:
        return to_moment(value) if value else None
    except (ValueError, TypeError):
        raise InvalidRecord(name, "not a date") from None
