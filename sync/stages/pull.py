"""Pull: pages of a stream into the mirror, each page and the cursor behind it in one transaction.

At least once: a page that was stored and read again changes nothing. The cursor is the end of the window and moves
with the last page (docs/architecture.md, the pull).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from connectors.protocols import FileReceipt, Page, Record, Source, StreamSpec, Window
from sync.core.cursor import Pull, after_page, next_pull
from sync.core.guards import check_source
from sync.errors import MissingScope, NotServed, RejectedAction, RetriableError
from sync.stages.run import Run
from sync.store import cursors, snapshots
from sync.store import intake as intake_rows
from sync.store.db import Mirror
from sync.store.runs import StreamCounts


@dataclass(frozen=True, slots=True)
class StreamOutcome:
    """A stream after a pull. `error` empty: read to its end. `off`: switched itself off (missing scope), which is not
    a failure."""

    stream: str
    counts: StreamCounts
    error: str = ""
    off: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """What an intake made of a page. `rejected`: (ref, field, reason). `seen`: ids for the snapshot bookkeeping."""

    counts: StreamCounts
    rejected: Sequence[tuple[str, str, str]] = ()
    seen: Sequence[str] = ()


class Intake(Protocol):
    """How one stream's records become rows: wired by bootstrap, one a stream."""

    @property
    def version(self) -> str:
        """Hash of what is asked for and how it is read; another one starts the stream anew."""

    @property
    def sweeps(self) -> bool:
        """Whether a complete read (snapshot) marks what it did not show as deleted."""

    def store(self, db: Mirror, page: Page, run: Run) -> Stored:
        """Save one page; called inside the page's transaction."""

    def drop_missing(self, db: Mirror, run: Run) -> int:
        """Mark as deleted what the finished snapshot did not show; how many."""

    def close_file(self, page: Page, rejected: Sequence[tuple[str, str, str]]) -> None:
        """Called after the commit of a file's last page, with all its rejected rows: the error report."""


@dataclass(slots=True)
class _Reader:
    """The running totals of one stream's pull."""

    run: Run
    source: str
    noun: str
    intake: Intake
    share: float
    counts: StreamCounts = field(default_factory=StreamCounts)
    rejected: list[tuple[str, str, str]] = field(default_factory=list)
    in_snapshot: bool = False

    @property
    def stream(self) -> str:
        """`<source>.<noun>`."""
        return f"{self.source}.{self.noun}"

    @property
    def store_source(self) -> str:
        """The source the mirror keeps the rows under: sign-in sheets have one of their own."""
        return self.stream if self.noun == "attendance" else self.source


def pull_stream(run: Run, source: Source, spec: StreamSpec, intake: Intake, *, share: float = 0.0) -> StreamOutcome:
    """Read one stream to the end of its window. `share`: see guards.check_source.

    Retriable errors end the stream with a reason, the next run goes on at the page after the last one stored. A
    missing scope or an address the vendor does not serve switches an optional stream off. Raises AuthError,
    MissingScope, SourceEmptied, LeaseLost: the run stops.
    """
    reader = _Reader(run, source.name, spec.noun, intake, share)
    try:
        _read_pages(reader, source, spec)
    except MissingScope as error:
        if not spec.optional:
            raise
        return StreamOutcome(reader.stream, reader.counts, str(error), off=True)
    except (NotServed, RejectedAction) as error:
        return StreamOutcome(reader.stream, reader.counts, str(error), off=spec.optional)
    except RetriableError as error:
        return StreamOutcome(reader.stream, reader.counts, str(error))
    return StreamOutcome(reader.stream, reader.counts)


def _read_pages(reader: _Reader, source: Source, spec: StreamSpec) -> None:
    pull = _next(reader, spec)
    reader.in_snapshot = pull.token is not None and snapshots.under_way(reader.run.db, reader.stream)
    token: str | None = pull.token or ""
    for page in source.fetch_pages(spec.noun, Window(pull.since, pull.until), pull.token):
        token = page.token
        _store_page(reader, page, pull)
        reader.run.progress(reader.stream, reader.counts.fetched, page.total)
    if token is not None:
        _close_window(reader, pull)


def _close_window(reader: _Reader, pull: Pull) -> None:
    """A source with nothing to show yields no page; its window is complete all the same."""
    with reader.run.db.write(reader.run.lease):
        cursors.save(reader.run.db, reader.stream, after_page(pull, None, reader.intake.version))


def _next(reader: _Reader, spec: StreamSpec) -> Pull:
    position = cursors.load(reader.run.db, reader.stream)
    lag = timedelta(minutes=spec.lag_minutes)
    pull = next_pull(position, now=reader.run.now, lag=lag, version=reader.intake.version)
    return pull if spec.incremental else replace(pull, since=None)


def _store_page(reader: _Reader, page: Page, pull: Pull) -> None:
    run = reader.run
    with run.db.write(run.lease):
        if page.snapshot_begin:
            _begin_snapshot(reader)
        stored = reader.intake.store(run.db, page, run)
        rejected = [*stored.rejected, *((row.ref, row.field, row.reason) for row in page.rejected)]
        counts = stored.counts + StreamCounts(fetched=len(page.rejected), quarantined=len(page.rejected))
        intake_rows.clear_quarantine(run.db, reader.stream, _refs(page.records))
        intake_rows.quarantine(run.db, reader.stream, rejected, run.now)
        if reader.in_snapshot:
            snapshots.mark_seen(run.db, reader.stream, stored.seen)
        if page.snapshot_end and reader.in_snapshot:
            counts += StreamCounts(deleted=_drop_missing(reader))
        if page.receipt is not None:
            _book_file(reader, page.receipt)
        cursors.save(run.db, reader.stream, after_page(pull, page.token, reader.intake.version))
    reader.counts += counts
    reader.rejected.extend(rejected)
    if page.receipt is not None:
        reader.intake.close_file(page, reader.rejected)
        reader.rejected.clear()


def _refs(records: Sequence[Record]) -> list[str]:
    """What the records of a page are called in quarantine: by line in a file, else by id."""
    return [str(record.get("_ref") or record.get("id")) for record in records]


def _begin_snapshot(reader: _Reader) -> None:
    """A snapshot into an empty mirror can miss nothing, so its ids need not be kept."""
    snapshots.begin_snapshot(reader.run.db, reader.stream)
    reader.in_snapshot = (
        reader.intake.sweeps and snapshots.count_missing(reader.run.db, reader.noun, reader.store_source)[0] > 0
    )


def _book_file(reader: _Reader, receipt: FileReceipt) -> None:
    intake_rows.save_receipt(
        reader.run.db, reader.source, receipt.name, receipt.sha256, receipt.rows, receipt.rejected, reader.run.now
    )


def _drop_missing(reader: _Reader) -> int:
    reader.in_snapshot = False
    live, seen = snapshots.count_missing(reader.run.db, reader.noun, reader.store_source)
    check_source(reader.stream, live, seen, reader.share)
    return reader.intake.drop_missing(reader.run.db, reader.run)
