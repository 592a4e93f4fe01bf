"""Files that hold people: readable by their owner only, from the first byte on."""

from __future__ import annotations

import os
from pathlib import Path

ONLY_OWNER = 0o600


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file whole, with mode 0600, whatever the umask is and whatever stood there. Raises OSError."""
    data = content.encode() if isinstance(content, str) else content
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_OWNER), "wb") as file:
        os.fchmod(file.fileno(), ONLY_OWNER)
        file.write(data)
