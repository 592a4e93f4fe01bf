"""What pydantic found, as problems a person can act on. Values are never repeated: one of them may be a secret."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from config.layers import PREFIX, KeyPath, Layers
from sync.errors import Problem

_EXPECTED = {
    "bool_parsing": "must be true or false.",
    "bool_type": "must be true or false.",
    "int_parsing": "must be a whole number.",
    "int_from_float": "must be a whole number.",
    "int_type": "must be a whole number.",
    "float_parsing": "must be a number.",
    "float_type": "must be a number.",
    "string_type": "must be text in quotes.",
    "tuple_type": "must be a list.",
    "dict_type": "must be a table.",
    "model_type": "must be a table.",
    "model_attributes_type": "must be a table.",
    "path_type": "must be a path in quotes.",
}


def problems_of(error: ValidationError, layers: Layers, model: type[BaseModel]) -> list[Problem]:
    """One problem a wrong key, in the order of the sections."""
    problems = []
    for item in error.errors(include_url=False, include_input=False, include_context=True):
        path = tuple(str(part) for part in item["loc"] if not isinstance(part, int))
        key = spelled(path, layers)
        if item["type"] == "extra_forbidden":
            problems.append(unknown_key(key, path[-1], _fields_at(model, path[:-1])))
        else:
            problems.append(Problem(key, _said(item), _fix(item, path)))
    return list(dict.fromkeys(problems))


def spelled(path: KeyPath, layers: Layers) -> str:
    """The key as in TOML, and the variable's name when it came from the environment."""
    key = ".".join(path) or "warmline.toml"
    variable = next((name for known, name in layers.variables.items() if known[: len(path)] == path), None)
    return f"{key} ({variable})" if variable and layers.variables.get(path) == variable else key


def unknown_key(key: str, name: str, known: list[str]) -> Problem:
    """A key nobody reads, with the nearest that somebody does."""
    near = difflib.get_close_matches(name, known, n=1)
    fix = f"Did you mean {near[0]}?" if near else f"Remove it; known here: {', '.join(sorted(known))}."
    return Problem(key, "unknown key.", fix)


def _fields_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Names of the fields of the model at a path; tables of tables (sources, score.kinds) are stepped through."""
    current: Any = model
    for part in path:
        if isinstance(current, type) and issubclass(current, BaseModel):
            current = current.model_fields[part].annotation
        else:
            current = get_args(current)[-1]
    return list(current.model_fields) if isinstance(current, type) and issubclass(current, BaseModel) else []


def _said(item: Mapping[str, Any]) -> str:
    kind, context = item["type"], item.get("ctx") or {}
    if kind == "missing":
        return "is not set."
    if kind == "literal_error":
        return f"must be one of: {_allowed(context)}."
    if kind == "value_error":
        return f"{context['error']}."
    if kind in _EXPECTED:
        return _EXPECTED[kind]
    for bound, word in (("ge", "at least"), ("gt", "more than"), ("le", "at most"), ("lt", "less than")):
        if bound in context:
            return f"must be {word} {context[bound]}."
    if kind.startswith(("date", "time")):
        return "is not a date or time as ISO 8601."
    return "has a wrong value."


def _allowed(context: Mapping[str, Any]) -> str:
    return str(context["expected"]).replace("'", "").replace(" or ", ", ")


def _fix(item: Mapping[str, Any], path: KeyPath) -> str:
    if item["type"] == "missing":
        variable = PREFIX + "__".join(path).upper()
        return f"Set {'.'.join(path)} in warmline.toml, or {variable}."
    return "See the key in config/default.toml for its unit and meaning."
