"""The unattended worker as a process of its own: it syncs, it stops when asked, and it is known whether it is well."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from sandbox.faults import Fault, Faults
from sandbox.server import RunningSandbox
from sync.bootstrap import App
from sync.cli.serving import run_job
from sync.clock import Clock
from sync.core.schedule import jobs
from sync.stages.run import silent
from tests.conftest import NOW, Ended, Env, process_environment
from tests.system.conftest import Settled
from tests.system.portal import ask, end_state, is_write, outbox_states

DEADLINE_S = 40.0


class Worker:
    """`python -m sync run`, and the lines it logs."""

    def __init__(self, env: Env, folder: Path) -> None:
        self._log = folder / "worker.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sync", "run"],
                env=process_environment({**env, "WARMLINE_SCHEDULE__JITTER_S": "0"}),
                cwd=folder,
                stdout=log,
                stderr=log,
            )

    def lines(self) -> list[dict[str, Any]]:
        """What it logged so far; whole lines only."""
        return [json.loads(line) for line in self._log.read_text().split("\n")[:-1]]

    def wait_for(self, *actions: str) -> dict[str, Any]:
        """The first line that tells one of these actions."""
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline and self.process.poll() is None:
            found = [line for line in self.lines() if line.get("action") in actions]
            if found:
                return found[0]
            time.sleep(0.05)
        raise AssertionError(f"no {actions} in time: {self._log.read_text()}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(how)
        return self.process.wait(DEADLINE_S)


@pytest.fixture
def start_worker(env: Env, tmp_path: Path) -> Iterator[Callable[[], Worker]]:
    started: list[Worker] = []

    def start(**more: str) -> Worker:
        started.append(Worker({**env, **more}, tmp_path))
        return started[-1]

    yield start
    for worker in started:
        worker.process.kill()
        worker.process.wait()


class StopAt(Faults):
    """Asks the process of `pid` to stop when its first request of a kind arrives; the request itself is served."""

    def __init__(self, *, writes: bool) -> None:
        super().__init__()
        self.writes, self.pid, self.done = writes, 0, False

    def take(self, method: str, path: str) -> Fault | None:
        """Called under the portal's lock, once a request."""
        wanted = is_write(method, path) if self.writes else path.rstrip("/").endswith("/contacts")
        if wanted and self.pid and not self.done:
            self.done = True
            os.kill(self.pid, signal.SIGTERM)
        return super().take(method, path)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_syncs_at_once_and_a_signal_between_runs_ends_it_with_zero(
    provisioned: RunningSandbox, start_worker: Callable[[], Worker], env: Env, how: signal.Signals
) -> None:
    worker = start_worker()

    line = worker.wait_for("run", "run_failed")
    code = worker.stop(how)

    mirror = Path(env["WARMLINE_MIRROR__PATH"])
    assert (code, line["action"], line["job"], line["complete"]) == (0, "run", "other", True)
    assert line["applied"] > 0
    assert set(outbox_states(mirror)) == {"DONE"}
    assert ask(mirror, "SELECT command, complete FROM run") == [("run other", 1)]
    assert ask(mirror, "SELECT * FROM lease") == []
    assert worker.lines()[-1]["action"] == "worker_stopped"


@pytest.mark.parametrize("writes", [False, True], ids=["while reading", "while writing"])
def test_a_stop_in_the_middle_of_a_run_leaves_nothing_half_done(
    settled_once: Settled,
    sandbox: RunningSandbox,
    cli: Callable[..., Ended],
    start_worker: Callable[[], Worker],
    env: Env,
    writes: bool,
) -> None:
    settled_once.snapshot.restore(sandbox.state)
    undisturbed = end_state(sandbox.state)
    sandbox.state.reset()
    sandbox.state.clock.set(NOW)
    cli("provision")
    sandbox.state.faults = stopping = StopAt(writes=writes)

    worker = start_worker()
    stopping.pid = worker.process.pid
    code = worker.process.wait(DEADLINE_S)

    mirror = Path(env["WARMLINE_MIRROR__PATH"])
    told = [line for line in worker.lines()[1:] if line["action"] not in ("stage_done", "hubspot_refused")]
    assert (code, [line["action"] for line in told]) == (0, ["run_stopped", "worker_stopped"])
    assert told[0]["run_id"]
    assert not set(outbox_states(mirror)) & {"SENT", "UNKNOWN"}
    assert ask(mirror, "SELECT complete FROM run") == [(0,)]
    assert ask(mirror, "SELECT * FROM lease") == []
    assert cli("sync").code == 0
    assert end_state(sandbox.state) == undisturbed


def test_a_worker_whose_request_hangs_is_ended_in_time_and_the_next_run_goes_on(
    provisioned: RunningSandbox, start_worker: Callable[..., Worker], cli: Callable[..., Ended]
) -> None:
    hang = provisioned.state.faults.add(Fault("hang", path_regex="/contacts$", hang_s=6.0))
    worker = start_worker(WARMLINE_SCHEDULE__STOP_WITHIN_S="1")
    worker.wait_for("worker_started")
    deadline = time.monotonic() + DEADLINE_S
    while hang.times and time.monotonic() < deadline:
        time.sleep(0.05)

    code = worker.stop()

    assert (code, worker.lines()[-1]["action"]) == (3, "worker_stopped_hard")
    assert cli("sync").code == 0


def streams_of_last_run(mirror: Path) -> set[str]:
    rows = ask(mirror, "SELECT stream FROM run_stream WHERE error = '' AND run_id = (SELECT max(id) FROM run)")
    return {row[0] for row in rows}


def run_one(env: Env, name: str) -> dict[str, Any]:
    """One scheduled run of a job, in this process."""
    settings = load(None, env)
    app = App(settings, Clock(settings.fixed_now))
    [job] = [one for one in jobs(settings.cadence) if one.name == name]
    return dict(copy_context().run(run_job, app, settings.cadence, job, silent))


def test_each_job_reads_its_own_streams(settled: RunningSandbox, env: Env) -> None:
    hourly = {**env, "WARMLINE_SOURCES__ATS__EVERY_MINUTES": "60"}
    mirror = Path(env["WARMLINE_MIRROR__PATH"])
    found = {}

    for name in ("hot", "other", "source ats", "full"):
        assert run_one(hourly, name)["complete"] is True
        found[name] = streams_of_last_run(mirror)

    assert found["hot"] == {"hubspot.contacts", "hubspot.tasks"}
    assert {"hubspot.owners"} <= found["other"] and not {one for one in found["other"] if one.startswith("ats.")}
    assert {one.partition(".")[0] for one in found["source ats"]} == {"ats"}
    assert found["full"] == found["hot"] | found["other"] | found["source ats"]


def test_the_first_run_reads_everything_whichever_job_it_is(provisioned: RunningSandbox, env: Env) -> None:
    told = run_one(env, "hot")

    streams = streams_of_last_run(Path(env["WARMLINE_MIRROR__PATH"]))
    assert told["complete"] is True
    assert {"hubspot.owners", "hubspot.contacts", "ats.candidates", "ats.applications"} <= streams


def test_the_worker_logs_no_person(
    provisioned: RunningSandbox, start_worker: Callable[[], Worker], tmp_path: Path
) -> None:
    worker = start_worker()
    worker.wait_for("run", "run_failed")
    worker.stop()

    contacts = provisioned.state.dump()["contacts"].values()
    log = tmp_path.joinpath("worker.log").read_text()
    told = {one["properties"].get(name, "") for one in contacts for name in ("email", "lastname")}
    assert [value for value in told if len(value) > 4 and value in log] == []


def test_wrong_settings_end_the_worker_with_two_before_anything_is_scheduled(
    run_cli: Callable[..., Ended], env: Env
) -> None:
    for wrong in ({"WARMLINE_SCHEDULE__FULL_DAYS": "1"}, {"WARMLINE_HUBSPOT__TOKEN": ""}):
        ended = run_cli("run", env={**env, **wrong})

        assert ended.code == 2, ended.stderr


def test_once_is_one_sync_with_its_exit_code(settled: RunningSandbox, cli: Callable[..., Ended], env: Env) -> None:
    complete = cli("run", "--once")
    held_elsewhere(Path(env["WARMLINE_MIRROR__PATH"]), time.time())
    held = cli("run", "--once")

    assert (complete.code, held.code) == (0, 3)


def test_a_full_sync_finds_what_was_deleted_and_what_search_missed(
    settled: RunningSandbox, cli: Callable[..., Ended], env: Env
) -> None:
    mirror = Path(env["WARMLINE_MIRROR__PATH"])
    state = settled.state
    [(gone,)] = ask(mirror, "SELECT remote_id FROM contact WHERE deleted_at IS NULL ORDER BY remote_id LIMIT 1")
    state.archive("contacts", gone)
    # search never shows it: its last change lies before the window
    state.clock.set("2026-11-20T08:00:00Z")
    missed = state.create_by_hand(
        "contacts", {"email": "laat@example.org", "firstname": "Late", "lastname": "Komer"}
    ).id
    state.clock.set(NOW)
    known = f"SELECT remote_id, deleted_at IS NULL FROM contact WHERE remote_id IN ('{gone}', '{missed}')"

    increment = cli("sync")
    after_increment = ask(mirror, known)
    full = cli("sync", "--full", "--json")

    assert (increment.code, after_increment) == (0, [(gone, 1)])
    assert full.code == 0, full.stderr
    assert dict(ask(mirror, known)) == {gone: 0, missed: 1}
    assert json.loads(full.stdout)["streams"]["hubspot.contacts"]["deleted"] == 1
    quiet = json.loads(cli("sync", "--json").stdout)
    assert quiet["requests"]["hubspot"]["writes"] == 0


def test_a_full_sync_forgets_runs_of_long_ago_but_not_the_last_of_a_kind(
    settled: RunningSandbox, cli: Callable[..., Ended], env: Env
) -> None:
    mirror = Path(env["WARMLINE_MIRROR__PATH"])
    connection = sqlite3.connect(mirror)
    with connection:
        row = "INSERT INTO run (id, command, started_at, complete) VALUES (?, ?, ?, 1)"
        connection.executemany(
            row,
            [
                ("01", "run hot", "2026-10-01T08:00:00.000Z"),
                ("02", "run hot", "2026-10-01T08:02:00.000Z"),
                ("03", "sync", "2026-10-01T08:00:00.000Z"),
            ],
        )
    connection.close()

    cli("sync", "--full")

    kept = ask(mirror, "SELECT command, started_at < '2026-11' FROM run ORDER BY id")
    assert kept == [("run hot", 1), ("sync", 0), ("sync --full", 0)]


def test_a_full_sync_that_changes_nothing_writes_nothing(settled: RunningSandbox, cli: Callable[..., Ended]) -> None:
    report = json.loads(cli("sync", "--full", "--json").stdout)

    assert (report["complete"], report["requests"]["hubspot"]["writes"]) == (True, 0)
    assert report["streams"]["hubspot.contacts"]["fetched"] == len(settled.state.stores["contacts"].records)
    assert sum(one["deleted"] + one["stored"] for one in report["streams"].values()) == 0


def held_elsewhere(mirror: Path, renewed_at: float) -> None:
    """A lease of another machine."""
    connection = sqlite3.connect(mirror)
    with connection:
        connection.execute("INSERT INTO lease VALUES ('run', 't', 'elsewhere', 1, ?, ?)", (NOW, renewed_at))
    connection.close()


def test_health_is_a_young_complete_run_and_signs_of_life(
    sandbox: RunningSandbox, settled: RunningSandbox, cli: Callable[..., Ended], env: Env
) -> None:
    mirror = Path(env["WARMLINE_MIRROR__PATH"])

    well = cli("status", "--healthy")
    too_old = cli("status", "--healthy", env={**env, "WARMLINE_CLOCK__NOW": "2026-11-24T08:46:00Z"})
    held_elsewhere(mirror, time.time() - 600)
    hanging = cli("status", "--healthy", "--json")

    assert (well.code, well.stdout) == (0, "healthy\n")
    assert (too_old.code, too_old.stdout) == (1, "NOT HEALTHY: no complete run in the last 45 minutes\n")
    assert hanging.code == 1
    assert json.loads(hanging.stdout) == {
        "healthy": False,
        "reasons": ["a run began and shows no sign of life"],
        "last_complete_at": "2026-11-24T08:00:00.000Z",
        "limit_minutes": 45,
        "running": {"since": "2026-11-24T08:00:00.000Z", "alive": False},
        "schedule": {},
        "sources": {},
    }


def test_a_run_in_progress_is_healthy(settled: RunningSandbox, cli: Callable[..., Ended], env: Env) -> None:
    held_elsewhere(Path(env["WARMLINE_MIRROR__PATH"]), time.time())

    assert cli("status", "--healthy").code == 0


def test_without_a_mirror_nothing_is_healthy(cli: Callable[..., Ended]) -> None:
    assert cli("status", "--healthy").code == 1


def test_status_tells_of_a_schedule_that_does_not_run(
    settled: RunningSandbox, cli: Callable[..., Ended], env: Env
) -> None:
    connection = sqlite3.connect(env["WARMLINE_MIRROR__PATH"])
    with connection:
        row = "INSERT INTO run (id, command, started_at, finished_at, complete) VALUES (?, ?, ?, ?, 1)"
        connection.execute(row, ("z1", "run other", "2026-11-24T08:01:00.000Z", "2026-11-24T08:01:02.000Z"))
    connection.close()

    ended = cli("status", "--json", env={**env, "WARMLINE_CLOCK__NOW": "2026-11-24T08:20:00Z"})

    health = json.loads(ended.stdout)["health"]
    assert health["schedule"]["hot"] == {
        "every_minutes": 2,
        "last_started_at": "2026-11-24T08:00:00.000Z",
        "overdue": True,
    }
    assert [name for name, one in health["schedule"].items() if one["overdue"]] == ["hot"]
    assert health["reasons"] == ["schedule hot did not run for 3 of its intervals"]
