"""Metrics and alerts for who runs from cron, and what doctor says of both."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sandbox.server import RunningSandbox
from tests.conftest import Ended, Env


def families(file: Path) -> dict[str, Any]:
    return {one.name: one for one in text_string_to_metric_families(file.read_text(encoding="utf-8"))}


def test_each_run_writes_the_metrics_file_and_status_writes_it_at_once(
    settled: RunningSandbox, cli: Callable[..., Ended], env: Env, tmp_path: Path
) -> None:
    file, other = tmp_path / "warmline.prom", tmp_path / "other.prom"
    own = {**env, "WARMLINE_METRICS__TEXTFILE": str(file)}

    ran, told = cli("sync", env=own), cli("status", "--metrics", str(other), env=own)

    found = families(file)
    lines = file.read_text(encoding="utf-8")
    assert (ran.code, told.code, families(other).keys()) == (0, 0, found.keys())
    assert found["warmline_healthy"].samples[0].value == 1
    assert {one.labels["ended"] for one in found["warmline_runs"].samples} == {"complete"}
    assert sum(one.value for one in found["warmline_requests"].samples) > 10
    assert not any(value in lines for value in ("@", "p1", "Bakker"))
    assert sorted(one.name for one in tmp_path.glob("*.prom*")) == ["other.prom", "warmline.prom"]


def test_a_metrics_file_that_cannot_be_written_ends_no_run(
    settled: RunningSandbox, cli: Callable[..., Ended], env: Env, tmp_path: Path
) -> None:
    own = {**env, "WARMLINE_METRICS__TEXTFILE": str(tmp_path / "nowhere" / "warmline.prom")}

    ran, told = cli("sync", env=own), cli("status", "--metrics", str(tmp_path / "nowhere" / "x.prom"), env=own)

    assert (ran.code, told.code) == (0, 2)
    assert "cannot be written" in told.stderr


class Alarm(HTTPServer):
    """Takes what apprise posts as JSON."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), Taken)


class Taken(BaseHTTPRequestHandler):
    server: Alarm

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_cron_tells_once_that_runs_stopped_and_once_that_they_go_on(
    settled: RunningSandbox, cli: Callable[..., Ended], env: Env
) -> None:
    pytest.importorskip("apprise")
    alarm = Alarm()
    Thread(target=alarm.serve_forever, daemon=True).start()
    late = {
        **env,
        "WARMLINE_ALERTS__URLS": f"json://127.0.0.1:{alarm.server_port}",
        "WARMLINE_CLOCK__NOW": "2026-11-24T08:50:00Z",
    }

    codes = [cli("status", "--alert", env=late).code for _ in range(2)]
    connection = sqlite3.connect(env["WARMLINE_MIRROR__PATH"])
    with connection:
        connection.execute("INSERT INTO run (id, command, started_at, complete) VALUES ('z', 'sync', ?, 1)", (
            "2026-11-24T08:45:00.000Z",
        ))  # fmt: skip
    connection.close()
    ended = cli("status", "--alert", "--json", env=late)
    alarm.shutdown()
    alarm.server_close()

    assert (codes, ended.code, json.loads(ended.stdout)) == ([1, 1], 0, {"incidents": []})
    assert [one["title"] for one in alarm.bodies] == [
        "warmline, portal 4242: needs a look",
        "warmline, portal 4242: is well again",
    ]


def test_doctor_says_whose_webhooks_are_taken_and_who_is_alerted(
    settled: RunningSandbox, cli: Callable[..., Ended], env: Env, tmp_path: Path
) -> None:
    more = {
        "WARMLINE_HUBSPOT__WEBHOOK_SECRET": "app-secret",
        "WARMLINE_METRICS__TEXTFILE": str(tmp_path / "warmline.txt"),
        "WARMLINE_ALERTS__URLS": "nothing://known",
        "WARMLINE_SOURCES__ATS__WEBHOOK_SECRET": "unused",
    }

    found = json.loads(cli("doctor", "--json", env={**env, **more}).stdout)
    plain = json.loads(cli("doctor", "--json").stdout)

    told = [
        (one["check"], one["status"]) for one in _findings(found) if one["check"] in ("webhooks", "alerts", "metrics")
    ]
    quiet = [
        (one["check"], one["status"]) for one in _findings(plain) if one["check"] in ("webhooks", "alerts", "metrics")
    ]
    assert told == [
        ("webhooks", "warning"),  # a file drop signs nothing
        ("webhooks", "warning"),  # no public address
        ("webhooks", "ok"),
        ("alerts", "fix"),
        ("metrics", "warning"),
    ]
    assert quiet == [("webhooks", "ok"), ("alerts", "warning")]


def _findings(report: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = report["findings"] if isinstance(report, dict) else report
    return found
