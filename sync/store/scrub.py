"""What is left of deleted rows in the files: free pages and the write-ahead log are emptied, and then searched."""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.core.names import email_key
from sync.core.phones import phone_key
from sync.errors import MirrorBusy
from sync.store.db import Mirror
from sync.store.faults import file_translated
from sync.store.personal import Subject
from sync.store.sql import query

SHORTEST = 5  # characters: anything shorter stands in a file of numbers and hashes by chance
SHORTEST_ID = 7
_TRIES = 100
_PAUSE_S = 0.1

Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class RawSearch:
    """What a search of the files' bytes found. `hits`: by file. `values`: how many were searched for. `shared`: how
    many of those the mirror holds of other people too, so that finding them says nothing."""

    hits: dict[str, int]
    values: int
    shared: int

    @property
    def total(self) -> int:
        """Hits in all files."""
        return sum(self.hits.values())


def values_of(db: Mirror, subject: Subject) -> tuple[str, ...]:
    """What the mirror holds of a person, in every spelling it may stand in: addresses, numbers, names side by side as
    columns are, ids. What is too short to be told from chance is left out."""
    found: set[str] = set()
    for first, infix, last, addresses, numbers in db.rows(query("names_of_records"), subject.params()):
        found |= _names(first, infix, last)
        for address in filter(None, json.loads(addresses or "[]")):
            found |= {address, address.lower(), email_key(address) or ""}
        for number in filter(None, json.loads(numbers or "[]")):
            found |= {number, phone_key(number) or ""}
    ids = [*(ref.remote_id for ref in subject.refs), *subject.tasks, *(one.remote_id for one in subject.applications)]
    long = {one for one in found if len(one) >= SHORTEST} | {one for one in ids if len(one) >= SHORTEST_ID}
    escaped = {json.dumps(one)[1:-1] for one in long}
    return tuple(sorted(long | escaped))


def _names(first: str | None, infix: str | None, last: str | None) -> set[str]:
    parts = [one.strip() for one in (first, infix, last) if one and one.strip()]
    return {"".join(parts), " ".join(parts), *(part for part in (first, last) if part)}


def empty_log(db: Mirror, sleep: Sleep) -> bool:
    """Write the log back into the mirror and cut it to nothing; False when readers kept it for ten seconds."""
    for _ in range(_TRIES):
        try:
            if db.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0] == 0:
                return True
        except MirrorBusy:
            pass
        sleep(_PAUSE_S)
    return False


def rewrite(db: Mirror) -> bool:
    """Write the whole file anew, so that nothing of deleted rows is left between others; False while another program
    writes to it."""
    try:
        db.rows("VACUUM")
    except MirrorBusy:
        return False
    return True


def search(db: Mirror, values: Collection[str]) -> RawSearch:
    """Look for values in every byte of the mirror, its log and its index of the log. Those that other people's rows
    hold too are left out."""
    found = {file: _counts(file, values) for file in _files(db.path)}
    suspicious = sorted({value for counts in found.values() for value in counts})
    shared = _held_by_others(db, suspicious)
    hits = {
        file.name: sum(number for value, number in counts.items() if value not in shared)
        for file, counts in found.items()
    }
    return RawSearch(hits, len(values), len(shared))


def _files(mirror: Path) -> list[Path]:
    every = [mirror, mirror.with_name(f"{mirror.name}-wal"), mirror.with_name(f"{mirror.name}-shm")]
    return [one for one in every if one.exists()]


def _counts(file: Path, values: Iterable[str]) -> dict[str, int]:
    with file_translated(file), file.open("rb") as handle:
        if file.stat().st_size == 0:
            return {}
        with mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found = {value: _count(content, value.encode()) for value in values}
    return {value: number for value, number in found.items() if number}


def _count(content: mmap.mmap, value: bytes) -> int:
    return sum(1 for _ in re.finditer(re.escape(value), content))


def _held_by_others(db: Mirror, values: Sequence[str]) -> set[str]:
    """Those of these values that stand in a living row."""
    left = set(values)
    for table in db.tables.table_names():
        texts = [one.name for one in db.tables[table].columns if one.type == "TEXT"]
        for column in texts if left else ():
            left -= {value for value in left if _stands(db, table, column, value)}
    return set(values) - left


def _stands(db: Mirror, table: str, column: str, value: str) -> bool:
    sql = f'SELECT 1 FROM "{table}" WHERE instr("{column}", ?) > 0 LIMIT 1'  # noqa: S608 -- names of the schema
    return db.row(sql, (value,)) is not None
