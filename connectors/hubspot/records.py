"""Shaping HubSpot's objects: ids as text, properties cut down to the ones asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.hubspot.bridge import Bridge, results_of
from connectors.hubspot.errors import Refused, read_refusal
from connectors.hubspot.urls import LAST_URL, page_of
from connectors.protocols import Record, Rejected
from sync.errors import BadAnswer, ServerFault

BATCH = 100
HISTORY_BATCH = 50

_FAULTS = ("INTERNAL", "SERVER", "TIMEOUT", "RATE_LIMIT", "UNAVAILABLE")


def id_of(item: Mapping[str, Any], key: str = "id") -> str:
    """The id as text. Raises BadAnswer when it is missing or no number."""
    text = str(item.get(key, ""))
    if not (text.isascii() and text.isdigit()):
        raise BadAnswer("HubSpot answered a record without an id.")
    return text


def split_readable(
    items: Sequence[Mapping[str, Any]],
) -> tuple[list[Mapping[str, Any]], tuple[Rejected, ...]]:
    """The items that can be records, and what is wrong with the others."""
    readable, rejected = [], []
    for row, item in enumerate(items):
        text = str(item.get("id", ""))
        has_id = text.isascii() and text.isdigit()
        if has_id and isinstance(item.get("properties") or {}, dict):
            readable.append(item)
        else:
            field = "properties" if has_id else "id"
            rejected.append(Rejected(text if has_id else f"row {row}", field, "missing or of another shape"))
    return readable, tuple(rejected)


def cut_record(item: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """id, the named properties HubSpot gave, createdAt, updatedAt, archived; nothing else leaves the
    connector.

    The last address seen leaves it as `page`, without its query, and only where it was asked for.
    """
    given = item.get("properties") or {}
    record = {
        "id": id_of(item),
        "properties": {name: given[name] for name in names if name in given and name != LAST_URL},
        "createdAt": item.get("createdAt"),
        "updatedAt": item.get("updatedAt"),
        "archived": bool(item.get("archived")),
    }
    return record | {"page": page_of(given.get(LAST_URL))} if LAST_URL in names else record


def batches(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    """The ids without repeats, in their order, `size` at a time."""
    unique = list(dict.fromkeys(ids))
    for start in range(0, len(unique), size):
        yield unique[start : start + size]


def read_batch(
    bridge: Bridge, noun: str, body: Mapping[str, Any], archived: bool | None = None
) -> list[dict[str, Any]]:
    """The records that exist, in any order, uncut.

    Ids that do not exist come as a 207 or, all of them, as a 404.
    """
    request = {"properties": [], "propertiesWithHistory": [], **body}
    try:
        answer = bridge.call(bridge.batch.read, noun, body=request, archived=archived)
    except Refused as refused:
        if refused.refusal.is_missing:
            return []
        raise
    check_row_errors(answer)
    return results_of(answer)


def read_all(
    bridge: Bridge, noun: str, ids: Sequence[str], names: Sequence[str], archived: bool | None = None
) -> dict[str, Record]:
    """Records by their own id, by the hundred."""
    found: dict[str, Record] = {}
    for some in batches(ids, BATCH):
        body = {"inputs": [{"id": one} for one in some], "properties": list(names)}
        found.update((id_of(item), cut_record(item, names)) for item in read_batch(bridge, noun, body, archived))
    return found


def check_row_errors(body: Mapping[str, Any]) -> None:
    """Raises ServerFault when a row of a read failed for another reason than not being there."""
    for error in body.get("errors") or ():
        category = read_refusal(error).category if isinstance(error, dict) else ""
        if any(fault in category.upper() for fault in _FAULTS):
            raise ServerFault(f"HubSpot could not read part of a batch ({category}).")
