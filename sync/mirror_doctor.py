"""`doctor --mirror`: whether the mirror file is sound, and what to do when it is not. Asks nothing of any vendor and
writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sync.doctor import FIX, OK, WARNING, Finding
from sync.errors import MirrorError
from sync.store import checkup, runs
from sync.store.db import Mirror, open_as_is

MEGABYTE = 1_000_000
LARGE_LOG = 64 * MEGABYTE
MANY_FREE = 0.5
SMALL = 10 * MEGABYTE

Check = Callable[[Mirror], Iterator[Finding]]


def examine_mirror(path: Path, *, now: datetime, healthy: timedelta, key: str | None = None) -> Iterator[Finding]:
    """Every check of the mirror at `path`; one that cannot be made becomes a finding, the next ones still run.

    `healthy`: how old the last complete run may be. `key`: of an encrypted one.
    """
    if not path.exists():
        yield Finding("mirror file", WARNING, f"{path} is not there yet", "Run `warmline sync`: it makes one.")
        return
    try:
        yield _file(path)
        db = open_as_is(path, key=key)
    except (MirrorError, OSError) as error:
        yield Finding("mirror file", FIX, getattr(error, "message", "") or str(error), how_to_rebuild(path))
        return
    with closing(db):
        yield from _attempt("integrity", db, _integrity)
        yield from _attempt("references", db, _references)
        yield from _attempt("version", db, _version)
        yield from _attempt("write-ahead log", db, _log)
        yield from _attempt("free pages", db, _free)
        yield from _attempt("last complete run", db, lambda one: _last_run(one, now, healthy))


def how_to_rebuild(path: Path) -> str:
    """What to do with a damaged mirror, what that costs and what it does not."""
    return (
        f"Stop the schedule and move {path}, {path}-wal and {path}-shm away together. "
        "Then copy a backup to that place, or put nothing there; and run `warmline sync`. "
        "With a backup the news since is read again. Without one everything is read again, and lost are: rulings on "
        "reviews, open conflicts, score history, and touches HubSpot does not date. "
        "Not lost: tasks, what people wrote by hand, links by stored candidate id."
    )


def _attempt(check: str, db: Mirror, look: Check) -> Iterator[Finding]:
    try:
        yield from look(db)
    except MirrorError as error:
        yield Finding(check, FIX, error.message, how_to_rebuild(db.path))


def _file(path: Path) -> Finding:
    state = checkup.file_state(path)
    text = f"{path}, {state.size / MEGABYTE:.1f} MB" + ("" if state.is_plain else ", encrypted")
    if state.open_to_others:
        return Finding("mirror file", WARNING, f"{text}, other users may read it", f"Run `chmod 600 {path}*`.")
    return Finding("mirror file", OK, f"{text}, for its owner only")


def _integrity(db: Mirror) -> Iterator[Finding]:
    found = checkup.damage(db)
    if found:
        yield Finding("integrity", FIX, f"damaged: {'; '.join(found)}", how_to_rebuild(db.path))
    else:
        yield Finding("integrity", OK, "sound")


def _references(db: Mirror) -> Iterator[Finding]:
    found = checkup.loose_ends(db)
    if found:
        told = ", ".join(f"{count} in {table}" for table, count in found.items())
        yield Finding("references", FIX, f"rows that name a missing row: {told}", how_to_rebuild(db.path))
    else:
        yield Finding("references", OK, "every row it names is there")


def _version(db: Mirror) -> Iterator[Finding]:
    state = checkup.version(db)
    if state.unknown:
        fix = "Install that version, or put back a backup made by this one."
        yield Finding("version", FIX, f"made by a newer version: {', '.join(state.unknown)}", fix)
    elif not state.latest:
        yield Finding("version", FIX, "this is not a warmline mirror", "Set WARMLINE_MIRROR__PATH to the mirror.")
    elif state.pending:
        fix = "Run `warmline backup FILE`, then `warmline sync`: it brings the mirror up to date."
        yield Finding("version", WARNING, f"{state.latest}, before {', '.join(state.pending)}", fix)
    else:
        yield Finding("version", OK, state.latest)


def _log(db: Mirror) -> Iterator[Finding]:
    mode, size = checkup.journal_mode(db), checkup.file_state(db.path).log_size
    if mode != "wal":
        yield Finding("write-ahead log", WARNING, f"off (mode {mode})", "Run `warmline sync`: it switches it on.")
    elif size > LARGE_LOG:
        fix = "Look for a program that keeps the mirror open; the log shrinks when it is closed."
        yield Finding("write-ahead log", WARNING, f"{size / MEGABYTE:.1f} MB waits in it", fix)
    else:
        yield Finding("write-ahead log", OK, f"{size / MEGABYTE:.1f} MB")


def _free(db: Mirror) -> Iterator[Finding]:
    pages = checkup.pages(db)
    free = pages.free * pages.size
    text = f"{pages.free} of {pages.count}, {free / MEGABYTE:.1f} MB"
    if free > SMALL and pages.free > pages.count * MANY_FREE:
        yield Finding("free pages", WARNING, text, "Nothing is wrong: new rows fill them. A new mirror is smaller.")
    else:
        yield Finding("free pages", OK, text)


def _last_run(db: Mirror, now: datetime, healthy: timedelta) -> Iterator[Finding]:
    if checkup.version(db).pending:
        return  # an older schema may keep its ledger otherwise
    last = runs.last_run(db, complete=True)
    if last is None:
        yield Finding("last complete run", WARNING, "none yet", "Run `warmline sync`, then `warmline status`.")
        return
    minutes = (now - last.started_at) // timedelta(minutes=1)
    if now - last.started_at <= healthy:
        yield Finding("last complete run", OK, f"{minutes} minutes ago")
    else:
        yield Finding("last complete run", WARNING, f"{minutes} minutes ago", "Run `warmline status`.")
