"""A write whose answer never came has exactly one effect in the end, and none is sent again on a guess."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import RunningSandbox
from tests.conftest import Ended, Env
from tests.system.portal import end_state, markers, outbox_states

Cli = Callable[..., Ended]
MOST_RUNS = 4
WRITES = {
    "create task": ("tasks/.*batch/create", "create_task"),
    "update contact": ("contacts/.*batch/update", "update_contact"),
    "create contact": ("contacts/.*batch/create", "create_contact"),
}


FAULTS: dict[str, dict[str, Any]] = {
    "the connection is lost after it was applied": {"kind": "drop_after"},
    "the connection is lost before it was applied": {"kind": "drop_before"},
    "no answer within the time": {"kind": "hang", "hang_s": 10.0},
    "a gateway answers 502, nothing applied": {"kind": "status", "status": 502},
    "a gateway answers 502 after it was applied": {"kind": "status_after", "status": 502},
    "an answer that is no JSON": {"kind": "garbage"},
}


@pytest.fixture
def env(env: Env) -> Env:
    return {
        **env,
        "WARMLINE_WRITES__CREATE_CONTACTS": "all",
        "WARMLINE_WRITES__NOT_BEFORE_MINUTES": "0",
        "WARMLINE_HUBSPOT__TIMEOUT_READ_S": "0.3",
    }


def run_until_complete(cli: Cli) -> list[int]:
    """Exit codes of syncs up to the first 0."""
    codes: list[int] = []
    while 0 not in codes and len(codes) < MOST_RUNS:
        codes.append(cli("sync", "--json", "--confirm-create", "60").code)
    return codes


@pytest.fixture(scope="module")
def ends() -> dict[str, Any]:
    """The end of an undisturbed run, once it is known."""
    return {}


@pytest.fixture
def undisturbed(provisioned: RunningSandbox, cli: Cli, env: Env, ends: dict[str, Any], tmp_path: Path) -> Any:
    if not ends:
        own = {**env, "WARMLINE_MIRROR__PATH": str(tmp_path / "undisturbed.db")}
        assert cli("sync", "--confirm-create", "60", env=own).code == 0
        ends.update(end_state(provisioned.state))
        provisioned.state.reset()
        assert cli("provision").code == 0
    return ends


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("write", WRITES)
def test_an_ambiguous_write_has_one_effect(
    provisioned: RunningSandbox, undisturbed: Any, cli: Cli, env: Env, write: str, fault: str
) -> None:
    path, _ = WRITES[write]
    planned = provisioned.state.plan_fault(path_regex=path, **FAULTS[fault])

    codes = run_until_complete(cli)

    assert planned.times == 0, "the fault was met"
    assert codes[-1] == 0
    assert end_state(provisioned.state) == undisturbed
    assert len(set(markers(provisioned.state))) == len(markers(provisioned.state))
    assert set(outbox_states(Path(env["WARMLINE_MIRROR__PATH"]))) == {"DONE"}


@pytest.mark.parametrize("write", ["create task", "create contact"])
def test_a_create_without_an_answer_is_not_sent_again_before_its_time_and_the_run_is_not_complete(
    provisioned: RunningSandbox, cli: Cli, env: Env, write: str
) -> None:
    path, kind = WRITES[write]
    env["WARMLINE_WRITES__NOT_BEFORE_MINUTES"] = "5"
    provisioned.state.plan_fault("drop_before", path)

    first = cli("sync", "--json", "--confirm-create", "60")
    again = cli("sync", "--json", "--confirm-create", "60")
    sent = provisioned.state.stats.count("POST", "batch/create")
    env["WARMLINE_CLOCK__NOW"] = "2026-11-24T08:06:00Z"
    later = cli("sync", "--json", "--confirm-create", "60")

    noun = "tasks" if kind == "create_task" else "contacts"
    assert (first.code, again.code, later.code) == (3, 3, 0)
    assert "no certain answer" in first.stderr and "no certain answer" in again.stderr
    assert json.loads(first.stdout)["actions"][kind]["deferred"] > 0
    assert sent == 2, "one for the tasks, one for the contacts, none again"
    assert provisioned.state.stats.count("POST", f"{noun}/batch/create", 201) == 1
    assert set(outbox_states(Path(env["WARMLINE_MIRROR__PATH"]))) == {"DONE"}
