"""Records of one object type: stamps, property history, merged ids and unique values.

It knows no HTTP and no validation.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.clock import SandboxClock, to_iso, to_moment
from sandbox.schema import ObjectSchema

HISTORY_KEPT = 45
VERSIONS_KEPT = 20


@dataclass(frozen=True)
class Source:
    """Who changed a value, as property history shows it."""

    type: str
    id: str = ""
    user_id: int | None = None


INTEGRATION = Source("INTEGRATION", "warmline-app")
ANALYTICS = Source("ANALYTICS", "ContactAnalyticsDetailsUpdateWorker")
CALCULATED = Source("CALCULATED", "sandbox")


def human(user_id: int) -> Source:
    """A person in HubSpot's own screens."""
    return Source("CRM_UI", f"userId:{user_id}", user_id)


@dataclass
class Record:
    """One object.

    `history` holds only properties changed after creation, newest first: the first value follows from
    `source`.
    """

    id: str
    type: str
    properties: dict[str, str]
    created_at: datetime
    updated_at: datetime
    source: Source
    archived_at: datetime | None = None
    history: dict[str, list[tuple[str, datetime, Source]]] = field(default_factory=dict)
    versions: list[tuple[datetime, dict[str, str]]] = field(default_factory=list)

    def value_history(self, name: str) -> list[tuple[str, datetime, Source]]:
        """Newest first; empty for a property that never had a value."""
        if name in self.history:
            return self.history[name]
        return [(self.properties[name], self.created_at, self.source)] if name in self.properties else []


class Journal:
    """Undo steps of the running batch, so that a refused batch leaves nothing behind."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], None]] = []
        self._depth = 0

    def add(self, undo: Callable[[], None]) -> None:
        """Remember `undo`; outside `atomic` it is forgotten at once."""
        if self._depth:
            self._steps.append(undo)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All changes inside are undone when the block raises."""
        mark, self._depth = len(self._steps), self._depth + 1
        try:
            yield
        except BaseException:
            while len(self._steps) > mark:
                self._steps.pop()()
            raise
        finally:
            self._depth -= 1
            if not self._depth:
                self._steps.clear()


class ObjectStore:
    """The records of one type, in id order, with the ids of merged records pointing at their survivor."""

    def __init__(self, schema: ObjectSchema, clock: SandboxClock, journal: Journal) -> None:
        self.schema, self.clock, self.journal = schema, clock, journal
        self.records: dict[str, Record] = {}
        self.merged_into: dict[str, str] = {}
        self.keep_versions = False
        self._ids: list[int] = []
        self._holders: dict[tuple[str, str], str] = {}

    def get(self, object_id: str, archived: bool | None = False) -> Record | None:
        """The record or the survivor it was merged into. `archived` None takes both kinds."""
        record = self.records.get(self.survivor_id(object_id))
        if record is None or (archived is not None and bool(record.archived_at) != archived):
            return None
        return record

    def survivor_id(self, object_id: str) -> str:
        """`object_id` itself, or the id its record lives on under."""
        while object_id in self.merged_into:
            object_id = self.merged_into[object_id]
        return object_id

    def holder(self, name: str, value: str) -> str | None:
        """Id of the live record that has this unique value (for `email`: primary or additional), or None."""
        return self._holders.get((name, value.strip().lower() if name == "email" else value))

    def insert(self, object_id: str, properties: dict[str, str], source: Source, at: datetime | None = None) -> Record:
        """A new record stamped `at` (default now), or as its own stamps say; empty values are left out."""
        now = at or self.clock.now()
        stamps = {
            self.schema.created: to_iso(now),
            self.schema.modified: to_iso(now),
            "hs_object_id": object_id,
        }
        kept = {name: value for name, value in properties.items() if value != ""}
        properties = {**stamps, **kept}
        created, modified = (to_moment(properties[name]) for name in (self.schema.created, self.schema.modified))
        record = Record(object_id, self.schema.name, properties, created, modified, source)
        self.records[object_id] = record
        self._add_id(int(object_id))
        self._hold(record)
        self.journal.add(lambda: self.remove(object_id))
        return record

    def change(self, record: Record, changes: dict[str, str], source: Source, at: datetime | None = None) -> bool:
        """Whether anything changed; equal values are no change and move no stamp. "" clears."""
        real = {name: value for name, value in changes.items() if record.properties.get(name, "") != value}
        if not real:
            return False
        self._remember(record)
        self._release(record)
        now = max(at or self.clock.now(), record.updated_at)
        for name, value in real.items():
            _set(record, name, value, now, source)
        record.updated_at = now
        record.properties[self.schema.modified] = to_iso(now)
        self._hold(record)
        return True

    def archive(self, record: Record) -> None:
        """Into the recycle bin; its unique values become free."""
        self._release(record)
        record.archived_at = self.clock.now()
        self.journal.add(lambda: self.restore(record))

    def restore(self, record: Record) -> None:
        """Out of the recycle bin; HubSpot stamps a restored record as modified."""
        record.archived_at = None
        record.updated_at = max(record.updated_at, self.clock.now())
        record.properties[self.schema.modified] = to_iso(record.updated_at)
        self._hold(record)

    def remove(self, object_id: str) -> None:
        """Gone for good, history included."""
        record = self.records.pop(object_id)
        self._release(record)
        self._ids.remove(int(object_id))

    def page(self, after: int, limit: int, archived: bool) -> tuple[list[Record], str | None]:
        """Up to `limit` records from id `after` on, in id order, and the id of the next page or None."""
        found: list[Record] = []
        for number in self._ids[bisect_left(self._ids, after) :]:
            record = self.records[str(number)]
            if bool(record.archived_at) != archived:
                continue
            if len(found) == limit:
                return found, record.id
            found.append(record)
        return found, None

    def live(self) -> Iterator[Record]:
        """All records that are not archived, in id order."""
        return (record for number in self._ids if not (record := self.records[str(number)]).archived_at)

    def indexed(self, record: Record, lag_s: float) -> dict[str, str] | None:
        """The properties search sees of a live record: the newest version older than the lag.

        None when not indexed yet.
        """
        if lag_s <= 0:
            return record.properties
        visible_before = self.clock.now() - timedelta(seconds=lag_s)
        if record.updated_at <= visible_before:
            return record.properties
        return next((props for at, props in reversed(record.versions) if at <= visible_before), None)

    def _add_id(self, number: int) -> None:
        if self._ids and number < self._ids[-1]:
            insort(self._ids, number)
        else:
            self._ids.append(number)

    def _remember(self, record: Record) -> None:
        before, history, stamp = (
            dict(record.properties),
            {k: list(v) for k, v in record.history.items()},
            record.updated_at,
        )
        if self.keep_versions:
            record.versions = [*record.versions[1 - VERSIONS_KEPT :], (stamp, before)]

        def undo() -> None:
            self._release(record)
            record.properties, record.history, record.updated_at = before, history, stamp
            self._hold(record)

        self.journal.add(undo)

    def _unique_values(self, record: Record) -> Iterator[tuple[str, str]]:
        for name, value in record.properties.items():
            definition = self.schema.properties.get(name)
            if name == "email" or (definition and definition.unique):
                yield name, value.lower() if name == "email" else value
        for address in record.properties.get("hs_additional_emails", "").split(";"):
            if address:
                yield "email", address.lower()

    def _hold(self, record: Record) -> None:
        if not record.archived_at:
            for key in self._unique_values(record):
                self._holders.setdefault(key, record.id)

    def _release(self, record: Record) -> None:
        for key in self._unique_values(record):
            if self._holders.get(key) == record.id:
                del self._holders[key]


def _set(record: Record, name: str, value: str, at: datetime, source: Source) -> None:
    record.history[name] = [(value, at, source), *record.value_history(name)][:HISTORY_KEPT]
    if value == "":
        record.properties.pop(name, None)
    else:
        record.properties[name] = value
