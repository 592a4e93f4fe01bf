"""A backup is one checked file of one moment, or nothing at all."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from sync.errors import MirrorError
from sync.store.backup import back_up
from sync.store.db import Mirror, open_mirror
from tests.integration.store.damage import damage_pages

ADD = "INSERT INTO setting (name, value) VALUES (?, ?)"
SETTINGS = "SELECT name, value FROM setting ORDER BY name"


def fill(db: Mirror, count: int = 2000) -> None:
    """Rows over many pages."""
    with db.write():
        db.change_many(ADD, [(f"{n:05}", "x" * 500) for n in range(count)])


def names(path: Path) -> set[str]:
    """What lies in a folder."""
    return {one.name for one in path.iterdir()}


def test_a_backup_holds_everything_and_stands_alone(tmp_path: Path, path: Path, db: Mirror) -> None:
    fill(db)
    target = tmp_path / "kept" / "monday.db"
    target.parent.mkdir()

    made = back_up(path, target)

    assert (made.path, made.size, made.last_complete_at) == (target, target.stat().st_size, None)
    assert names(target.parent) == {"monday.db"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with open_mirror(target).read() as copy:
        assert copy.rows(SETTINGS) == db.rows(SETTINGS)


def test_a_backup_has_no_lease_so_that_it_can_be_put_to_work_at_once(tmp_path: Path, path: Path, db: Mirror) -> None:
    with db.write():
        db.change("INSERT INTO lease VALUES ('run', 'token', 'here', 1, '2026-11-24T08:00:00.000000Z', 1.0)")

    back_up(path, tmp_path / "copy.db")

    with open_mirror(tmp_path / "copy.db").read() as copy:
        assert copy.rows("SELECT * FROM lease") == []
    assert len(db.rows("SELECT * FROM lease")) == 1


def test_a_backup_beside_a_writer_holds_whole_transactions_only(tmp_path: Path, path: Path, db: Mirror) -> None:
    """Each transaction adds a pair; a copy with half a pair would be of no moment at all."""
    fill(db)
    stop = threading.Event()

    def work() -> None:
        writer = open_mirror(path)
        count = 0
        while not stop.is_set():
            with writer.write():
                writer.change_many(ADD, [(f"left {count}", ""), (f"right {count}", "")])
            count += 1
        writer.close()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        copies = [back_up(path, tmp_path / f"copy{n}.db").path for n in range(5)]
    finally:
        stop.set()
        thread.join()

    for one in copies:
        with open_mirror(one).read() as copy:
            pairs = copy.rows(
                "SELECT count(*) FILTER (WHERE name GLOB 'l*'), count(*) FILTER (WHERE name GLOB 'r*') FROM setting"
            )
            assert pairs[0][0] == pairs[0][1]


def test_a_backup_of_a_damaged_mirror_is_refused_and_the_former_one_stays(
    tmp_path: Path, path: Path, db: Mirror
) -> None:
    fill(db)
    target = tmp_path / "kept.db"
    back_up(path, target)
    before = target.read_bytes()
    db.close()
    damage_pages(path, first=200)

    with pytest.raises(MirrorError, match="is damaged: no backup was made") as raised:
        back_up(path, target)

    assert raised.value.fix == "Run `warmline doctor --mirror`."
    assert target.read_bytes() == before
    assert not [one for one in names(tmp_path) if one.endswith(".part")]


@pytest.mark.parametrize("place", ["no/such/folder/copy.db", "a file/copy.db"])
def test_a_place_that_cannot_hold_a_backup_is_named(tmp_path: Path, path: Path, db: Mirror, place: str) -> None:
    (tmp_path / "a file").write_text("")

    with pytest.raises(MirrorError, match="cannot be written") as raised:
        back_up(path, tmp_path / place)

    assert str(tmp_path / place) in raised.value.message
    assert "warmline backup" in raised.value.fix


def test_what_is_no_mirror_is_not_backed_up(tmp_path: Path, path: Path) -> None:
    with pytest.raises(MirrorError, match="There is no mirror yet"):
        back_up(path, tmp_path / "copy.db")
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE somebody_elses (a)")
    other.close()
    with pytest.raises(MirrorError, match="is not a warmline mirror"):
        back_up(path, tmp_path / "copy.db")

    assert not (tmp_path / "copy.db").exists()


def test_a_restored_backup_is_the_state_of_its_moment(tmp_path: Path, path: Path, db: Mirror) -> None:
    fill(db, 10)
    then = db.rows(SETTINGS)
    back_up(path, tmp_path / "kept.db")
    fill_more = [("later", "")]
    with db.write():
        db.change_many(ADD, fill_more)
    db.close()
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()
    shutil.copy(tmp_path / "kept.db", path)

    again = open_mirror(path)

    assert again.rows(SETTINGS) == then
    assert again.row("PRAGMA journal_mode") == ("wal",)
    again.close()
