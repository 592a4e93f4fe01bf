"""Hints: read just the records that webhooks named, by their ids; where a source cannot be asked so, the next increment
of the stream. A hint goes in the transaction that stores what it led to. Polling stays the truth: a hint that is
lost, wrong or late changes nothing but how soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from connectors.protocols import Page, Source, StreamSpec
from sync.core.model import HUBSPOT
from sync.errors import MissingScope, NotServed, RejectedAction, RetriableError
from sync.stages.circuit import Circuit
from sync.stages.erase import purge_asked
from sync.stages.erased_at_source import LOOKED_ON
from sync.stages.pull import Intake, StreamOutcome, pull_stream
from sync.stages.reread import FollowsIds, Reread, reread
from sync.stages.run import Run
from sync.store import hints, runs, snapshots
from sync.store import intake as intake_rows
from sync.store.runs import StreamCounts


class Feed(Protocol):
    """One stream: where it comes from and how it enters the mirror."""

    @property
    def source(self) -> Source: ...
    @property
    def spec(self) -> StreamSpec: ...
    @property
    def intake(self) -> Intake: ...
    @property
    def stream(self) -> str: ...


def pull_hinted(run: Run, feeds: Sequence[Feed], circuit: Circuit, share: float) -> Iterator[StreamOutcome]:
    """Read what was named since the last run; what became of each stream. Hints of a source that does not answer wait.

    Raises AuthError, SourceEmptied, LeaseLost.
    """
    waiting = hints.waiting(run.db)
    if not waiting:
        return
    with run.db.write(run.lease):
        hints.remove_others(run.db, [(one.source.name, one.spec.noun) for one in feeds])
    for feed in feeds:
        taken = waiting.get((feed.source.name, feed.spec.noun))
        if not taken or circuit.closed(feed.source.name):
            continue
        result = _pull(run, feed, taken, share)
        if result is None or result.cause is None:
            _drop(run, feed, taken)
        if result is not None:
            circuit.note(feed.source.name, result.cause)
            yield result


def _pull(run: Run, feed: Feed, taken: Mapping[str, int], share: float) -> StreamOutcome | None:
    """None: nothing was asked of the source, or what it said is for the stream's own pull to tell."""
    try:
        known = None
        if hints.WHOLE not in taken and isinstance(feed.intake, FollowsIds):
            known = reread(feed.source, feed.spec.noun, list(taken))
        if known is not None:
            return StreamOutcome(feed.stream, _store(run, feed, feed.intake, known, taken))
        if not feed.spec.incremental:  # read whole on its own schedule: a flood of hints must not do that
            return None
        return pull_stream(run, feed.source, feed.spec, feed.intake, share=share)
    except (MissingScope, NotServed, RejectedAction):
        return None
    except RetriableError as error:
        return StreamOutcome(feed.stream, StreamCounts(), str(error), cause=error)


def _drop(run: Run, feed: Feed, taken: Mapping[str, int]) -> None:
    """Those that were named again while the source was read stay."""
    with run.db.write(run.lease):
        hints.remove(run.db, feed.source.name, feed.spec.noun, taken)


def _store(run: Run, feed: Feed, intake: Intake, known: Reread, taken: Mapping[str, int]) -> StreamCounts:
    """Save what the ids led to; those that lead nowhere are gone."""
    db, stream = run.db, feed.stream
    assert isinstance(intake, FollowsIds)
    with db.write(run.lease):
        intake.follow(db, known.moved, run)
        stored = intake.store(db, Page(known.found, None), run)
        intake_rows.clear_quarantine(db, stream, [str(record["id"]) for record in known.found])
        intake_rows.quarantine(db, stream, stored.rejected, run.now)
        if snapshots.under_way(db, stream):
            snapshots.mark_seen(db, stream, stored.seen)
        gone = intake.mark_gone(db, known.gone, run)
        if gone and stream == f"{HUBSPOT}.contacts":
            runs.set_setting(db, LOOKED_ON, "")  # deleted, or erased for privacy: looked for in this run
        hints.remove(db, feed.source.name, feed.spec.noun, taken)
    purge_asked(db, run.lease, run.sleep)
    return stored.counts + StreamCounts(deleted=gone)
