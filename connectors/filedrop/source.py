"""A folder of files as a source: users, jobs, candidates, applications, attendance."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.filedrop.folder import (
    NOUNS,
    DropFile,
    HashingFile,
    Scan,
    list_files,
    relevant,
    scan,
    unreadable_file,
)
from connectors.filedrop.report import write_report
from connectors.filedrop.rows import BadFile, BadRow, ColumnFilter, Row, read_rows
from connectors.filedrop.stages import NO_STAGES, Stages
from connectors.protocols import FileReceipt, Page, Rejected, StreamSpec, Window
from sync.errors import BadAnswer

PAGE_ROWS = 500
_REQUIRED: Mapping[str, tuple[str, ...]] = {"attendance": ("event", "kind"), "stages": ("job_id", "id")}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file to read.

    `sha256`: of its bytes, and for jobs of the stages that go with them. `key`: names it in tokens.
    """

    file: DropFile
    scanned: Scan
    sha256: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.path.name

    @property
    def key(self) -> str:
        """Differs for equal bytes under two names, so that a token names one file."""
        return hashlib.sha256(f"{self.sha256}|{self.name}".encode()).hexdigest()


class _Scans(dict[DropFile, Scan]):
    """Scans of this moment, each file once."""

    def __missing__(self, file: DropFile) -> Scan:
        self[file] = scan(file.path)
        return self[file]


class FileDrop:
    """A folder that an exporter or SFTP server fills. Files are read, never moved or deleted.

    `columns`: per noun (and 'stages') the column names that may leave the connector, in normal spelling, and their
    fields.
    `already_read(sha256, name)`: whether the file LAST read under that name had these bytes. So a file is read again
    when it changes, also back to what it was before; equal bytes under a new name are a new message. Reading twice
    changes nothing.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        columns: Mapping[str, Mapping[str, str]],
        already_read: Callable[[str, str], bool],
        *,
        errors_report: bool = True,
    ) -> None:
        self._name = name
        self._folder = folder
        self._columns = columns
        self._already_read = already_read
        self._errors_report = errors_report
        self._told: set[tuple[str, ...]] = set()

    @property
    def name(self) -> str:
        """The configured name."""
        return self._name

    @property
    def streams(self) -> Sequence[StreamSpec]:
        """All of them whole: a file is read from its first line to its last."""
        return [StreamSpec(noun, incremental=False) for noun in NOUNS]

    def check(self) -> None:
        """Raises FatalError with the next step when the folder cannot be read."""
        list_files(self._folder, NOUNS[0])

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:  # noqa: ARG002
        """Pages of the noun's unread files, oldest file first; one empty page when there are none. The window is not
        used.

        Raises FatalError for the folder, RetriableError for a file that cannot be read or changed while it was read."""
        stages = self._load_stages() if noun == "jobs" else NO_STAGES
        files = self._unread(noun, stages)
        key, _, offset = (token or "").partition(":")
        for file in files:
            start = int(offset) if file.key == key and offset.isdigit() else 0
            yield from self._pages(file, stages, start, last=file is files[-1])
            stages = stages.told()
        if not files:
            yield Page(records=(), token=None)

    def write_error_report(self, name: str, rejected: Iterable[Rejected]) -> Path | None:
        """Writes `rejected/<name>.errors.csv` beside the files when that is switched on. `name`: the receipt's.
        `rejected`: the connector's rows and the mapper's (ref: the record's `_ref`). Its path, or None when nothing
        was written."""
        return write_report(self._folder, name, rejected) if self._errors_report else None

    def _unread(self, noun: str, stages: Stages) -> list[Unread]:
        unread = []
        scans = _Scans()
        for file in relevant(list_files(self._folder, noun), lambda file: self._has_rows(file, scans[file])):
            scanned = scans[file]
            sha256 = stages.mixed_with(scanned.sha256)
            if not self._already_read(sha256, file.path.name):
                unread.append(Unread(file, scanned, sha256))
        return unread

    def _pages(self, unread: Unread, stages: Stages, start: int, *, last: bool) -> Iterator[Page]:
        """Pages of one file. Rows before `start` are read again but not given: the file's own count stays whole."""
        records: list[dict[str, Any]] = []
        rejected: list[Rejected] = list(stages.rejected) if start == 0 else []
        rows = bad = 0
        fresh = start == 0
        for entry in self._entries(unread):
            if len(records) + len(rejected) >= PAGE_ROWS:
                token = f"{unread.key}:{rows + bad}"
                yield Page(records, token, rejected=rejected, snapshot_begin=fresh and unread.file.snapshot)
                records, rejected, fresh = [], [], False
            rows, bad = (rows + 1, bad) if isinstance(entry, dict) else (rows, bad + 1)
            if rows + bad > start:
                if isinstance(entry, dict):
                    records.append(stages.joined(entry))
                else:
                    rejected.append(entry)
        yield Page(
            records,
            None if last else f"{unread.key}:{rows + bad}",
            rejected=rejected,
            snapshot_begin=fresh and unread.file.snapshot,
            # a row that could not be read may be anybody's: then nobody can be said to be missing
            snapshot_end=unread.file.snapshot and rows > 0 and bad == 0,
            receipt=FileReceipt(unread.name, unread.sha256, rows, bad),
        )

    def _entries(self, unread: Unread) -> Iterator[dict[str, Any] | Rejected]:
        """Rows with their `_ref`, and rows left out.

        Raises BadAnswer at the end when the bytes were not the scanned ones.
        """
        keep = self._filter(unread.file.noun)
        empty = unread.file.snapshot
        with self._opened(unread.file, unread.scanned.encoding) as (text, hashing):
            try:
                for entry in read_rows(text, unread.file.format, keep, self._required(unread.file.noun)):
                    yield _told(entry, unread.name)
                    empty = False
                if empty:
                    yield Rejected(
                        unread.name, "file", "a snapshot without any row: a broken export, nobody is deleted"
                    )
            except BadFile as error:
                yield Rejected(unread.name, "file", str(error))
                while text.read(1 << 16):
                    pass
            except OSError as error:
                raise unreadable_file(unread.file.path, error) from None
            read = hashing.sha256
        self._tell_unknown(unread.file.noun, keep)
        if read != unread.scanned.sha256:
            fix = "It is read again in the next run. Let the exporter write to <name>.part and rename it when done."
            raise BadAnswer(f"{unread.name} changed while it was read.", fix=fix)

    @contextmanager
    def _opened(self, file: DropFile, encoding: str) -> Iterator[tuple[io.TextIOWrapper, HashingFile]]:
        try:
            hashing = HashingFile(file.path)
        except OSError as error:
            raise unreadable_file(file.path, error) from None
        buffered = io.BufferedReader(hashing)  # type: ignore[type-var]
        with io.TextIOWrapper(buffered, encoding=encoding, errors="replace") as text:
            yield text, hashing

    def _has_rows(self, file: DropFile, scanned: Scan) -> bool:
        with self._opened(file, scanned.encoding) as (text, _):
            try:
                entries = read_rows(text, file.format, self._filter(file.noun), self._required(file.noun))
                return any(isinstance(entry, Row) for entry in entries)
            except BadFile:
                return False

    def _load_stages(self) -> Stages:
        rows: list[dict[str, Any]] = []
        rejected: list[Rejected] = []
        digests = []
        scans = _Scans()
        for file in relevant(list_files(self._folder, "stages"), lambda file: self._has_rows(file, scans[file])):
            unread = Unread(file, scans[file], scans[file].sha256)
            digests.append(unread.sha256)
            for entry in self._entries(unread):
                (rows if isinstance(entry, dict) else rejected).append(entry)  # type: ignore[arg-type]
        return Stages.of(rows, rejected, digests, self._columns)

    def _filter(self, noun: str) -> ColumnFilter:
        return ColumnFilter(self._columns[noun], self._columns["stages"] if noun == "jobs" else {})

    def _required(self, noun: str) -> tuple[str, ...]:
        return _REQUIRED.get(noun, ("id",))

    def _tell_unknown(self, noun: str, keep: ColumnFilter) -> None:
        """Once for each set of unknown columns. Only names that look like column names: a file may lack its header."""
        names = tuple(
            name for name in keep.unknown if name.replace("_", "").replace(" ", "").isalpha() and len(name) <= 40
        )
        if keep.unknown and (noun, *names) not in self._told:
            self._told.add((noun, *names))
            _log.warning(
                "Columns that no mapping knows are not read; name them in a mapping file if they are needed.",
                extra={
                    "action": "filedrop.unknown_columns",
                    "noun": noun,
                    "columns": names,
                    "count": len(keep.unknown),
                },
            )


def _told(entry: Row | BadRow, name: str) -> dict[str, Any] | Rejected:
    ref = f"{name}:{entry.line}"
    return {**entry.values, "_ref": ref} if isinstance(entry, Row) else Rejected(ref, "row", entry.reason)
