"""Opening, transactions, migrations: real files, real processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import stat
from pathlib import Path

import pytest

from sync.errors import MirrorBusy, MirrorError
from sync.store import db as store
from sync.store import faults, migrations
from sync.store.db import Mirror, open_mirror, open_readonly
from sync.store.sql import MIGRATIONS

INSERT = "INSERT INTO setting (name, value) VALUES ('a', '1')"
SETTINGS = "SELECT name, value FROM setting"


def test_a_new_mirror_is_made_with_its_folder_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "mirror.db"

    db = open_mirror(path)

    names = ("journal_mode", "foreign_keys", "synchronous", "secure_delete", "busy_timeout")
    assert [db.row(f"PRAGMA {name}") for name in names] == [("wal",), (1,), (1,), (1,), (5000,)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "state" / "mirror.db-wal").stat().st_mode) == 0o600
    db.close()


def test_every_table_is_strict_and_its_migration_is_recorded(db: Mirror) -> None:
    loose = db.rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict")

    assert {name for (name,) in loose} - {"sqlite_schema", "sqlite_sequence"} == {"_sqlite_migrations"}
    names = sorted(one.stem for one in MIGRATIONS.glob("*.sql"))
    assert names[0] == "0001_mirror"
    assert db.rows("SELECT migration_set, name FROM _sqlite_migrations") == [("warmline", name) for name in names]


def test_opening_again_keeps_what_is_there(path: Path, db: Mirror) -> None:
    with db.write():
        db.change(INSERT)

    again = open_mirror(path)

    assert again.rows(SETTINGS) == [("a", "1")]
    again.close()


def _a_file_for_a_folder(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("")
    return tmp_path / "file" / "mirror.db"


def _a_folder_for_a_file(tmp_path: Path) -> Path:
    (tmp_path / "mirror.db").mkdir()
    return tmp_path / "mirror.db"


def _text_for_a_database(tmp_path: Path) -> Path:
    (tmp_path / "mirror.db").write_text("not a database, but long enough to be looked at " * 40)
    return tmp_path / "mirror.db"


@pytest.mark.parametrize("place", [_a_file_for_a_folder, _a_folder_for_a_file, _text_for_a_database])
@pytest.mark.parametrize("opener", [open_mirror, open_readonly])
def test_a_place_that_cannot_hold_a_mirror_is_named_with_what_to_do(place, opener, tmp_path: Path) -> None:
    path = place(tmp_path)

    with pytest.raises(MirrorError) as raised:
        opener(path)

    assert str(path) in raised.value.message or raised.value.message == "There is no mirror yet."
    assert "`warmline" in raised.value.fix


def test_a_mirror_of_a_newer_version_is_refused(path: Path, db: Mirror) -> None:
    with db.write():
        db.change(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('warmline', '0999_future', '')"
        )

    for opener in (open_mirror, open_readonly):
        with pytest.raises(MirrorError, match="newer version of warmline \\(0999_future\\)"):
            opener(path)


@pytest.mark.parametrize(
    "code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY]
)
def test_what_the_disk_says_becomes_one_sentence_and_the_next_command(code: int, path: Path) -> None:
    names = {
        sqlite3.SQLITE_FULL: "FULL",
        sqlite3.SQLITE_READONLY: "READONLY",
        sqlite3.SQLITE_IOERR: "IOERR_WRITE",
    }
    error = sqlite3.OperationalError("whatever")
    error.sqlite_errorname = f"SQLITE_{names.get(code, 'BUSY_SNAPSHOT')}"  # type: ignore[misc]

    with pytest.raises(MirrorError) as raised, faults.Translated(path):
        raise error

    assert str(path) in raised.value.message and raised.value.fix


def test_a_disk_that_is_full_in_the_middle_of_a_write_leaves_the_former_state(path: Path, db: Mirror) -> None:
    pages = db.row("PRAGMA page_count")
    assert pages is not None
    db.rows(f"PRAGMA max_page_count = {pages[0] + 2}")

    with pytest.raises(MirrorError, match="is full"), db.write():
        db.change_many("INSERT INTO setting (name, value) VALUES (?, ?)", [(str(n), "x" * 2000) for n in range(100)])

    assert db.rows(SETTINGS) == []


def test_a_read_command_needs_a_mirror(path: Path) -> None:
    with pytest.raises(MirrorError) as raised:
        open_readonly(path)

    assert (raised.value.message, raised.value.fix) == ("There is no mirror yet.", "Run `warmline sync`.")
    assert not path.exists()


def test_a_read_command_cannot_write(path: Path, db: Mirror) -> None:
    reader = open_readonly(path)

    with pytest.raises(MirrorError), reader.write():
        reader.change(INSERT)

    reader.close()
    assert db.rows(SETTINGS) == []


def test_an_error_rolls_the_whole_write_back(db: Mirror) -> None:
    with pytest.raises(ZeroDivisionError), db.write():
        db.change(INSERT)
        raise ZeroDivisionError

    assert db.rows(SETTINGS) == []


def test_a_write_outside_a_transaction_is_a_bug(db: Mirror) -> None:
    with pytest.raises(RuntimeError, match="inside Mirror.write"):
        db.change(INSERT)
    with pytest.raises(RuntimeError, match="inside Mirror.write"), db.read():
        db.change(INSERT)


def test_a_write_inside_a_write_is_undone_alone(db: Mirror) -> None:
    with db.write():
        db.change(INSERT)
        with pytest.raises(ZeroDivisionError), db.write():
            db.change("INSERT INTO setting (name, value) VALUES ('b', '2')")
            raise ZeroDivisionError

    assert db.rows(SETTINGS) == [("a", "1")]


def test_a_dry_run_shows_what_would_be_and_leaves_nothing(db: Mirror) -> None:
    with db.dry_run():
        with db.write():
            db.change(INSERT)
        seen = db.rows(SETTINGS)

    assert (seen, db.rows(SETTINGS)) == ([("a", "1")], [])


def test_reads_in_one_snapshot_do_not_see_a_write_between_them(path: Path, db: Mirror) -> None:
    other = open_mirror(path)

    with other.read():
        before = other.rows(SETTINGS)
        with db.write():
            db.change(INSERT)
        during = other.rows(SETTINGS)

    assert (before, during, other.rows(SETTINGS)) == ([], [], [("a", "1")])
    other.close()


def test_a_writer_that_read_first_waits_for_another_writer(path: Path, db: Mirror) -> None:
    """Trap 5: with a deferred BEGIN the second write fails at once, whatever the busy timeout."""
    other = open_mirror(path)
    with other.write():
        assert other.rows(SETTINGS) == []
        db.rows("PRAGMA busy_timeout = 1")
        with pytest.raises(MirrorError, match="Another process is writing"), db.write():
            raise AssertionError("two writers at once")
        other.change(INSERT)

    assert db.rows(SETTINGS) == [("a", "1")]
    other.close()


def _die_in_a_write(path: Path) -> None:
    mirror = open_mirror(path)
    with mirror.write():
        mirror.change(INSERT)
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_killed_in_a_write_leaves_nothing_of_it(path: Path, db: Mirror) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_die_in_a_write, args=(path,))

    process.start()
    process.join(30)

    assert (process.exitcode, db.rows(SETTINGS)) == (-signal.SIGKILL, [])
    with db.write():
        db.change(INSERT)


def _open_and_add(path: Path, barrier: object, name: str) -> None:
    barrier.wait()  # type: ignore[attr-defined]
    mirror = open_mirror(path)
    with mirror.write():
        mirror.change("INSERT INTO setting (name, value) VALUES (?, '')", (name,))
    mirror.close()


def test_processes_that_make_the_mirror_at_once_do_not_break_it(path: Path) -> None:
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(4)
    processes = [context.Process(target=_open_and_add, args=(path, barrier, str(n))) for n in range(4)]

    for process in processes:
        process.start()
    for process in processes:
        process.join(30)

    assert [process.exitcode for process in processes] == [0] * 4
    mirror = open_mirror(path)
    assert mirror.rows("SELECT name FROM setting ORDER BY name") == [("0",), ("1",), ("2",), ("3",)]
    mirror.close()


def test_a_migration_that_fails_is_rolled_back_with_its_record(tmp_path: Path, db: Mirror) -> None:
    (tmp_path / "0001_mirror.sql").write_text("")
    (tmp_path / "0002_broken.sql").write_text("CREATE TABLE extra (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1);")
    known = migrations.known(tmp_path)

    with pytest.raises(sqlite3.OperationalError, match="nowhere"), db.write():
        migrations.apply_next(db.tables, known)

    assert [one.name for one in known.pending(db.tables)] == ["0002_broken"]
    assert db.rows("SELECT name FROM sqlite_schema WHERE name = 'extra'") == []


def test_two_first_runs_have_patience_for_the_switch_to_wal(path: Path, db: Mirror, monkeypatch) -> None:
    busy = MirrorBusy("Another process is writing.")
    answers = [busy, busy, None]

    class Stubborn:
        def rows(self, sql: str) -> None:
            answer = answers.pop(0)
            if answer is not None:
                raise answer

    monkeypatch.setattr(store.time, "sleep", lambda seconds: None)
    store._switch_to_wal(Stubborn())  # type: ignore[arg-type]

    assert answers == []
