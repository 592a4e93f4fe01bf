"""The command line as a process against the sandbox, quickly, and portals that are put back as they were."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import RunningSandbox
from sandbox.world import World
from tests.conftest import ROOT, Ended, Env, process_environment, renew, settings
from tests.system.portal import Snapshot

WARM = Path(__file__).with_name("warm_cli.py")


class WarmCli:
    """Starts commands as processes forked from one that has imported everything (see warm_cli.py)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._process = subprocess.Popen(
            [sys.executable, str(WARM)],
            env=process_environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(
        self, *args: str, env: Mapping[str, str], cwd: Path | None = None, commits: Mapping[str, Any] | None = None
    ) -> Started:
        """A command that runs from now on; `commits`: what happens at one of them (warm_cli.py)."""
        number = next(self._numbers)
        out, err = self._folder / f"{number}.out", self._folder / f"{number}.err"
        command = {
            "args": args,
            "env": process_environment(env),
            "cwd": str(cwd or self._folder),
            "out": str(out),
            "err": str(err),
            "commits": commits,
        }
        return Started(self, self._ask({"start": command})["pid"], out, err)

    def wait(self, pid: int) -> int:
        """The exit code of a command."""
        return int(self._ask({"wait": pid})["code"])

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def stop(self) -> None:
        """End the process that forks."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@dataclass(frozen=True, slots=True)
class Started:
    """A command that was started."""

    cli: WarmCli
    pid: int
    out: Path
    err: Path

    def wait(self) -> Ended:
        """What became of it; `code` is minus the signal that killed it."""
        code = self.cli.wait(self.pid)
        return Ended(code, self.out.read_text(encoding="utf-8"), self.err.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def warm_cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmCli]:
    assert ROOT.joinpath("sync").is_dir()
    cli = WarmCli(tmp_path_factory.mktemp("commands"))
    yield cli
    cli.stop()


@pytest.fixture
def start_cli(warm_cli: WarmCli, env: Env) -> Callable[..., Started]:
    """Start a command and do not wait for it."""
    default = env

    def begin(*args: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Started:
        return warm_cli.start(*args, env=default if env is None else env, cwd=cwd)

    return begin


@pytest.fixture
def cli(start_cli: Callable[..., Started]) -> Callable[..., Ended]:
    """As `run_cli`, without the second a fresh interpreter takes."""

    def run(*args: str, **more: Any) -> Ended:
        return start_cli(*args, **more).wait()

    return run


@dataclass(frozen=True, slots=True)
class Settled:
    """A portal and a mirror in which everything is done: provisioned and synced."""

    snapshot: Snapshot
    mirror: Path


@pytest.fixture(scope="session")
def settled_once(
    sandbox_server: RunningSandbox,
    world: World,
    exported: Path,
    warm_cli: WarmCli,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settled:
    folder = tmp_path_factory.mktemp("settled")
    ats = Path(shutil.copytree(exported, folder / "ats"))
    env = settings(sandbox_server, ats, world, folder / "mirror.db")
    renew(sandbox_server.state)
    for command in ("provision", "sync"):
        ended = warm_cli.start(command, env=env).wait()
        assert ended.code == 0, ended.stderr
    return Settled(Snapshot.of(sandbox_server.state), folder / "mirror.db")


@pytest.fixture
def settled(settled_once: Settled, sandbox: RunningSandbox, env: Env) -> RunningSandbox:
    """The sandbox after `provision` and a first `sync`, with the mirror that belongs to it; counts start at zero."""
    settled_once.snapshot.restore(sandbox.state)
    sandbox.state.stats.__init__()  # type: ignore[misc]
    mirror = Path(env["WARMLINE_MIRROR__PATH"])
    mirror.parent.mkdir(parents=True)
    shutil.copy(settled_once.mirror, mirror)
    return sandbox


@pytest.fixture
def provisioned(sandbox: RunningSandbox, cli: Callable[..., Ended]) -> RunningSandbox:
    """The sandbox with warmline's properties and nothing else done; counts start at zero."""
    ended = cli("provision")
    assert ended.code == 0, ended.stderr
    sandbox.state.stats.__init__()  # type: ignore[misc]
    return sandbox
