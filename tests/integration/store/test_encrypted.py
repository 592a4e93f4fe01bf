"""An encrypted mirror: the same mirror, unreadable without its key (extra `encrypt`)."""

from __future__ import annotations

import stat
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sync.core.model import Contact
from sync.errors import MirrorError
from sync.mirror_doctor import examine_mirror
from sync.store import crm
from sync.store.backup import back_up
from sync.store.db import open_mirror, open_readonly

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
KEY, OTHER = "ab" * 32, "cd" * 32
MARK = b"quispelberg"


@pytest.fixture
def sqlcipher() -> None:
    pytest.importorskip("sqlcipher3", reason="the extra `encrypt` is not installed")


def filled(path: Path, key: str | None) -> Path:
    with closing(open_mirror(path, key=key)) as db, db.write():
        crm.save_contacts(db, [Contact("501", email="xanthippe.quispelberg@example.org")], NOW)
    return path


def emails(path: Path, key: str | None) -> list[str]:
    with closing(open_readonly(path, key=key)) as db:
        return [row[0] for row in db.rows("SELECT email FROM contact")]


@pytest.mark.usefixtures("sqlcipher")
def test_nothing_of_it_can_be_read_from_the_disk_while_it_is_open(path: Path) -> None:
    with closing(open_mirror(path, key=KEY)) as db:
        with db.write():
            crm.save_contacts(db, [Contact("501", email="xanthippe.quispelberg@example.org")], NOW)
        files = sorted(path.parent.glob("mirror.db*"))

        assert len(files) == 3  # the mirror, its log and its shared memory
        assert all(MARK not in file.read_bytes().lower() for file in files)
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert emails(path, KEY) == ["xanthippe.quispelberg@example.org"]


@pytest.mark.usefixtures("sqlcipher")
@pytest.mark.parametrize("key", [OTHER, None])
def test_another_key_or_none_is_refused_in_one_sentence(path: Path, key: str | None) -> None:
    filled(path, KEY)

    with pytest.raises(MirrorError) as caught:
        open_mirror(path, key=key)

    assert str(path) in caught.value.message and caught.value.fix
    assert not {KEY, OTHER} & set(str(caught.value).split())


@pytest.mark.usefixtures("sqlcipher")
def test_a_key_for_a_mirror_that_is_not_encrypted_says_how_to_encrypt_it(path: Path) -> None:
    filled(path, None)

    with pytest.raises(MirrorError, match="is not encrypted") as caught:
        open_mirror(path, key=KEY)

    assert "warmline backup" in caught.value.fix


@pytest.mark.usefixtures("sqlcipher")
@pytest.mark.parametrize("before", [KEY, None])
def test_a_backup_is_encrypted_when_a_key_is_set(path: Path, tmp_path: Path, before: str | None) -> None:
    filled(path, before)

    made = back_up(path, tmp_path / "copy.db", key=KEY)

    assert MARK not in made.path.read_bytes().lower()
    assert emails(made.path, KEY) == ["xanthippe.quispelberg@example.org"]
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


@pytest.mark.usefixtures("sqlcipher")
def test_doctor_says_that_it_is_encrypted(path: Path) -> None:
    filled(path, KEY)

    found = list(examine_mirror(path, now=NOW, healthy=timedelta(minutes=45), key=KEY))

    assert ", encrypted" in found[0].message
    assert {one.check: one.status for one in found}["integrity"] == "ok"


def test_without_the_extra_a_key_is_refused_and_says_how_to_install_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sqlcipher3", "sqlcipher3.dbapi2"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(MirrorError, match="SQLCipher is not installed") as caught:
        open_mirror(path, key=KEY)

    assert "warmline[encrypt]" in caught.value.fix


def test_a_key_that_is_none_makes_no_connection(path: Path) -> None:
    with pytest.raises(MirrorError, match="64 hex digits"):
        open_mirror(path, key="x'; DROP TABLE contact; --")
