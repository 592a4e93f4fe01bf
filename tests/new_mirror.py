"""A new mirror without its migrations, which cost more than many a test."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sync.store.db import Mirror, open_mirror


@cache
def _new_mirror() -> bytes:
    """A mirror as the first command makes it."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "mirror.db")
        open_mirror(path).close()
        return path.read_bytes()


def prime(path: Path) -> None:
    """A new mirror where there is none."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(_new_mirror())
        path.chmod(0o600)


def primed(path: Path) -> Mirror:
    """A new mirror where there is none, open."""
    prime(path)
    return open_mirror(path)
