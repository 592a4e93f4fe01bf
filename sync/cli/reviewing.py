"""`review`: pairs of records that may be the same person, and a person's ruling on them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.bootstrap import App
from sync.cli.app import Invocation
from sync.cli.output import show_json
from sync.core.model import HUBSPOT, RecordRef
from sync.errors import EXIT_CONFIG
from sync.reports import reviews as desk
from sync.store import links, reviews, work

if TYPE_CHECKING:
    from sync.store.db import Mirror
    from sync.store.reviews import Pair

_ACTIONS = ("accept", "reject", "refuse", "undo", "export", "import")


@click.command("review")
@click.argument("action", type=click.Choice(_ACTIONS), required=False)
@click.argument("candidate", required=False, metavar="[SOURCE:ID|FILE]")
@click.argument("contact", required=False, metavar="[CONTACT]")
@click.option("--by", default="ops", show_default=True, help="Who rules; kept with the ruling.")
@click.option("--json", "as_json", is_flag=True, help="Print the open reviews as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print the open reviews as CSV, to fill in and import.")
@click.pass_obj
def review_command(  # noqa: PLR0913 -- one parameter for each argument and option
    invocation: Invocation,
    action: str | None,
    candidate: str | None,
    contact: str | None,
    by: str,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Pairs that may be one person, side by side. A ruling holds for ever, unless it is undone.

    \b
    warmline review                         the open pairs
    warmline review accept ats:c17 501      they are the same person
    warmline review reject ats:c17 501      they are not, never ask again
    warmline review undo ats:c17 501        as if nobody ruled
    warmline review --csv > open.csv        the open pairs, for a spreadsheet
    warmline review import open.csv         the rulings filled in there
    warmline review export > rulings.csv    every ruling, ids only, for another mirror
    """
    app = App.start(invocation.config)
    if action is None or action == "export":
        _show(app, "export" if action else "csv" if as_csv else "json" if as_json else "")
    elif action == "import":
        _import(app, candidate, by)
    else:
        pair = desk.to_pair(candidate or "", contact or "")
        if pair is None:
            raise click.UsageError(f"name the pair: warmline review {action} SOURCE:ID CONTACT")
        app.read_mirror().close()  # a ruling is about records that are there: no mirror is made for it
        _rule(app, action, pair, by)


def _show(app: App, form: str) -> None:
    db = app.read_mirror()
    try:
        if form == "export":
            click.echo(desk.rulings_csv(db), nl=False)
        elif form == "csv":
            click.echo(desk.open_csv(db), nl=False)
        elif form == "json":
            show_json({"reviews": desk.review_list(db)})
        else:
            _show_pairs(desk.review_list(db))
    finally:
        db.close()


def _show_pairs(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        click.echo(f"{row['candidate_id']} and contact {row['contact_id']}: {row['rule']}, since {row['since'][:10]}")
        for label, side in (("candidate", row["candidate"]), ("contact", row["contact"])):
            shown = [side["name"], *side["emails"], *side["phones"]]
            also = [f"linked to {', '.join(side['linked_to'])}"] if side["linked_to"] else []
            click.echo(f"  {label:<10}{'  '.join(one for one in (*shown, *also) if one)}")
        click.echo(f"  {'evidence':<10}{', '.join(f'{name} {word}' for name, word in row['evidence'].items())}\n")
    click.echo(f"{len(rows)} open. Rule with: warmline review accept|reject SOURCE:ID CONTACT")


def _rule(app: App, action: str, pair: Pair, by: str) -> None:
    candidate, contact_id = pair
    names = f"{desk.record_id(candidate)} and contact {contact_id}"
    db = app.open_mirror()
    try:
        with db.write():
            problem = _undo(app, db, pair) if action == "undo" else _keep(app, db, pair, action == "accept", by)
        also = [] if problem else _others(db, pair)
    finally:
        db.close()
    if problem:
        click.echo(f"warmline: {names}: {problem}", err=True)
        sys.exit(EXIT_CONFIG)
    if action == "undo":
        click.echo(f"{names}: nobody ruled any more; the next sync follows it.")
    elif action == "accept":
        click.echo(f"{names}: accepted; the next sync follows it.")
        for line in also:
            click.echo(line)
    else:
        click.echo(f"{names}: refused for ever; the next sync follows it.")


def _keep(app: App, db: Mirror, pair: Pair, accepted: bool, by: str) -> str:
    """Why the ruling could not be kept; '' when it was."""
    now = app.clock.now()
    if not desk.is_known(db, pair):
        return "one of them is not in the mirror. See `warmline review`."
    if before := reviews.keep_ruling(db, pair, accepted=accepted, by=by, now=now):
        return f"{before.state} by {before.made_by} already. To rule anew: `warmline review undo` first."
    work.enqueue(db, "reconcile", [pair[0], RecordRef(HUBSPOT, pair[1])], now)
    return ""


def _undo(app: App, db: Mirror, pair: Pair) -> str:
    if not reviews.withdraw_ruling(db, pair, app.clock.now()):
        return "nobody ruled on them. See `warmline review export`."
    work.enqueue(db, "reconcile", [pair[0], RecordRef(HUBSPOT, pair[1])], app.clock.now())
    return ""


def _others(db: Mirror, pair: Pair) -> list[str]:
    """What else becomes one person by an accepted ruling."""
    candidate, contact = pair[0], RecordRef(HUBSPOT, pair[1])
    people = links.links_of(db, [candidate, contact])
    records = links.records_of(db, {person_id for person_id, _ in people.values()})
    others = sorted({ref for those in records.values() for ref, _ in those} - {candidate, contact})
    return [
        f"{desk.record_id(ref)} is one person with them too; if that is wrong, reject the pair it stands in."
        for ref in others
    ]


def _import(app: App, name: str | None, by: str) -> None:
    if not name or not Path(name).is_file():
        raise click.UsageError("name the file: warmline review import FILE")
    told = desk.read_rulings(Path(name).read_text(encoding="utf-8-sig"))
    db = app.open_mirror()
    try:
        with db.write():
            kept, contrary = desk.import_rulings(db, told, by, app.clock.now())
    finally:
        db.close()
    click.echo(f"{kept} rulings kept, {len(told) - kept - len(contrary)} known already; the next sync follows them.")
    for pair in contrary:
        click.echo(
            f"warmline: {desk.record_id(pair[0])} and contact {pair[1]} were ruled on otherwise; "
            "that stands until `warmline review undo`.",
            err=True,
        )
    if contrary:
        sys.exit(EXIT_CONFIG)
