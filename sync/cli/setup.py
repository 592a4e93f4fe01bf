"""`init`, `doctor` and `provision`: from nothing to a portal that is ready."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from config.init_file import InitAnswers, render_toml
from config.kinds import KINDS
from sync.bootstrap import App, check_expected_portal, examine, examine_mirror_file, property_specs
from sync.cli.app import Invocation
from sync.cli.output import show_json
from sync.doctor import FIX, OK, Finding
from sync.errors import EXIT_COMPLETE, EXIT_CONFIG, EXIT_FATAL
from sync.stages.provision import provision, remove

GROUNDS = ("application", "request", "consent", "legitimate_interest")


@click.command("init")
@click.option(
    "--file",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("warmline.toml"),
    show_default=True,
)
@click.option("--force", is_flag=True, help="Overwrite a settings file that is there.")
@click.option("--attested-by", metavar="NAME", help="Who answers for the call ground and the tracking consent.")
@click.option(
    "--call-ground", "grounds", multiple=True, type=click.Choice(GROUNDS), help="Why people may be called (repeatable)."
)
@click.option(
    "--tracking-consent", metavar="off|portal|property:NAME", help="Which web and mail touches may be stored."
)
@click.option("--portal-id", help="The portal the token must belong to.")
@click.option("--token-file", help="File that holds the HubSpot token; else WARMLINE_HUBSPOT__TOKEN.")
@click.option("--source-path", help="Folder the ATS export files are put in.")
@click.option("--source-kind", type=click.Choice(sorted(KINDS)), help="Where candidates come from.")
@click.option("--company", help="Name or number of the company in the vendor's addresses.")
@click.option("--source-name", help="Name of that source: the first half of candidate ids.")
@click.option(
    "--recruiter", "recruiters", multiple=True, metavar="E-MAIL", help="HubSpot owner who gets tasks (repeatable)."
)
@click.option("--fallback-owner", metavar="E-MAIL", help="Who gets a task when no recruiter is known.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Language of tasks.")
@click.pass_obj
def init_command(_: Invocation, /, target: Path, force: bool, **given: Any) -> None:
    """Write a commented warmline.toml. Asks what the flags leave open, on a terminal only; writing stays off in it.

    \b
    warmline init
    warmline init --source-path /data/ats --recruiter kim@example.org --call-ground application --attested-by "Kim"
    """
    if target.exists() and not force:
        click.echo(f"warmline: {target} is there already.", err=True)
        click.echo("  Edit it, or run `warmline init --force` to write it anew.", err=True)
        sys.exit(EXIT_CONFIG)
    answers = _answers(given)
    target.write_text(render_toml(answers), encoding="utf-8")
    click.echo(f"wrote {target}. Next: warmline doctor; warmline provision; warmline plan")


def _answers(given: dict[str, Any]) -> InitAnswers:
    from sync.clock import Clock

    asking = sys.stdin.isatty()
    grounds = tuple(given["grounds"])
    tracking = str(given["tracking_consent"] or "")
    attested = str(given["attested_by"] or "")
    if asking:
        grounds = grounds or _split(
            click.prompt(
                "Call grounds (application, request, consent, legitimate_interest; empty: no calls)", default=""
            )
        )
        tracking = tracking or click.prompt("Web and mail touches (off, portal, property:<name>)", default="off")
        if (grounds or tracking != "off") and not attested:
            attested = click.prompt("Who answers for that (name, kept in the settings)")
    if (grounds or tracking not in ("", "off")) and not attested:
        raise click.UsageError("a call ground or tracking consent needs --attested-by NAME: somebody answers for it")
    return InitAnswers(
        attested_by=attested,
        attested_at=Clock().now().isoformat(timespec="seconds") if attested else "",
        call_grounds=grounds,
        tracking_consent=tracking or "off",
        portal_id=_ask(given["portal_id"], "HubSpot portal id (empty: any)", asking=asking),
        token_file=_ask(
            given["token_file"], "File with the HubSpot token (empty: WARMLINE_HUBSPOT__TOKEN)", asking=asking
        ),
        language=_ask(given["language"], "Language of tasks (nl, en)", asking=asking),
        recruiters=tuple(given["recruiters"])
        or _split(_ask(None, "Recruiters (e-mails, comma between)", asking=asking)),
        fallback_owner=_ask(given["fallback_owner"], "Fallback owner (e-mail, may be empty)", asking=asking),
        source_name=str(given["source_name"] or "ats"),
        **_source_answers(given, asking=asking),
    )


def _source_answers(given: dict[str, Any], *, asking: bool) -> dict[str, Any]:
    known = ", ".join(sorted(KINDS))
    kind = _ask(given["source_kind"], f"Candidates come from ({known})", asking=asking) or "filedrop"
    answers = {"source_kind": kind, "source_path": "", "source_company": ""}
    if kind == "filedrop":
        return answers | {"source_path": _ask(given["source_path"], "Folder with the files", asking=asking)}
    if "company" in KINDS[kind].needs:
        answers["source_company"] = _ask(given["company"], "Company in the vendor's addresses", asking=asking)
    return answers


def _ask(value: object, question: str, *, asking: bool) -> str:
    if value or not asking:
        return str(value or "")
    return str(click.prompt(question, default=""))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@click.command("doctor")
@click.option("--mirror", "mirror_only", is_flag=True, help="Check the mirror file only; needs no token.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def doctor_command(invocation: Invocation, mirror_only: bool, as_json: bool) -> None:
    """Check token, portal, scopes, properties, owners, sources, mirror, call ground and consent. Writes nothing to
    HubSpot.

    \b
    warmline doctor            everything a run needs
    warmline doctor --mirror   whether the mirror file is sound, and how to rebuild it

    Exit code 1 when something must be fixed before a sync can do its work.
    """
    app = App.start(invocation.config)
    findings = list(examine_mirror_file(app) if mirror_only else examine(app))
    if as_json:
        show_json(
            {"findings": [{"check": f.check, "status": f.status, "message": f.message, "fix": f.fix} for f in findings]}
        )
    else:
        for finding in findings:
            _show(finding)
    sys.exit(EXIT_FATAL if any(finding.status == FIX for finding in findings) else EXIT_COMPLETE)


def _show(finding: Finding) -> None:
    colour = {"ok": "green", "warning": "yellow", "fix": "red"}[finding.status]
    click.echo(f"{click.style(finding.status.ljust(8), fg=colour)} {finding.check:<18} {finding.message}")
    if finding.status != OK and finding.fix:
        click.echo(f"{'':<28}{finding.fix}")


@click.command("provision")
@click.option("--remove", "removing", is_flag=True, help="Archive warmline's properties and group instead.")
@click.option("--all", "everything", is_flag=True, help="Also make the opt-in properties.")
@click.option("--yes", is_flag=True, help="With --remove: do not ask.")
@click.pass_obj
def provision_command(invocation: Invocation, removing: bool, everything: bool, yes: bool) -> None:
    """Make the contact properties warmline writes to, in a group of their own. Safe to run twice.

    \b
    warmline provision            the default properties
    warmline provision --all      the opt-in ones too
    warmline provision --remove   undo; HubSpot keeps archived properties for 90 days
    """
    app = App.start(invocation.config)
    crm = app.connect()
    if app.settings.hubspot.portal_id:
        check_expected_portal(app, crm)
    if removing:
        if not yes:
            _confirm_removal()
        done = remove(crm, property_specs(app, everything=True), lambda line: click.echo(line))
        click.echo(f"{len(done.removed)} properties removed")
        return
    done = provision(crm, property_specs(app, everything=everything), lambda line: click.echo(line))
    click.echo(f"{len(done.created)} made, {len(done.present)} there already, {len(done.refused)} refused")
    for name, reason in done.refused.items():
        click.echo(f"refused {name}: {reason}", err=True)
    sys.exit(EXIT_FATAL if done.refused else EXIT_COMPLETE)


def _confirm_removal() -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("removing properties needs --yes")
    click.confirm("Archive warmline's properties and their values in HubSpot?", abort=True)
