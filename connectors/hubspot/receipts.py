"""Reading a batch write's answer row by row.

Rows are matched by what they carry, never by their order: HubSpot's is another.

A row the answer does not confirm is UNKNOWN, even after a 200.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from connectors.hubspot.errors import Refusal, read_refusal
from connectors.protocols import WriteResult, WriteRow, WriteStatus

Marks = Callable[[Mapping[str, Any]], Iterator[str]]

_MARKER = re.compile(r"\[wl:[0-9a-f]{12}\]")
_NOT_DONE = ("RATE_LIMIT", "LOCKED")
_UNSURE = ("INTERNAL", "SERVER", "TIMEOUT", "UNAVAILABLE")


def contact_marks(properties: Mapping[str, Any]) -> Iterator[str]:
    """What tells one new contact from another: its candidate id, its e-mail (which HubSpot lower-cases)."""
    for name in ("warmline_candidate_id", "email"):
        if properties.get(name):
            yield f"{name}={str(properties[name]).strip().lower()}"


def task_marks(properties: Mapping[str, Any]) -> Iterator[str]:
    """The marker in a task's body."""
    yield from _MARKER.findall(str(properties.get("hs_task_body") or ""))


def no_marks(_properties: Mapping[str, Any]) -> Iterator[str]:
    """Updates are known by their id."""
    return iter(())


def read_receipts(body: Mapping[str, Any], rows: Sequence[WriteRow], marks: Marks) -> list[WriteResult]:
    """One result a row of a 2xx answer."""
    confirmed = _confirmed(_dicts(body.get("results")), rows, marks)
    failed = _failed(body, rows)
    return [
        confirmed.get(row.key) or failed.get(row.key) or unknown(row, "not confirmed by the answer") for row in rows
    ]


def read_archived(body: Mapping[str, Any], rows: Sequence[WriteRow]) -> list[WriteResult]:
    """One result a row of an archive's answer, which names only what failed (204: nothing did)."""
    failed = _failed(body, rows)
    unplaced = len(_dicts(body.get("errors"))) > 0 and not failed
    if unplaced:
        return [unknown(row, "the answer names no row for its errors") for row in rows]
    return [failed.get(row.key) or WriteResult(row.key, WriteStatus.DONE, row.object_id) for row in rows]


def unknown(row: WriteRow, reason: str) -> WriteResult:
    """It may or may not have been done."""
    return WriteResult(row.key, WriteStatus.UNKNOWN, row.object_id, reason=reason)


def retry(row: WriteRow, reason: str) -> WriteResult:
    """Certainly not done."""
    return WriteResult(row.key, WriteStatus.RETRY, row.object_id, reason=reason)


def rejected(row: WriteRow, reason: str, existing_id: str | None, missing: bool) -> WriteResult:
    """Refused for good."""
    return WriteResult(
        row.key, WriteStatus.REJECTED, row.object_id, reason=reason, existing_id=existing_id, missing=missing
    )


def _confirmed(items: Sequence[Mapping[str, Any]], rows: Sequence[WriteRow], marks: Marks) -> dict[str, WriteResult]:
    found: dict[str, WriteResult] = {}
    unplaced = []
    index = _index(rows, marks)
    for item in items:
        keys = {key for mark in _marks_of_item(item, index, marks) for key in index.get(mark, ())}
        if len(keys) == 1 and item.get("id"):
            key = keys.pop()
            found[key] = _done(key, item)
        else:
            unplaced.append(item)
    left = [row for row in rows if row.key not in found]
    if len(left) == len(unplaced) == 1 and left[0].object_id and unplaced[0].get("id") and len(items) == len(rows):
        found[left[0].key] = _done(left[0].key, unplaced[0])  # updated under a merge's surviving id
    return found


def _index(rows: Sequence[WriteRow], marks: Marks) -> dict[str, set[str]]:
    index: dict[str, set[str]] = {}
    for row in rows:
        for mark in [
            f"key={row.key}",
            *([f"id={row.object_id}"] if row.object_id else []),
            *marks(row.properties),
        ]:
            index.setdefault(mark, set()).add(row.key)
    return index


def _marks_of_item(item: Mapping[str, Any], index: Mapping[str, set[str]], marks: Marks) -> list[str]:
    """The item's echoed trace id alone if it is one of ours, otherwise its id and content."""
    traced = f"key={item.get('objectWriteTraceId')}"
    if traced in index:
        return [traced]
    return [f"id={item.get('id')}", *marks(item.get("properties") or {})]


def _done(key: str, item: Mapping[str, Any]) -> WriteResult:
    properties = item.get("properties")
    return WriteResult(
        key,
        WriteStatus.DONE,
        str(item["id"]),
        properties=dict(properties) if isinstance(properties, dict) else {},
    )


def _failed(body: Mapping[str, Any], rows: Sequence[WriteRow]) -> dict[str, WriteResult]:
    """Results of the rows the answer's errors name, by trace id or by record id."""
    failed = {}
    for error in _dicts(body.get("errors")):
        refusal = read_refusal(error)
        for row in rows:
            if row.key in refusal.keys or (row.object_id is not None and row.object_id in refusal.ids):
                failed[row.key] = _failure(row, refusal)
    return failed


def _failure(row: WriteRow, refusal: Refusal) -> WriteResult:
    category = refusal.category.upper()
    if any(word in category for word in _NOT_DONE):
        return retry(row, refusal.reason)
    if any(word in category for word in _UNSURE):
        return unknown(row, refusal.reason)
    return rejected(row, refusal.reason, refusal.existing_id, refusal.is_missing)


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
