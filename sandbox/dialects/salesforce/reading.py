"""Queries over the org's rows, with what a user may not see left out of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.dialects.salesforce.schema import USER, Column, Sobject
from sandbox.dialects.salesforce.soql import Query, Value, parse
from sandbox.errors import ApiError

if TYPE_CHECKING:
    from sandbox.dialects.salesforce.company import Company

Row = dict[str, Any]
KINDS = {"datetime": "moment", "boolean": "name", "string": "text", "id": "text", "reference": "text"}


class Reader:
    """One query over one org. ApiError for objects and fields there are not, and wrong literals."""

    def __init__(self, org: Company, text: str) -> None:
        self._org = org
        self.query: Query = parse(text)
        self.object: Sobject = org.sobject(self.query.object, "INVALID_TYPE")
        for name in (*self.query.fields, *self.query.order):
            self._end_of(self.object, name)
        if len(set(map(str.lower, self.query.fields))) < len(self.query.fields):
            raise ApiError(400, "duplicate field selected", "INVALID_FIELD")
        for name, value in self.query.compared:
            self._check_literal(self._end_of(self.object, name), value)

    def ids(self, *, deleted_too: bool) -> list[str]:
        """Ids of the rows, in order."""
        rows = [row for row in self.object.rows.values() if deleted_too or not row["IsDeleted"]]
        found = [row for row in rows if self.query.holds(lambda name, row=row: self._compared(row, name))]
        found.sort(key=lambda row: [self._compared(row, name) for name in self.query.order])
        return [row["Id"] for row in found]

    def shown(self, row: Row, root: str) -> Row:
        """A row with the fields asked for, related ones nested."""
        shown: Row = {"attributes": _attributes(self.object.name, row["Id"], root)}
        for name in self.query.fields:
            self._put(shown, self.object, row, name, root)
        return shown

    def flat(self, row: Row) -> Row:
        """A row with the fields asked for by path, as the CSV of a job has them."""
        return {name: _cell(self._value(self.object, row, name)) for name in self.query.fields}

    def _put(self, shown: Row, sobject: Sobject, row: Row, name: str, root: str) -> None:
        head, _, rest = name.partition(".")
        if not rest:
            column = sobject.column(head)
            assert column is not None
            shown[column.name] = row.get(column.name)
            return
        target, related = self._related(sobject, row, head)
        if related is None:
            shown[head] = None
            return
        inner = shown.setdefault(head, {"attributes": _attributes(target.name, related["Id"], root)})
        self._put(inner, target, related, rest, root)

    def _value(self, sobject: Sobject, row: Row, name: str) -> Any:
        head, _, rest = name.partition(".")
        if not rest:
            column = sobject.column(head)
            assert column is not None
            return row.get(column.name)
        target, related = self._related(sobject, row, head)
        return None if related is None else self._value(target, related, rest)

    def _compared(self, row: Row, name: str) -> Any:
        value = self._value(self.object, row, name)
        is_moment = self._end_of(self.object, name).type == "datetime"
        return datetime.fromisoformat(value) if is_moment and value else value

    def _related(self, sobject: Sobject, row: Row, relation: str) -> tuple[Sobject, Row | None]:
        column = sobject.lookup(relation)
        assert column is not None
        target = self._org.sobjects[USER if USER in column.targets else column.targets[0]]
        found = target.rows.get(row.get(column.name) or "")
        return target, None if found is None or found["IsDeleted"] else found

    def _end_of(self, sobject: Sobject, name: str) -> Column:
        """The field a path leads to."""
        head, _, rest = name.partition(".")
        if not rest:
            column = sobject.column(head)
            if column is None or not self._org.may_see(sobject.name, column.name):
                raise ApiError(400, f"No such column '{head}' on entity '{sobject.name}'", "INVALID_FIELD")
            return column
        column = sobject.lookup(head)
        if column is None or not self._org.may_see(sobject.name, column.name):
            raise ApiError(400, f"Didn't understand relationship '{head}' in field path", "INVALID_FIELD")
        target = USER if USER in column.targets else column.targets[0]
        return self._end_of(self._org.sobjects[target], rest)

    def _check_literal(self, column: Column, value: Value) -> None:
        if value.value is not None and KINDS.get(column.type, "text") != value.kind:
            raise ApiError(
                400, f"filter criterion for field '{column.name}' must be of type {column.type}", "INVALID_FIELD"
            )


def pages_of(ids: list[str], size: int) -> Iterator[list[str]]:
    """Lists of at most `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _attributes(name: str, row_id: str, root: str) -> Row:
    return {"type": name, "url": f"{root}/sobjects/{name}/{row_id}"}


def _cell(value: Any) -> str:
    """As a job's CSV spells it: moments with a Z, nothing for null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value or "").replace("+0000", "Z")
