"""`conflicts`, `failures` and `retry` as somebody of operations uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import values
from sandbox.errors import invalid_property
from sandbox.schema import Property
from sandbox.server import RunningSandbox
from tests.conftest import Ended, Env
from tests.system.portal import ask

Cli = Callable[..., Ended]
WORDS = "Belde zelf; wil in januari starten"
YESTERDAY = "2026-11-23T12:00:00Z"
SOON, LATER = "2026-11-24T08:05:00Z", "2026-11-24T08:15:00Z"


def with_news(settled: RunningSandbox, env: Env, **properties: str) -> str:
    """A contact with new touches, and with what a recruiter changed, some minutes before it is now; its id."""
    sql = "SELECT object_id FROM baseline WHERE property = 'warmline_band' AND value = 'cool' ORDER BY object_id"
    contact = str(ask(Path(env["WARMLINE_MIRROR__PATH"]), sql)[0][0])
    settled.state.clock.set(SOON)
    if properties:
        settled.state.edit("contacts", contact, properties, 9001)
    for happened in (settled.state.form, settled.state.visit, settled.state.reply):
        happened(contact, YESTERDAY)
    settled.state.clock.set(LATER)
    env["WARMLINE_CLOCK__NOW"] = LATER
    return contact


@pytest.fixture
def contested(settled: RunningSandbox, cli: Cli, env: Env) -> str:
    """A contact whose score and reasons a recruiter changed, after a sync that wanted to write both."""
    contact = with_news(settled, env, warmline_score="1", warmline_why=WORDS)
    ended = cli("sync")
    assert ended.code == 0, ended.stderr
    return contact


@pytest.fixture
def refused(settled: RunningSandbox, cli: Cli, env: Env, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A contact's properties were refused; calling it ends the cause."""
    canonical = values.canonical

    def checked(definition: Property, raw: Any) -> str:
        if definition.name == "warmline_why":
            raise invalid_property(definition.name, f"{raw} will not do", "INVALID_STRING")
        return canonical(definition, raw)

    with_news(settled, env)
    monkeypatch.setattr(values, "canonical", checked)
    ended = cli("sync")
    assert ended.code == 3, ended.stderr
    assert "1 writes were refused for good: warmline failures" in ended.stderr
    return lambda: monkeypatch.setattr(values, "canonical", canonical)


def test_conflicts_shows_both_values_who_and_what_comes_next(contested: str, cli: Cli) -> None:
    table, report = cli("conflicts"), json.loads(cli("conflicts", "--json").stdout)

    assert (table.code, table.stderr) == (0, "")
    lines = [line for line in table.stdout.splitlines() if line.startswith(contested)]
    assert len(lines) == 2 and all("CRM_UI user 9001" in line for line in lines)
    assert WORDS in table.stdout and "2 open. Decide with: warmline conflicts --take ours|theirs" in table.stdout
    assert [(one["contact_id"], one["property"], one["theirs"], one["user_id"]) for one in report["conflicts"]] == [
        (contested, "warmline_score", "1", "9001"),
        (contested, "warmline_why", WORDS, "9001"),
    ]
    assert report["conflicts"][0]["person_id"].startswith("p") and report["taken"] == []


def test_a_conflicts_values_are_in_no_log(contested: str, cli: Cli, env: Env) -> None:
    ended = cli("sync", env={**env, "WARMLINE_LOG__LEVEL": "DEBUG"})

    assert ended.code == 0
    assert WORDS not in ended.stderr + ended.stdout


def test_take_ours_and_theirs_are_followed_by_the_next_sync(
    contested: str, cli: Cli, settled: RunningSandbox, env: Env
) -> None:
    person = json.loads(cli("conflicts", "--json").stdout)["conflicts"][0]["person_id"]
    ours = cli("conflicts", "--take", "ours", contested, "warmline_score")
    theirs = cli("conflicts", "--take", "theirs", person, "warmline_why")
    synced = cli("sync")
    left = json.loads(cli("conflicts", "--json").stdout)

    assert ours.stdout == (
        f"contact {contested} warmline_score: taken ours; the next sync writes warmline's value over it\n"
    )
    assert (
        theirs.stdout == f"contact {contested} warmline_why: taken theirs; left alone until it is emptied in HubSpot\n"
    )
    assert synced.code == 0, synced.stderr
    shown = settled.state.record("contacts", contested).properties
    assert shown["warmline_score"] != "1" and shown["warmline_why"] == WORDS
    assert left["conflicts"] == []
    assert [(one["property"], one["state"]) for one in left["taken"]] == [("warmline_why", "theirs")]
    assert "conflicts  0" in cli("status").stdout


def test_take_all_decides_every_open_conflict(contested: str, cli: Cli) -> None:
    ended, again = cli("conflicts", "--take", "theirs", "--all"), cli("conflicts", "--take", "theirs", "--all")

    assert len(ended.stdout.splitlines()) == 2
    assert again.stdout == "0 open: nothing to decide.\n"
    assert "0 open." in cli("conflicts").stdout


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("conflicts", "--take", "ours"), "CONTACT"),
        (("conflicts", "--all"), "--take"),
        (("conflicts", "--take", "ours", "--all", "10001"), "--all"),
        (("conflicts", "--take", "ours", "99999999"), "no such conflict"),
        (("retry",), "--key KEY"),
        (("retry", "--key", "3f", "--all"), "--key KEY"),
        (("retry", "--key", "feedfeed"), "warmline failures"),
    ],
)
def test_what_names_nothing_is_refused(
    settled: RunningSandbox,
    cli: Cli,
    args: tuple[str, ...],
    word: str,  # noqa: ARG001
) -> None:
    ended = cli(*args)

    assert (ended.code, ended.stdout) == (2, "")
    assert word in ended.stderr


def test_nothing_failed_and_nothing_contested_is_said_so(settled: RunningSandbox, cli: Cli) -> None:  # noqa: ARG001
    assert cli("failures").stdout == "0 refused.\n"
    assert cli("conflicts").stdout == "0 open.\n"
    assert cli("retry", "--all").stdout == "0 writes to retry.\n"
    assert json.loads(cli("failures", "--json").stdout) == {"failures": [], "waiting": []}
    assert json.loads(cli("conflicts", "--json").stdout) == {"conflicts": [], "taken": []}


def test_a_failure_is_listed_makes_the_next_run_no_less_complete_and_is_gone_after_retry(
    refused: Callable[[], None], cli: Cli
) -> None:
    quiet = cli("sync")
    table, report = cli("failures"), json.loads(cli("failures", "--json").stdout)
    status, doctor = cli("status").stdout, cli("doctor").stdout
    refused()
    retried = cli("retry", "--key", report["failures"][0]["key"][:12])
    synced = cli("sync")

    assert quiet.code == 0, quiet.stderr
    assert "VALIDATION_ERROR / INVALID_STRING: warmline_why" in table.stdout
    assert "1 refused. Mend the cause, then: warmline retry" in table.stdout
    assert "will not do" not in table.stdout
    assert "failures   1: warmline failures" in status and "1 failures: warmline failures" in doctor
    assert retried.stdout == "1 write goes again at the next sync.\n"
    assert synced.code == 0, synced.stderr
    assert cli("failures").stdout == "0 refused.\n"
