"""`sandbox` and `demo`: an invented HubSpot and ATS on this machine, and the whole job run on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from config.kinds import KINDS
from sync.cli.app import Invocation

DEMO_WROTE = "# Written by `warmline demo`"
NOON = "2026-11-24T08:00:00Z"  # Tuesday 24 November 2026, 09:00 in Amsterdam


@click.command("sandbox")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 picks a free port.")
@click.option(
    "--now", default=None, metavar="ISO", help="Let the sandbox's clock stand at this moment (default: the real clock)."
)
@click.option(
    "--export", "folder", type=click.Path(file_okay=False, path_type=Path), help="Write the ATS side as file drop here."
)
@click.option("--style", type=click.Choice(["jsonl", "csv", "csv-nl"]), default="jsonl", show_default=True)
@click.option(
    "--ats",
    "kinds",
    type=click.Choice(sorted(KINDS.keys() - {"filedrop"})),
    multiple=True,
    default=("recruitee",),
    show_default=True,
    help="Serve this ATS too, each on the next port (repeatable).",
)
@click.pass_obj
def sandbox_command(_: Invocation, /, port: int, now: str | None, folder: Path | None, **how: Any) -> None:
    """Serve an invented HubSpot and ATS on 127.0.0.1, with a control plane under /sandbox of HubSpot's port to play
    visitors and recruiters.

    \b
    warmline sandbox --export inbox       then, in another terminal:
    WARMLINE_HUBSPOT__BASE_URL=http://127.0.0.1:8765 WARMLINE_HUBSPOT__TOKEN=sandbox-token warmline doctor
    """
    from sandbox.filedrop_export import export
    from sandbox.server import start
    from sandbox.world import build, portal
    from sync.clock import Clock

    world = build(now or Clock().now().isoformat())
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        files = export(world, folder, style=how["style"])
        click.echo(f"wrote {len(files)} files to {folder}")
    with start(portal(world, running=now is None), port) as running:
        click.echo(f"sandbox: {running.base_url}  token {running.state.token}  (Ctrl-C stops it)")
        for place, kind in enumerate(how["kinds"], 1):
            running.ats_url(kind, running.port + place if port else 0)
            told = "  ".join(f"{key} {value}" for key, value in running.ats_settings(kind).items() if key != "base_url")
            click.echo(f"{kind}: {running.ats_url(kind)}  {told}")
        running.wait()


@click.command("demo")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True, help="Language of it all.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where it writes; made anew each time.",
)
@click.option(
    "--ats",
    type=click.Choice(sorted(KINDS)),
    default="recruitee",
    show_default=True,
    help="How the invented candidates come in.",
)
@click.pass_obj
def demo_command(_: Invocation, /, lang: str, folder: Path, ats: str) -> None:
    """Run doctor, provision, plan, sync and sync again on invented people, and show the call list with reasons."""
    from sync.demo.play import run_demo

    if not _may_be_made_anew(folder):
        raise click.UsageError(f"{folder} holds files the demo did not write; name a new folder with --dir")
    run_demo(folder, lang, NOON, ats=ats)


def _may_be_made_anew(folder: Path) -> bool:
    """The demo empties its folder: only one that is absent, empty, or written by an earlier demo."""
    if not folder.exists() or not any(folder.iterdir()):
        return True
    settings = folder / "warmline.toml"
    return settings.is_file() and settings.read_text(encoding="utf-8", errors="replace").startswith(DEMO_WROTE)
