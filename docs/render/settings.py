"""Settings and weights, from config/default.toml and the models that check it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from config.init_file import load_reasons
from config.kinds import KINDS
from config.layers import PREFIX, KeyPath, load_defaults
from config.settings import Settings
from config.sources import SourceSettings
from docs.render.markdown import table, words


def paths() -> list[KeyPath]:
    """Every key of every section but the sources and segments, as a path, in the order of the models."""
    schema = _schema()
    return [path for path in _paths(schema, schema, ()) if path[0] not in ("sources", "segments", "consents")]


@cache
def _schema() -> Mapping[str, Any]:
    return Settings.model_json_schema()


def _paths(node: Mapping[str, Any], schema: Mapping[str, Any], path: KeyPath) -> Iterator[KeyPath]:
    node = _resolved(node, schema)
    if "properties" in node and path != ("score", "kinds"):
        for name, child in node["properties"].items():
            yield from _paths(child, schema, (*path, name))
    else:
        yield path


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = node.get("$ref", "")
    return schema["$defs"][reference.rpartition("/")[2]] if reference else node


def settings() -> str:
    tables: dict[str, list[tuple[str, str, str, str]]] = {}
    reasons, defaults = load_reasons(), load_defaults()
    for path in paths():
        if path != ("score", "kinds"):
            section = ".".join(path[:-1])
            tables.setdefault(section, []).append((f"`{path[-1]}`", *_row(path, reasons, defaults)))
    head = ("key", "default", "allowed", "meaning and unit")
    return "\n\n".join(f"### `[{section}]`\n\n{table(head, rows)}" for section, rows in tables.items())


def _row(path: KeyPath, reasons: Mapping[KeyPath, list[str]], defaults: Mapping[str, Any]) -> tuple[str, str, str]:
    node: Any = defaults
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    default = "not set" if node is None else f"`{json.dumps(node, ensure_ascii=False)}`"
    told = " ".join(line.removeprefix("#").strip() for line in reasons[path])
    return default, _allowed(path), told


def _allowed(path: KeyPath) -> str:
    schema = _schema()
    node: Mapping[str, Any] = schema
    for part in path:
        node = _resolved(node, schema)["properties"][part]
    options = [node, *node.get("anyOf", ())]
    found = next((one for one in options if one.get("type") not in (None, "null")), node)
    found = found.get("items", found)
    if "enum" in found:
        return ", ".join(f"`{one}`" for one in found["enum"])
    bounds = [(word, found[key]) for key, word in _BOUNDS.items() if key in found]
    if bounds:
        return " ".join(f"{word} {number:g}" for word, number in bounds)
    return {"boolean": "`true`, `false`"}.get(str(found.get("type")), "")


_BOUNDS = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to"}


def variable(path: KeyPath) -> str:
    """The environment variable of a key."""
    return PREFIX + "__".join(path).upper()


def source_settings() -> str:
    told = words("words.toml")["source_settings"]
    rows = []
    for name, field in SourceSettings.model_fields.items():
        default = "" if field.is_required() or field.default is None else f"`{json.dumps(field.default)}`"
        rows.append((f"`{name}`", default, told[name]))
    kinds = ", ".join(f"`{kind}`" for kind in sorted(KINDS))
    return table(("key", "default", "meaning"), rows) + f"\n\nKinds: {kinds}."


def weights() -> str:
    kinds = load_defaults()["score"]["kinds"]
    rows = [(f"`{name}`", one["weight"], one["half_life_days"], one["cap"]) for name, one in kinds.items()]
    return table(("kind", "weight (points a touch day)", "half-life (days)", "cap (points)"), rows)
