"""What Bullhorn keeps apart from a submission or points at: users, placements, the history of a submission's status.

Lists within a record are cut to a few rows without a word, so none is read: each is asked for as rows of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.bullhorn.api import HISTORY, PLACEMENT, USER, Api, Asked
from connectors.bullhorn.dates import LIVING
from connectors.offset_walk import walk
from connectors.rows import Row, id_of
from connectors.vendor_api import Refused
from sync.errors import MissingScope, NotServed

EVERY = "id > 0"
ADDRESS = ".email"
JOINED = ("history", "placements")
HISTORY_FIELDS = ("id", "jobSubmission", "status", "dateAdded")
PLACEMENT_FIELDS = ("id", "candidate", "jobOrder", "status", "dateAdded")
Key = tuple[str | None, str | None]


def rows_of(api: Api, entity: str, text: str, fields: Sequence[str], size: int) -> Iterator[Row]:
    """Every readable row of a list."""

    def fetch(start: int) -> Any:
        return api.page(Asked(entity, text, fields, start, size))

    for step in walk(fetch, size, None):
        yield from step.rows


def id_in(row: Mapping[str, Any], name: str) -> str | None:
    """The id of the record a row points at."""
    nested = row.get(name)
    return id_of(nested.get("id")) if isinstance(nested, Mapping) else None


def asked_fields(names: Sequence[str]) -> tuple[str, ...]:
    """What to ask Bullhorn for, to show fields of these names."""
    own = (name.removesuffix("_id").removesuffix(ADDRESS) for name in names if name not in JOINED)
    return tuple(dict.fromkeys(["id", *own]))


class Related:
    """Joins of one process; each list is read when it is first needed."""

    def __init__(self, api: Api, size: int) -> None:
        self._api, self._size = api, size
        self._addresses: dict[str, str | None] | None = None
        self._placements: dict[Key, list[str]] | None = None
        self._has_history = True
        self._history: dict[str, list[str]] | None = None

    def learn_users(self, rows: Sequence[Row]) -> None:
        """Users that were read anyway."""
        self._addresses = {**(self._addresses or {}), **{id_of(row["id"]) or "": row.get("email") for row in rows}}

    def joined(self, rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
        """Rows with the ids and addresses of what they point at, and with `history` and `placements`.

        Moments and statuses of these are texts of milliseconds, a blank and the status, the oldest first. Where
        Bullhorn does not show them they are absent, which is not the same as none.
        """
        found = [{**row, **self._pointed(row, names)} for row in rows]
        if not found or not set(JOINED) & set(names):
            return found
        histories, placements = self._histories(found), self._all_placements()
        for row in found:
            key = id_in(row, "candidate"), id_in(row, "jobOrder")
            row["placements"] = placements.get(key, [])
            if histories is not None:
                row["history"] = histories.get(id_of(row["id"]) or "", [])
        return found

    def _pointed(self, row: Row, names: Sequence[str]) -> Row:
        ids = {name: id_in(row, name.removesuffix("_id")) for name in names if name.endswith("_id")}
        users = [name for name in names if name.endswith(ADDRESS)]
        return ids | {name: self._address(id_in(row, name.removesuffix(ADDRESS))) for name in users}

    def _address(self, user_id: str | None) -> str | None:
        if user_id is None:
            return None
        if self._addresses is None:
            try:
                self.learn_users(list(rows_of(self._api, USER, EVERY, ("id", "email"), self._size)))
            except (MissingScope, NotServed):
                self._addresses = {}
        return (self._addresses or {}).get(user_id)

    def _histories(self, rows: Sequence[Row]) -> Mapping[str, list[str]] | None:
        """The statuses of submissions, by submission; None where Bullhorn does not show them."""
        if self._history is not None or not self._has_history:
            return self._history
        ids = [id_of(row["id"]) or "" for row in rows]
        try:
            return self._read_history(f"jobSubmission.id IN ({','.join(ids)})")
        except Refused:
            pass  # a server that takes no lists of ids; all there is then
        except (MissingScope, NotServed):
            self._has_history = False
            return None
        try:
            self._history = self._read_history(EVERY)
        except (MissingScope, NotServed, Refused):
            self._has_history = False
        return self._history

    def _read_history(self, text: str) -> dict[str, list[str]]:
        found: dict[str, list[Row]] = {}
        for row in rows_of(self._api, HISTORY, text, HISTORY_FIELDS, self._size):
            found.setdefault(id_in(row, "jobSubmission") or "", []).append(row)
        return {one: _told(own) for one, own in found.items()}

    def _all_placements(self) -> Mapping[Key, list[str]]:
        if self._placements is None:
            found: dict[Key, list[Row]] = {}
            try:
                for row in rows_of(self._api, PLACEMENT, LIVING, PLACEMENT_FIELDS, self._size):
                    found.setdefault((id_in(row, "candidate"), id_in(row, "jobOrder")), []).append(row)
            except (MissingScope, NotServed, Refused):
                found = {}
            self._placements = {key: _told(rows) for key, rows in found.items()}
        return self._placements


def _told(rows: Sequence[Row]) -> list[str]:
    """Moments and statuses, the oldest first."""
    dated = [row for row in rows if isinstance(row.get("dateAdded"), int) and not isinstance(row["dateAdded"], bool)]
    dated.sort(key=lambda row: (row["dateAdded"], str(row["id"]).rjust(20)))
    return [f"{row['dateAdded']} {row.get('status') or ''}" for row in dated]
