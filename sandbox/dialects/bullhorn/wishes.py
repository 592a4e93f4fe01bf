"""What a list of Bullhorn is asked for: Lucene and JPQL as far as they are documented, strict about the rest."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.dialects.bullhorn import people
from sandbox.errors import ApiError

Row = dict[str, Any]
Test = Callable[[Row], bool]
Indexed = Callable[[Row, str], int | None]
ZONES = {"utc": "UTC", "new-york": "America/New_York", "amsterdam": "Europe/Amsterdam"}
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
}
_COMPARED = re.compile(r"([\w.]+)\s*(>=|<=|<>|>|<|=)\s*(-?\d+|true|false|'[^']*')")
_LISTED = re.compile(r"([\w.]+)\s+IN\s*\((\d+(?:\s*,\s*\d+)*)\)", re.IGNORECASE)
_RANGE = re.compile(r"([\w.]+):\[(\S+) TO (\S+)\]")
_TERM = re.compile(r"([\w.]+):([\w-]+)")


def jpql(text: str, entity: str) -> Test:
    """The test of a `where`. ApiError 400."""
    return _all([_jpql_clause(one.strip(), entity) for one in re.split(r"\s+AND\s+", text, flags=re.IGNORECASE)])


def lucene(text: str, entity: str, dates: str, indexed: Indexed) -> Test:
    """The test of a `query`. `dates`: how the index takes dates; `indexed`: a row's date as the index knows it."""
    clauses = re.split(r"\s+AND\s+", text)
    return _all([_lucene_clause(one.strip(), entity, dates, indexed) for one in clauses])


def _all(tests: list[Test]) -> Test:
    return lambda row: all(test(row) for test in tests)


def _jpql_clause(text: str, entity: str) -> Test:
    listed, compared = _LISTED.fullmatch(text), _COMPARED.fullmatch(text)
    if listed:
        wanted = {int(one) for one in listed[2].split(",")}
        return lambda row: _value(row, listed[1]) in wanted
    if not compared:
        raise ApiError(400, "error parsing where clause", None)
    field, sign, literal = compared[1], compared[2], compared[3]
    _check(field, entity)
    wanted_value = _literal(literal)

    def passes(row: Row) -> bool:
        found = _value(row, field)
        return found is not None and _OPERATORS[sign](found, wanted_value)

    return passes


def _lucene_clause(text: str, entity: str, dates: str, indexed: Indexed) -> Test:
    ranged, term = _RANGE.fullmatch(text), _TERM.fullmatch(text)
    if ranged:
        _check(ranged[1], entity)
        return _range(ranged[1], (ranged[2], ranged[3]), dates, indexed)
    if not term:
        raise ApiError(400, "error parsing query", None)
    _check(term[1], entity)
    return lambda row: _indexed(_value(row, term[1])) == term[2].lower()


def _range(field: str, ends: tuple[str, str], dates: str, indexed: Indexed) -> Test:
    if field not in people.DATES:
        bounds = [None if one == "*" else int(one) for one in ends]
        return lambda row: _between(_value(row, field), bounds[0], bounds[1])
    if dates == "refused":
        raise ApiError(400, "error parsing query", None)
    if dates == "ignored":
        return lambda row: True
    known = [None if one == "*" else _moment(one, dates) for one in ends]
    if any(one is None and text != "*" for one, text in zip(known, ends, strict=True)):
        return lambda row: False  # a term that is no date of the index stands nowhere in it
    return lambda row: _between(indexed(row, field), known[0], known[1])


def _moment(text: str, dates: str) -> int | None:
    """Milliseconds since 1970; None for a date the index does not understand."""
    if dates == "ms":
        return int(text) if re.fullmatch(r"\d{12,13}", text) else None
    if not re.fullmatch(r"\d{14}", text):
        return None
    zone = ZoneInfo(ZONES[dates])
    return people.stamp(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC))


def _between(found: Any, low: int | None, high: int | None) -> bool:
    return found is not None and (low is None or found >= low) and (high is None or found <= high)


def _value(row: Row, field: str) -> Any:
    for part in field.split("."):
        row = row.get(part) if isinstance(row, dict) else None  # type: ignore[assignment]
    return row


def _indexed(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value).lower()


def _literal(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return text.strip("'") if text.startswith("'") else int(text)


def _check(field: str, entity: str) -> None:
    if field.split(".")[0] not in {"id", *people.TEMPLATES[entity]}:
        raise ApiError(400, f"{field} is not indexed or does not exist on {entity}", None)
