"""`sync` and `plan`: one run, with and without writing."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from sync.bootstrap import App, Session, open_session
from sync.bootstrap.nightly import READ_WHOLE, full_read_due
from sync.cli.app import Invocation
from sync.cli.output import TerminalProgress, show_json, show_table
from sync.core.explaining import rules_change_lines
from sync.core.rules_change import RulesChange
from sync.errors import EXIT_COMPLETE, EXIT_INCOMPLETE
from sync.reports.runs import outcome_report, plan_report, run_line
from sync.worker import Outcome

LOG = logging.getLogger("warmline")


@click.command("sync")
@click.option("--json", "as_json", is_flag=True, help="Print the run report as JSON.")
@click.option("--confirm-create", type=click.IntRange(min=0), metavar="N", help="Create up to N contacts in HubSpot.")
@click.option(
    "--allow-large-plan", is_flag=True, help="Write even when the plan touches a large share of the contacts."
)
@click.option("--write-attendance", is_flag=True, help="Put who attended by sign-in sheets into HubSpot.")
@click.option("--full", is_flag=True, help="Read every stream whole, find what increments miss, reconcile everyone.")
@click.pass_obj
def sync_command(
    invocation: Invocation,
    as_json: bool,
    confirm_create: int | None,
    allow_large_plan: bool,
    write_attendance: bool,
    full: bool,
) -> None:
    """Pull both sides, reconcile, score, decide, plan, and write to HubSpot when writes.enabled is true.

    \b
    warmline sync                     one run, for cron or by hand; the first after schedule.full_at reads whole
    warmline sync --json              the report for a program
    warmline sync --confirm-create 12 also create the 12 contacts the plan shows
    warmline sync --write-attendance  also put who attended an open day by its sign-in sheet into HubSpot
    warmline sync --full              what the worker does each night: contacts deleted in HubSpot are found
    """
    app = App.start(invocation.config, unattended=invocation.unattended)
    progress = TerminalProgress(quiet=as_json)
    is_due = not full and full_read_due(app)
    full = full or is_due
    command = "sync --full" if full else "sync"
    with open_session(app, command, progress=progress, on_rules_change=_tell(app)) as session:
        writes = app.settings.writes.enabled
        share = 1.0 if allow_large_plan else None
        limits = session.limits(writes=writes, confirm_create=confirm_create, share=share)
        limits = replace(limits, sheets=replace(limits.sheets, write=write_attendance))
        outcome = session.execute(limits, full=full)
        session.notes += [READ_WHOLE] if is_due else []
        report = outcome_report(session, outcome, duration_s=session.duration_s)
        session.finish(outcome, report)
        LOG.info("run done", extra={"action": "run_done", **run_line(report, outcome.reasons)})
    progress.clear()
    if as_json:
        show_json(report)
    else:
        _show_report(report, session, outcome, writes=writes)
    _end(outcome)


def _tell(app: App) -> Callable[[RulesChange], None]:
    """Says on stderr what changed rules did to the scores, before anything is written."""

    def tell(change: RulesChange) -> None:
        for line in rules_change_lines(change, app.settings.team.language):
            click.echo(line, err=True)

    return tell


def _end(outcome: Outcome) -> None:
    """Say on stderr what kept the run from being complete, and end the process with its exit code."""
    for reason in outcome.reasons:
        click.echo(f"incomplete: {reason}", err=True)
    sys.exit(EXIT_COMPLETE if outcome.complete else EXIT_INCOMPLETE)


def _show_report(report: dict[str, Any], session: Session, outcome: Outcome, *, writes: bool) -> None:
    head = ("stream", "fetched", "stored", "unchanged", "quarantined", "deleted")
    show_table(head, [(name, *(counts[key] for key in head[1:])) for name, counts in report["streams"].items()])
    people = report["people"]
    click.echo(
        f"\npeople     {people['candidates']} candidates, {people['contacts']} contacts, "
        f"{people['linked']} linked, {people['review']} to review"
    )
    scored = report["scored"]
    click.echo(f"scored     {scored['computed']} computed, {scored['changed']} changed, {scored['hot']} hot")
    for play, counts in report["decisions"].items():
        click.echo(f"{play:<10} {counts['wanted']} wanted, {counts['refused']} of them refused")
    for kind, counts in report["actions"].items():
        told = ", ".join(f"{number} {word}" for word, number in counts.items() if number or word == "applied")
        click.echo(f"{kind:<15} {told}")
    if outcome.ended.due:
        click.echo(f"retention  {outcome.ended.due} ended, {outcome.ended.erased} erased: warmline retention")
    for note in session.notes:
        click.echo(f"note: {note}")
    if not writes:
        click.echo("writes are off: look at `warmline plan`, then set writes.enabled = true")
    if outcome.waiting_creates and not report["actions"].get("create_contact", {}).get("applied"):
        waiting = outcome.waiting_creates
        click.echo(f"{waiting} contacts wait to be created: warmline sync --confirm-create {waiting}")
    click.echo(
        f"{'complete' if outcome.complete else 'INCOMPLETE'} in {report['duration_s']} s, run {report['run_id']}"
    )


@click.command("plan")
@click.option("--json", "as_json", is_flag=True, help="Print the planned writes as JSON.")
@click.pass_obj
def plan_command(invocation: Invocation, as_json: bool) -> None:
    """Do everything a sync does except write to HubSpot, and show what it would write.

    \b
    warmline plan          a table of the writes
    warmline plan --json   with the values before and after
    """
    app = App.start(invocation.config)
    progress = TerminalProgress(quiet=as_json)
    with open_session(app, "plan", progress=progress, on_rules_change=_tell(app)) as session:
        outcome = session.execute(session.limits(writes=False, share=1.0))
        report = outcome_report(session, outcome, duration_s=session.duration_s)
        session.finish(outcome, report)
        actions = plan_report(session.run.db)
        LOG.info("run done", extra={"action": "run_done", **run_line(report, outcome.reasons)})
    progress.clear()
    if as_json:
        show_json({"actions": actions})
    else:
        _show_plan(actions, report)
    _end(outcome)


def _show_plan(actions: list[dict[str, Any]], report: dict[str, Any]) -> None:
    rows = [(one["kind"], one["contact_id"], one["person_id"], one["play"], _gist(one)) for one in actions]
    show_table(("kind", "contact", "person", "play", "what"), rows)
    people = report["people"]
    found = f"{people['linked']} people linked, {people['review']} to review"
    click.echo(f"\n{len(actions)} writes planned; {found}. Nothing was written.")


def _gist(action: dict[str, Any]) -> str:
    after = action["after"]
    if "hs_task_subject" in after:
        return str(after["hs_task_subject"])
    changes = (f"{name.removeprefix('warmline_')}={after[name]}" for name in after if name != "warmline_why")
    return ", ".join(changes)
