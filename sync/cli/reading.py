"""`explain` and `status`: read the mirror, write nothing."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import click

from sync.bootstrap import App, drift_of, open_view
from sync.cli.app import Invocation
from sync.cli.output import show_json, show_table
from sync.core.explaining import head as point_head
from sync.core.explaining import point_rows
from sync.core.model import HUBSPOT, Band
from sync.core.wording import band_word
from sync.errors import EXIT_COMPLETE, EXIT_CONFIG, EXIT_FATAL, EXIT_INCOMPLETE
from sync.private_file import write_private
from sync.reports import people as views
from sync.reports.chart import score_chart
from sync.reports.health import Moment, health_report
from sync.reports.status import status_report


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
            write_private(svg, score_chart(view, found.facts))
        if as_json:
            show_json({key: report[key] for key in views.FIXED_KEYS})
        else:
            _show_person(view, found)


def _show_person(view: views.View, found: views.Found) -> None:
    report = found.report
    score = "" if report["score"] is None else f" {report['score']}"
    person, band = report["person"], band_word(Band(report["band"]), view.language)
    click.echo(f"{person['id'] or '-'}  {person['name'] or ''}  {band}{score}")
    show_table(
        ("record", "id", "link"), [(one["source"], one["remote_id"], _link(one, found)) for one in report["links"]]
    )
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
    for line in _consent_lines(report):
        click.echo(line)
    for task in report["tasks"]:
        state = "open" if task["open"] else "closed"
        click.echo(f"task {task['task_id'] or '(on its way)'}  {task['play']}  {state}  {task['made_at'][:10]}")
    for conflict in report["conflicts"]:
        what = f"{conflict['property']} of contact {conflict['contact_id']}"
        click.echo(f"conflict: a person changed {what}; {conflict['next']}")


def _consent_lines(report: dict[str, Any]) -> list[str]:
    """How each purpose and channel stands and by which records; until when the person is kept."""
    lines = []
    for one in report["consent"]:
        until = f" until {one['until'][:10]}" if one["until"] else ""
        rows = "; ".join(_record_line(row) for row in one["records"])
        lines.append(f"consent: {one['purpose']} {one['channel']} {one['standing']}{until} ({rows})")
    if report["ground"]:
        lines.append(f"ground of a call: {report['ground']}")
    if report["retention"]:
        lines.append(f"kept until {report['retention']['ends_at'][:10]}: {report['retention']['because']}")
    return lines


def _record_line(row: dict[str, Any]) -> str:
    when = f" of {row['at'][:10]}" if row["at"] else f" seen {row['seen_at'][:10]}"
    text = f", {row['text_version']}" if row["text_version"] else ""
    return f"{row['source']}:{row['remote_id']} {row['field']}{when}{text}"


def _link(link: dict[str, Any], found: views.Found) -> str:
    """How a record was linked; of several contacts, which one is written to."""
    facts = found.facts
    if facts is None or facts.contact is None or sum(ref.source == HUBSPOT for ref, _ in facts.links) < 2:
        return str(link["rule"])
    is_written = (link["source"], link["remote_id"]) == (HUBSPOT, facts.contact.remote_id)
    return f"{link['rule']}, written to" if is_written else str(link["rule"])


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print the status as JSON.")
@click.option("--healthy", is_flag=True, help="Only say whether all is well; exit code 1 when not. For health checks.")
@click.option("--alert", is_flag=True, help="Look for what fell silent and tell alerts.urls, each once; exit code 1.")
@click.option(
    "--metrics",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the metrics for Prometheus into this file.",
)
@click.pass_obj
def status_command(invocation: Invocation, as_json: bool, healthy: bool, alert: bool, metrics: Path | None) -> None:
    """What the last run did, what waits, and what went wrong. Exit code 3 when the last run was incomplete.

    Healthy: a complete run within schedule.healthy_minutes, no run that shows no life, no schedule that does not run.

    
    warmline status --alert                     from cron, where `warmline run` and `warmline web` do not look
    warmline status --metrics warmline.prom     for node_exporter's textfile collector
    """
    app = App.start(invocation.config)
    if alert:
        _alert(app, as_json)
    if metrics is not None:
        _write_metrics(app, metrics)
        return
    limit = timedelta(minutes=app.settings.schedule.healthy_minutes)
    at = Moment(app.clock.now(), app.clock.real_time())
    db = app.read_mirror()
    try:
        health = health_report(db, app.settings.cadence, limit, at)
        report = {} if healthy else {**status_report(db), "drift": [str(one) for one in drift_of(app, db)]}
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


def _alert(app: App, as_json: bool) -> NoReturn:
    from sync.bootstrap.watchdog import look

    found = look(app)
    if as_json:
        show_json({"incidents": [{"name": name, "sentence": sentence} for name, sentence in found.items()]})
    else:
        click.echo("\n".join(found.values()) or "all is well")
    sys.exit(EXIT_FATAL if found else EXIT_COMPLETE)


def _write_metrics(app: App, file: Path) -> None:
    from sync.bootstrap.booking import write_metrics_file

    db = app.read_mirror()
    try:
        write_metrics_file(app, db, file)
    except OSError as error:
        click.echo(f"warmline: {file} cannot be written ({error.strerror}).", err=True)
        click.echo("  Give a file in a folder that may be written to.", err=True)
        sys.exit(EXIT_CONFIG)
    finally:
        db.close()


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
    if report["notifications"]["failed"] or report["notifications"]["uncertain"]:
        told = ", ".join(f"{number} {word}" for word, number in report["notifications"].items())
        click.echo(f"messages   {told}: warmline doctor")
    for moved in report["drift"]:
        click.echo(f"drift      {moved}: warmline report score")
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
