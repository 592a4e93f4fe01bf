"""The folder: which files count, in which order, and in which encoding they are."""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.errors import FatalError, RetriableError

NOUNS = ("users", "jobs", "candidates", "applications", "attendance")
_NAME = re.compile(rf"(?P<noun>{'|'.join(NOUNS)}|stages)(?P<rest>(?:[-_. (].*)?)\.(?P<format>jsonl|csv)", re.IGNORECASE)
_SNAPSHOT = re.compile(r"(?<![a-z])snapshot(?![a-z])", re.IGNORECASE)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class DropFile:
    """A file whose name says what it holds.

    Anything that is not a snapshot is a delta: it says nothing of who is gone.
    """

    path: Path
    noun: str
    format: str
    snapshot: bool
    changed_ns: int

    @property
    def order(self) -> tuple[int, str, bool, str]:
        """Oldest first; at the same moment by the digits of the name (dates), then a snapshot before deltas, then
        name."""
        return (self.changed_ns, re.sub(r"\D", "", self.path.name), not self.snapshot, self.path.name)


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over a file's bytes tells."""

    sha256: str
    encoding: str


def list_files(folder: Path, noun: str) -> list[DropFile]:
    """Files of a noun, oldest first; other names, *.part, *.tmp, dotfiles and folders are not seen. Raises FatalError
    when the folder cannot be read."""
    found = []
    try:
        for path in folder.iterdir():
            name = _NAME.fullmatch(path.name)
            if name and name["noun"].lower() == noun and path.is_file():
                snapshot = bool(_SNAPSHOT.search(name["rest"]))
                changed_ns = path.stat().st_mtime_ns
                found.append(DropFile(path, noun, name["format"].lower(), snapshot, changed_ns))
    except FileNotFoundError as error:
        if folder.exists():  # a file was taken away between the listing and the look: list again
            return list_files(folder, noun)
        raise _unreadable(folder, error) from None
    except OSError as error:
        raise _unreadable(folder, error) from None
    return sorted(found, key=lambda file: file.order)


def relevant(files: Sequence[DropFile], has_rows: Callable[[DropFile], bool]) -> list[DropFile]:
    """Files that still say something: the newest snapshot that holds a row makes all strictly older files moot. An
    empty snapshot is a broken export and makes nothing moot."""
    for file in sorted((file for file in files if file.snapshot), key=lambda file: file.order, reverse=True):
        if has_rows(file):
            return [other for other in files if other.changed_ns >= file.changed_ns]
    return list(files)


def scan(path: Path) -> Scan:
    """Hash and encoding: by its mark, else by zero bytes (UTF-16), else UTF-8 if it is valid, else Windows-1252.

    Raises RetriableError when the file cannot be read."""
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    head, is_utf8 = b"", True
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                head = head or chunk[:4096]
                is_utf8 = is_utf8 and _decodes(decoder, chunk)
        is_utf8 = is_utf8 and _decodes(decoder, b"", final=True)
    except OSError as error:
        raise unreadable_file(path, error) from None
    return Scan(digest.hexdigest(), _encoding(head, is_utf8))


def unreadable_file(path: Path, error: OSError) -> RetriableError:
    """A file that is there and cannot be read: the stream is incomplete until it can."""
    return RetriableError(
        f"{path.name} cannot be read ({error.strerror}).",
        fix="Give the worker's user read access to the file.",
    )


def _unreadable(folder: Path, error: OSError) -> FatalError:
    return FatalError(
        f"The folder {folder} cannot be read ({error.strerror}).",
        fix="Make it, or give the worker's user access (the source's `path` setting). Then: warmline doctor.",
    )


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _encoding(head: bytes, is_utf8: bool) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    half = len(head) // 2
    if half and head[1::2].count(0) > half * 0.4:
        return "utf-16-le"
    if half and head[0::2].count(0) > half * 0.4:
        return "utf-16-be"
    return "utf-8" if is_utf8 else "cp1252"


class HashingFile(io.RawIOBase):
    """A file opened for reading that hashes what is read: proves at the end that it was the file that was scanned."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._digest = hashlib.sha256()

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Bytes read into the buffer; 0 at the end."""
        count = self._file.readinto(buffer) or 0
        self._digest.update(memoryview(buffer)[:count])
        return count

    def close(self) -> None:
        """Safe twice."""
        self._file.close()
        super().close()

    @property
    def sha256(self) -> str:
        """Of all bytes read so far."""
        return self._digest.hexdigest()
