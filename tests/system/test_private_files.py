"""What commands write about people: readable by its owner only, and complete."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.server import RunningSandbox
from tests.conftest import Ended, Env

Cli = Callable[..., Ended]


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


@pytest.fixture
def anybody(settled: RunningSandbox, cli: Cli) -> str:
    """A person with a score."""
    return str(json.loads(cli("calls", "--json", "--limit", "1").stdout)["people"][0]["person_id"])


def modes(folder: Path) -> dict[str, int]:
    return {one.name: stat.S_IMODE(one.stat().st_mode) for one in sorted(folder.iterdir()) if one.is_file()}


def test_export_writes_json_and_a_page_for_the_owner_only(anybody: str, cli: Cli, tmp_path: Path) -> None:
    ended = cli("export", anybody, "--out", str(tmp_path / "requests"))

    assert (ended.code, ended.stdout) == (0, "")
    assert modes(tmp_path / "requests") == {f"warmline-{anybody}.html": 0o600, f"warmline-{anybody}.json": 0o600}
    assert stat.S_IMODE((tmp_path / "requests").stat().st_mode) == 0o700
    report = json.loads((tmp_path / "requests" / f"warmline-{anybody}.json").read_text(encoding="utf-8"))
    explained = json.loads(cli("explain", anybody, "--json").stdout)
    assert explained.items() <= report.items()
    assert report["held"]["audit"]


def test_json_and_html_can_be_printed_instead(anybody: str, cli: Cli, tmp_path: Path) -> None:
    as_json, as_html = cli("export", anybody, "--json"), cli("export", anybody, "--html")

    assert json.loads(as_json.stdout)["person"]["id"] == anybody
    assert as_html.stdout.startswith("<!doctype html>")
    assert list(tmp_path.glob("**/warmline-*")) == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("nobody@example.org",), "nobody in the mirror"),
        (("p1", "--json", "--html"), "only one thing can be printed"),
    ],
)
def test_an_export_that_cannot_be_ends_with_2_and_one_sentence(
    anybody: str, cli: Cli, args: tuple[str, ...], said: str
) -> None:
    ended = cli("export", *args)

    assert (ended.code, said in ended.stderr, ended.stdout) == (2, True, "")


@pytest.mark.usefixtures("open_umask")
def test_every_file_about_people_is_for_its_owner_only(anybody: str, cli: Cli, env: Env, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    for command in (
        ("sync",),
        ("explain", anybody, "--svg", str(made / "one.svg")),
        ("report", "score", "--out", str(made / "pool.png")),
        ("report", "score", "--person", anybody, "--out", str(made / "person.svg")),
        ("backup", str(made / "copy.db")),
        ("export", anybody, "--out", str(made)),
    ):
        assert cli(*command).code == 0, command

    found = modes(made) | modes(Path(env["WARMLINE_MIRROR__PATH"]).parent)

    assert len(found) >= 7
    assert {name: oct(mode) for name, mode in found.items() if mode != 0o600} == {}


def test_the_audit_is_read_without_names(anybody: str, cli: Cli, env: Env) -> None:
    ended = cli("report", "audit", "--json")

    found = json.loads(ended.stdout)
    assert {line["event"] for line in found["lines"]} >= {"score", "decision", "task"}
    assert found["rules"][0]["rules"]["kinds"]
    assert "@" not in ended.stdout
