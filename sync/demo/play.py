"""The demo: the whole job on invented people, everything on this machine, told in at most 25 lines."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sync.bootstrap import App, examine, open_session, open_view, property_specs
from sync.core.call_words import barred, listed
from sync.core.model import OutboxState
from sync.core.wording import kind_word
from sync.demo.words import WORDS, Words
from sync.doctor import FIX, OK
from sync.reports import people as views
from sync.reports.calls import call_report, calls_now, say_now
from sync.reports.chart import score_chart
from sync.reports.runs import outcome_report
from sync.stages.provision import provision
from sync.store import outbox

if TYPE_CHECKING:
    from sandbox.server import RunningSandbox
    from sandbox.world import World

SHOWN = 8
LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the demo plays: the folder it writes to, its language, the sandbox and its world."""

    folder: Path
    words: Words
    sandbox: RunningSandbox
    world: World
    ats: str

    @property
    def settings(self) -> Path:
        """The settings file; it stays, so that `warmline explain` works afterwards."""
        return self.folder / "warmline.toml"

    def source(self) -> str:
        """The ATS half of the settings: the same people served by a vendor, or as files."""
        if self.ats == "filedrop":
            return f'kind = "filedrop"\npath = "{self.folder.resolve() / "ats"}"'
        vendor = {"kind": self.ats, **self.sandbox.ats_settings(self.ats)}
        opendag = {"kind": "filedrop", "path": str(self.folder.resolve() / "opendag")}
        tables = ["\n".join(f'{key} = "{value}"' for key, value in one.items()) for one in (vendor, opendag)]
        return "\n[sources.opendag]\n".join(tables)

    def app(self) -> App:
        """The parts as any command would start them."""
        return App.start(self.settings)


def run_demo(folder: Path, language: str, now: str, *, ats: str = "recruitee") -> None:
    """Play the demo into `folder` (made anew). `now`: the moment everything happens, ISO with zone. `ats`: the kind of
    the source."""
    from sandbox.filedrop_export import export
    from sandbox.server import start
    from sandbox.world import build, portal

    words = WORDS[language]
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "ats").mkdir(parents=True)
    world = build(now)
    moment = datetime.fromisoformat(now)
    (folder / "opendag").mkdir()
    for file in export(world, folder / "ats", style="csv-nl"):
        if file.name.startswith("attendance"):
            shutil.copy(file, folder / "opendag")
    with start(portal(world)) as sandbox:
        stage = Stage(folder, words, sandbox, world, ats)
        _write_settings(stage, language, moment)
        click.echo(words.title.format(moment=words.moment(moment.astimezone(stage.app().settings.team.zone))))
        _doctor(stage)
        _agree_on_a_call(stage, moment.astimezone(stage.app().settings.team.zone))
        _plan(stage)
        _sync(stage, words.first_sync)
        sandbox.state.clock.advance(600)
        _write_settings(stage, language, moment + timedelta(minutes=10))
        _sync(stage, words.second_sync)
    _show_calls(stage)


def _agree_on_a_call(stage: Stage, now: datetime) -> None:
    """A recruiter noted in HubSpot when somebody is to be called back: this afternoon."""
    world = stage.world
    person = next(
        one.person
        for one in world.applications
        if one.vacancy.recruiter_email == world.recruiters[0].email
        and one.person.in_hubspot
        and world.segments[one.person.key].startswith("moderate")
    )
    at = now.replace(hour=14, minute=30)
    stage.sandbox.state.edit("contacts", world.contact_ids[person.key], {"warmline_call_back_at": at.isoformat()})


def program() -> str:
    """How to call warmline from here: a newcomer has not put the virtual environment on the path."""
    script = Path(sys.argv[0])
    if shutil.which("warmline") or script.name != "warmline":
        return "warmline"
    return os.path.relpath(script)


def _write_settings(stage: Stage, language: str, now: datetime) -> None:
    recruiters = ", ".join(f'"{owner.email}"' for owner in stage.world.recruiters)
    stage.settings.write_text(
        f"""# Written by `warmline demo`: everything invented, everything on this machine.
[mirror]
path = "{stage.folder.resolve() / "demo.db"}"
[team]
language = "{language}"
[hubspot]
base_url = "{stage.sandbox.base_url}"
token = "{stage.sandbox.state.token}"
[sources.ats]
{stage.source()}
[routing]
recruiters = [{recruiters}]
fallback_owner = "{stage.world.recruiters[0].email}"
[contact]
call_grounds = ["application", "legitimate_interest"]
tracking_consent = "portal"
attested_by = "demo"
[writes]
enabled = true
[log]
level = "WARNING"
[guards]
plan_share = 1.0
[clock]
now = "{now.isoformat()}"
""",
        encoding="utf-8",
    )


def _doctor(stage: Stage) -> None:
    app = stage.app()
    made = provision(app.connect(), property_specs(app, everything=False), lambda _: None)
    counts = Counter(finding.status for finding in examine(app))
    told = f"{counts[OK]} ok" + "".join(f", {counts[status]} {status}" for status in ("warning", FIX) if counts[status])
    click.echo(stage.words.doctor.format(told=told, made=len(made.created)))


def _plan(stage: Stage) -> None:
    with open_session(stage.app(), "plan") as session:
        outcome = session.execute(session.limits(writes=False))
        report = outcome_report(session, outcome, duration_s=session.duration_s)
        session.finish(outcome, report)
        tasks = outbox.summary(session.run.db).new_tasks
    people = report["people"]
    count = people["candidates"] + people["contacts"] - people["linked"]
    click.echo(stage.words.plan.format(people=count, linked=people["linked"], review=people["review"], tasks=tasks))


def _sync(stage: Stage, template: str) -> None:
    with open_session(stage.app(), "sync") as session:
        outcome = session.execute(session.limits(writes=True))
        report = outcome_report(session, outcome, duration_s=session.duration_s)
        session.finish(outcome, report)
    done, dead = outcome.applied.count(OutboxState.DONE), outcome.applied.count(OutboxState.DEAD)
    click.echo(
        template.format(
            tasks=done["create_task"],
            contacts=done["update_contact"],
            failed=dead.total(),
            writes=report["requests"]["hubspot"]["writes"],
        )
    )


def _show_calls(stage: Stage) -> None:
    words = stage.words
    with open_view(stage.app()) as view:
        calls, say = calls_now(view), say_now(view)
        free = [call for call in calls if call.bar is None and call.owner]
        owner = free[0].owner
        own = [call for call in free if call.owner == owner]
        email = owner.email if owner else None
        click.echo("\n" + words.today.format(owner=email, shown=min(SHOWN, len(own)), total=len(own)))
        for rank, call in enumerate(own[:SHOWN], 1):
            click.echo(listed(rank, call, say)[:LONGEST_LINE])
        if len(own) > SHOWN:
            click.echo(words.more.format(program=program(), more=len(own) - SHOWN, config=stage.settings, owner=email))
        refused = [call.bar.refusal for call in calls if call.bar]
        click.echo(words.do_not_call.format(count=len(refused), told=barred(refused, view.language)))
        with_task = [call for call in own if call.score.points and any(task.open for task in call.facts.tasks)]
        warmest = max(with_task, key=lambda call: call.score.raw, default=None)
        if warmest:
            _show_one(stage, view, call_report(view, 1, warmest))


def _show_one(stage: Stage, view: views.View, entry: dict[str, Any]) -> None:
    found = views.find(view, entry["person_id"])
    if found is None or found.facts is None or found.score is None:
        return
    words, score = stage.words, found.score
    chart = stage.folder / f"{entry['name'].split()[0].lower()}.svg"
    chart.write_text(score_chart(view, found.facts), encoding="utf-8")
    subject = _write_task(stage, entry["contact_id"])
    click.echo("\n" + words.in_hubspot.format(path=stage.folder / words.task_file))
    click.echo(f" {subject}")
    by_kind: Counter[str] = Counter()
    for point in score.points:
        by_kind[point.kind] += point.points  # type: ignore[assignment]
    parts = " + ".join(
        f"{kind_word(kind, view.language)} {round((score.value or 0) * points / score.raw)}"
        for kind, points in by_kind.most_common()
    )
    top = by_kind.most_common(1)[0][0]
    without = views.counterfactuals(view, found.facts, [top])[top]
    told = words.without.format(kind=kind_word(top, view.language), value=without or 0)
    click.echo(f" {score.value} = {parts} ({told})   {chart}")
    click.echo("\n" + words.closing.format(program=program(), config=stage.settings, who=entry["person_id"]))


def _write_task(stage: Stage, contact_id: str) -> str:
    """The newest task of a contact as HubSpot holds it, as a page; its subject."""
    state = stage.sandbox.state
    ids = sorted(state.associations.of("contacts", contact_id, "tasks"))
    task = state.record("tasks", ids[-1]).properties
    subject, body = str(task["hs_task_subject"]), str(task["hs_task_body"])
    page = f"""<!doctype html><html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(subject)}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}}h1{{font-size:1.25rem}}</style>
<h1>{escape(subject)}</h1><p>{body}</p></html>
"""
    (stage.folder / stage.words.task_file).write_text(page, encoding="utf-8")
    return subject
