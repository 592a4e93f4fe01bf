"""What every test stands on: no way out but this machine, no settings of whoever runs the tests, and a sandbox to run
the command line against."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.filedrop_export import export
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.world import World, build, portal
from sync import log

ROOT = Path(__file__).resolve().parents[1]
NOW = "2026-11-24T08:00:00Z"  # Tuesday, 09:00 in Amsterdam

Env = dict[str, str]


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that ran as a process of its own."""

    code: int
    stdout: str
    stderr: str


RunCli = Callable[..., Ended]


@pytest.fixture(autouse=True)
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets reach this machine only, and by no proxy; no WARMLINE_* variable of the caller, no run of another test
    reaches a test."""
    log.run_id.set("")
    monkeypatch.setattr(requests.sessions, "get_environ_proxies", lambda *_, **__: {})
    monkeypatch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
    for name in [name for name in os.environ if name.startswith("WARMLINE_")]:
        monkeypatch.delenv(name)


def _guarded(connect: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and address[0] != "127.0.0.1":
            raise AssertionError(f"a test tried to reach {address[0]}; only 127.0.0.1 is allowed")
        return connect(self, address)

    return guarded


@pytest.fixture(scope="session")
def world() -> World:
    """The invented people at NOW."""
    return build(NOW)


@pytest.fixture(scope="session")
def sandbox_server(world: World) -> Iterator[RunningSandbox]:
    """One server for the whole session; tests take `sandbox`."""
    with start(portal(world)) as running:
        yield running


@pytest.fixture
def sandbox(sandbox_server: RunningSandbox) -> RunningSandbox:
    """A HubSpot on 127.0.0.1 with the whole world in it, as new, its clock standing at NOW."""
    renew(sandbox_server.state)
    return sandbox_server


def renew(state: SandboxState) -> None:
    """The portal as new. Its limits run on real time and are off here, where runs follow each other at once; the
    contract tests keep them."""
    state.reset()
    state.limits.search = state.limits.burst = None
    state.clock.set(NOW)


@pytest.fixture(scope="session")
def exported(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ATS side of the world as files, written once."""
    folder = tmp_path_factory.mktemp("exported")
    export(world, folder)
    return folder


@pytest.fixture
def ats_folder(exported: Path, tmp_path: Path) -> Path:
    """A file drop of the test's own with the same world as `sandbox`."""
    return Path(shutil.copytree(exported, tmp_path / "ats"))


@pytest.fixture
def env(sandbox: RunningSandbox, ats_folder: Path, world: World, tmp_path: Path) -> Env:
    """Settings as a deployment would give them: by environment only. Writing is on, the first-plan brake is off."""
    return settings(sandbox, ats_folder, world, tmp_path / "mirror" / "mirror.db")


def settings(sandbox: RunningSandbox, ats_folder: Path, world: World, mirror: Path) -> Env:
    """WARMLINE_* variables for a sandbox and a file drop."""
    return {
        "WARMLINE_MIRROR__PATH": str(mirror),
        "WARMLINE_HUBSPOT__BASE_URL": sandbox.base_url,
        "WARMLINE_HUBSPOT__TOKEN": sandbox.state.token,
        "WARMLINE_HUBSPOT__SEARCHES_PER_S": "100",
        "WARMLINE_SOURCES__ATS__KIND": "filedrop",
        "WARMLINE_SOURCES__ATS__PATH": str(ats_folder),
        "WARMLINE_ROUTING__RECRUITERS": ",".join(one.email for one in world.recruiters),
        "WARMLINE_ROUTING__FALLBACK_OWNER": world.recruiters[0].email,
        "WARMLINE_CONTACT__CALL_GROUNDS": "application,legitimate_interest",
        "WARMLINE_CONTACT__TRACKING_CONSENT": "portal",
        "WARMLINE_WRITES__ENABLED": "true",
        "WARMLINE_GUARDS__PLAN_SHARE": "1",
        "WARMLINE_CLOCK__NOW": NOW,
    }


def process_environment(env: Mapping[str, str]) -> Env:
    """The environment of a command: the caller's without WARMLINE_*, and `env`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("WARMLINE_")}
    return {**own, "PYTHONPATH": str(ROOT), **env}


@pytest.fixture
def run_cli(env: Env, tmp_path: Path) -> RunCli:
    """`python -m sync ...` as a process in a folder without warmline.toml; `env` replaces the fixture's settings."""
    default = env

    def run(*args: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "sync", *args],
            env=process_environment(default if env is None else env),
            cwd=cwd or tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return run
