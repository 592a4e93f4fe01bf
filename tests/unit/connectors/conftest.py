"""A HubSpot connector on fake time, answered by `responses`: no socket, no sleep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import responses

from connectors.hubspot import HubSpotOptions, connect
from connectors.protocols import Crm

BASE = "https://api.hubapi.com"


@dataclass
class FakeTime:
    """A clock that moves only when somebody sleeps."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def make_crm(fake_time: FakeTime) -> Callable[..., Crm]:
    def make(**options: Any) -> Crm:
        given = {
            "token": lambda: "pat-test",
            "contact_properties": ("email",),
            "task_properties": ("hs_task_body",),
        }
        return connect(
            HubSpotOptions(**{**given, **options}),
            clock=fake_time.clock,
            sleep=fake_time.sleep,
            jitter=lambda: 0.0,
        )

    return make


@pytest.fixture
def crm(make_crm: Callable[..., Crm]) -> Crm:
    return make_crm()
