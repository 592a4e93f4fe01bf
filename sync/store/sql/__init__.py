"""Named queries: everything with a join, a window or more than five lines stands in the `.sql` files of this
folder.

In a file, a line `-- name --` opens a query, the comment under it says what it returns, and the query runs to
the next name. Values come in as `:named` parameters only.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
MIGRATIONS = FOLDER / "migrations"

_HEADING = re.compile(r"^-- (\w+) --$", re.MULTILINE)


@cache
def queries() -> dict[str, str]:
    """All named queries by name. Raises ValueError when a name is used twice."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.sql")):
        _, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
        for name, text in zip(parts[::2], parts[1::2], strict=True):
            if name in found:
                raise ValueError(f"{path.name}: the query name {name} is used twice")
            found[name] = text.strip()
    return found


def query(name: str) -> str:
    """The text of a named query. Raises KeyError when there is none."""
    return queries()[name]
