"""A vendor's JSON rows on their way out: ids as text, only the fields a mapping reads, moments, the vendor's count."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.protocols import Rejected

Row = dict[str, Any]
_SCALAR = str | int | float | bool


def id_of(value: object) -> str | None:
    """An id as text; None when it is no number or word."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value).strip()
    return text if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text) and re.search("[A-Za-z0-9]", text) else None


def split_readable(rows: Sequence[Any]) -> tuple[list[Row], list[Rejected]]:
    """The rows that have an id, and a note for each other one."""
    readable, rejected = [], []
    for place, row in enumerate(rows):
        if isinstance(row, Mapping) and id_of(row.get("id")) is not None:
            readable.append(dict(row))
        else:
            rejected.append(Rejected(f"row {place}", "id", "missing or of another shape"))
    return readable, rejected


def cut(row: Mapping[str, Any], names: Sequence[str]) -> Row:
    """`id` as text and the named fields the row has: texts, numbers, flags and lists of them; nothing nested."""
    kept = {name: row[name] for name in names if name in row and _is_flat(row[name])}
    return {**kept, "id": id_of(row["id"])}


def count_of(told: object) -> int | None:
    """A vendor's own count; None when it is none."""
    return told if isinstance(told, int) and not isinstance(told, bool) and told >= 0 else None


def moment_of(value: object) -> datetime | None:
    """A moment in aware form; None when it is none or names no zone."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None


def _is_flat(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, _SCALAR) for item in value)
    return value is None or isinstance(value, _SCALAR)
