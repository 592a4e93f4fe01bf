"""`retention`: whose retention ends, and what a person confirms about it."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import click

from sync.bootstrap import App, open_view
from sync.bootstrap.retention import DELETED, Confirmed, confirm, done_elsewhere, spelled
from sync.cli.app import Invocation
from sync.cli.output import show_json, show_table
from sync.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, ConfigError, Problem
from sync.reports.retention import DUE, retention_report

WARNING = "A GDPR delete in HubSpot cannot be undone: the contact goes with its whole history, within 30 days for good."
_WHY = {
    "procedure": "the last procedure ended {since}",
    "consent": "consent; the last procedure ended {since}",
    "silence": "never applied; last seen {since}",
    "call_back": "a call-back is agreed",
}
_WOULD = {
    "keep": "{record} stays: customer, deal or another record",
    "gdpr_delete": "{record}: GDPR delete in HubSpot, when confirmed",
    "erase_by_hand": "{record}: erase in the ATS by hand",
}


@click.command("retention")
@click.option("--within", "days", type=click.IntRange(0, 3650), default=7, help="Show who is due within so many days.")
@click.option("--confirm", "confirmed", metavar="WHO", help="Delete this person's contact in HubSpot for good.")
@click.option("--done", metavar="RECORD", help="This record was erased where it was: propose it no more.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def retention_command(
    invocation: Invocation, days: int, confirmed: str | None, done: str | None, as_json: bool
) -> None:
    """Whose retention ends, since when and why, and what would be erased where.

    \b
    warmline retention
    warmline retention --confirm hubspot:501    GDPR delete in HubSpot: cannot be undone
    warmline retention --done ats:c7            it was erased in the ATS by hand

    The full read erases in the mirror who is due (retention.erase). What HubSpot and the ATS hold is only proposed:
    nothing is deleted there before a person confirms it, one person at a time. Exit code 3 when HubSpot gave no certain
    answer: confirm again, which is safe.
    """
    if confirmed and done:
        raise ConfigError([Problem("--confirm --done", "only one thing can be done at a time.", "Leave one out.")])
    app = App.start(invocation.config)
    if confirmed:
        _confirm(app, confirmed, as_json=as_json)
    if done:
        _done(app, done)
        return
    with open_view(app) as view:
        report = retention_report(view, timedelta(days=days))
    if as_json:
        show_json(report)
    else:
        _show(report)


def _confirm(app: App, who: str, *, as_json: bool) -> None:
    click.echo(WARNING, err=True)
    app.read_mirror().close()  # none yet: said before one is made
    db = app.open_mirror()
    try:
        done = confirm(app, db, who)
    finally:
        db.close()
    if as_json:
        left = [spelled(one) for one in done.left]
        show_json({"erased_here": done.erased_here, "contacts": done.contacts, "left": left})
    else:
        _show_confirmed(done)
    sys.exit(EXIT_COMPLETE if done.complete else EXIT_INCOMPLETE)


def _show_confirmed(done: Confirmed) -> None:
    if done.erased_here:
        click.echo("mirror     erased")
    for contact_id, what in done.contacts.items():
        told = "deleted for good" if what == DELETED else what
        click.echo(f"HubSpot    {contact_id}: {told}")
    for one in done.left:
        click.echo(f"ATS        {spelled(one)}: erase it there, then: warmline retention --done {spelled(one)}")


def _done(app: App, who: str) -> None:
    app.read_mirror().close()
    db = app.open_mirror()
    try:
        record = done_elsewhere(db, who)
    finally:
        db.close()
    click.echo(f"{spelled(record)} is proposed no more.")


def _show(report: dict[str, Any]) -> None:
    if not (report["people"] or report["proposals"]):
        click.echo("nobody is due, and nothing is proposed")
        return
    if report["people"]:
        show_table(("person", "name", "", "ends", "why", "then"), [_row(one) for one in report["people"]])
    if report["proposals"]:
        click.echo("\nerased here, still to be erased where they are:")
        show_table(("ended", "erased here", "record", "do"), [row for one in report["proposals"] for row in _left(one)])


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    then = "; ".join(_would(record) for record in one["records"])
    since = (one["since"] or "")[:10]
    state = "due" if one["state"] == DUE else "soon"
    return (one["person_id"], one["name"], state, one["ends_at"][:10], _WHY[one["because"]].format(since=since), then)


def _left(one: dict[str, Any]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for record in one["records"]:
        name = f"{record['source']}:{record['remote_id']}"
        flag = "--confirm" if record["would"] == "gdpr_delete" else "by hand, then --done"
        rows.append((one["ended_at"][:10], one["erased_at"][:10], name, f"warmline retention {flag} {name}"))
    return rows


def _would(record: dict[str, str]) -> str:
    return _WOULD[record["would"]].format(record=f"{record['source']}:{record['remote_id']}")
