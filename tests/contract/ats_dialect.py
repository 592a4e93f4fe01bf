"""A vendor of the contract suite that the sandbox plays: what its harness has in common with the others."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from connectors.protocols import Source
from sandbox.clock import SandboxClock
from sandbox.faults import Fault
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.world import build
from sync.stages.intake_ats import AtsIntake
from sync.stages.pull import pull_stream
from sync.stages.run import Run
from sync.store import lease as leases
from sync.store.db import Mirror
from tests.contract.ats_harness import NOUNS, Harness
from tests.new_mirror import primed
from tests.unit.connectors.conftest import FakeTime

NOW = "2026-11-24T08:00:00.000Z"


def mappers_of(mapping: Any) -> dict[str, Callable[[Any], Any]]:
    """The mapping of each noun, by the names that every vendor's module has for them."""
    names = {"users": "to_user", "jobs": "to_job", "candidates": "to_candidate", "applications": "to_application"}
    return {noun: getattr(mapping, name) for noun, name in names.items()}


def served() -> Iterator[RunningSandbox]:
    """A sandbox whose ATSs hold the world's people; its HubSpot is empty. For a fixture of module scope."""
    with start(SandboxState(SandboxClock(NOW, running=False), build(NOW).load_ats_into)) as sandbox:
        yield sandbox


def opened(folder: Path) -> Iterator[Mirror]:
    """An empty mirror. For a fixture."""
    with closing(primed(folder / "mirror.db")) as db:
        yield db


class DialectHarness(Harness):
    """The sandbox's company of one kind, as new. `company`: to act in. `time`: what the connector waits on."""

    kind: ClassVar[str]
    secret: ClassVar[str] = "token"  # the company's own name for what the connector shows

    def __init__(self, running: RunningSandbox) -> None:
        running.state.reset()
        running.state.clock.set(NOW)
        self.state = running.state
        self.base_url = running.ats_url(self.kind)
        self.company: Any = running.state.dialect(self.kind)
        self.time = FakeTime()
        self.token = getattr(self.company, self.secret, "")
        if hasattr(self.company, "window"):  # its limit runs on the connector's fake time
            self.company.window.monotonic = self.time.clock

    @abstractmethod
    def connect(self, **options: Any) -> Source:
        """`options`: those of the connector that differ from the defaults."""

    def made(self, connect: Callable[..., Source], options: type, **given: Any) -> Source:
        """The connector of a vendor that waits on the fake time; what all vendors are told is known."""
        known = {"name": self.kind, "base_url": self.base_url, **given}
        return connect(options(**known), clock=self.time.clock, sleep=self.time.sleep, jitter=lambda: 0.0)

    @property
    def now(self) -> datetime:
        return self.state.clock.now()

    def advance(self, minutes: float) -> None:
        self.state.clock.advance(minutes * 60)

    def delete(self, candidate_id: str) -> None:
        self.company.delete(candidate_id)

    def reject(self, application_id: str, reason: str) -> None:
        self.company.reject(application_id, reason)

    def rotate_token(self) -> None:
        self.token = f"{self.token}-2"
        setattr(self.company, self.secret, self.token)

    def revoke_token(self) -> None:
        setattr(self.company, self.secret, "another")

    def between_pages(self, change: Callable[[], object]) -> None:
        self.company.between_pages.append(change)

    def fail(self, kind: str, *, times: int = 1, skip: int = 0, **how: Any) -> None:
        self.company.faults.add(Fault(kind, times=times, skip=skip, **how))

    def count_requests(self) -> int:
        return int(self.company.stats.total)


def pull(ats: DialectHarness, db: Mirror, nouns: tuple[str, ...] = NOUNS) -> dict[str, int]:
    """A run's pull by a new process: rows stored, by noun. The puller, the mapping and the store are the real ones."""
    who = {"name": "run", "token": "t", "host": "h", "pid": 1, "now": ats.now, "real_time": 0.0}
    lease = leases.acquire(db, **who, is_alive=lambda pid: True)
    policy: Any = SimpleNamespace(time=SimpleNamespace(zone=ZoneInfo("Europe/Amsterdam")))
    run, source, stored = Run(db, lease, "r", ats.now, policy), ats.connect(), {}
    for spec in source.streams:
        if spec.noun in nouns:
            outcome = pull_stream(run, source, spec, AtsIntake(source.name, spec.noun, ats.mappers[spec.noun], "1"))
            assert outcome.error == ""
            stored[spec.noun] = outcome.counts.stored
    leases.release(db, lease)
    return stored
