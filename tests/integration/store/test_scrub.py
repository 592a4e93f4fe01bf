"""What is left of deleted rows in the files of the mirror."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sync.core.model import RecordRef
from sync.store.db import Mirror
from sync.store.personal import Subject
from sync.store.scrub import RawSearch, empty_log, rewrite, search, values_of

ADD = (
    "INSERT INTO contact (remote_id, email, first_name, last_name, phone, changed_at, row_hash) "
    "VALUES (?, ?, ?, ?, ?, '', '')"
)
JAN = Subject(refs=(RecordRef("hubspot", "10000501"),))


def add(db: Mirror, contact_id: str, email: str, first: str, last: str) -> None:
    with db.write():
        db.change(ADD, (contact_id, email, first, last, "06-12345678"))


def test_every_spelling_a_value_may_stand_in_is_looked_for_and_chance_is_not(db: Mirror) -> None:
    add(db, "10000501", "Zoë.Vos@Gmail.com", "Zoë", "Vos")

    found = values_of(db, JAN)

    assert found == (
        "+31612345678",
        "06-12345678",
        "10000501",
        "Zo\\u00eb Vos",
        "Zo\\u00eb.Vos@Gmail.com",
        "Zo\\u00ebVos",
        "Zoë Vos",
        "Zoë.Vos@Gmail.com",
        "ZoëVos",
        "zo\\u00eb.vos@gmail.com",
        "zo\\u00ebvos@gmail.com",
        "zoë.vos@gmail.com",
        "zoëvos@gmail.com",
    )


def test_a_living_row_is_found_in_the_log_and_what_another_row_has_too_says_nothing(db: Mirror, path: Path) -> None:
    add(db, "10000501", "zoe.vos@example.com", "Zoe", "Vos")
    in_log = b"zoe.vos@example.com" in path.with_name("mirror.db-wal").read_bytes()
    with db.write():
        db.change("DELETE FROM contact")
    in_old_log = search(db, ["zoe.vos@example.com"])
    add(db, "10000502", "zoe.vos@example.com", "Zoe", "Vos")

    assert in_log
    assert in_old_log.hits["mirror.db-wal"] > 0
    assert (search(db, ["zoe.vos@example.com"]).total, search(db, ["zoe.vos@example.com"]).shared) == (0, 1)


def test_after_a_delete_and_an_emptied_log_nothing_is_left(db: Mirror) -> None:
    add(db, "10000501", "zoe.vos@example.com", "Zoe", "Vos")
    with db.write():
        db.change("DELETE FROM contact")

    assert empty_log(db, lambda _: None)
    assert rewrite(db)
    assert empty_log(db, lambda _: None)
    assert search(db, ["zoe.vos@example.com"]) == RawSearch(
        {"mirror.db": 0, "mirror.db-wal": 0, "mirror.db-shm": 0}, values=1, shared=0
    )


def test_a_reader_keeps_the_log_and_that_is_said(db: Mirror, path: Path) -> None:
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM contact").fetchone()
    add(db, "10000501", "zoe.vos@example.com", "Zoe", "Vos")
    db.rows("PRAGMA busy_timeout = 1")

    emptied = empty_log(db, lambda _: None)

    reader.close()
    assert not emptied
