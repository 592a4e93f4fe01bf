"""`calls`, `explain` and `status`: read the mirror, write nothing."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import click

from config.segments import segments_of
from sync.bootstrap import App, open_view
from sync.cli.app import Invocation
from sync.cli.output import show_json, show_table
from sync.core.explaining import head as point_head
from sync.core.explaining import point_rows
from sync.core.model import Band, Refusal
from sync.core.segments import Relationship, Segment, relationship_word
from sync.core.wording import band_word, refusal_words
from sync.errors import EXIT_COMPLETE, EXIT_CONFIG, EXIT_FATAL, EXIT_INCOMPLETE, ConfigError, Problem
from sync.reports import people as views
from sync.reports.chart import score_chart
from sync.reports.health import Moment, health_report
from sync.reports.status import status_report


@click.command("calls")
@click.option("--owner", metavar="E-MAIL", help="Only this recruiter's people (e-mail or HubSpot owner id).")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N. Default: 25 in the table, all in JSON.")
@click.option("--segment", metavar="NAME", help="Only this target group, ranked inside each relationship.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_obj
def calls_command(
    invocation: Invocation, owner: str | None, limit: int | None, segment: str | None, as_json: bool
) -> None:
    """Whom to call first, and why, as of now. Nobody is left out for a low score.

    \b
    warmline calls --owner kim@example.org
    warmline calls --limit 50
    warmline calls --segment never_applied
    """
    app = App.start(invocation.config)
    meant = _segment(app, segment) if segment is not None else None
    with open_view(app) as view:
        entries = views.call_list(view, owner=owner, limit=limit, segment=meant)
    if as_json:
        show_json({"people": entries})
        return
    show_calls(entries[: limit or 25], view.language)
    if len(entries) > (limit or 25):
        click.echo(f"   +{len(entries) - (limit or 25)}: warmline calls --limit {len(entries)}")


def _segment(app: App, name: str) -> Segment:
    known = segments_of(app.settings.segments)
    if name.lower() not in known:
        fix = f"Known: {', '.join(sorted(known))}. Add a table [segments.{name}] to warmline.toml for another."
        raise ConfigError([Problem("--segment", f"there is no segment {name}.", fix)])
    return known[name.lower()]


def show_calls(entries: list[dict[str, Any]], language: str) -> None:
    """The call list as people read it: rank, band and score, name, best reasons; who may not be called with the
    cause."""
    rows = [
        (
            entry["rank"],
            f"{band_word(Band(entry['band']), language)} {entry['score']}",
            entry["name"],
            entry["owner"],
            _cell(entry, language),
            *([relationship_word(Relationship(entry["relationship"]), language)] if "relationship" in entry else []),
        )
        for entry in entries
    ]
    head = ("", "score", "name", "recruiter", "why")
    show_table((*head, "relationship") if rows and len(rows[0]) > len(head) else head, rows)
    causes = Counter(entry["refused_because"] for entry in entries if not entry["call_allowed"])
    if causes:
        told = ", ".join(
            f"{number} {refusal_words(Refusal(cause), language)}" for cause, number in causes.most_common()
        )
        click.echo(f"{'NIET BELLEN' if language == 'nl' else 'DO NOT CALL'} {causes.total()}: {told}")


def _cell(entry: dict[str, Any], language: str) -> str:
    if not entry["call_allowed"]:
        return f"({refusal_words(Refusal(entry['refused_because']), language)})"
    return "; ".join(entry["why"][:2])


@click.command("explain")
@click.argument("who")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option(
    "--svg", type=click.Path(dir_okay=False, path_type=Path), help="Also draw the score over time into this file."
)
@click.pass_obj
def explain_command(invocation: Invocation, who: str, as_json: bool, svg: Path | None) -> None:
    """Why a person has this score. WHO: person id (p12), contact id, candidate id, or e-mail address.

    \b
    warmline explain p12
    warmline explain 501 --svg score.svg
    """
    with open_view(App.start(invocation.config)) as view:
        found = views.find(view, who)
        if found is None:
            click.echo("warmline: nobody in the mirror has that id or address.", err=True)
            click.echo("  Look at `warmline calls` for person ids, or run `warmline sync` first.", err=True)
            sys.exit(EXIT_CONFIG)
        report = found.report
        if svg is not None and found.facts is not None:
            svg.write_text(score_chart(view, found.facts), encoding="utf-8")
        if as_json:
            show_json(report)
        else:
            _show_person(view, found)


def _show_person(view: views.View, found: views.Found) -> None:
    report = found.report
    score = "" if report["score"] is None else f" {report['score']}"
    person, band = report["person"], band_word(Band(report["band"]), view.language)
    click.echo(f"{person['id'] or '-'}  {person['name'] or ''}  {band}{score}")
    show_table(("record", "id", "link"), [(one["source"], one["remote_id"], one["rule"]) for one in report["links"]])
    if found.facts is not None and found.score is not None and found.score.points:
        click.echo("")
        show_table(point_head(view.language), point_rows(found.score, view.policy.score, view.language))
        for line in views.explanation(view, found.facts, found.score):
            click.echo(line)
    for line in views.unweighed(view, found.facts) if found.facts is not None else ():
        click.echo(line)
    for one in report["refusals"]:
        until = f" (until {one['until'][:10]})" if one["until"] else ""
        click.echo(f"no: {one['words']}{until}")
    for task in report["tasks"]:
        state = "open" if task["open"] else "closed"
        click.echo(f"task {task['task_id'] or '(on its way)'}  {task['play']}  {state}  {task['made_at'][:10]}")
    for conflict in report["conflicts"]:
        what = f"{conflict['property']} of contact {conflict['contact_id']}"
        click.echo(f"conflict: a person changed {what}; {conflict['next']}")


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print the status as JSON.")
@click.option("--healthy", is_flag=True, help="Only say whether all is well; exit code 1 when not. For health checks.")
@click.pass_obj
def status_command(invocation: Invocation, as_json: bool, healthy: bool) -> None:
    """What the last run did, what waits, and what went wrong. Exit code 3 when the last run was incomplete.

    Healthy: a complete run within schedule.healthy_minutes, no run that shows no life, no schedule that does not run.
    """
    app = App.start(invocation.config)
    limit = timedelta(minutes=app.settings.schedule.healthy_minutes)
    at = Moment(app.clock.now(), app.clock.real_time())
    db = app.read_mirror()
    try:
        health = health_report(db, app.settings.cadence, limit, at)
        report = {} if healthy else status_report(db)
    finally:
        db.close()
    if healthy:
        _show_health(health, as_json)
    report["health"] = health
    if as_json:
        show_json(report)
    else:
        _show_status(report)
    last = report["last_run"]
    sys.exit(EXIT_INCOMPLETE if last is not None and last["complete"] is False else EXIT_COMPLETE)


def _show_health(health: dict[str, Any], as_json: bool) -> NoReturn:
    if as_json:
        show_json(health)
    else:
        click.echo("healthy" if health["healthy"] else "NOT HEALTHY: " + "; ".join(health["reasons"]))
    sys.exit(EXIT_COMPLETE if health["healthy"] else EXIT_FATAL)


def _show_status(report: dict[str, Any]) -> None:
    last = report["last_run"]
    if last is None:
        click.echo("no run yet: warmline sync")
    else:
        word = {True: "complete", False: "INCOMPLETE", None: "not finished"}[last["complete"]]
        click.echo(f"last run   {last['command']} {last['started_at']}  {word}  {last['reason']}".rstrip())
    for reason in report["health"]["reasons"]:
        click.echo(f"health     {reason}")
    people = report["people"]
    click.echo(
        f"people     {people['candidates']} candidates, {people['contacts']} contacts, "
        f"{people['linked']} linked, {people['review']} to review"
    )
    click.echo(
        "bands      " + (", ".join(f"{band} {number}" for band, number in report["bands"].items()) or "none yet")
    )
    click.echo(
        "outbox     " + (", ".join(f"{state} {number}" for state, number in report["outbox"].items()) or "empty")
    )
    if report["attendance"]["lines"]:
        click.echo("sheets     " + ", ".join(f"{number} {word}" for word, number in report["attendance"].items()))
    for name in ("conflicts", "failures"):
        click.echo(f"{name:<10} {report[name]}" + (f": warmline {name}" if report[name] else ""))
    if report["quarantine"]:
        click.echo("quarantine")
        show_table(
            ("stream", "record", "field", "reason"), [tuple(row.values())[:4] for row in report["quarantine"][:20]]
        )
    if report["unweighed"]:
        told = ", ".join(f"{count} {what}" for what, count in report["unweighed"].items())
        click.echo(f"weighs nothing: {told}")
    if report["streams"]:
        show_table(
            ("stream", "fetched", "stored", "error"),
            [(name, one["fetched"], one["stored"], one["error"]) for name, one in report["streams"].items()],
        )
