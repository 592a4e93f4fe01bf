"""`report`: figures and pictures of what the mirror holds. Writes nothing but the picture asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from sync.bootstrap import App, open_view
from sync.cli.app import Invocation
from sync.cli.output import show_json, show_table
from sync.core.explaining import rules_change_lines
from sync.core.wording import band_word, date_words
from sync.errors import EXIT_CONFIG, ConfigError, Problem
from sync.reports import channels as channel_views
from sync.reports import people as views
from sync.reports import service as service_views
from sync.reports.channels import channels_json, channels_report, channels_table
from sync.reports.chart import score_chart
from sync.reports.chart_channels import channels_chart
from sync.reports.chart_pool import pool_chart
from sync.reports.chart_service import service_chart
from sync.reports.drawing import save
from sync.reports.figures import Period
from sync.reports.oversight import audit_report
from sync.reports.pool import BANDS, Pool, pool, pool_report
from sync.reports.service import service_json, service_report
from sync.reports.service_table import Table, service_tables

SERVICE_DAYS, CHANNEL_DAYS = 90, 365  # how far back, where nothing else is asked


@click.group("report")
def report_command() -> None:
    """Figures and pictures for a team meeting.

    \b
    warmline report service
    warmline report channels
    warmline report score
    warmline report audit
    """


@report_command.command("score")
@click.option("--person", metavar="WHO", help="One person's score over time: person, contact or candidate id, e-mail.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Draw it into this .svg or .png file.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.pass_obj
def score_command(invocation: Invocation, person: str | None, out: Path | None, as_json: bool) -> None:
    """How the scores lie, who moved between bands by week, and what changed rules did. Or one person's score over time.

    \b
    warmline report score --out scores.png
    warmline report score --person p12 --out p12.svg
    """
    with open_view(App.start(invocation.config)) as view:
        if person is not None:
            _person(view, person, out, as_json=as_json)
            return
        found = pool(view)
        if out is not None:
            save(pool_chart(view, found), out)
        if as_json:
            show_json(pool_report(found))
        else:
            _show(view, found)
    if out is not None:
        click.echo(f"drawn: {out}", err=True)


def _person(view: views.View, who: str, out: Path | None, *, as_json: bool) -> None:
    found = views.find(view, who)
    if found is None or found.facts is None:
        click.echo("warmline: no person in the mirror has that id or address.", err=True)
        click.echo("  Look at `warmline calls` for person ids, or run `warmline sync` first.", err=True)
        sys.exit(EXIT_CONFIG)
    values = views.score_series(view, found.facts)
    if out is not None:
        save(score_chart(view, found.facts), out)
        click.echo(f"drawn: {out}", err=True)
    if as_json:
        days = [{"day": day.isoformat(), "score": value} for day, value in values]
        show_json({"person_id": found.report["person"]["id"], "days": days})
    else:
        weekly = values[::-7][::-1]
        rows = [(date_words(day, view.language), value, "█" * ((value or 0) // 4)) for day, value in weekly]
        show_table(("", "score", ""), rows)


def _show(view: views.View, found: Pool) -> None:
    rows = [(f"{lowest}–{lowest + 4 + (lowest == 95)}", number) for lowest, number in found.steps.items()]
    widest = max(1, *found.steps.values())
    show_table(("score", "people", ""), [(*row, "█" * round(30 * row[1] / widest)) for row in reversed(rows)])
    click.echo(f"\n{found.people} with a score, {found.unscored} without\n")
    head = ("week until", *(band_word(band, view.language) for band in BANDS), "rose", "fell")
    weeks = [
        (
            date_words(week.until, view.language),
            *(week.sizes[band] for band in BANDS),
            week.rose.total(),
            week.fell.total(),
        )
        for week in found.weeks
    ]
    show_table(head, weeks)
    if found.rules_change is not None:
        click.echo("")
        for line in rules_change_lines(found.rules_change, view.language):
            click.echo(line)


@report_command.command("audit")
@click.option("--days", type=click.IntRange(min=1), default=30, show_default=True, help="How far back.")
@click.option("--json", "as_json", is_flag=True, help="Print the lines, and the rules they name, as JSON.")
@click.pass_obj
def audit_command(invocation: Invocation, days: int, as_json: bool) -> None:
    """What was computed, decided and done, and by whom, under random names. One person's lines: `warmline export`.

    \b
    warmline report audit --days 7
    warmline report audit --days 365 --json > audit.json
    """
    with open_view(App.start(invocation.config)) as view:
        found = audit_report(view.db, view.now - timedelta(days=days))
    if as_json:
        show_json(found)
        return
    head = ("at", "subject", "event", "actor", "rules", "score", "band", "play", "outcome", "task")
    show_table(head, [[line[name] for name in head] for line in found["lines"]])


def _period_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a report on a period, with its pictures."""
    day, file = click.DateTime(["%Y-%m-%d"]), click.Path(dir_okay=False, path_type=Path)
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON."),
        click.option("--png", type=file, help="Draw it into this .png file, sharp enough to print."),
        click.option("--svg", type=file, help="Draw it into this .svg file."),
        click.option("--until", type=day, metavar="DAY", help="Last day, as 2026-11-22. Default: today."),
        click.option("--since", type=day, metavar="DAY", help="First day, as 2026-08-25."),
    ):
        command = option(command)
    return command


@report_command.command("service")
@click.option(
    "--by", type=click.Choice(service_views.BY), default="vacancy", show_default=True, help="What makes a group."
)
@_period_options
@click.pass_obj
def service_command(invocation: Invocation, /, by: str, as_json: bool, **asked: Any) -> None:
    """Which applicants heard in time, late and never, how long it took, and what became of promises. Of those who
    applied in the last 90 days, unless said otherwise. Groups under 5 people stay hidden.

    \b
    warmline report service --by team
    warmline report service --since 2026-07-01 --until 2026-09-30 --png service.png
    """
    with open_view(App.start(invocation.config)) as view:
        period = _period(view.today, asked["since"], asked["until"], SERVICE_DAYS)
        found = service_report(view, period, by)
        _draw(lambda: service_chart(found, view.language), asked["svg"], asked["png"])
        if as_json:
            show_json(service_json(found))
        else:
            _show_tables(service_tables(found, view.language))


@report_command.command("channels")
@click.option(
    "--by",
    type=click.Choice([one.replace("_", "-") for one in channel_views.BY]),
    default="origin",
    show_default=True,
    help="Where people came from: by the source, or the kind of their first or last touch before they applied.",
)
@_period_options
@click.pass_obj
def channels_command(invocation: Invocation, /, by: str, as_json: bool, **asked: Any) -> None:
    """From touch to application to hire, by where people came from. Of those who came in the last 365 days, unless said
    otherwise. Groups under 5 people stay hidden.

    \b
    warmline report channels
    warmline report channels --by first-touch --svg channels.svg
    """
    with open_view(App.start(invocation.config)) as view:
        period = _period(view.today, asked["since"], asked["until"], CHANNEL_DAYS)
        found = channels_report(view, period, by.replace("-", "_"))
        _draw(lambda: channels_chart(found, view.language), asked["svg"], asked["png"])
        if as_json:
            show_json(channels_json(found))
        else:
            _show_tables([channels_table(found, view.language)])


def _period(today: date, since: datetime | None, until: datetime | None, days: int) -> Period:
    """The days asked for. Raises ConfigError when they end before they begin."""
    last = until.date() if until else today
    first = since.date() if since else last - timedelta(days=days - 1)
    if first > last:
        problem = f"{first.isoformat()} lies after {last.isoformat()}."
        raise ConfigError([Problem("--since", problem, "Give a day before --until.")])
    return Period(first, last)


def _draw(chart: Callable[[], str], svg: Path | None, png: Path | None) -> None:
    """Draws the picture into the files asked for. Raises ConfigError for a name that ends otherwise."""
    for path, kind in ((svg, ".svg"), (png, ".png")):
        if path is None:
            continue
        if path.suffix.lower() != kind:
            problem = Problem(f"--{kind[1:]}", f"{path.name} does not end in {kind}.", f"Let the name end in {kind}.")
            raise ConfigError([problem])
        save(chart(), path)
        click.echo(f"drawn: {path}", err=True)


def _show_tables(tables: Sequence[Table]) -> None:
    for place, one in enumerate(tables):
        click.echo(("\n" if place else "") + one.about + "\n")
        if one.head:
            show_table(one.head, one.rows)
        for note in one.notes:
            click.echo(note)
