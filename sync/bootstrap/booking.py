"""What is kept of a run beside its line in the ledger: totals, and the metrics file."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.bootstrap.app import App
from sync.core.breaker import Moment
from sync.core.schedule import HINTED
from sync.reports.health import health_report
from sync.reports.metering import book, task_keys
from sync.stages.pull import StreamOutcome
from sync.stages.run import Run
from sync.store import metrics, runs
from sync.store.db import Mirror
from sync.store.metrics import Amount

if TYPE_CHECKING:
    from sync.worker import Outcome

HINTED_RUNS_KEPT = timedelta(hours=1)
NEWS_KEPT = timedelta(days=35)  # five weeks: what is usual is told by the last four
_LOG = logging.getLogger(__name__)


def book_ended(run: Run, command: str, outcome: Outcome, report: Mapping[str, Any], left: int | None) -> None:
    """Add a run that came to its end to the totals; called inside its last transaction. `left`: requests of the
    portal's day, where HubSpot said so."""
    book(run, command, "complete" if outcome.complete else "incomplete", report, task_keys(outcome.applied.ended))
    found = {one.stream: number for one in outcome.streams if (number := _news(one))}
    metrics.add_news(run.db, found, run.now, run.now - NEWS_KEPT)
    if left is not None:
        metrics.put(run.db, [Amount("daily_requests_left", left, {"source": "hubspot"})])
    if command == HINTED.command:
        runs.forget_hinted(run.db, run.now - HINTED_RUNS_KEPT)


def _news(one: StreamOutcome) -> int:
    """What a stream brought. A window shows changes only, also such as leave the row as it was; a whole read shows
    everything, so only what was stored of it counts."""
    counts = one.counts
    return counts.deleted + (counts.stored if one.whole else counts.fetched)


def add_hinted(run: Run, outcome: Outcome, hinted: Iterable[StreamOutcome]) -> None:
    """Put what was read by hints into the outcome and the ledger, as part of each stream's counts."""
    known = {one.stream: one for one in outcome.streams}
    for one in hinted:
        was = known.get(one.stream)
        both = one if was is None else replace(was, counts=was.counts + one.counts)
        known[one.stream] = both
        if one.error and was is None:
            outcome.reasons.append(f"{one.stream}: {one.error}")
        with run.db.write(run.lease):
            runs.save_stream(run.db, run.run_id, both.stream, both.counts, both.error)
    outcome.streams = list(known.values())


def health_of(app: App, db: Mirror) -> dict[str, Any]:
    """Whether all is well, by the settings in force."""
    limit = timedelta(minutes=app.settings.schedule.healthy_minutes)
    return health_report(db, app.settings.cadence, limit, Moment(app.clock.now(), app.clock.real_time()))


def write_metrics_file(app: App, db: Mirror, file: Path | None = None) -> None:
    """Write the metrics into a file, by default that of the settings, where one is set. Raises OSError."""
    target = file or app.settings.metrics.textfile
    if target is None:
        return
    from sync.reports.metrics import MirrorMetrics, write_metrics  # prometheus_client takes 0.2 s to import

    write_metrics(MirrorMetrics(db, health_of(app, db), app.clock.now()), target)


def try_metrics_file(app: App, db: Mirror) -> Sequence[str]:
    """Write the metrics file at the end of a run; a note when that failed: it ends no run."""
    try:
        write_metrics_file(app, db)
    except OSError as error:
        return [f"the metrics file could not be written ({type(error).__name__}): see metrics.textfile"]
    return []
