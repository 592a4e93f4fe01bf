"""The file beside the mirror that remembers who was forgotten, for a backup that is put back and a mirror built anew.

`<mirror>.forgotten`: lines of JSON, only ever added to, readable by its owner only; keyed hashes and moments, nobody's
values (docs/decisions/0045).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sync.errors import MirrorError
from sync.store.erasures import ASKED, PERSON_SCOPE, Erasure
from sync.store.faults import file_translated
from sync.store.times import to_moment, to_text


@dataclass(slots=True)
class Remembered:
    """What the file says. `buried`: erasures with their hashes (whether each is of a contact's id). `lifted`: ids of
    erasures of people who applied again."""

    key: bytes | None = None
    lifted: set[str] = field(default_factory=set)
    buried: dict[str, tuple[Erasure, dict[str, bool]]] = field(default_factory=dict)


def file_of(mirror: Path) -> Path:
    """Where it is."""
    return mirror.with_name(f"{mirror.name}.forgotten")


def size(mirror: Path) -> int:
    """Its size in bytes; 0: there is none."""
    path = file_of(mirror)
    with file_translated(mirror):
        return path.stat().st_size if path.exists() else 0


def append(mirror: Path, key: bytes, erasure: Erasure, hashes: Mapping[str, bool]) -> None:
    """Remember somebody who is forgotten; on the disk when this returns."""
    contacts = sorted(one for one, is_contact in hashes.items() if is_contact)
    others = sorted(one for one, is_contact in hashes.items() if not is_contact)
    line = {"forgotten": erasure.id, "at": to_text(erasure.at), "contacts": contacts, "others": others}
    _write(mirror, key, line)


def append_lifted(mirror: Path, key: bytes, erasure_id: str) -> None:
    """Remember that somebody applied again."""
    _write(mirror, key, {"lifted": erasure_id})


def _write(mirror: Path, key: bytes, line: Mapping[str, Any]) -> None:
    path = file_of(mirror)
    with file_translated(mirror):
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+b") as file:
            start = b"" if file.seek(0, os.SEEK_END) else _line({"key": key.hex()})
            file.write(start + (_torn(file) if not start else b"") + _line(line))
            file.flush()
            os.fsync(file.fileno())


def _torn(file: Any) -> bytes:
    """The end of a line that a crash cut off."""
    file.seek(-1, os.SEEK_END)
    return b"" if file.read(1) == b"\n" else b"\n"


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


def load(mirror: Path) -> Remembered:
    """All it says; nothing where there is no file. A line cut off by a crash is left out: what it said was not done.

    Raises MirrorError when it is another kind of file.
    """
    path = file_of(mirror)
    with file_translated(mirror):
        lines = path.read_bytes().splitlines() if path.exists() else []
    found = Remembered()
    for number, line in enumerate(lines):
        try:
            _take(found, json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            if number == 0:
                raise MirrorError(
                    f"The file {path} does not say who was forgotten.",
                    fix="Put it back from where it came, or move it away to go on without.",
                ) from error
    return found


def check_key(mirror: Path, told: Remembered, key: bytes) -> None:
    """Raises MirrorError when the file is of another mirror: its hashes would recognise nobody."""
    if told.key is not None and told.key != key:
        raise MirrorError(
            f"The file {file_of(mirror)} remembers who was forgotten in another mirror.",
            fix=f"Put the one that belongs to {mirror} in its place.",
        )


def _take(found: Remembered, line: Mapping[str, Any]) -> None:
    if "key" in line:
        found.key = bytes.fromhex(line["key"])
    elif "lifted" in line:
        found.buried.pop(line["lifted"], None)
        found.lifted.add(line["lifted"])
    else:
        at: datetime = to_moment(line["at"])
        hashes = dict.fromkeys(line["contacts"], True) | dict.fromkeys(line["others"], False)
        found.buried[line["forgotten"]] = (Erasure(line["forgotten"], PERSON_SCOPE, ASKED, at), hashes)
