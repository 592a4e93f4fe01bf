"""Markdown tables, and the words the code does not hold."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; `|` in a cell is escaped, None is an empty cell."""
    lines = [_line(head), _line(["---"] * len(head)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join("" if cell is None else str(cell).replace("|", "\\|") for cell in cells) + " |"


def sentences(text: str) -> str:
    """The text with one sentence a line."""
    return " ".join(text.split()).replace(". ", ".\n")


@cache
def words(name: str) -> dict[str, Any]:
    """A TOML file beside this module."""
    return tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
