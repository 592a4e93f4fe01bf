"""Which SQLite opens the mirror: Python's own, or SQLCipher's where a key is set (extra `encrypt`)."""

from __future__ import annotations

import re
import sqlite3
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sync.errors import MirrorError

KEY = re.compile(r"[0-9a-fA-F]{64}")
_HEADER = b"SQLite format 3\x00"
_EXTRA = "Install it with `pip install 'warmline[encrypt]'`, or unset mirror.key and mirror.key_file."


def connect(uri: str, timeout_s: float, key: str | None = None) -> sqlite3.Connection:
    """A connection outside any transaction. `key`: 64 hex digits; None: the file is not encrypted.

    Raises MirrorError when a key is set and SQLCipher is not installed or the key cannot be one.
    """
    if key is None:
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=timeout_s)
    if not KEY.fullmatch(key):
        raise MirrorError("The key of the mirror is not 64 hex digits.", fix="Make one with `openssl rand -hex 32`.")
    connection: sqlite3.Connection = _sqlcipher().connect(uri, uri=True, isolation_level=None, timeout=timeout_s)
    # PRAGMA takes no parameters; hex digits cannot end the literal they stand in.
    connection.execute(f"PRAGMA key = \"x'{key}'\"")
    connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to stderr
    return connection


def _sqlcipher() -> ModuleType:
    try:
        return import_module("sqlcipher3.dbapi2")  # an extra
    except ImportError:
        raise MirrorError("mirror.key is set, and SQLCipher is not installed.", fix=_EXTRA) from None


def is_error(error: object) -> bool:
    """Whether SQLite or SQLCipher raised it: the latter's errors have no class in common with the former's."""
    return isinstance(error, sqlite3.Error) or type(error).__module__.partition(".")[0] == "sqlcipher3"


def errorname(error: Any) -> str:
    """SQLite's name of an error; empty when it has none."""
    return str(getattr(error, "sqlite_errorname", "") or "")


def is_plain(path: Path) -> bool:
    """Whether a file is a database anybody can read. An encrypted one has no header, nor has an empty one. Raises
    OSError."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def encrypt_copy(source: Path, target: Path, key: str) -> None:
    """Makes `target` the encrypted copy of an unencrypted database. Raises MirrorError, SQLCipher's errors."""
    connection = _sqlcipher().connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("ATTACH DATABASE ? AS encrypted KEY ?", (str(target), f"x'{key}'"))
        connection.execute("SELECT sqlcipher_export('encrypted')").fetchone()
        connection.execute("DETACH DATABASE encrypted")
    finally:
        connection.close()
