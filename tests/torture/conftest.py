"""A portal of its own, the story on it, and the tables at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.server import RunningSandbox, start
from sandbox.world import World, portal
from tests.system.conftest import WarmCli, warm_cli
from tests.torture.story import Stage, Step, told
from tests.torture.tally import EVERYTHING, TALLIES

__all__ = ["warm_cli"]


@pytest.fixture(scope="session")
def theatre(world: World) -> Iterator[RunningSandbox]:
    """A server that only the proofs use."""
    with start(portal(world)) as running:
        yield running


@pytest.fixture(scope="session")
def stage(theatre: RunningSandbox, warm_cli: WarmCli, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(theatre.state, warm_cli, tmp_path_factory.mktemp("story") / "mirror.db")


@pytest.fixture(scope="session")
def story(
    stage: Stage, theatre: RunningSandbox, world: World, exported: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Step]:
    return told(stage, theatre, world, exported, tmp_path_factory.mktemp("days"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The counts of `make torture`."""
    for one in TALLIES if EVERYTHING else ():
        for line in one.lines() if one.rows else ():
            terminalreporter.write_line(line)
