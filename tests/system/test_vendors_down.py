"""How the command line ends when a vendor does not answer, a day's quota is spent, or tokens are swapped."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.server import RunningSandbox
from tests.conftest import Ended, Env

Cli = Callable[..., Ended]
NOBODY = "http://127.0.0.1:1"  # no server listens there


def test_without_hubspot_a_run_ends_with_3_and_says_since_when(settled: RunningSandbox, cli: Cli) -> None:
    settled.state.plan_fault("status", status=530, times=100)

    ended, status = cli("sync", "--json"), cli("status")

    report = json.loads(ended.stdout)
    assert (ended.code, report["complete"], report["requests"]["hubspot"]["writes"]) == (3, False, 0)
    assert "incomplete: hubspot has not answered since 2026-11-24 09:00: 127.0.0.1 cannot be reached" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert {"ats.candidates", "hubspot.contacts"} <= report["streams"].keys()
    assert status.code == 3 and "hubspot has not answered since" in status.stdout


def test_the_first_run_without_hubspot_ends_with_3_and_the_command_to_run_next(
    sandbox: RunningSandbox, cli: Cli
) -> None:
    sandbox.state.plan_fault("status", status=530, times=100)

    ended = cli("sync")

    assert (ended.code, ended.stdout) == (3, "")
    assert ended.stderr.startswith("warmline: 127.0.0.1 cannot be reached")
    assert "warmline doctor" in ended.stderr


def test_a_parked_run_ends_with_3_and_health_says_until_when(settled: RunningSandbox, cli: Cli) -> None:
    settled.state.limits.daily = settled.state.limits.daily_used = 1_000

    parked, again, healthy = cli("sync"), cli("sync"), cli("status", "--healthy")
    settled.state.limits.daily_used = 0

    for ended in (parked, again):
        assert ended.code == 3
        assert "hubspot is parked until 2026-11-25 00:00 (Europe/Amsterdam)" in ended.stderr
    assert healthy.code == 1 and "parked until 2026-11-25 00:00" in healthy.stdout


@pytest.mark.parametrize("in_file", [False, True])
def test_swapped_tokens_are_named_before_anything_is_asked(
    sandbox: RunningSandbox, cli: Cli, env: Env, tmp_path: Path, in_file: bool
) -> None:
    env |= {
        "WARMLINE_HUBSPOT__TOKEN": "an-ats-token",
        "WARMLINE_SOURCES__OTHER__KIND": "recruitee",
        "WARMLINE_SOURCES__OTHER__COMPANY": "acme",
        "WARMLINE_SOURCES__OTHER__BASE_URL": NOBODY,
    }
    if in_file:
        env["WARMLINE_SOURCES__OTHER__TOKEN_FILE"] = str(tmp_path / "token")
        (tmp_path / "token").write_text("pat-eu1-0000\n", encoding="utf-8")
    else:
        env["WARMLINE_SOURCES__OTHER__TOKEN"] = "pat-eu1-0000"

    for command in ("sync", "plan", "doctor", "provision"):
        ended = cli(command)
        assert (ended.code, ended.stdout) == (2, "")
        assert "hubspot.token and sources.other.token: look swapped" in ended.stderr
        assert "0000" not in ended.stderr and "an-ats-token" not in ended.stderr
    assert sandbox.state.stats.total == 0


def test_a_refused_token_hints_at_swapped_ones(settled: RunningSandbox, cli: Cli, env: Env) -> None:
    env["WARMLINE_HUBSPOT__TOKEN"] = "pat-eu1-another"

    ended = cli("sync")

    assert ended.code == 1
    assert "refused the token (401)" in ended.stderr and "not swapped" in ended.stderr


def test_a_source_of_another_company_ends_with_1_and_the_flag(settled: RunningSandbox, cli: Cli, env: Env) -> None:
    env["WARMLINE_SOURCES__ATS__COMPANY"] = "acme"
    first = cli("sync")
    env["WARMLINE_SOURCES__ATS__COMPANY"] = "other"

    stopped = cli("sync")
    accepted = cli("sync", env={**env, "WARMLINE_GUARDS__SOURCE_CHANGED": "ats"})

    assert (first.code, stopped.code, accepted.code) == (0, 1, 0), accepted.stderr
    assert "sources.ats.company is other" in stopped.stderr
    assert "WARMLINE_GUARDS__SOURCE_CHANGED=ats" in stopped.stderr
