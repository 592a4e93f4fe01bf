"""The schema's migrations: `sql/migrations/NNNN_*.sql` in order, each in one transaction with its record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database, Migrations

from sync.store.sql import MIGRATIONS

SET_NAME = "warmline"


def known(folder: Path = MIGRATIONS) -> Migrations:
    """The migrations this code knows, in order of their file names."""
    found = Migrations(SET_NAME)
    for path in sorted(folder.glob("*.sql")):
        found(name=path.stem)(_script(path.read_text(encoding="utf-8")))
    return found


def _script(text: str) -> Callable[[Database], None]:
    def run(tables: Database) -> None:
        tables.executescript(text)

    return run


def unknown(tables: Database, folder: Path = MIGRATIONS) -> set[str]:
    """Names of recorded migrations this code does not know: the mirror was made by a newer version."""
    return {migration.name for migration in known(folder).applied(tables)} - {
        path.stem for path in folder.glob("*.sql")
    }


def apply_next(tables: Database, migrations: Migrations) -> bool:
    """Applies the first pending migration.

    False when there is none. To be called inside a write transaction.
    """
    pending = migrations.pending(tables)
    if not pending:
        return False
    migrations.apply(tables, stop_before=[later.name for later in pending[1:]])
    return True
