"""What a newcomer meets first: help, init, the demo; and what is refused."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from config.settings import load
from sync.cli.app import COMMANDS
from tests.conftest import Ended, Env, RunCli, process_environment

Cli = Callable[..., Ended]
ANSWERS = (
    "--source-path",
    "/data/ats",
    "--recruiter",
    "kim@example.org",
    "--recruiter",
    "sam@example.org",
    "--fallback-owner",
    "kim@example.org",
    "--call-ground",
    "application",
    "--tracking-consent",
    "portal",
    "--attested-by",
    "Kim",
    "--portal-id",
    "4242",
    "--language",
    "en",
)


def test_help_lists_every_command(run_cli: RunCli) -> None:
    ended = run_cli("--help")

    listed = re.findall(r"^  ([a-z]+)  +\S", ended.stdout, re.MULTILINE)
    assert ended.code == 0
    assert set(COMMANDS) <= set(listed)
    issue = {"init", "doctor", "provision", "sync", "plan", "calls", "explain", "status", "review", "sandbox", "demo"}
    assert issue <= set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(cli: Cli, env: Env, command: str) -> None:
    ended = cli(command, "--help", env={})

    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Usage: ") and len(ended.stdout.splitlines()) > 4


def test_help_imports_neither_the_vendor_sdk_nor_the_database(env: Env) -> None:
    code = """
import sys
sys.argv = ["warmline", "--help"]
from sync.__main__ import main
try:
    main()
except SystemExit:
    pass
print(sorted(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], env=process_environment({}), capture_output=True, text=True)

    modules = set(ast.literal_eval(done.stdout.splitlines()[-1]))
    assert modules.isdisjoint({"hubspot", "requests", "pydantic", "sqlite3", "sqlite_utils", "holidays"})


def test_init_with_flags_writes_a_file_that_loads_with_writing_off(cli: Cli, env: Env, tmp_path: Path) -> None:
    ended = cli("init", *ANSWERS, env={}, cwd=tmp_path)

    settings = load(tmp_path / "warmline.toml", {})
    assert ended.code == 0, ended.stderr
    assert settings.writes.enabled is False
    assert settings.contact.call_grounds == ("application",) or "application" in str(settings.contact.call_grounds)
    assert (settings.contact.tracking_consent, settings.contact.attested_by) == ("portal", "Kim")
    assert list(settings.routing.recruiters) == ["kim@example.org", "sam@example.org"]
    assert settings.sources["ats"].path == Path("/data/ats")
    assert (settings.hubspot.portal_id, settings.team.language) == ("4242", "en")
    assert settings.hubspot.token is None


def test_init_does_not_overwrite(cli: Cli, env: Env, tmp_path: Path) -> None:
    file = tmp_path / "warmline.toml"
    file.write_text("# mine\n", encoding="utf-8")

    refused = cli("init", *ANSWERS, env={}, cwd=tmp_path)
    kept = file.read_text(encoding="utf-8")
    forced = cli("init", *ANSWERS, "--force", env={}, cwd=tmp_path)

    assert (refused.code, kept) == (2, "# mine\n")
    assert "--force" in refused.stderr
    assert forced.code == 0 and "kim@example.org" in file.read_text(encoding="utf-8")


def test_init_asks_for_somebody_who_answers_for_the_ground(cli: Cli, env: Env, tmp_path: Path) -> None:
    ended = cli("init", "--call-ground", "application", env={}, cwd=tmp_path)

    assert ended.code == 2 and "--attested-by" in ended.stderr
    assert not (tmp_path / "warmline.toml").exists()


def test_a_settings_file_works_for_every_command_and_the_environment_wins(
    settled: object, cli: Cli, env: Env, tmp_path: Path
) -> None:
    assert cli("init", *ANSWERS, "--file", str(tmp_path / "own.toml"), env={}, cwd=tmp_path).code == 0

    ended = cli("--config", str(tmp_path / "own.toml"), "sync")

    assert ended.code == 0, ended.stderr
    assert "complete" in ended.stdout


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo is played, twice."""
    return tmp_path_factory.mktemp("tours") / "tour"


@pytest.mark.parametrize(
    ("language", "page", "last"), [("nl", "taak.html", "0 geschreven"), ("en", "task.html", "0 written")]
)
def test_the_demo_fits_a_screen_ends_with_nothing_to_write_and_what_it_suggests_works(
    run_cli: RunCli, cli: Cli, tmp_path: Path, played: Path, language: str, page: str, last: str
) -> None:
    folder = played  # the second time over the first

    ended = run_cli("demo", "--dir", str(folder), "--lang", language, env={})

    lines = ended.stdout.splitlines()
    assert (ended.code, ended.stderr) == (0, "")
    assert len(lines) <= 25
    (fourth,) = [line for line in lines if line.startswith("4/4")]
    assert fourth.endswith(last)
    html = (folder / page).read_text(encoding="utf-8")
    assert re.search(r"\[wl:[0-9a-f]{12}\]", html)
    (chart,) = folder.glob("*.svg")
    assert ElementTree.parse(chart).getroot().tag.endswith("svg")
    assert str(folder / page) in ended.stdout and str(chart) in ended.stdout
    suggested = re.findall(r"warmline (--config \S+ .+)", ended.stdout)
    assert len(suggested) == 2
    assert [cli(*line.split(), env={}, cwd=tmp_path).code for line in suggested] == [0, 0]


def test_the_demo_does_not_wipe_a_folder_that_is_not_its_own(cli: Cli, env: Env, tmp_path: Path) -> None:
    treasure = tmp_path / "mine" / "thesis.txt"
    treasure.parent.mkdir()
    treasure.write_text("years of work", encoding="utf-8")

    ended = cli("demo", "--dir", str(treasure.parent), env={}, cwd=tmp_path)

    assert treasure.exists()
    assert ended.code == 2 and str(treasure.parent) in ended.stderr
