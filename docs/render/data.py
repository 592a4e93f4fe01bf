"""Tables of the mirror, HubSpot properties and file-drop fields, from the schema and the mapping files."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from docs.render.markdown import sentences, table, words
from mappings.hubspot import load_mapping
from mappings.hubspot_properties import load_group, load_properties
from mappings.hubspot_tasks import task_properties as asked_of_tasks
from mappings.rules import load_table
from sync.store.db import open_mirror

Column = tuple[str, str, bool, bool]


@cache
def schema() -> dict[str, list[Column]]:
    """Columns of each table of a new mirror: name, type, whether it may be empty, whether it is in the key."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_mirror(Path(folder) / "mirror.db")
        try:
            sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY 1"
            names = [row[0] for row in db.rows(sql) if not row[0].startswith("sqlite_")]
            return {name: _columns(db.rows("SELECT * FROM pragma_table_info(?)", (name,))) for name in names}
        finally:
            db.close()


def _columns(rows: list[tuple[Any, ...]]) -> list[Column]:
    return [(name, type_, not required and not key, bool(key)) for _, name, type_, required, _, key in rows]


def columns() -> str:
    told = words("columns.toml")
    return "\n\n".join(_table(name, found, told) for name, found in schema().items())


def _table(name: str, found: list[Column], told: dict[str, Any]) -> str:
    own, common = told[name], told["common"]
    rows = [
        (f"`{column}`", kind + (", key" if key else ""), "yes" if optional else "", own.get(column) or common[column])
        for column, kind, optional, key in found
    ]
    return f"### `{name}`\n\n{sentences(own['about'])}\n\n" + table(("column", "type", "may be empty", "meaning"), rows)


def contact_properties() -> str:
    head = ("property", "type", "made", "filled in by", "Dutch label", "English label", "description")
    rows = [
        (
            f"`{one.name}`",
            one.type + (", unique" if one.unique else ""),
            "default" if one.default else "opt-in",
            "people" if one.people else "warmline",
            one.labels["nl"],
            one.labels["en"],
            one.descriptions["en"],
        )
        for one in load_properties()
    ]
    options = [
        (f"`{one.name}`", f"`{value}`", labels["nl"], labels["en"])
        for one in load_properties()
        for value, labels in one.options
    ]
    group = f"The group is `{load_group()[0]}`."
    return "\n\n".join([group, table(head, rows), table(("property", "value", "Dutch", "English"), options)])


def read_properties() -> str:
    rows = [
        (f"`{rule.column}`", f"`{noun}.{rule.to}`", rule.type, "yes" if rule.tracked else "")
        for noun, rules in load_mapping().items()
        for rule in rules
    ]
    return table(("HubSpot property", "kept as", "type", "only with tracking consent"), rows)


def task_properties() -> str:
    return ", ".join(f"`{name}`" for name in asked_of_tasks()) + "."


def file_fields() -> str:
    parts = []
    for noun, entries in load_table("filedrop.toml").items():
        if noun != "words":
            rows = [
                (f"`{field}`", entry["type"], ", ".join(f"`{one}`" for one in entry.get("columns", ())))
                for field, entry in entries.items()
            ]
            parts.append(f"### `{noun}`\n\n{table(('field', 'type', 'also known as'), rows)}")
    return "\n\n".join(parts)


def file_words() -> str:
    rows = [
        (kind, f"`{word}`", ", ".join(f"`{one}`" for one in spellings))
        for kind, entries in load_table("filedrop.toml")["words"].items()
        for word, spellings in entries.items()
    ]
    return table(("type", "word", "also known as"), rows)
