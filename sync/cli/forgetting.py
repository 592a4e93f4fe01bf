"""`forget`: one person out of the mirror, its files, and warmline's traces out of HubSpot."""

from __future__ import annotations

import shlex
import sys
from typing import Any, NoReturn

import click

from sync.bootstrap import App, forgetting
from sync.bootstrap.forgetting import Forgotten
from sync.cli.app import Invocation
from sync.cli.output import show_json
from sync.core.forgetting import OWN_TASK, PERSON
from sync.core.model import HUBSPOT, person_ref
from sync.errors import EXIT_COMPLETE, EXIT_CONFIG, EXIT_INCOMPLETE
from sync.stages.bury import Whom
from sync.store.db import Mirror
from sync.store.forgotten_file import file_of

HISTORY = "HubSpot keeps the history of the properties until the contact is deleted there for privacy (GDPR delete)."


@click.command("forget")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done and found as JSON.")
@click.pass_obj
def forget_command(invocation: Invocation, who: str, yes: bool, as_json: bool) -> None:
    """Forget one person for good. WHO: person id (p12), contact id, candidate id, or e-mail address.

    \b
    warmline forget p12
    warmline forget 501 --yes

    Purges the mirror and its files of them, empties warmline's properties of the contact and archives its tasks, open
    and closed; the contact itself and the ATS are left as they are. A keyed hash stays, so that nothing of the person
    comes in again until they apply anew. Works while a run is under way. At the end it searches everything, and says
    what it found. Exit code 3 when something is left for the next run.
    """
    app = App.start(invocation.config)
    app.read_mirror().close()  # none yet: said before one is made
    db = app.open_mirror()
    try:
        whom = forgetting.find(db, who)
        _check(whom)
        if not yes:
            _ask(whom)
        found = forgetting.forget(app, db, whom, who, _say_waiting)
        report = _report(db, found)
    finally:
        db.close()
    if as_json:
        show_json(report)
    else:
        _show(app, found, report)
    sys.exit(EXIT_COMPLETE if found.complete else EXIT_INCOMPLETE)


def _check(whom: Whom) -> None:
    if not whom:
        _refuse("nobody in the mirror has that id or address; nobody was forgotten.", "See `warmline calls` for ids.")
    if whom.several:
        names = ", ".join(person_ref(one) for one in whom.several)
        _refuse(
            f"{len(whom.several)} people have that id or address; nobody was forgotten.",
            f"Say which: warmline forget {person_ref(whom.several[0])} ({names}).",
        )


def _refuse(sentence: str, fix: str) -> NoReturn:
    click.echo(f"warmline: {sentence}", err=True)
    click.echo(f"  {fix}", err=True)
    sys.exit(EXIT_CONFIG)


def _ask(whom: Whom) -> None:
    if not sys.stdin.isatty():
        _refuse("forgetting cannot be undone and nobody is there to be asked.", "Run it again with --yes.")
    told = ", ".join(f"{ref.source} {ref.remote_id}" for ref in sorted(whom.records))
    people = ", ".join(person_ref(one) for one in sorted(whom.people))
    click.confirm(f"Forget {people or 'this person'} for good ({told or 'forgotten before'})?", abort=True, err=True)


def _say_waiting() -> None:
    click.echo(
        "A run is under way: it forgets the person before its next step; waiting until HubSpot is clear.", err=True
    )


def _report(db: Mirror, found: Forgotten) -> dict[str, Any]:
    return {
        "forgotten": found.purged,
        "already": found.already,
        "records": found.records,
        "hits": found.hits,
        "tables": found.tables,
        "files": found.raw.hits,
        "values_searched": found.raw.values,
        "values_of_others": found.raw.shared,
        "log_emptied": found.log_emptied,
        "hubspot": {
            "contacts_cleared": found.cleared.contacts,
            "tasks_archived": found.cleared.tasks,
            "left": len(found.kept) > 0,
            "why": found.why,
            "note": HISTORY,
        },
        "backups": f"not searched; the next run purges one that is put back, by {file_of(db.path).name}",
    }


def _show(app: App, found: Forgotten, report: dict[str, Any]) -> None:
    rows = sum(found.tables.values())
    first = "was forgotten before" if found.already else f"{found.records} records purged"
    click.echo(f"mirror   {first}; {len(found.tables)} tables searched, {rows} rows found")
    for table, number in found.tables.items():
        if number:
            click.echo(f"         {table}: {number}")
    files = ", ".join(f"{name} {number}" for name, number in found.raw.hits.items())
    shared = f" ({found.raw.shared} of them are other people's too and say nothing)" if found.raw.shared else ""
    click.echo(f"files    {found.raw.values} values looked for in every byte{shared}; found: {files}")
    if not found.log_emptied:
        click.echo("         another program reads the mirror, so its log could not be emptied: run it again later")
    done = found.cleared
    click.echo(f"HubSpot  {done.contacts} contacts cleared, {done.tasks} tasks archived. {HISTORY}")
    click.echo(f"backups  {report['backups']}")
    click.echo("later    nothing of the person comes in again until they apply anew")
    if found.kept or not found.purged:
        _show_left(app, found)


def _show_left(app: App, found: Forgotten) -> None:
    what = "HubSpot is not cleared" if found.purged else "the mirror is not purged"
    click.echo(f"not done: {what}. {found.why}".rstrip(), err=True)
    if app.settings.writes.enabled:
        click.echo("  The next run does it: warmline sync", err=True)
        return
    refs = [ref for ref in found.kept if ref.source not in (PERSON, OWN_TASK)]
    best = next((ref.remote_id for ref in refs if ref.source == HUBSPOT), None)
    who = best or next((f"{ref.source}:{ref.remote_id}" for ref in refs), "WHO")
    click.echo(f"  Run: WARMLINE_WRITES__ENABLED=true warmline forget {shlex.quote(who)} --yes", err=True)
