"""`conflicts`, `failures` and `retry`: what stands in the way of a write, and a person's word on it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from sync.bootstrap import App
from sync.cli.app import Invocation
from sync.cli.output import show_json, show_table
from sync.errors import EXIT_CONFIG
from sync.reports.mending import conflict_list, conflict_report, failure_report
from sync.store import failures
from sync.store.conflicts import Ruling, StoredConflict
from sync.store.db import Mirror
from sync.store.outbox import OutboxRow
from sync.store.rulings import take

SHORT = 12
WIDE = 40


@click.command("conflicts")
@click.argument("contact", required=False, metavar="[CONTACT]")
@click.argument("name", required=False, metavar="[PROPERTY]")
@click.option("--take", "side", type=click.Choice(["ours", "theirs"]), help="Decide: warmline's value, or theirs.")
@click.option("--all", "everything", is_flag=True, help="With --take: decide every open conflict.")
@click.option("--json", "as_json", is_flag=True, help="Print the conflicts as JSON.")
@click.pass_obj
def conflicts_command(  # noqa: PLR0913 -- one a flag
    invocation: Invocation, contact: str | None, name: str | None, side: str | None, everything: bool, as_json: bool
) -> None:
    """Properties where a person's edit stands in HubSpot: both values, who set theirs, and when. CONTACT: contact id
    or person id (p12).

    \b
    warmline conflicts                                   what is open
    warmline conflicts --take theirs 501 warmline_why    theirs stays; warmline leaves the property alone
    warmline conflicts --take ours 501                   the next sync writes warmline's values over theirs
    warmline conflicts --take theirs --all               the same for every open conflict
    """
    if everything and (side is None or contact is not None):
        raise click.UsageError("--all goes with --take and without a contact: warmline conflicts --take theirs --all")
    if side is not None and contact is None and not everything:
        raise click.UsageError(f"say which: warmline conflicts --take {side} CONTACT [PROPERTY], or --all")
    app = App.start(invocation.config)
    with _reading(app) as db:
        found = conflict_list(db, contact, name)
    if side is None:
        _show_conflicts(found, as_json)
        return
    chosen = [one for one in found if one.ruling is Ruling.OPEN] if everything else found
    if not chosen and not everything:
        _refuse("there is no such conflict. See `warmline conflicts`.")
    with _writing(app) as db:
        taken = take(db, chosen, Ruling(side), app.clock.now())
    _show_taken(taken, as_json)


def _show_conflicts(found: Sequence[StoredConflict], as_json: bool) -> None:
    told = [conflict_report(one) for one in found]
    waiting = [one for one in told if one["state"] == Ruling.OPEN.value]
    taken = [one for one in told if one["state"] != Ruling.OPEN.value]
    if as_json:
        show_json({"conflicts": waiting, "taken": taken})
        return
    _table(waiting, (), ())
    if waiting:
        click.echo(f"{len(waiting)} open. Decide with: warmline conflicts --take ours|theirs CONTACT [PROPERTY]")
        click.echo("ours: the next sync writes warmline's value. theirs: warmline leaves the property alone.")
    else:
        click.echo("0 open.")
    if taken:
        click.echo("")
        _table(taken, ("taken", "what comes next"), ("state", "next"))


def _table(told: Sequence[dict[str, Any]], head: Sequence[str], keys: Sequence[str]) -> None:
    columns = ("contact", "person", "property", "warmline wants", "in HubSpot", "set by", "since (UTC)", *head)
    rows = [
        (
            one["contact_id"],
            one["person_id"],
            one["property"],
            _cut(one["ours"]),
            _cut(one["theirs"]),
            _who(one),
            (one["since"] or "unknown")[:16].replace("T", " "),
            *(one[key] for key in keys),
        )
        for one in told
    ]
    if rows:
        show_table(columns, rows)


def _who(one: dict[str, Any]) -> str:
    user = f"user {one['user_id']}" if one["user_id"] else ""
    return " ".join(part for part in (one["source"] or "unknown", user) if part)


def _cut(value: str) -> str:
    text = "".join(char if char.isprintable() else " " for char in " ".join(value.split()))
    return (text if len(text) <= WIDE else text[: WIDE - 1] + "…") or "(empty)"


def _show_taken(taken: Sequence[StoredConflict], as_json: bool) -> None:
    told = [conflict_report(one) for one in taken]
    if as_json:
        show_json({"taken": told})
        return
    for one in told:
        click.echo(f"contact {one['contact_id']} {one['property']}: taken {one['state']}; {one['next']}")
    if not told:
        click.echo("0 open: nothing to decide.")


@click.command("failures")
@click.option("--json", "as_json", is_flag=True, help="Print the failures as JSON.")
@click.pass_obj
def failures_command(invocation: Invocation, as_json: bool) -> None:
    """Writes that HubSpot refused for good, with its reason; and writes that have waited for long.

    \b
    warmline failures
    warmline retry --all     after the cause is gone
    """
    app = App.start(invocation.config)
    with _reading(app) as db:
        dead = [failure_report(row) for row in failures.list_dead(db)]
        waiting = [failure_report(row) for row in failures.list_stubborn(db, app.clock.now())]
    if as_json:
        show_json({"failures": dead, "waiting": waiting})
        return
    if dead:
        _show_rows(dead)
        click.echo(f"{len(dead)} refused. Mend the cause, then: warmline retry --key KEY, or warmline retry --all")
    else:
        click.echo("0 refused.")
    if waiting:
        click.echo("")
        _show_rows(waiting)
        click.echo(f"{len(waiting)} wait for long; each is tried or looked up again by itself.")


def _show_rows(told: Sequence[dict[str, Any]]) -> None:
    head = ("key", "kind", "contact", "person", "play", "reason", "tries", "since (UTC)", "next try")
    rows = [
        (
            one["key"][:SHORT],
            one["kind"],
            one["contact_id"],
            one["person_id"],
            one["play"],
            one["reason"] or "no answer",
            one["attempts"],
            one["since"][:16].replace("T", " "),
            (one["next_at"] or "")[:16].replace("T", " "),
        )
        for one in told
    ]
    show_table(head, rows)


@click.command("retry")
@click.option("--key", metavar="KEY", help="One write, by its key; the first characters will do.")
@click.option("--all", "everything", is_flag=True, help="Every write that was refused or put off.")
@click.option("--json", "as_json", is_flag=True, help="Print what goes again as JSON.")
@click.pass_obj
def retry_command(invocation: Invocation, key: str | None, everything: bool, as_json: bool) -> None:
    """Let writes that failed go again at the next sync; planned anew, compared and looked up as always.

    \b
    warmline retry --key 3f9a01c2d4e5
    warmline retry --all
    """
    if (key is None) is not everything:
        raise click.UsageError("name one write with --key KEY, or all of them with --all")
    app = App.start(invocation.config)
    with _reading(app) as db:
        rows = failures.find(db, key or "")
    if key is not None:
        _require_one(rows)
    with _writing(app) as db:
        done = failures.retry(db, rows, app.clock.now())
    if as_json:
        show_json({"retried": list(done.again), "replaced": list(done.replaced)})
        return
    click.echo(f"{_writes(len(done.again))} again at the next sync." if done.again else "0 writes to retry.")
    if done.replaced:
        click.echo(f"{len(done.replaced)} gave way to a newer write.")


def _writes(number: int) -> str:
    return "1 write goes" if number == 1 else f"{number} writes go"


def _require_one(rows: Sequence[OutboxRow]) -> None:
    if not rows:
        _refuse("there is no failed write with that key. See `warmline failures`.")
    if len(rows) > 1:
        _refuse(f"{len(rows)} failed writes have a key that begins so. Give more of it.")


def _refuse(sentence: str) -> NoReturn:
    click.echo(f"warmline: {sentence}", err=True)
    sys.exit(EXIT_CONFIG)


@contextmanager
def _reading(app: App) -> Iterator[Mirror]:
    db = app.read_mirror()
    try:
        yield db
    finally:
        db.close()


@contextmanager
def _writing(app: App) -> Iterator[Mirror]:
    db = app.open_mirror()
    try:
        with db.write():
            yield db
    finally:
        db.close()
