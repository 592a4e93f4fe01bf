"""Pull: pages of a stream into the mirror, each page and the cursor behind it in one transaction.

At least once: a page that was stored and read again changes nothing. The cursor is the end of the window and moves
with the last page (docs/architecture.md, the pull).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from connectors.protocols import FileReceipt, Page, Record, Shortage, Source, StreamSpec, Window
from sync.core.cursor import Position, Pull, after_page, after_shortage, next_pull
from sync.core.guards import check_source
from sync.errors import MissingScope, NotServed, RejectedAction, RetriableError, WarmlineError
from sync.stages import suppress
from sync.stages.erase import purge_asked
from sync.stages.reread import FollowsIds, reread
from sync.stages.run import Run
from sync.store import cursors, snapshots
from sync.store import intake as intake_rows
from sync.store.db import Mirror
from sync.store.runs import StreamCounts

LOOKED_FOR = 1_000  # records a snapshot did not show that are looked for by id; more are the source guard's business


@dataclass(frozen=True, slots=True)
class StreamOutcome:
    """A stream after a pull. `error` empty: read to its end. `off`: switched itself off (missing scope), which is not
    a failure; `lost`: and it is news. `cause`: what the next run may not meet any more. `gaps`: what the source has
    and did not show, a sentence each. `whole`: everything was asked for."""

    stream: str
    counts: StreamCounts
    error: str = ""
    off: bool = False
    cause: RetriableError | None = None
    gaps: Sequence[str] = ()
    whole: bool = False
    lost: bool = True


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
    gaps: list[str] = field(default_factory=list)
    in_snapshot: bool = False
    whole: bool = False

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
        return StreamOutcome(reader.stream, reader.counts, _why_off(spec, error), off=True)
    except (NotServed, RejectedAction) as error:
        told = _why_off(spec, error) if spec.optional else str(error)
        return StreamOutcome(reader.stream, reader.counts, told, off=spec.optional)
    except RetriableError as error:
        return StreamOutcome(reader.stream, reader.counts, str(error), cause=error, gaps=reader.gaps)
    return StreamOutcome(reader.stream, reader.counts, gaps=reader.gaps, whole=reader.whole)


def _why_off(spec: StreamSpec, error: WarmlineError) -> str:
    return f"{error.message} It needs {spec.needs}." if spec.needs else str(error)


def _read_pages(reader: _Reader, source: Source, spec: StreamSpec) -> None:
    pull = _next(reader, spec)
    reader.whole = pull.since is None
    reader.in_snapshot = pull.token is not None and snapshots.under_way(reader.run.db, reader.stream)
    token: str | None = pull.token or ""
    for page in source.fetch_pages(spec.noun, Window(pull.since, pull.until), pull.token):
        token = page.token
        if page.snapshot_begin:
            _begin_snapshot(reader)
        _store_page(reader, _with_missed(reader, source, page), pull)
        purge_asked(reader.run.db, reader.run.lease, reader.run.sleep)
        reader.run.progress(reader.stream, reader.counts.fetched, page.total)
    if token is not None:
        _close_window(reader, pull)


def _close_window(reader: _Reader, pull: Pull) -> None:
    """A source with nothing to show yields no page; its window is complete all the same."""
    with reader.run.db.write(reader.run.lease):
        _save_position(reader, pull, None)


def _save_position(reader: _Reader, pull: Pull, token: str | None, shortage: Shortage | None = None) -> None:
    """Where the stream goes on after a page; a window that came short is read again."""
    db, version = reader.run.db, reader.intake.version
    if token is not None:
        cursors.save(db, reader.stream, after_page(pull, token, version))
        return
    missing = shortage.counted - shortage.came if shortage else 0
    position, doubt, is_gap = after_shortage(pull, missing, cursors.load_doubt(db, reader.stream), version)
    if is_gap and shortage:
        told = f"{shortage.came:,} of {shortage.counted:,} records of the window came"
        reader.gaps.append(f"{reader.stream}: {told}; the next run reads it again")
    cursors.save(db, reader.stream, position)
    cursors.save_doubt(db, reader.stream, doubt)


def _next(reader: _Reader, spec: StreamSpec) -> Pull:
    position = cursors.load(reader.run.db, reader.stream)
    if cursors.load_doubt(reader.run.db, reader.stream).whole and not _is_being_read_whole(position):
        position = None
    lag = timedelta(minutes=spec.lag_minutes)
    pull = next_pull(position, now=reader.run.now, lag=lag, version=reader.intake.version)
    return pull if spec.incremental else replace(pull, since=None)


def _is_being_read_whole(position: Position | None) -> bool:
    return position is not None and position.since is None


def _with_missed(reader: _Reader, source: Source, page: Page) -> Page:
    """A snapshot's last page, with the records the snapshot did not show and that still exist: rows that slid between
    pages. Only those that are gone by their id too may be marked deleted."""
    if not page.snapshot_end or not reader.in_snapshot or not isinstance(reader.intake, FollowsIds):
        return page
    shown = {*_shown(page)}
    missing = snapshots.missing_ids(reader.run.db, reader.noun, reader.store_source, LOOKED_FOR + len(shown) + 1)
    ids = [one for one in missing if one not in shown]
    known = reread(source, reader.noun, ids) if len(ids) <= LOOKED_FOR else None
    if known is None:
        return page
    with reader.run.db.write(reader.run.lease):
        reader.intake.follow(reader.run.db, known.moved, reader.run)
    lost = [record for record in known.found if str(record["id"]) in set(ids)]
    if lost:
        reader.gaps.append(f"{reader.stream}: {len(lost):,} records exist that the listing did not show; read by id")
    new = [record for record in known.found if str(record["id"]) not in shown]
    return replace(page, records=[*page.records, *new])


def _shown(page: Page) -> list[str]:
    """Ids on a page, those of unreadable rows too."""
    return [
        *(str(record["id"]).strip() for record in page.records if record.get("id")),
        *(r.ref for r in page.rejected),
    ]


def _store_page(reader: _Reader, page: Page, pull: Pull) -> None:
    run = reader.run
    with run.db.write(run.lease):
        stored = reader.intake.store(run.db, page, run)
        unread = [(row.ref, row.field, row.reason) for row in page.rejected]
        told, nameless = suppress.keep_rejected(run.db, reader.noun, reader.source, unread)
        rejected = [*stored.rejected, *told]
        counts = stored.counts + StreamCounts(fetched=len(unread), suppressed=nameless, quarantined=len(told))
        intake_rows.clear_quarantine(run.db, reader.stream, _refs(page.records))
        intake_rows.quarantine(run.db, reader.stream, rejected, run.now)
        if reader.in_snapshot:
            snapshots.mark_seen(run.db, reader.stream, [*stored.seen, *(ref for ref, *_ in told)])
        if page.gone and isinstance(reader.intake, FollowsIds):
            counts += StreamCounts(deleted=reader.intake.mark_gone(run.db, page.gone, run))
        if page.snapshot_end and reader.in_snapshot and page.shortage is None:
            counts += StreamCounts(deleted=_drop_missing(reader))
        if page.receipt is not None:
            _book_file(reader, page.receipt)
        _save_position(reader, pull, page.token, page.shortage)
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
    with reader.run.db.write(reader.run.lease):
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
