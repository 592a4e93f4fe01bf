"""The mirror file: the only opener, and the only place where transactions begin and end.

A write outside `Mirror.write()` is refused, because sqlite3 would commit it alone. Writers begin with BEGIN
IMMEDIATE: a deferred BEGIN that reads and then writes fails at once with SQLITE_BUSY_SNAPSHOT when another
process wrote in between, whatever the timeout.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from sync.errors import LeaseLost, MirrorBusy, MirrorError
from sync.store import driver, migrations
from sync.store.faults import Translated, file_translated
from sync.store.sql import query

if TYPE_CHECKING:
    from sync.store.lease import Lease

Params = Sequence[Any] | Mapping[str, Any]

_SETTINGS = (
    "synchronous = NORMAL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
    "cache_size = -16384",
)
_WAL_TRIES = 100


class Mirror:
    """An open mirror. One a thread; rows come back as tuples."""

    def __init__(self, path: Path, connection: sqlite3.Connection, *, keyed: bool = False) -> None:
        self.path, self.is_encrypted = path, keyed
        self.tables = Database(connection, execute_plugins=False)
        self._connection = connection
        self._translated = Translated(path, keyed=keyed)
        self._reading = False

    def rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """All rows of a read, or of a write with RETURNING inside `write()`."""
        with self._translated:
            return self._connection.execute(sql, params).fetchall()

    def row(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """The first row of a read, None when there is none."""
        with self._translated:
            found: tuple[Any, ...] | None = self._connection.execute(sql, params).fetchone()
        return found

    def change(self, sql: str, params: Params = ()) -> int:
        """Runs one writing statement; the number of rows it touched."""
        self._require_write()
        return self._connection.execute(sql, params).rowcount

    def change_rows(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Runs one writing statement with RETURNING; the rows it returns, in no order."""
        self._require_write()
        return self._connection.execute(sql, params).fetchall()

    def change_many(self, sql: str, rows: Iterable[Params]) -> None:
        """Runs one writing statement for each row of parameters."""
        self._require_write()
        self._connection.executemany(sql, rows)

    def _require_write(self) -> None:
        if self._reading or not self._connection.in_transaction:
            raise RuntimeError("a write to the mirror belongs inside Mirror.write()")

    @contextmanager
    def write(self, lease: Lease | None = None) -> Iterator[Mirror]:
        """One write transaction: committed at the end, rolled back on any error. Inside another one it is a
        savepoint of that.

        With a lease, raises LeaseLost before anything is written when another worker took it; otherwise the
        lease is renewed.
        """
        if self._reading:
            raise RuntimeError("a write cannot begin inside Mirror.read()")
        with self._translated:
            if self._connection.in_transaction:
                with self.tables.atomic():
                    self._hold(lease)
                    yield self
            else:
                with self._transaction("BEGIN IMMEDIATE", "COMMIT"):
                    self._hold(lease)
                    yield self

    @contextmanager
    def read(self) -> Iterator[Mirror]:
        """A consistent snapshot: reads inside see one state of the mirror.

        Inside a write it reads what that write sees.
        """
        with self._translated:
            if self._connection.in_transaction:
                yield self
                return
            with self._transaction("BEGIN", "COMMIT"):
                self._reading = True
                try:
                    yield self
                finally:
                    self._reading = False

    @contextmanager
    def dry_run(self) -> Iterator[Mirror]:
        """A write transaction that is always rolled back at its end. Other writers wait meanwhile."""
        with self._translated, self._transaction("BEGIN IMMEDIATE", "ROLLBACK"):
            yield self

    @contextmanager
    def _transaction(self, begin: str, end: str) -> Iterator[None]:
        self._connection.execute(begin)
        try:
            yield
            self._connection.execute(end)
        except BaseException:
            # A full disk has already rolled back.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _hold(self, lease: Lease | None) -> None:
        if lease is None:
            return
        held = self.change(query("hold_lease"), {"name": lease.name, "token": lease.token})
        if not held:
            raise LeaseLost(
                "Another worker took this portal while this one was away.", fix="Run `warmline sync` again."
            )

    def copy_to(self, target: sqlite3.Connection) -> None:
        """The whole file as one consistent state into another database; writers go on meanwhile."""
        self._connection.backup(target)

    def close(self) -> None:
        """Closes the file; open transactions are rolled back."""
        self._connection.close()


def open_mirror(path: Path, *, key: str | None = None, busy_timeout_ms: int = 5000) -> Mirror:
    """The mirror at `path`, made (readable by its owner only, with its folder) and migrated where needed. `key`: of an
    encrypted one, 64 hex digits.

    Raises MirrorError when the file cannot be used: unwritable, damaged, full or read-only disk, or made by a
    newer version.
    """
    with file_translated(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    with Translated(path, keyed=key is not None):
        db = _connect(path, busy_timeout_ms, key)
        try:
            _switch_to_wal(db)
            _migrate(db)
        except BaseException:
            db.close()
            raise
    return db


def open_readonly(path: Path, *, key: str | None = None, busy_timeout_ms: int = 5000) -> Mirror:
    """The mirror at `path` for commands that only read; makes and migrates nothing.

    Raises MirrorError when there is no mirror yet, when it has another version than this code, or when it
    cannot be read.
    """
    db = open_existing(path, key=key, busy_timeout_ms=busy_timeout_ms)
    db.rows("PRAGMA query_only = ON")
    return db


def open_existing(path: Path, *, key: str | None = None, busy_timeout_ms: int = 5000) -> Mirror:
    """The mirror at `path` for who writes a little beside the worker; makes and migrates nothing. Raises as
    `open_readonly`."""
    _require_file(path)
    with Translated(path, keyed=key is not None):
        db = _connect(path, busy_timeout_ms, key)
        try:
            _refuse_newer(db)
            if migrations.known().pending(db.tables):
                raise MirrorError(f"The mirror {path} was made by an older version.", fix="Run `warmline sync`.")
        except BaseException:
            db.close()
            raise
    return db


def open_as_is(path: Path, *, key: str | None = None, busy_timeout_ms: int = 5000) -> Mirror:
    """The file at `path` to look at or to copy, whatever its version or state; makes and migrates nothing.

    Raises MirrorError when there is no file, or when it cannot be opened.
    """
    _require_file(path)
    with Translated(path, keyed=key is not None):
        db = _connect(path, busy_timeout_ms, key)
        try:
            db.rows("PRAGMA query_only = ON")
        except BaseException:
            db.close()
            raise
    return db


def _require_file(path: Path) -> None:
    with file_translated(path):
        missing = not path.exists() or (path.is_file() and path.stat().st_size == 0)
    if missing:
        raise MirrorError("There is no mirror yet.", fix="Run `warmline sync`.")


def _connect(path: Path, busy_timeout_ms: int, key: str | None) -> Mirror:
    with file_translated(path):
        is_plain = key is not None and path.is_file() and driver.is_plain(path)
    if is_plain:
        raise MirrorError(
            f"The mirror {path} is not encrypted, and mirror.key is set.",
            fix="Run `warmline backup FILE`: the copy is encrypted. Put it in the mirror's place while no worker runs.",
        )
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = driver.connect(uri, busy_timeout_ms / 1000, key)
    try:
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        return Mirror(path, connection, keyed=key is not None)
    except BaseException:
        connection.close()
        raise


def _switch_to_wal(db: Mirror) -> None:
    """SQLite does not wait out the busy timeout for this switch, so two first runs at once need their own
    patience."""
    for attempt in range(_WAL_TRIES):
        try:
            db.rows("PRAGMA journal_mode = WAL")
            return
        except MirrorBusy:
            if attempt == _WAL_TRIES - 1:
                raise
            time.sleep(0.02)


def _migrate(db: Mirror) -> None:
    known = migrations.known()
    while True:
        _refuse_newer(db)
        if not known.pending(db.tables):
            return
        with db.write():
            migrations.apply_next(db.tables, known)


def _refuse_newer(db: Mirror) -> None:
    newer = migrations.unknown(db.tables)
    if newer:
        raise MirrorError(
            f"The mirror {db.path} was made by a newer version of warmline ({', '.join(sorted(newer))}).",
            fix="Install that version, or put back a backup made by this one.",
        )
