"""`backup`: a copy of the mirror that can be put back."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from sync.bootstrap import App
from sync.cli.app import Invocation
from sync.cli.output import show_json
from sync.errors import EXIT_CONFIG
from sync.store.backup import Backup, back_up
from sync.store.times import optional_text, to_text

MEGABYTE = 1_000_000


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
@click.pass_obj
def backup_command(invocation: Invocation, file: Path, force: bool, as_json: bool) -> None:
    """Copy the mirror to FILE, also while a worker runs, and check the copy.

    \b
    warmline backup /backup/warmline-monday.db
    warmline backup --force /backup/warmline.db   replace the one of yesterday

    FILE holds what the mirror holds about people: keep it as safe, and no longer than needed.
    """
    app = App.start(invocation.config)
    mirror = app.settings.mirror.path
    if file.resolve() == mirror.resolve():
        _refuse(f"{file} is the mirror itself.", "Give another file.")
    if file.exists() and not force:
        _refuse(f"{file} is there already.", f"Give another file, or run `warmline backup --force {file}`.")
    made = back_up(mirror, file, key=app.settings.mirror.read_key())
    now = app.clock.now()
    if as_json:
        show_json(
            {
                "file": str(made.path),
                "bytes": made.size,
                "made_at": to_text(now),
                "last_complete_at": optional_text(made.last_complete_at),
            }
        )
    else:
        click.echo(f"{made.path}: {made.size / MEGABYTE:.1f} MB, checked. {_age(made, now)}")


def _refuse(sentence: str, fix: str) -> None:
    click.echo(f"warmline: {sentence}", err=True)
    click.echo(f"  {fix}", err=True)
    sys.exit(EXIT_CONFIG)


def _age(made: Backup, now: datetime) -> str:
    if made.last_complete_at is None:
        return "No complete run is in it yet."
    minutes = max(0, (now - made.last_complete_at) // timedelta(minutes=1))
    return f"Its last complete run began {minutes} minutes ago."
