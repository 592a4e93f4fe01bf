"""Pages of a query, in the order of changes. Each page has the key to go on behind it, also in another process.

Salesforce's own cursor is followed while it lasts; where it ends or is lost, the query is asked anew behind the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.paging import LoopGuard
from connectors.protocols import Rejected, Window
from connectors.rows import Row, id_of, moment_of
from connectors.salesforce.api import Api, Declined, Result
from connectors.salesforce.layout import Layout
from connectors.salesforce.options import SalesforceOptions
from connectors.salesforce.soql import STAMP, Key, Selection, full_id
from sync.errors import BadAnswer, NotServed

_Text = Callable[[Selection], str]
UNKNOWN_OBJECT = frozenset({"INVALID_TYPE", "NOT_FOUND"})
NOT_OF_FIELDS = UNKNOWN_OBJECT | {"MALFORMED_QUERY", "INVALID_QUERY_LOCATOR", "QUERY_TIMEOUT"}


@dataclass(frozen=True, slots=True)
class Batch:
    """One answer: flat rows, notes on unreadable ones, the key behind the last row (None: no row yet), the count."""

    rows: Sequence[Row]
    rejected: Sequence[Rejected]
    key: Key | None
    total: int | None
    is_last: bool


class Walker:
    """Asks for the rows of a noun, with the fields this org shows."""

    def __init__(self, api: Api, layout: Layout, options: SalesforceOptions) -> None:
        self._api, self._layout, self._options = api, layout, options

    def batches(self, noun: str, window: Window | None, key: Key | None) -> Iterator[Batch]:
        """Pages behind a key, of what changed in a window (None: of everything). Empty pages before the last are left
        out. Raises BadAnswer when Salesforce goes round in circles, NotServed when there is no such object."""
        guard, answer = LoopGuard(key.token if key else None), self._first(noun, window, key)
        total = answer.total
        while True:
            batch = self._batch(noun, answer, key)
            is_new = batch.key is not None and batch.key != key
            if batch.rows and not is_new:
                raise BadAnswer("Salesforce gave the same page twice.")
            if is_new and batch.key:
                guard.step(batch.key.token)
            key = batch.key
            if batch.rows or batch.rejected or batch.is_last:
                yield replace(batch, total=total)
            if batch.is_last:
                return
            answer = self._next(noun, window, key, guard.step(answer.locator))

    def rows_of(self, noun: str, ids: Sequence[str]) -> list[Row]:
        """The rows of these ids that are there. At most 100 ids."""
        answer = self._ask(noun, lambda selection: selection.of_ids(ids), None)
        return list(self._batch(noun, answer, None).rows)

    def selection(self, noun: str, window: Window | None) -> Selection:
        """What is asked for."""
        names = list(self._layout.of(noun).values())
        since, until = (window.since, window.until) if window else (None, None)
        return Selection(self._options.objects[noun], names, self._options.where.get(noun, ""), since, until)

    def flat(self, noun: str, given: Mapping[str, object]) -> Row | None:
        """A row by the wanted names, with `id` and the stamp; None when it has no id or stamp."""
        if id_of(given.get("Id")) is None or moment_of(given.get(STAMP)) is None:
            return None
        pointers = self._options.lookups.get(noun, {})
        row = {wanted: _at(given, path) for wanted, path in self._layout.of(noun).items()}
        ids = {name: full_id(row[name]) for name, target in pointers.items() if name in row and self._has_ids(target)}
        return {**row, **ids, STAMP: given[STAMP], "id": full_id(given["Id"])}

    def _has_ids(self, noun: str) -> bool:
        """Whether a noun is an object, as against the values of a picklist."""
        return "." not in self._options.objects.get(noun, ".")

    def _first(self, noun: str, window: Window | None, key: Key | None) -> Result:
        return self._ask(noun, lambda selection: selection.behind(key), window)

    def _next(self, noun: str, window: Window | None, key: Key | None, locator: str | None) -> Result:
        """The next page; behind the key when the cursor is lost, as it is after two days and when others have many."""
        if locator is not None:
            try:
                return self._api.more(locator)
            except Declined as refused:
                if refused.status not in (400, 404):
                    raise
        if key is None:
            raise BadAnswer("Salesforce names a next page without a row on this one.")
        return self._first(noun, window, key)

    def _ask(self, noun: str, text: _Text, window: Window | None) -> Result:
        while True:
            try:
                return self._api.query(text(self.selection(noun, window)))
            except Declined as refused:
                if refused.status != 400 or not self._learns(noun, refused):
                    raise self._unserved(noun, refused) from None

    def _learns(self, noun: str, refused: Declined) -> bool:
        return refused.code not in NOT_OF_FIELDS and self._layout.learn(noun)

    def _unserved(self, noun: str, refused: Declined) -> BadAnswer:
        if refused.code not in UNKNOWN_OBJECT and refused.status != 404:
            return refused
        told = f"The org shows no object {self._options.objects[noun]} for {noun} ({refused.status})."
        return NotServed(
            told, fix="Run `warmline doctor`: it lists the objects there are. Name the right one in a mapping."
        )

    def _batch(self, noun: str, answer: Result, key: Key | None) -> Batch:
        rows, rejected = [], []
        for place, given in enumerate(answer.rows):
            row = self.flat(noun, given) if isinstance(given, Mapping) else None
            if row is None:
                rejected.append(Rejected(f"row {place}", "Id", "missing or of another shape"))
            else:
                rows.append(row)
        is_last = answer.done and answer.locator is None
        return Batch(rows, rejected, _key_of(rows[-1]) if rows else key, answer.total, is_last)


def _key_of(row: Row) -> Key | None:
    moment = moment_of(row[STAMP])
    return Key(moment, str(row["id"])) if moment else None


def _at(given: Mapping[str, object], path: str) -> object:
    """A value, of a related record where the path has dots."""
    if path in given:
        return given[path]
    head, _, rest = path.partition(".")
    inner = given.get(head)
    return _at(inner, rest) if rest and isinstance(inner, Mapping) else None
