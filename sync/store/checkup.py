"""What SQLite itself says of the mirror file, each part on its own, so that damage in one hides no other."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.store import migrations
from sync.store.db import Mirror
from sync.store.driver import is_plain
from sync.store.faults import Translated

LISTED = 5


@dataclass(frozen=True, slots=True)
class FileState:
    """The file as the disk shows it, in bytes. `open_to_others`: somebody else than its owner may read or write it.
    `is_plain`: it is not encrypted; damage to its very beginning looks like encryption."""

    size: int
    log_size: int
    open_to_others: bool
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """How the file is laid out. `free`: pages without content, of `size` bytes each."""

    count: int
    free: int
    size: int


def file_state(path: Path) -> FileState:
    """The mirror's file and its write-ahead log. Raises OSError."""
    log = path.with_name(f"{path.name}-wal")
    others = stat.S_IRWXG | stat.S_IRWXO
    files = [path, *([log] if log.exists() else [])]
    return FileState(
        size=path.stat().st_size,
        log_size=log.stat().st_size if log.exists() else 0,
        open_to_others=any(one.stat().st_mode & others for one in files),
        is_plain=is_plain(path) or path.stat().st_size == 0,
    )


def damage(db: Mirror) -> Sequence[str]:
    """What the integrity check finds, at most a few lines; empty: sound. Raises MirrorError when it cannot go on."""
    found = [str(line) for (line,) in db.rows(f"PRAGMA integrity_check({LISTED})")]
    return [] if found == ["ok"] else found


def loose_ends(db: Mirror) -> dict[str, int]:
    """Rows that name a row that is not there, by table. Raises MirrorError."""
    found: dict[str, int] = {}
    for table, *_ in db.rows("PRAGMA foreign_key_check"):
        found[str(table)] = found.get(str(table), 0) + 1
    return found


def pages(db: Mirror) -> Pages:
    """The layout of the file. Raises MirrorError."""
    count, free, size = (int(db.rows(f"PRAGMA {name}")[0][0]) for name in ("page_count", "freelist_count", "page_size"))
    return Pages(count, free, size)


def journal_mode(db: Mirror) -> str:
    """`wal` for a mirror as warmline leaves it. Raises MirrorError."""
    return str(db.rows("PRAGMA journal_mode")[0][0])


@dataclass(frozen=True, slots=True)
class Version:
    """`latest`: name of the last migration applied, empty: none. `pending` and `unknown`: names."""

    latest: str
    pending: Sequence[str]
    unknown: Sequence[str]


def version(db: Mirror) -> Version:
    """Which schema the mirror has, against the one this code knows. Raises MirrorError."""
    known = migrations.known()
    with Translated(db.path):
        applied = sorted(one.name for one in known.applied(db.tables))
        pending = [one.name for one in known.pending(db.tables)]
        return Version(applied[-1] if applied else "", pending, sorted(migrations.unknown(db.tables)))
