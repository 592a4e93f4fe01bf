"""`warmline run` and `warmline web` side by side, and a HubSpot that sends signed webhooks."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.server import RunningSandbox
from sandbox.webhooks import Subscription, deliver, event
from tests.conftest import Ended, Env, process_environment
from tests.system.portal import ask

DEADLINE_S = 40.0
SECRET = "app-secret"
MORE = {
    "WARMLINE_SCHEDULE__JITTER_S": "0",
    "WARMLINE_HUBSPOT__WEBHOOK_SECRET": SECRET,
    "WARMLINE_CONTACT__NEW_TASKS_A_DAY": "50",
    "WARMLINE_CONTACT__OPEN_TASKS": "50",
}


def wait_for(found: Callable[[], Any], within_s: float = DEADLINE_S) -> Any:
    """What `found` returns once it is something."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


class Command:
    """A `warmline` command that goes on, and what it said so far."""

    def __init__(self, env: Env, folder: Path, *args: str) -> None:
        self._log = folder / f"{args[0]}.log"
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sync", *args],
                env=process_environment(env),
                cwd=folder,
                stdout=log,
                stderr=log,
            )

    def text(self) -> str:
        return self._log.read_text()

    def told(self, action: str) -> list[dict[str, Any]]:
        """The log lines that tell an action; whole lines only."""
        lines = [line for line in self.text().split("\n")[:-1] if line.startswith("{")]
        return [line for line in map(json.loads, lines) if line.get("action") == action]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(DEADLINE_S)


@dataclass(frozen=True, slots=True)
class Pair:
    """The worker and the web process."""

    worker: Command
    web: Command
    base_url: str


@pytest.fixture
def pair(settled: RunningSandbox, env: Env, tmp_path: Path) -> Iterator[Pair]:
    """Both, once the worker has done its first run and waits."""
    own = {**env, **MORE}
    web, worker = Command(own, tmp_path, "web", "--port", "0"), Command(own, tmp_path, "run")
    try:
        address = wait_for(lambda: re.search(r"http://127\.0\.0\.1:\d+", web.text()))
        base_url = str(address.group())
        wait_for(lambda: worker.told("run"))
        wait_for(lambda: _answers(base_url))
        yield Pair(worker, web, base_url)
    finally:
        for one in (worker, web):
            one.process.kill()
            one.process.wait()


def _answers(base_url: str) -> bool:
    try:
        return requests.get(f"{base_url}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


def tell(pair: Pair, state: Any, kind: str, contact_id: str) -> int:
    """HubSpot posts one event."""
    now_ms = int(time.time() * 1000)
    told = event(kind, contact_id, portal_id=str(state.portal_id), at_ms=now_ms, number=now_ms)
    return deliver(Subscription(f"{pair.base_url}/webhooks/hubspot", SECRET), [told])


def quiet_contact(mirror: Path) -> str:
    """A linked contact of the audience with a score, no task, and nothing that keeps it from being called."""
    [(contact_id,)] = ask(
        mirror,
        "SELECT l.remote_id FROM person_link AS l "
        "JOIN score AS s USING (person_id) JOIN contact AS c USING (remote_id) "
        "WHERE l.source = 'hubspot' AND s.band IN ('warm', 'cool') AND c.do_not_call = 0 AND c.tracking_consent = 1 "
        "AND c.deleted_at IS NULL AND c.seen = 1 AND c.opted_out = 0 "
        "AND NOT EXISTS (SELECT 1 FROM task WHERE person_id = l.person_id) "
        "AND NOT EXISTS (SELECT 1 FROM decision WHERE person_id = l.person_id AND refused IS NOT NULL) "
        "AND NOT EXISTS (SELECT 1 FROM person_link AS a JOIN application AS p "
        "ON p.source = a.source AND p.candidate_id = a.remote_id "
        "WHERE a.person_id = l.person_id AND p.status = 'active') "
        "ORDER BY s.raw DESC LIMIT 1",
    )
    return str(contact_id)


def test_from_a_touch_to_its_task_in_ten_seconds(pair: Pair, settled: RunningSandbox, env: Env) -> None:
    mirror, state = Path(env["WARMLINE_MIRROR__PATH"]), settled.state
    contact_id = quiet_contact(mirror)
    before = set(state.dump()["tasks"])
    for kind in ("form", "click", "visit"):
        state.happen(kind, contact_id)
    asked, runs = settled.state.stats.total, len(pair.worker.told("run"))
    time.sleep(2.5)  # it looks each second, and asks nothing of anybody while nothing was named
    assert (settled.state.stats.total, len(pair.worker.told("run"))) == (asked, runs)
    began = time.monotonic()

    status = tell(pair, state, "contact.propertyChange", contact_id)

    def new_tasks() -> list[Any]:
        tasks = state.dump()["tasks"]
        return [tasks[one] for one in set(tasks) - before]

    [task] = wait_for(new_tasks)
    took_s = time.monotonic() - began
    wait_for(lambda: any(line["job"] == "hints" for line in pair.worker.told("run")))
    metrics = requests.get(f"{pair.base_url}/metrics", timeout=10).text
    assert (status, task["associations"]["contacts"]) == (200, [contact_id])
    assert took_s < 10
    assert ask(mirror, "SELECT * FROM hint") == []
    assert 'warmline_touch_to_task_seconds_bucket{le="10",play="fan"} 1.0' in metrics
    assert not any(value in pair.web.text() + pair.worker.text() for value in (SECRET, "@example.org"))
    assert (pair.worker.stop(), pair.web.stop()) == (0, 0)


def name_them(mirror: Path, *named: tuple[str, str, str]) -> None:
    """As the web process does it."""
    connection = sqlite3.connect(mirror)
    with connection:
        row = "INSERT INTO hint (source, noun, remote_id, at, received_at) VALUES (?, ?, ?, 'x', 'x')"
        connection.executemany(row, named)
    connection.close()


def test_contacts_erased_deleted_or_never_there_are_found_gone_and_do_no_harm(
    settled: RunningSandbox, cli: Callable[..., Ended], env: Env
) -> None:
    mirror, state = Path(env["WARMLINE_MIRROR__PATH"]), settled.state
    ids = [row[0] for row in ask(mirror, "SELECT remote_id FROM contact ORDER BY remote_id LIMIT 2")]
    state.gdpr_delete(ids[0])
    state.archive("contacts", ids[1])
    name_them(mirror, *(("hubspot", "contacts", one) for one in (*ids, "99999999")))

    ended = cli("sync", "--json")

    known = ask(mirror, f"SELECT remote_id, deleted_at IS NULL FROM contact WHERE remote_id IN {tuple(ids)}")
    assert (ended.code, ask(mirror, "SELECT * FROM hint")) == (0, [])
    assert json.loads(ended.stdout)["streams"]["hubspot.contacts"]["deleted"] == 2
    assert known == [(ids[1], 0)]  # the erased one left the mirror, the deleted one is known to be


def test_a_cron_sync_reads_what_was_named_too(settled: RunningSandbox, cli: Callable[..., Ended], env: Env) -> None:
    mirror = Path(env["WARMLINE_MIRROR__PATH"])
    contact_id = quiet_contact(mirror)
    name_them(mirror, ("hubspot", "contacts", contact_id), ("taken out", "contacts", "1"))

    ended = cli("sync", "--json")

    assert ended.code == 0, ended.stderr
    assert ask(mirror, "SELECT * FROM hint") == []
    assert json.loads(ended.stdout)["streams"]["hubspot.contacts"]["fetched"] >= 1
