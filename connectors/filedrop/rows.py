"""Rows of a CSV or JSONL text, one at a time, cut down to known columns. A row that cannot be read is reported by line
and reason; its content is never repeated."""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from sync.errors import SkippableError

MAX_LINE = 1_000_000  # characters
MAX_RECORD_LINES = 50  # physical lines of one CSV record: beyond that a quote was opened by accident

Columns = Mapping[str, str]


class BadFile(SkippableError):
    """The file as a whole cannot be used."""


@dataclass(frozen=True, slots=True)
class Row:
    """A readable row. `line`: where it begins, from 1."""

    line: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A physical line without its newline. `ended`: it had one. `too_long`: the text was dropped."""

    number: int
    text: str
    ended: bool = True
    too_long: bool = False


@dataclass(slots=True)
class ColumnFilter:
    """Keeps known columns. `columns`: normal name → field; `nested`: the same for objects inside a `stages` list.
    Names of columns nobody knows gather in `unknown` (at most 50)."""

    columns: Columns
    nested: Columns = field(default_factory=dict)
    unknown: dict[str, None] = field(default_factory=dict)
    _spelled: dict[str, str] = field(default_factory=dict)

    def normal(self, name: str) -> str:
        """The name in normal spelling, if it is known; else ''."""
        known = self._spelled.get(name)
        if known is None:
            known = normal_name(name)
            if known not in self.columns:
                if len(self.unknown) < 50:
                    self.unknown[name] = None
                known = ""
            if len(self._spelled) < 1000:
                self._spelled[name] = known
        return known

    def cut(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The known columns of a JSON object.

        Objects are emptied: no field takes one; those of `stages` are cut alike.
        """
        kept = {}
        for name, value in raw.items():
            known = self.normal(name)
            if known:
                nested = self.nested if self.columns[known] == "stages" else {}
                kept[known] = _cut_value(value, nested)
        return kept


def _cut_value(value: Any, nested: Columns) -> Any:
    if isinstance(value, dict):
        return {normal_name(name): _cut_value(item, {}) for name, item in value.items() if normal_name(name) in nested}
    if isinstance(value, list):
        return [_cut_value(item, nested) for item in value]
    return value


def normal_name(name: str) -> str:
    """A column name as it is compared; the same rule as mappings.rules.normal_name (a test keeps them equal)."""
    return re.sub(r"[\s_./-]+", "_", name.strip().casefold()).strip("_")


def read_rows(text: TextIO, format: str, keep: ColumnFilter, required: Collection[str]) -> Iterator[Row | BadRow]:
    """Rows of a text in 'csv' or 'jsonl'. `required`: fields a CSV header must have a column for. Raises BadFile."""
    if format == "jsonl":
        return _jsonl_rows(_lines(text), keep)
    return _csv_rows(_lines(text), keep, required)


def _lines(text: TextIO) -> Iterator[Line]:
    number = 0
    while piece := text.readline(MAX_LINE):
        number += 1
        ended = piece.endswith("\n")
        too_long = len(piece) >= MAX_LINE and not ended
        while too_long and not ended and (rest := text.readline(MAX_LINE)):
            ended = rest.endswith("\n")
        yield Line(number, "" if too_long else piece.rstrip("\n"), ended, too_long)


def _jsonl_rows(lines: Iterable[Line], keep: ColumnFilter) -> Iterator[Row | BadRow]:
    for line in lines:
        if line.too_long:
            yield BadRow(line.number, f"the line is longer than {MAX_LINE} characters")
        elif line.text.strip():
            yield _json_row(line, keep)


def _json_row(line: Line, keep: ColumnFilter) -> Row | BadRow:
    try:
        raw = json.loads(line.text)
        if isinstance(raw, dict):
            return Row(line.number, keep.cut(raw))
    except (ValueError, RecursionError):
        return BadRow(line.number, "not valid JSON" if line.ended else "the last line is cut off")
    return BadRow(line.number, "not a JSON object")


def _csv_rows(lines: Iterator[Line], keep: ColumnFilter, required: Collection[str]) -> Iterator[Row | BadRow]:
    header_line, delimiter = _header(lines)
    if header_line is None:
        return
    names = _parsed(header_line.text, delimiter)
    if names is None:
        raise BadFile("the first line, with the column names, cannot be read")
    header = [keep.normal(name) for name in names]
    _check_header(header, keep.columns, required)
    for line, cells in _records(lines, delimiter, len(header)):
        if isinstance(cells, str):
            yield BadRow(line, cells)
        elif any(cell.strip() for cell in cells):
            yield Row(line, {name: cell for name, cell in zip(header, cells, strict=False) if name})


def _header(lines: Iterator[Line]) -> tuple[Line | None, str]:
    delimiter = ""
    for line in lines:
        told = re.fullmatch(r"sep=(.)\s*", line.text)
        if told:
            delimiter = told[1]  # Excel's own first line
        elif line.too_long:
            raise BadFile("the first line, with the column names, is too long")
        elif line.text.strip():
            outside = re.sub(r'"[^"]*"', "", line.text)
            return line, delimiter or max(";,\t", key=outside.count)
    return None, ";"


def _check_header(header: list[str], columns: Columns, required: Collection[str]) -> None:
    known = [name for name in header if name]
    if not known:
        raise BadFile("no known column in the first line: are the column names missing?")
    doubles = sorted({name for name in known if known.count(name) > 1})
    if doubles:
        raise BadFile(f"column {', '.join(doubles)} is there twice")
    missing = [name for name in required if name not in {columns[column] for column in known}]
    if missing:
        raise BadFile(f"no column for {', '.join(missing)}")


def _records(lines: Iterator[Line], delimiter: str, width: int) -> Iterator[tuple[int, list[str] | str]]:
    """Cells of each record, or why it cannot be read. After a quote that never closes it goes on with the very next
    line, so one bad line costs one row."""
    waiting: deque[Line] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        if line.too_long:
            yield line.number, f"the line is longer than {MAX_LINE} characters"
            continue
        cells = _parsed(line.text, delimiter)
        if cells is None and line.text.count('"') % 2:
            taken = _until_closed(line, lines, waiting)
            cells = _parsed("\n".join(part.text for part in taken), delimiter) if taken else None
            if cells is not None and _fits(cells, width):
                for _ in taken[1:]:
                    waiting.popleft()
        yield line.number, _verdict(cells, width, line)


def _until_closed(first: Line, lines: Iterator[Line], waiting: deque[Line]) -> list[Line]:
    """The lines up to the one that closes the quote; [] when none does. Lines looked at stay in `waiting`."""
    taken, quotes = [first], first.text.count('"')
    for place in range(MAX_RECORD_LINES - 1):
        if place == len(waiting):
            following = next(lines, None)
            if following is None:
                return []
            waiting.append(following)
        taken.append(waiting[place])
        quotes += waiting[place].text.count('"')
        if quotes % 2 == 0:
            return taken
    return []


def _parsed(text: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except (
        csv.Error,
        TypeError,
        ValueError,
    ):  # TypeError, ValueError: a `sep=` line with an impossible separator
        return None


def _fits(cells: list[str], width: int) -> bool:
    return len(cells) == width or (len(cells) > width and not any(cell.strip() for cell in cells[width:]))


def _verdict(cells: list[str] | None, width: int, line: Line) -> list[str] | str:
    if cells is None:
        return "the quotes do not match" if line.ended else "the last line is cut off"
    if _fits(cells, width) or not any(cell.strip() for cell in cells):
        return cells
    return f"{len(cells)} columns where the first line has {width}" if line.ended else "the last line is cut off"
