"""Backup: one checked file that holds the mirror as it was at one moment, made while a worker may be writing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sync.errors import MirrorError
from sync.store import driver, runs
from sync.store.checkup import version
from sync.store.db import Mirror, open_as_is

# What waits to be made now may be made by the time the copy is put back: it is looked up before it is sent.
_LOOK_UP = (
    "UPDATE outbox SET state = 'UNKNOWN', not_before = NULL, sent_at = coalesce(sent_at, planned_at) "
    "WHERE state IN ('PENDING', 'DEFERRED') AND kind IN ('create_task', 'create_contact')"
)
_OF_THE_SOURCE = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and checked. `last_complete_at`: start of the last complete run in it, None: none yet."""

    path: Path
    size: int
    last_complete_at: datetime | None


def back_up(mirror: Path, target: Path, *, key: str | None = None) -> Backup:
    """Copy the mirror to `target`, readable by its owner only; what stands there is replaced once the copy is checked.

    `key`: the copy is encrypted with it, also when the mirror is not yet.
    The copy has no lease, so that it can be put to work at once, and its creates that wait are to be looked up first
    (docs/decisions/0034). Raises MirrorError when there is no mirror, when it
    is damaged, and when the copy cannot be written; then `target` is as it was.
    """
    with closing(open_as_is(mirror, key=None if _is_plain(mirror) else key)) as source:
        _require_mirror(source)
        with _writable(mirror, target):
            part = _new_file(target)
            try:
                _fill(source, part, key)
                last_complete_at = _check(mirror, part, key)
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            return Backup(target, target.stat().st_size, last_complete_at)


def _require_mirror(source: Mirror) -> None:
    if not version(source).latest:
        raise MirrorError(
            f"The file {source.path} is not a warmline mirror.", fix="Set WARMLINE_MIRROR__PATH to the mirror."
        )


@contextmanager
def _writable(mirror: Path, target: Path) -> Iterator[None]:
    """Raises MirrorError, naming `target`, for what stops the copy from being written."""
    try:
        yield
    except OSError as error:
        raise _not_written(target, error.strerror or "") from error
    except Exception as error:
        if not driver.is_error(error):
            raise
        if driver.errorname(error).startswith(_OF_THE_SOURCE):
            raise _damaged_copy(mirror) from error
        raise _not_written(target, str(error)) from error


def _not_written(target: Path, why: str) -> MirrorError:
    return MirrorError(
        f"The backup {target} cannot be written: {why.lower() or 'no reason given'}.",
        fix="Give `warmline backup` a path in a folder of this user, on a disk with room for the mirror.",
    )


def _damaged_copy(mirror: Path) -> MirrorError:
    return MirrorError(f"The mirror {mirror} is damaged: no backup was made.", fix="Run `warmline doctor --mirror`.")


def _new_file(target: Path) -> Path:
    """An empty file beside the target, readable by its owner only."""
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    os.close(handle)
    return Path(name)


def _fill(source: Mirror, part: Path, key: str | None) -> None:
    """All pages in one step: a reader of a write-ahead log stops no writer, and the copy is of one moment."""
    is_new_key = key is not None and not source.is_encrypted
    if is_new_key and key is not None:
        driver.encrypt_copy(source.path, part, key)
    with closing(driver.connect(part.absolute().as_uri(), 5.0, key)) as copy:
        if not is_new_key:
            source.copy_to(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        copy.execute("PRAGMA secure_delete = ON")
        copy.execute("DELETE FROM lease")
        copy.execute(_LOOK_UP)


def _is_plain(mirror: Path) -> bool:
    """False too for a file that is not there: opening it says so."""
    try:
        return driver.is_plain(mirror)
    except OSError:
        return False


def _check(mirror: Path, part: Path, key: str | None) -> datetime | None:
    """When the last complete run in the copy began. Raises MirrorError when the copy is not sound."""
    with closing(open_as_is(part, key=key)) as copy:
        try:
            sound = copy.rows("PRAGMA integrity_check(1)") == [("ok",)]
        except MirrorError as error:
            raise _damaged_copy(mirror) from error
        if not sound:
            raise _damaged_copy(mirror)
        last = runs.last_run(copy, complete=True)
    return None if last is None else last.started_at
