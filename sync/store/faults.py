"""SQLite's and the system's faults as MirrorError: one sentence, and the next thing to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sync.errors import MirrorBusy, MirrorError
from sync.store import driver

_UNWRITABLE = (
    "The mirror {path} cannot be opened or written.",
    "Give this user a writable folder (or set WARMLINE_MIRROR__PATH), then run `warmline doctor`.",
)
_READ_ONLY = (
    "The mirror {path} is on a read-only volume or is a read-only file.",
    "Make it writable (or set WARMLINE_MIRROR__PATH), then run `warmline doctor`.",
)
_FULL = ("The disk that holds the mirror {path} is full.", "Free some space, then run `warmline sync`.")
_DAMAGED = (
    "The file {path} is not a warmline mirror, or it is damaged.",
    "Run `warmline doctor --mirror`: it says how to put a backup back, or how to build a new mirror. "
    "If it is encrypted, set mirror.key_file.",
)
_OTHER_KEY = (
    "The mirror {path} does not open with this key, or it is damaged.",
    "Set mirror.key or mirror.key_file to the key it was made with, then run `warmline doctor --mirror`.",
)
_BUSY = (
    "Another process is writing to the mirror {path}.",
    "Wait until it is done, then run the command again.",
)
_BROKEN_DISK = (
    "The disk that holds the mirror {path} gave a read or write error.",
    "Check the disk, then run `warmline doctor`.",
)

# By the beginning of SQLite's error name; what is not listed is a bug of ours and stays as it is.
_SQLITE = {
    "SQLITE_CANTOPEN": _UNWRITABLE,
    "SQLITE_PERM": _UNWRITABLE,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_FULL": _FULL,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_IOERR": _BROKEN_DISK,
}
LITTLE = 256 * 1024  # bytes
_SYSTEM = {errno.EROFS: _READ_ONLY, errno.ENOSPC: _FULL}


class Translated:
    """Raises MirrorError for what SQLite says about the file at `path`; other errors pass. May be entered again."""

    __slots__ = ("_keyed", "_path")

    def __init__(self, path: Path, *, keyed: bool = False) -> None:
        self._path, self._keyed = path, keyed

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        texts = _texts_of(error, self._path, keyed=self._keyed) if driver.is_error(error) else None
        if texts is not None:
            raise _mirror_error(texts, self._path) from error


def _texts_of(error: object, path: Path, *, keyed: bool) -> tuple[str, str] | None:
    name = driver.errorname(error)
    texts = next((texts for start, texts in _SQLITE.items() if name.startswith(start)), None)
    if texts is _DAMAGED and keyed:
        return _OTHER_KEY
    # The shared memory beside the file finds no room: SQLite calls that an error of the disk.
    return _FULL if texts is _BROKEN_DISK and _is_full(path) else texts


def _is_full(path: Path) -> bool:
    try:
        volume = os.statvfs(path.parent)
    except OSError:
        return False
    return volume.f_bavail * volume.f_frsize < LITTLE


@contextmanager
def file_translated(path: Path) -> Iterator[None]:
    """Raises MirrorError for a fault in making or finding the file itself."""
    try:
        yield
    except OSError as error:
        raise _mirror_error(_SYSTEM.get(error.errno or 0, _UNWRITABLE), path) from error


def _mirror_error(texts: tuple[str, str], path: Path) -> MirrorError:
    sentence, fix = texts
    kind = MirrorBusy if texts is _BUSY else MirrorError
    return kind(sentence.format(path=path), fix=fix)
