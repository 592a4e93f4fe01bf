"""What goes wrong under the mirror: one sentence and the next command, nothing half-written."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from sync.errors import MirrorBusy, MirrorError
from sync.store import db as store
from sync.store import migrations
from sync.store.db import Mirror, open_mirror, open_readonly
from sync.store.sql import MIGRATIONS
from tests.integration.store.damage import cut_off, damage_pages, overwrite

ADD = "INSERT INTO setting (name, value) VALUES (?, ?)"
NOBODY = 65534


def test_a_lock_by_another_process_is_told_as_another_worker(path: Path, db: Mirror) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    mirror = open_mirror(path, busy_timeout_ms=1)

    with pytest.raises(MirrorBusy, match="Another process is writing") as raised, mirror.write():
        raise AssertionError("two writers at once")

    assert (raised.value.exit_code, raised.value.fix) == (3, "Wait until it is done, then run the command again.")
    other.execute("COMMIT")
    with mirror.write():
        mirror.change(ADD, ("a", "1"))
    other.close()
    mirror.close()


@pytest.mark.parametrize("spoil", [damage_pages, cut_off, overwrite])
def test_a_damaged_file_is_told_whenever_it_is_met(path: Path, db: Mirror, spoil: Callable[[Path], None]) -> None:
    with db.write():
        db.change_many(ADD, [(f"{n:05}", "x" * 500) for n in range(2000)])
    db.close()
    spoil(path)

    with pytest.raises(MirrorError, match="not a warmline mirror, or it is damaged") as raised:
        mirror = open_mirror(path)
        try:
            mirror.rows("SELECT sum(length(value)) FROM setting")
        finally:
            mirror.close()

    assert "warmline doctor --mirror" in raised.value.fix


def test_an_error_of_the_disk_in_a_read_or_a_write_outside_a_block_is_told_too(path: Path, db: Mirror) -> None:
    db.rows("PRAGMA query_only = ON")

    with pytest.raises(MirrorError, match="read-only"), db.write():
        db.change(ADD, ("a", "1"))

    with pytest.raises(MirrorError, match="read-only"):
        db.rows("DELETE FROM setting")


# -- not ours to write: as somebody who is not root, because root may write anywhere


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any user may enter."""
    made = Path(tempfile.mkdtemp())
    made.chmod(0o777)
    yield made
    made.chmod(0o777)
    shutil.rmtree(made)


def _open_as_nobody(path: Path, say: Connection) -> None:
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        mirror = open_mirror(path)
        with mirror.write():
            mirror.change(ADD, ("a", "1"))
        say.send("written")
    except MirrorError as error:
        say.send(str(error))


def outcome(path: Path) -> str:
    """What a user without special rights is told who opens and writes the mirror."""
    context = multiprocessing.get_context("fork")
    hear, say = context.Pipe(duplex=False)
    process = context.Process(target=_open_as_nobody, args=(path, say))
    process.start()
    told = str(hear.recv()) if hear.poll(20) else "nothing was said"
    process.join(20)
    return told


def test_a_user_who_may_write_does(folder: Path) -> None:
    assert outcome(folder / "mirror.db") == "written"


def test_a_file_or_folder_this_user_may_not_write_is_told(folder: Path) -> None:
    mirror = folder / "mirror.db"
    open_mirror(mirror).close()
    mirror.chmod(0o444)
    a_file = outcome(mirror)
    mirror.chmod(0o666)
    folder.chmod(0o555)
    a_folder = outcome(mirror)
    no_folder = outcome(folder / "new" / "mirror.db")

    for told in (a_file, a_folder, no_folder):
        assert "cannot be opened or written" in told or "read-only" in told
        assert "WARMLINE_MIRROR__PATH" in told and "warmline doctor" in told


# -- killed while migrating


def _migrate_and_die(path: Path, nth: int) -> None:
    """Dies before the nth statement of opening a new mirror."""
    seen = 0

    def count(_: str) -> None:
        nonlocal seen
        seen += 1
        if seen > nth:
            os.kill(os.getpid(), signal.SIGKILL)

    switch = store._switch_to_wal

    def watched(db: Mirror) -> None:
        switch(db)
        db.tables.conn.set_trace_callback(count)

    store._switch_to_wal = watched  # type: ignore[assignment]
    open_mirror(path)


def schema(db: Mirror) -> list[tuple[str, str]]:
    """Every table and index with its definition."""
    return sorted((str(name), str(sql)) for name, sql in db.rows("SELECT name, sql FROM sqlite_schema"))


def test_a_kill_between_the_statements_of_a_migration_leaves_nothing_half(tmp_path: Path, db: Mirror) -> None:
    whole, names = schema(db), {one.stem for one in MIGRATIONS.glob("*.sql")}
    context = multiprocessing.get_context("fork")
    found: dict[int, tuple[int | None, bool]] = {}
    for nth in range(0, 200, 7):
        path = tmp_path / f"{nth}.db"
        process = context.Process(target=_migrate_and_die, args=(path, nth))
        process.start()
        process.join(20)
        with sqlite3.connect(path) as raw:
            tables = {str(row[0]) for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            done = {row[0] for row in raw.execute("SELECT name FROM _sqlite_migrations")} if tables else set()
        raw.close()
        assert ("contact" in tables, "setting" in tables) == ("0001_mirror" in done,) * 2
        again = open_mirror(path)
        recorded = {one.name for one in migrations.known().applied(again.tables)}
        found[nth] = (process.exitcode, schema(again) == whole and recorded == names)
        again.close()
        if process.exitcode == 0:
            break

    assert {is_whole for _, is_whole in found.values()} == {True}
    assert sum(code == -signal.SIGKILL for code, _ in found.values()) >= 10


def test_readers_wait_for_the_migration_with_a_sentence(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE _sqlite_migrations (id INTEGER PRIMARY KEY, migration_set, name, applied_at)")
        raw.execute("INSERT INTO _sqlite_migrations VALUES (1, 'warmline', '0001_mirror', '')")
    raw.close()

    with pytest.raises(MirrorError, match="was made by an older version") as raised:
        open_readonly(path)

    assert raised.value.fix == "Run `warmline sync`."
