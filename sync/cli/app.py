"""The `warmline` command line: which commands there are, and how an error ends the process.

A command's module is imported only when that command runs, so that `--help` stays quick.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from sync.errors import EXIT_FATAL, RetriableError, WarmlineError

COMMANDS = {
    "init": ("sync.cli.setup", "Ask a few questions and write warmline.toml."),
    "doctor": ("sync.cli.setup", "Check everything a run needs and say what to do about it."),
    "provision": ("sync.cli.setup", "Make warmline's contact properties in HubSpot."),
    "sync": ("sync.cli.running", "Pull, reconcile, score, decide, and write to HubSpot."),
    "run": ("sync.cli.serving", "Sync on a schedule until stopped: the unattended worker."),
    "plan": ("sync.cli.running", "The same without writing: show what a sync would write."),
    "calls": ("sync.cli.calling", "Whom to call first, and why."),
    "explain": ("sync.cli.reading", "Why a person has this score, these tasks and these refusals."),
    "status": ("sync.cli.reading", "What the last run did, and what waits."),
    "review": ("sync.cli.reviewing", "Pairs of records that may be the same person."),
    "conflicts": ("sync.cli.mending", "Properties that a person changed in HubSpot; whose value stands."),
    "failures": ("sync.cli.mending", "Writes that HubSpot refused, and why."),
    "retry": ("sync.cli.mending", "Let writes that failed go again."),
    "forget": ("sync.cli.forgetting", "Forget one person: mirror, files, and warmline's traces in HubSpot."),
    "export": ("sync.cli.exporting", "Everything held about one person, to give to them."),
    "retention": ("sync.cli.retaining", "Whose retention ends, and what is proposed to be erased where."),
    "report": ("sync.cli.reporting", "Figures and pictures: service to applicants, channels, scores."),
    "web": ("sync.cli.web", "Health, metrics and webhooks over HTTP, beside the worker."),
    "backup": ("sync.cli.storage", "Copy the mirror to a file, also while a worker runs."),
    "sandbox": ("sync.cli.demo", "Serve an invented HubSpot and ATS on 127.0.0.1."),
    "demo": ("sync.cli.demo", "Run the whole job on the sandbox and show the call list."),
}

TRY_AGAIN = "Nothing is lost: the next run goes on from here. If it keeps happening, run `warmline doctor`."


@dataclass(frozen=True, slots=True)
class Invocation:
    """What stands before the command's name. `unattended`: nobody watches, so the log tells what is done."""

    config: Path | None
    unattended: bool = False


class LazyGroup(click.Group):
    """A group whose help texts stand in `COMMANDS`, so that listing them imports nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The commands in the order people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module of one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """One line a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="warmline", message="%(version)s")
@click.option(
    "--config", type=click.Path(dir_okay=False, path_type=Path), help="Settings file (default: warmline.toml)."
)
@click.pass_context
def warmline(ctx: click.Context, config: Path | None) -> None:
    """Tells a recruitment team whom to call first, and makes sure nobody who applied is forgotten.

    \b
    Start here:   warmline init; warmline doctor; warmline plan
    Look around:  warmline demo
    Exit codes:   0 complete, 3 incomplete, 2 settings or usage, 1 fatal
    """
    ctx.obj = Invocation(config)


def main() -> None:
    """Run a command; a warmline error becomes one sentence, the next step, and its exit code."""
    try:
        warmline(standalone_mode=False)
    except WarmlineError as error:
        click.echo(f"warmline: {error.message}", err=True)
        fix = error.fix or (TRY_AGAIN if isinstance(error, RetriableError) else "")
        if fix:
            click.echo(f"  {fix}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("warmline: stopped; the next run goes on where this one was.", err=True)
        sys.exit(EXIT_FATAL)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
