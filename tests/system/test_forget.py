"""`forget` as a process: killed at any moment and finished later, and beside a run that is under way."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event

import pytest

from sandbox.faults import Fault, Faults
from sandbox.server import RunningSandbox
from sandbox.state import SandboxState
from tests.conftest import Env
from tests.system.conftest import WarmCli
from tests.system.portal import DEADLINE_S, Reaper, ask

KILLED = -9
MOST_POINTS = 8  # a kind: before and after each commit and each write


class Whom:
    """Somebody with a contact, a candidate, warmline's properties and a task of warmline's."""

    def __init__(self, state: SandboxState, mirror: Path) -> None:
        task, contact = ask(
            mirror,
            "SELECT remote_id, contact_ids->>0 FROM task WHERE person_id > 0 AND archived = 0 ORDER BY 1 LIMIT 1",
        )[0]
        self.state, self.mirror, self.task, self.contact = state, mirror, task, contact
        self.email = state.record("contacts", contact).properties["email"]

    def left(self) -> list[str]:
        """Where something of them is left, in the mirror's files and in HubSpot."""
        found = []
        for file in sorted(self.mirror.parent.glob(f"{self.mirror.name}*")):
            if self.email.encode() in file.read_bytes():
                found.append(file.name)
        properties = self.state.record("contacts", self.contact).properties
        found += sorted(name for name, value in properties.items() if name.startswith("warmline_") and value)
        if not self.state.stores["tasks"].records[self.task].archived_at:
            found.append("task")
        return found


@pytest.fixture
def whom(settled: RunningSandbox, env: Env) -> Whom:
    return Whom(settled.state, Path(env["WARMLINE_MIRROR__PATH"]))


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("what", ["commit", "write"])
@pytest.mark.parametrize("nth", range(MOST_POINTS))
def test_a_kill_at_any_moment_is_made_good_by_the_next_run(  # noqa: PLR0913 -- where it is killed
    warm_cli: WarmCli, env: Env, whom: Whom, tmp_path: Path, after: bool, what: str, nth: int
) -> None:
    commits = {"nth": nth, "after": after, "signal": 9, "count": str(tmp_path / "commits"), "having": ""}
    whom.state.faults = faults = Reaper(nth if what == "write" else None, applied=after)
    started = warm_cli.start("forget", whom.contact, "--yes", env=env, commits=commits if what == "commit" else None)
    faults.pid.set_result(started.pid)

    code = started.wait().code

    whom.state.faults = Faults()
    if code == 0:  # it has fewer moments
        assert nth > 1 and whom.left() == []
        return
    assert code == KILLED
    if not ask(whom.mirror, "SELECT 1 FROM erasure"):  # killed before anything was kept: nothing was promised
        assert warm_cli.start("forget", whom.contact, "--yes", env=env).wait().code == 0
    ended = warm_cli.start("sync", "--json", env=env).wait()
    assert ended.code == 0, ended.stderr
    assert whom.left() == []
    again = warm_cli.start("forget", whom.contact, "--yes", "--json", env=env).wait()
    report = json.loads(again.stdout)
    assert (again.code, report["already"], report["hits"], report["hubspot"]["left"]) == (0, True, 0, False)


class Hold(Faults):
    """Holds the first list of contacts until `go` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go = Event(), Event()

    def take(self, method: str, path: str) -> Fault | None:
        """Called under the portal's lock, once a request."""
        if "contacts" in path and not self.reached.is_set():
            self.reached.set()
            self.go.wait(DEADLINE_S)
        return super().take(method, path)


def test_beside_a_run_the_run_does_the_work_and_forget_waits_for_it(warm_cli: WarmCli, env: Env, whom: Whom) -> None:
    whom.state.faults = hold = Hold()
    run = warm_cli.start("sync", "--full", "--json", env=env)
    assert hold.reached.wait(DEADLINE_S)
    forget = warm_cli.start("forget", whom.contact, "--yes", "--json", env=env)
    while not ask(whom.mirror, "SELECT 1 FROM erasure"):
        assert hold.reached.is_set()
    hold.go.set()

    ended, report = run.wait(), json.loads(forget.wait().stdout)

    assert ended.code == 0, ended.stderr
    assert (report["forgotten"], report["hits"], report["log_emptied"]) == (True, 0, True)
    assert whom.left() == []
    contacts = json.loads(ended.stdout)["streams"]["hubspot.contacts"]
    assert contacts["suppressed"] == 1
