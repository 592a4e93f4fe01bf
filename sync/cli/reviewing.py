"""`review`: pairs of records that may be the same person, and a person's ruling on them."""

from __future__ import annotations

import sys

import click

from sync.bootstrap import App
from sync.cli.app import Invocation
from sync.cli.output import show_json, show_table
from sync.core.model import HUBSPOT, RecordRef
from sync.errors import EXIT_CONFIG
from sync.store import reviews, work
from sync.store.db import Mirror
from sync.store.times import to_text


@click.command("review")
@click.argument("ruling", type=click.Choice(["accept", "refuse"]), required=False)
@click.argument("candidate", required=False, metavar="[SOURCE:ID]")
@click.argument("contact", required=False, metavar="[CONTACT]")
@click.option("--by", default="ops", show_default=True, help="Who rules; kept with the ruling.")
@click.option("--json", "as_json", is_flag=True, help="Print the open reviews as JSON.")
@click.pass_obj
def review_command(
    invocation: Invocation, ruling: str | None, candidate: str | None, contact: str | None, by: str, as_json: bool
) -> None:
    """Pairs that may be one person, and what speaks for and against it. A ruling holds for ever.

    \b
    warmline review                         the open pairs
    warmline review accept ats:c17 501      they are the same person
    warmline review refuse ats:c17 501      they are not, never ask again
    """
    app = App.start(invocation.config)
    if ruling is None:
        db = app.read_mirror()
        try:
            _show(db, as_json=as_json)
        finally:
            db.close()
        return
    source, _, remote_id = (candidate or "").partition(":")
    if not remote_id or not contact:
        raise click.UsageError("name the pair: warmline review accept SOURCE:ID CONTACT")
    app.read_mirror().close()  # a ruling is about reviews that are there: no mirror is made for it
    db = app.open_mirror()
    try:
        done = _rule(app, db, RecordRef(source, remote_id), contact, (ruling, by))
    finally:
        db.close()
    if not done:
        click.echo("warmline: there is no such open review. See `warmline review`.", err=True)
        sys.exit(EXIT_CONFIG)
    click.echo(
        f"{candidate} and contact {contact}: {ruling}ed; the next sync follows it."
        if ruling == "accept"
        else f"{candidate} and contact {contact}: refused for ever."
    )


def _rule(app: App, db: Mirror, candidate: RecordRef, contact_id: str, ruling: tuple[str, str]) -> bool:
    word, by = ruling
    now = app.clock.now()
    state = "accepted" if word == "accept" else "refused"
    with db.write():
        done = reviews.rule_review(db, candidate, contact_id, state=state, by=by, now=now)
        if done:
            work.enqueue(db, "reconcile", [candidate, RecordRef(HUBSPOT, contact_id)], now)
    return done


def _show(db: Mirror, *, as_json: bool) -> None:
    rows = [
        {
            "candidate_id": f"{one.review.candidate.source}:{one.review.candidate.remote_id}",
            "contact_id": one.review.contact_id,
            "rule": one.review.rule,
            "evidence": dict(one.review.evidence),
            "since": to_text(one.at),
        }
        for one in reviews.list_reviews(db, "open")
    ]
    if as_json:
        show_json({"reviews": rows})
        return
    evidence = [", ".join(f"{name} {word}" for name, word in row["evidence"].items()) for row in rows]  # type: ignore[attr-defined]
    show_table(
        ("candidate", "contact", "rule", "evidence"),
        [
            (row["candidate_id"], row["contact_id"], row["rule"], words)
            for row, words in zip(rows, evidence, strict=True)
        ],
    )
    click.echo(f"{len(rows)} open. Rule with: warmline review accept|refuse SOURCE:ID CONTACT")
