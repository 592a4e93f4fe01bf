"""`report`: figures and pictures of what the mirror holds. Writes nothing but the picture asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sync.bootstrap import App, open_view
from sync.cli.app import Invocation
from sync.cli.output import show_json, show_table
from sync.core.explaining import rules_change_lines
from sync.core.wording import band_word, date_words
from sync.errors import EXIT_CONFIG
from sync.reports import people as views
from sync.reports.chart import score_chart
from sync.reports.chart_pool import pool_chart
from sync.reports.drawing import save
from sync.reports.pool import BANDS, Pool, pool, pool_report


@click.group("report")
def report_command() -> None:
    """Figures and pictures for a team meeting.

    \b
    warmline report score
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
