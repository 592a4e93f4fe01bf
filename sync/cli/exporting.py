"""`export`: everything held about one person, for that person."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from sync.bootstrap import App, open_view
from sync.cli.app import Invocation
from sync.cli.output import show_json
from sync.core.model import person_ref
from sync.errors import EXIT_CONFIG, ConfigError, Problem
from sync.private_file import write_private
from sync.reports.export import Export, export, page
from sync.reports.people import View
from sync.store.holdings import Subject, subjects


@click.command("export")
@click.argument("who")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write JSON and HTML into this folder. Default: here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the JSON instead of writing files.")
@click.option("--html", "as_html", is_flag=True, help="Print the HTML instead of writing files.")
@click.pass_obj
def export_command(invocation: Invocation, who: str, out: Path | None, as_json: bool, as_html: bool) -> None:
    """Everything held about one person: as JSON to take elsewhere, and as a page to read with the score explained.

    \b
    warmline export p12 --out /srv/requests
    warmline export 501 --json
    warmline export 501 --html > 501.html

    WHO: person id (p12), contact id, candidate id, or e-mail address; also of who is no person of warmline's. The
    files are readable by their owner only. Look before you send: a shared mailbox may hold somebody else.
    """
    if as_json and as_html:
        raise ConfigError([Problem("--json --html", "only one thing can be printed.", "Leave one out.")])
    with open_view(App.start(invocation.config)) as view:
        made = export(view, _one(view, who))
        html = page(view, made) if as_html or out is not None or not as_json else ""
    if out is not None or not (as_json or as_html):
        _write(out or Path(), made, html)
    if as_json:
        show_json(made.report)
    elif as_html:
        click.echo(html, nl=False)


def _one(view: View, who: str) -> Subject:
    """Who is meant; ends the command when that is nobody, or more than one."""
    found = subjects(view.db, who)
    if len(found) == 1:
        return found[0]
    if not found:
        click.echo("warmline: nobody in the mirror has that id or address.", err=True)
        click.echo("  Look at `warmline calls` for person ids, or run `warmline sync` first.", err=True)
    else:
        click.echo(f"warmline: {len(found)} people have that id or address; nothing was exported.", err=True)
        click.echo(f"  Ask for one of them: {', '.join(_name(one) for one in found)}.", err=True)
    sys.exit(EXIT_CONFIG)


def _name(subject: Subject) -> str:
    if subject.person_id is not None:
        return person_ref(subject.person_id)
    return f"{subject.refs[0].source}:{subject.refs[0].remote_id}"


def _write(folder: Path, made: Export, html: str) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for kind, content in (("json", json.dumps(made.report, ensure_ascii=False, indent=2) + "\n"), ("html", html)):
            path = folder / f"{made.name}.{kind}"
            write_private(path, content)
            click.echo(f"written: {path}", err=True)
    except OSError as error:
        problem = Problem("--out", f"{folder} cannot be written ({error.strerror}).", "Give a folder of yours.")
        raise ConfigError([problem]) from error
