"""Ways a file on a disk goes bad."""

from __future__ import annotations

from pathlib import Path

PAGE = 4096


def damage_pages(path: Path, *, first: int = 2) -> None:
    """Bits flipped in every page from `first` on; the header stays, so that the file still opens."""
    content = bytearray(path.read_bytes())
    for start in range(first * PAGE, len(content), PAGE):
        content[start : start + 64] = bytes(255 - byte for byte in content[start : start + 64])
    path.write_bytes(bytes(content))


def cut_off(path: Path) -> None:
    """The end of the file is gone."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 100])


def overwrite(path: Path) -> None:
    """Something else stands there."""
    path.write_bytes(b"this is not a database, it only has its name" * 200)
