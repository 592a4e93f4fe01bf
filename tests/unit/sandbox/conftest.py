"""A small portal, frozen on a Tuesday morning, with and without HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import requests

from sandbox.clock import SandboxClock
from sandbox.directory import Owner
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.store import INTEGRATION

NOW = "2026-11-24T08:00:00.000Z"
Api = Callable[..., requests.Response]


def fill(state: SandboxState) -> None:
    """One owner and three contacts, 10001 to 10003."""
    state.owners = [Owner("701", 9001, "noor@example.org", "Noor", "V")]
    for first in ("Anna", "Bram", "Cees"):
        state.load("contacts", {"firstname": first, "email": f"{first.lower()}@example.org"}, INTEGRATION)


@pytest.fixture
def state() -> SandboxState:
    return SandboxState(SandboxClock(NOW, running=False), fill)


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSandbox]:
    with start(SandboxState(SandboxClock(NOW, running=False), fill)) as sandbox:
        yield sandbox


@pytest.fixture
def served(running: RunningSandbox) -> SandboxState:
    """The state behind `api`, as new."""
    running.state.reset()
    running.state.clock.set(NOW)
    return running.state


@pytest.fixture
def api(running: RunningSandbox, served: SandboxState) -> Iterator[Api]:
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer sandbox-token"

        def call(method: str, path: str, body: object = None, **query: object) -> requests.Response:
            return session.request(method, running.base_url + path, json=body, params=query, timeout=5)

        yield call
