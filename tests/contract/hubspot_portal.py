"""The sandbox's HubSpot as the contract tests meet it: one server a module, as new for each test, on fake time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from connectors.hubspot import HubSpotOptions, connect
from connectors.protocols import Crm
from sandbox.clock import SandboxClock
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from tests.unit.connectors.conftest import FakeTime

Connect = Callable[..., Crm]


def served(now: datetime | str, fill: Callable[[SandboxState], None] | None = None) -> Iterator[RunningSandbox]:
    """A portal whose clock stands at `now`. For a fixture of module scope."""
    with start(SandboxState(SandboxClock(now, running=False), fill)) as sandbox:
        yield sandbox


def renewed(running: RunningSandbox, now: datetime | str) -> SandboxState:
    """The portal's state, as new."""
    running.state.reset()
    running.state.clock.set(now)
    return running.state


def connector(running: RunningSandbox, time: FakeTime, **known: Any) -> Connect:
    """What makes connectors of the portal that wait on `time`, by options of which `known` are given."""
    running.state.limits.monotonic = time.clock

    def make(**options: Any) -> Crm:
        given = {"token": lambda: "sandbox-token", "base_url": running.base_url, **known, **options}
        return connect(HubSpotOptions(**given), clock=time.clock, sleep=time.sleep, jitter=lambda: 0.0)

    return make
