"""Where settings come from: default.toml, then a TOML file, then the environment, each over the one before."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sync.errors import ConfigError, Problem

PREFIX = "WARMLINE_"
FILE_VARIABLE = "WARMLINE_CONFIG"
DEFAULT_FILE = Path("warmline.toml")
DEFAULTS_FILE = Path(__file__).with_name("default.toml")

Table = dict[str, Any]
KeyPath = tuple[str, ...]


@dataclass(slots=True)
class Layers:
    """Settings merged but not yet checked. `variables`: which environment variable a key came from."""

    merged: Table
    variables: dict[KeyPath, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load_defaults() -> Table:
    """The contents of default.toml."""
    return deepcopy(_parsed_defaults())


@cache
def _parsed_defaults() -> Table:
    return tomllib.loads(DEFAULTS_FILE.read_text(encoding="utf-8"))


def load_layers(path: Path | None, environ: Mapping[str, str]) -> Layers:
    """All layers merged. `path` None: WARMLINE_CONFIG, else ./warmline.toml if there is one. A file that cannot be
    read is a problem in the result, not an exception: the other layers are still checked."""
    layers = Layers(load_defaults())
    try:
        _merge(layers.merged, _lower_sources(_load_file(path, environ)))
    except ConfigError as error:
        layers.problems.extend(error.problems)
    for name in sorted(environ):
        if name.startswith(PREFIX) and name != FILE_VARIABLE and environ[name].strip():
            _put(layers, name, environ[name].strip())
    return layers


def _load_file(path: Path | None, environ: Mapping[str, str]) -> Table:
    where = "--config"
    if path is None and environ.get(FILE_VARIABLE):
        path, where = Path(environ[FILE_VARIABLE]), FILE_VARIABLE
    if path is None:
        if not DEFAULT_FILE.exists():
            return {}
        path, where = DEFAULT_FILE, str(DEFAULT_FILE)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        fix = "Give the path of a readable file, or run `warmline init` to write one."
        raise ConfigError([Problem(where, f"{path} cannot be read ({error.strerror}).", fix)]) from None
    except UnicodeDecodeError:
        raise ConfigError([Problem(where, f"{path} is not UTF-8 text.", "Save it as UTF-8.")]) from None
    except tomllib.TOMLDecodeError as error:
        position = str(error).rpartition("(")[2].rstrip(")")  # the rest of the text may quote a value
        raise ConfigError([Problem(where, f"{path} is not valid TOML ({position}).", "Correct that line.")]) from None


def _merge(into: Table, over: Table) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _lower_sources(table: Table) -> Table:
    sources = table.get("sources")
    if not isinstance(sources, dict):
        return table
    lowered: Table = {}
    for name, settings in sources.items():
        if name.lower() in lowered:
            raise ConfigError([Problem(f"sources.{name}", "the name is used twice.", "Rename one of them.")])
        lowered[name.lower()] = settings
    return {**table, "sources": lowered}


def _put(layers: Layers, name: str, value: str) -> None:
    """Sets one variable's value at its path; levels that are missing are made."""
    path = tuple(name.removeprefix(PREFIX).lower().split("__"))
    node = layers.merged
    for level in path[:-1]:
        child = node.setdefault(level, {})
        if not isinstance(child, dict):
            fix = "Unset it, or the shorter variable it clashes with."
            layers.problems.append(Problem(name, "is below a key that has a value of its own.", fix))
            return
        node = child
    node[path[-1]] = value
    layers.variables[path] = name
