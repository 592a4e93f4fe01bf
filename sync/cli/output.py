"""What commands print: tables for people, JSON for programs, progress on a terminal only."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import click


def show_json(value: Any) -> None:
    """One JSON document on stdout; keys in the order given, ids are strings already."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Columns as wide as their widest cell; None shows as nothing. No rows: only the head."""
    cells = [[("" if cell is None else str(cell)) for cell in row] for row in rows]
    widths = [max(len(line[column]) for line in [list(head), *cells]) for column in range(len(head))]
    for line in [list(head), *cells]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


class TerminalProgress:
    """A line that is rewritten in place on stderr while a long step runs. Silent when stderr is not a terminal."""

    def __init__(self, *, quiet: bool) -> None:
        self._on = not quiet and sys.stderr.isatty()
        self._width = 0

    def __call__(self, label: str, done: int, total: int | None) -> None:
        if not self._on:
            return
        text = f"{label}: {done}" + (f" of {total}" if total else "")
        click.echo("\r" + text.ljust(self._width), nl=False, err=True)
        self._width = len(text)

    def clear(self) -> None:
        """Wipe the line."""
        if self._on and self._width:
            click.echo("\r" + " " * self._width + "\r", nl=False, err=True)
