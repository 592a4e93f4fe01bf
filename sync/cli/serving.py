"""`run`: the unattended worker."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import click

from sync.bootstrap import App, Session, open_session
from sync.bootstrap.hinted import LOOK_S, HintWatch
from sync.bootstrap.watchdog import Watchdog
from sync.bootstrap.webhooks import takes_webhooks
from sync.cli.app import Invocation
from sync.cli.running import sync_command
from sync.core.schedule import FULL, HINTED, HOT, Cadence, Job, jobs, owes_full, takes
from sync.errors import EXIT_COMPLETE, EXIT_INCOMPLETE
from sync.reports.health import read_whole_since
from sync.reports.runs import outcome_report, run_line
from sync.scheduler import Begin, Worker, add_jobs, add_look, hold_signals, make_scheduler, serve
from sync.stages.run import Progress
from sync.store import cursors
from sync.worker import Feed


@click.command("run")
@click.option("--once", is_flag=True, help="One sync, then end with its exit code: for cron and timers.")
@click.pass_context
def run_command(ctx: click.Context, once: bool) -> None:
    """Sync on a schedule until stopped: see [schedule] in the settings. One JSON log line a run, on stderr.

    SIGTERM or SIGINT: the page or batch in hand is finished, then exit code 0.

    \b
    warmline run          the worker of a service or a container
    warmline run --once   the same as warmline sync
    """
    invocation: Invocation = ctx.obj
    if once:
        ctx.obj = replace(invocation, unattended=True)
        ctx.invoke(sync_command)
    app = App.start(invocation.config, unattended=True)
    hold_signals()
    app.connect()  # without a token there is nothing to schedule: ConfigError
    sys.exit(EXIT_COMPLETE if keep_schedule(app) else _end_now())


def keep_schedule(app: App) -> bool:
    """Serve until stopped; False: a run is still in hand."""
    cadence, own = app.settings.cadence, app.settings.schedule
    todo = jobs(cadence)
    worker = Worker([*todo, HINTED], partial(run_job, app, cadence), partial(_real_now, app))
    scheduler = make_scheduler()
    begin = Begin(_real_now(app), own.jitter_s, full_now=_missed_a_night(app, cadence))
    add_jobs(scheduler, todo, cadence, worker.attempt, begin)
    if takes_webhooks(app):
        add_look(scheduler, HINTED.name, HintWatch(app, partial(worker.attempt, HINTED.name)).look, LOOK_S)
    return serve(scheduler, worker, stop_within_s=own.stop_within_s, watch=Watchdog(app))


def _real_now(app: App) -> datetime:
    return datetime.fromtimestamp(app.clock.real_time(), UTC)


def _end_now() -> int:
    """Python would wait for the run's thread."""
    sys.stderr.flush()
    os._exit(EXIT_INCOMPLETE)


def _missed_a_night(app: App, cadence: Cadence) -> bool:
    db = app.open_mirror()
    try:
        return owes_full(cadence, read_whole_since(db), app.clock.now())
    finally:
        db.close()


def run_job(app: App, cadence: Cadence, job: Job, progress: Progress) -> Mapping[str, Any]:
    """One scheduled run, and what its log line says. Raises WarmlineError."""
    with open_session(app, job.command, progress=progress) as session:
        session.feeds = [feed for feed in session.feeds if _wanted(cadence, job, feed, session)]
        limits = session.limits(writes=app.settings.writes.enabled, lists=job.name not in (HOT, HINTED.name))
        outcome = session.execute(limits, full=job.name == FULL)
        report = outcome_report(session, outcome, duration_s=session.duration_s)
        session.finish(outcome, report)
        return run_line(report, outcome.reasons)


def _wanted(cadence: Cadence, job: Job, feed: Feed, session: Session) -> bool:
    read_before = cursors.read_before(session.run.db, feed.stream)
    return takes(cadence, job.name, feed.stream, incremental=feed.spec.incremental, read_before=read_before)
