"""Weather over a large portal: seeded faults on both sides, and a clock on which waiting takes no time."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from sandbox import world_history, world_people
from sandbox.clock import to_moment
from sandbox.faults import Fault, Faults
from sandbox.server import RunningSandbox
from sandbox.state import SandboxState
from sandbox.world import World, build
from sync.bootstrap import App, open_session, property_specs
from sync.clock import Clock
from sync.errors import EXIT_COMPLETE, EXIT_INCOMPLETE, WarmlineError
from sync.reports.runs import outcome_report
from sync.stages.provision import provision
from tests.conftest import NOW
from tests.system.portal import end_state, is_write, markers, outbox_states

LATENCY_S = 0.05
BETWEEN_RUNS_S = 300.0
PUT_OFF = timedelta(minutes=10)
MOST_RUNS = 12
BURST, SEARCHES = 20, 2  # a fifth of the lowest tier, and less than half of what a second allows
OTHER_CONTACTS = sum(world_people.KINDS[kind] for kind in world_people.KINDS) - world_people.KINDS["plain"] - 41


class Hurried(Clock):
    """A clock that goes on only when somebody waits, or a request is on its way."""

    went_by = 0.0

    def stand_at(self, now: datetime) -> None:
        """From here on it is `now` for vendor and domain dates."""
        self._fixed = now.astimezone(UTC)

    def monotonic(self) -> float:
        """Seconds since this clock began."""
        return self.went_by

    def real_time(self) -> float:
        """Epoch seconds."""
        return to_moment(NOW).timestamp() + self.went_by

    def sleep(self, seconds: float) -> None:
        """Over at once."""
        self.went_by += max(0.0, seconds)


Menu = Callable[[str, str], list[tuple[str, Fault]]]


@dataclass
class Weather(Faults):
    """What the requests of one side suffer: of each hundred, `percent` fail, in a way drawn from `menu` by `rng`.

    `seen`: requests. `suffered`: faults by name. `impatient`: requests that came before the end of a wait an answer had
    asked for.
    """

    clock: Hurried
    menu: Menu
    percent: float = 0.0
    rng: random.Random = field(default_factory=lambda: random.Random(7))
    seen: int = 0
    impatient: int = 0
    suffered: Counter[str] = field(default_factory=Counter)
    shut: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def take(self, method: str, path: str) -> Fault | None:
        """Called once a request, under the portal's lock."""
        self.clock.went_by += LATENCY_S
        self.seen += 1
        self.impatient += any(self.clock.went_by < self.shut.get(one, 0.0) for one in (path, _bucket(path)))
        if self.rng.random() * 100 >= self.percent:
            return None
        name, fault = self.rng.choice(self.menu(method, path))
        self.suffered[name] += 1
        if fault.kind == "slow":
            self.clock.went_by += fault.hang_s
            return None
        asked = fault.headers.get("Retry-After", "")
        if fault.kind == "status" and asked:
            self.shut[_bucket(path) if fault.status == 429 else path] = self.clock.went_by + int(asked)
        return replace(fault)


def _bucket(path: str) -> str:
    return "search" if path.endswith("/search") else "associations" if "/associations/" in path else "other"


EVERYWHERE = [
    ("500", Fault("status", status=500)),
    ("502", Fault("status", status=502, body="<html>Bad Gateway</html>")),
    ("503", Fault("status", status=503, headers={"Retry-After": "4"})),
    ("504", Fault("status", status=504)),
    ("429 plain text", Fault("status", status=429, body="error code: 1015", headers={"Retry-After": "2"})),
    ("lost before", Fault("drop_before")),
    ("lost after", Fault("drop_after")),
    ("garbage", Fault("garbage")),
    ("slow", Fault("slow", hang_s=20.0)),
]
HUBSPOT = [
    *EVERYWHERE,
    ("521", Fault("status", status=521)),
    ("523", Fault("status", status=523)),
    ("423", Fault("status", status=423)),
    ("477", Fault("status", status=477, headers={"Retry-After": "5"})),
    ("502 after", Fault("status_after", status=502)),
    ("garbage after", Fault("garbage_after")),
]
THROTTLED = [
    ("429 by policy", Fault("throttle", hang_s=3.0)),
    ("429 by policy and Retry-After", Fault("throttle", hang_s=3.0, headers={"Retry-After": ""})),
]
BATCHES = [
    ("nothing written", Fault("hollow")),
    ("a row left out", Fault("omit")),
    ("a row unsure", Fault("partial")),
]


def hubspot_menu(method: str, path: str) -> list[tuple[str, Fault]]:
    """What a request to HubSpot can suffer: another app fills the bucket for as long as it rolls, and lies only where
    something is written."""
    rolls_s = 1.0 if path.endswith("/search") else 10.0
    throttled = [(name, replace(fault, hang_s=rolls_s)) for name, fault in THROTTLED]
    return [*HUBSPOT, *throttled, *(BATCHES if is_write(method, path) and "/batch/" in path else ())]


def ats_menu(method: str, path: str) -> list[tuple[str, Fault]]:
    """What a request to the ATS can suffer."""
    return EVERYWHERE


def crowd(contacts: int) -> World:
    """A world with so many contacts, as keen as the small one's."""
    with pytest.MonkeyPatch.context() as patch:
        plain = contacts - OTHER_CONTACTS
        share = (plain + 34) / (world_people.KINDS["plain"] + 34)
        patch.setitem(world_people.KINDS, "plain", plain)
        for name, count in list(world_history.LINKED_SEGMENTS.items()):
            patch.setitem(world_history.LINKED_SEGMENTS, name, int(count * share))
        return build(NOW)


@dataclass(slots=True)
class Outlived:
    """How the runs until one was complete went, and where they ended."""

    codes: list[int]
    end: dict[str, Any]
    requests: int
    faults: Counter[str]
    impatient: int
    throttled: int
    doubled: int


def settings_of(running: RunningSandbox, world: World, mirror: Path) -> dict[str, str]:
    """What a deployment on both sides would set; caps wide, so that there is much to write."""
    ats = {"kind": "recruitee", **running.ats_settings("recruitee")}
    return {
        "MIRROR__PATH": str(mirror),
        "HUBSPOT__BASE_URL": running.base_url,
        "HUBSPOT__TOKEN": running.state.token,
        **{f"SOURCES__ATS__{key.upper()}": value for key, value in ats.items()},
        "ROUTING__RECRUITERS": ",".join(one.email for one in world.recruiters),
        "ROUTING__FALLBACK_OWNER": world.recruiters[0].email,
        "CONTACT__CALL_GROUNDS": "application,legitimate_interest",
        "CONTACT__TRACKING_CONSENT": "portal",
        "CONTACT__NEW_TASKS_A_DAY": "500",
        "CONTACT__OPEN_TASKS": "500",
        "WRITES__ENABLED": "true",
        "WRITES__CREATE_CONTACTS": "all",
        "WRITES__NOT_BEFORE_MINUTES": "0",
        "GUARDS__PLAN_SHARE": "1",
        "GUARDS__NEW_TASKS": "5000",
    }


def app_of(env: dict[str, str], clock: Hurried, now: datetime) -> App:
    """The worker's parts as a command would start them."""
    clock.stand_at(now)
    given = {**env, "CLOCK__NOW": now.isoformat()}
    return App(load(None, environ={f"WARMLINE_{name}": value for name, value in given.items()}), clock)


def make_properties(env: dict[str, str], clock: Hurried) -> None:
    """`warmline provision`."""
    app = app_of(env, clock, to_moment(NOW))
    provision(app.connect(), property_specs(app, everything=False), lambda _: None)


def one_run(app: App) -> int:
    """`warmline sync --confirm-create 5000`; its exit code."""
    try:
        with open_session(app, "sync") as session:
            outcome = session.execute(session.limits(writes=True, confirm_create=5000))
            session.finish(outcome, outcome_report(session, outcome, duration_s=session.duration_s))
    except WarmlineError as error:
        return error.exit_code
    return EXIT_COMPLETE if outcome.complete else EXIT_INCOMPLETE


@dataclass(slots=True)
class Scene:
    """A portal and an ATS as new, provisioned in fair weather, with their weather and the clock of both."""

    running: RunningSandbox
    env: dict[str, str]
    clock: Hurried
    hubspot: Weather
    ats: Weather

    @property
    def state(self) -> SandboxState:
        """HubSpot."""
        return self.running.state

    @property
    def mirror(self) -> Path:
        """The mirror's file."""
        return Path(self.env["MIRROR__PATH"])

    def run(self, now: datetime) -> int:
        """One run at a moment, and five minutes without one; its exit code."""
        self.state.clock.set(now)
        code = one_run(app_of(self.env, self.clock, now))
        self.clock.went_by += BETWEEN_RUNS_S
        return code


def scene(running: RunningSandbox, world: World, mirror: Path, *, percent: float = 0.0, seed: int = 0) -> Scene:
    """A world as new under tight limits, at `percent` of faults on both sides."""
    state, clock = running.state, Hurried(to_moment(NOW))
    state.reset()
    state.limits.monotonic, state.limits.burst, state.limits.search = clock.monotonic, BURST, SEARCHES
    env = settings_of(running, world, mirror)
    state.clock.set(NOW)
    make_properties(env, clock)
    hubspot, ats = (
        Weather(clock, menu, percent, random.Random(f"{seed}/{menu.__name__}")) for menu in (hubspot_menu, ats_menu)
    )
    state.faults = hubspot
    state.dialect("recruitee").faults = ats
    return Scene(running, env, clock, hubspot, ats)


def outlive(one: Scene) -> Outlived:
    """Run until a run is complete. `now` stands still, as everything is compared with an undisturbed run, and goes on
    only to let rows that were put off fall due."""
    codes: list[int] = []
    now = to_moment(NOW)
    while len(codes) < MOST_RUNS and EXIT_COMPLETE not in codes:
        codes.append(one.run(now))
        if outbox_states(one.mirror).get("DEFERRED"):
            now += PUT_OFF
    marked = markers(one.state)
    return Outlived(
        codes=codes,
        end=end_state(one.state),
        requests=one.hubspot.seen + one.ats.seen,
        faults=one.hubspot.suffered + one.ats.suffered,
        impatient=one.hubspot.impatient + one.ats.impatient + one.state.limits.impatient.total(),
        throttled=one.state.stats.throttled.total(),
        doubled=len(marked) - len(set(marked)),
    )
