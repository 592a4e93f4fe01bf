"""Mirror rows of any noun: how a page of records becomes rows, and rows become records again.

A noun declares its columns once; the statements are made of those names, never of values. The row hash covers
what was mapped and not the vendor's stamp, so a record that was only touched costs no write.
"""

from __future__ import annotations

# ruff: noqa: S608 -- statements are made of the column names declared here and in the nouns, never of values
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Generic, Protocol, TypeVar

from sync.core.model import RecordRef
from sync.store.db import Mirror
from sync.store.times import optional_text, to_text


class Record(Protocol):
    """What every record of the model has."""

    @property
    def remote_id(self) -> str: ...


R = TypeVar("R", bound=Record)
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving a page did.

    `changed`: ids stored. `candidates`: of applications, whose applications changed, old and new.
    """

    stored: int
    unchanged: int
    duplicate: int
    changed: tuple[str, ...]
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Noun(Generic[R]):
    """A table of records. `values` are in the order of `columns`; `record` takes a row of `select` without
    its source.

    `scoped`: keyed by source and id, else by id alone. `stamped`: has `remote_updated_at`. `deletable`: has
    `deleted_at`. `also_hashed`: what the record carries beside its columns.
    """

    table: str
    columns: tuple[str, ...]
    values: Callable[[R], Values]
    record: Callable[[Values], R]
    scoped: bool = True
    stamped: bool = True
    deletable: bool = True
    live: str = "deleted_at IS NULL"
    also_hashed: Callable[[R], Values] = lambda _: ()
    upsert: str = field(init=False)
    find: str = field(init=False)
    select: str = field(init=False)

    def __post_init__(self) -> None:
        stamp = ("remote_updated_at",) if self.stamped else ()
        deletion = ("deleted_at",) if self.deletable else ()
        keys = ("source", "remote_id") if self.scoped else ("remote_id",)
        body = (*self.columns, *stamp, "changed_at", "row_hash", *deletion)
        object.__setattr__(self, "upsert", _upsert(self.table, keys, body))
        object.__setattr__(self, "find", self._find())
        source = "source" if self.scoped else "''"
        read = ", ".join((source, "remote_id", *self.columns, *stamp))
        object.__setattr__(self, "select", f"SELECT {read} FROM {self.table} WHERE {self.live}")

    def _find(self) -> str:
        stamp = "remote_updated_at" if self.stamped else "NULL"
        deletion = "deleted_at" if self.deletable else "NULL"
        scope = "source = :source AND " if self.scoped else ""
        return (
            f"SELECT remote_id, row_hash, {stamp}, {deletion} FROM {self.table} "
            f"WHERE {scope}remote_id IN (SELECT value FROM json_each(:ids))"
        )


def _upsert(table: str, keys: tuple[str, ...], body: tuple[str, ...]) -> str:
    columns = (*keys, *body)
    places = ", ".join("?" * len(columns))
    updates = ", ".join(f"{name} = excluded.{name}" for name in body)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {updates}"
    )


def save_rows(db: Mirror, noun: Noun[R], source: str, rows: Sequence[R], now: datetime) -> Saved:
    """Saves a page: new and changed records are stored, older or equal ones left, a deleted one seen again
    restored."""
    latest = _latest(rows)
    found = db.rows(noun.find, {"source": source, "ids": json.dumps(list(latest))})
    stored = {row[0]: row[1:] for row in found}
    at = to_text(now)
    written: list[Values] = []
    changed: list[str] = []
    for remote_id, record in latest.items():
        row = _changed_row(noun, record, stored.get(remote_id), at)
        if row is not None:
            changed.append(remote_id)
            written.append((source, remote_id, *row) if noun.scoped else (remote_id, *row))
    if written:
        db.change_many(noun.upsert, written)
    return Saved(len(changed), len(latest) - len(changed), len(rows) - len(latest), tuple(changed))


def _latest(rows: Sequence[R]) -> dict[str, R]:
    """One record an id: the newest, the last of equals."""
    latest = {row.remote_id: row for row in rows}
    if len(latest) == len(rows):
        return latest
    latest = {}
    for row in rows:
        other = latest.get(row.remote_id)
        if other is None or not _stamp(row) or (_stamp(row) or "") >= (_stamp(other) or ""):
            latest[row.remote_id] = row
    return latest


def _stamp(record: object) -> str | None:
    return optional_text(getattr(record, "updated_at", None))


def _changed_row(noun: Noun[R], record: R, stored: Values | None, at: str) -> Values | None:
    """The row to write without its key, None when the stored one is equal or newer."""
    values = noun.values(record)
    stamp = _stamp(record) if noun.stamped else None
    deleted_at = optional_text(getattr(record, "deleted_at", None))
    content = (values, deleted_at, noun.also_hashed(record))
    row_hash = blake2b(repr(content).encode(), digest_size=12).hexdigest()
    if stored is not None:
        stored_hash, stored_stamp, stored_deleted_at = stored
        if stamp is not None and stored_stamp is not None and stamp < stored_stamp:
            return None
        if stored_hash == row_hash and (stored_deleted_at is None or deleted_at is not None):
            return None
    stamps = (stamp,) if noun.stamped else ()
    return (*values, *stamps, at, row_hash, deleted_at) if noun.deletable else (*values, *stamps, at, row_hash)


def live_by_id(db: Mirror, noun: Noun[R], ids: Collection[str]) -> list[R]:
    """Live records of an unscoped noun."""
    sql = f"{noun.select} AND remote_id IN (SELECT value FROM json_each(?))"
    return [noun.record(row[1:]) for row in db.rows(sql, (json.dumps(list(ids)),))]


def live_by_ref(
    db: Mirror, noun: Noun[R], refs: Iterable[RecordRef], *, column: str = "remote_id"
) -> list[tuple[str, R]]:
    """Live records of a scoped noun with their source; `column`: which one the refs' ids stand in."""
    sql = f"{noun.select} AND (source, {column}) IN (SELECT value->>0, value->>1 FROM json_each(?))"
    return [(row[0], noun.record(row[1:])) for row in db.rows(sql, (ref_json(refs),))]


def ref_json(refs: Iterable[RecordRef]) -> str:
    """Refs as a JSON list of pairs, for json_each."""
    return json.dumps([(ref.source, ref.remote_id) for ref in refs])


def text_list(values: Sequence[str]) -> str:
    """A tuple of strings as JSON text."""
    return json.dumps(values, ensure_ascii=False) if values else "[]"


def to_tuple(text: str) -> tuple[str, ...]:
    """The strings of stored JSON text."""
    return () if text == "[]" else tuple(json.loads(text))


def flag(value: bool | None) -> int | None:
    """A claim as the mirror keeps it; None stays None."""
    return None if value is None else int(value)


def optional_flag(value: int | None) -> bool | None:
    """A stored claim; None stays None."""
    return None if value is None else value == 1
