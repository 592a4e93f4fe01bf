"""A worker that is killed at any request, and started again, leaves the portal as if nothing had happened."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import RunningSandbox
from sandbox.state import SandboxState
from sandbox.world import World
from tests.conftest import Env, renew, settings
from tests.system.conftest import Started, WarmCli
from tests.system.portal import Reaper, Snapshot, end_state, markers, outbox_states

KILLED = -9
MOST_RUNS = 4
OPEN = {"SENT", "UNKNOWN", "PENDING", "DEFERRED"}


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the story with everything it starts from, and where it ends when nobody disturbs it."""

    args: tuple[str, ...]
    env: Env
    now: str
    portal: Snapshot
    mirror: bytes | None
    end: dict[str, Any]
    writes: int
    reads: int


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story plays."""

    state: SandboxState
    cli: WarmCli
    mirror: Path

    def place(self, step: Step) -> None:
        """Portal and mirror as they were before a step."""
        step.portal.restore(self.state)
        self.state.clock.set(step.now)
        for file in self.mirror.parent.glob(self.mirror.name + "*"):
            file.unlink()
        if step.mirror is not None:
            self.mirror.write_bytes(step.mirror)

    def run(self, step: Step, reaper: Reaper) -> int:
        """Run the step's command under a reaper; its exit code."""
        self.state.faults = reaper
        started: Started = self.cli.start(*step.args, env=step.env)
        reaper.pid.set_result(started.pid)
        code = started.wait().code
        self.state.faults = Reaper(None)
        return code


def second_day(state: SandboxState) -> None:
    """Silent contacts come alive: enough visits and clicks on different days for new bands and new tasks."""
    for contact in sorted(state.stores["contacts"].records)[:120:2]:
        for day in ("22", "23", "24"):
            state.visit(contact, f"2026-11-{day}T12:00:00Z", pages=3)
        state.form(contact, "2026-11-24T15:00:00Z", name="Open dag")
        state.reply(contact, "2026-11-24T16:00:00Z")


def third_day(state: SandboxState) -> None:
    """Others follow."""
    for contact in sorted(state.stores["contacts"].records)[121:240:3]:
        for day in ("23", "24", "25"):
            state.visit(contact, f"2026-11-{day}T12:00:00Z", pages=3)
        state.reply(contact, "2026-11-25T16:00:00Z")


def newcomers(folder: Path, day: str) -> None:
    """Two candidates HubSpot does not know yet."""
    people = [
        {
            "id": f"n{day}{i}",
            "first_name": first,
            "last_name": "Nieuweling",
            "email_addresses": [f"{first}{day}@example.org"],
        }
        for i, first in enumerate(("Rosa", "Tijn"))
    ]
    applied = [
        {
            "id": f"na{day}{i}",
            "candidate_id": one["id"],
            "job_id": "j01",
            "status": "active",
            "applied_at": f"2026-11-{day}T07:00:00Z",
        }
        for i, one in enumerate(people)
    ]
    for noun, rows in (("candidates", people), ("applications", applied)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        folder.joinpath(f"{noun}.delta-{day}.jsonl").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def stage(
    sandbox_server: RunningSandbox, warm_cli: WarmCli, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    yield Stage(sandbox_server.state, warm_cli, tmp_path_factory.mktemp("story") / "mirror.db")
    sandbox_server.state.reset()


@pytest.fixture(scope="module")
def story(
    stage: Stage,
    sandbox_server: RunningSandbox,
    world: World,
    exported: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Step]:
    """Three days, undisturbed: provisioned, first sync with new contacts, then two days with news on both sides."""
    state = sandbox_server.state
    renew(state)
    told: dict[str, Step] = {}
    folder = exported
    plot: list[tuple[str, str, tuple[str, ...], Callable[[SandboxState], None]]] = [
        ("provision", "24", ("provision",), lambda _: None),
        ("first sync", "24", ("sync", "--confirm-create", "60"), lambda _: None),
        ("second day", "25", ("sync", "--confirm-create", "60"), second_day),
        ("third day", "26", ("sync", "--confirm-create", "60"), third_day),
    ]
    for name, day, args, happen in plot:
        if day != "24":
            folder = Path(shutil.copytree(folder, tmp_path_factory.mktemp(f"ats{day}") / "ats"))
            newcomers(folder, day)
        now = f"2026-11-{day}T08:00:00Z"
        env = {
            **settings(sandbox_server, folder, world, stage.mirror),
            "WARMLINE_CLOCK__NOW": now,
            "WARMLINE_WRITES__CREATE_CONTACTS": "all",
            "WARMLINE_WRITES__NOT_BEFORE_MINUTES": "0",
        }
        state.clock.set(now)
        happen(state)
        mirror = stage.mirror.read_bytes() if stage.mirror.exists() else None
        step = Step(args, env, now, Snapshot.of(state), mirror, {}, 0, 0)
        told[name] = undisturbed(stage, step)
    return told


def undisturbed(stage: Stage, step: Step) -> Step:
    """The step with its end and its number of requests."""
    before = stage.state.stats.total
    counting = Reaper(None)
    assert stage.run(step, counting) == 0
    reads = stage.state.stats.total - before - counting.seen
    return Step(step.args, step.env, step.now, step.portal, step.mirror, end_state(stage.state), counting.seen, reads)


def differences(stage: Stage, step: Step, reaper: Reaper) -> list[str]:
    """What is not as it should be after a kill and the runs that follow until one exits 0; [] is what we want."""
    stage.place(step)
    code = stage.run(step, reaper)
    if code != KILLED:
        return [f"was not killed but ended with {code}"]
    codes = []
    while len(codes) < MOST_RUNS and 0 not in codes:
        codes.append(stage.run(step, Reaper(None)))
    found = [] if codes[-1] == 0 else [f"no run ended with 0: {codes}"]
    marked = markers(stage.state)
    if len(set(marked)) < len(marked):
        found.append("a task was made twice")
    end = end_state(stage.state)
    found += [f"{part} differ" for part in end if end[part] != step.end[part]]
    if step.args[0] == "sync" and OPEN & set(outbox_states(stage.mirror)):
        found.append(f"left in the outbox: {outbox_states(stage.mirror)}")
    return found


def test_the_story_has_at_least_forty_moments_around_a_write(story: dict[str, Step]) -> None:
    points = {name: 2 * step.writes for name, step in story.items()}

    assert sum(points.values()) >= 40, points
    assert all(step.end["tasks"] for name, step in story.items() if name != "provision")


@pytest.mark.parametrize("applied", [False, True], ids=["before it is applied", "after it is applied"])
@pytest.mark.parametrize("name", ["provision", "first sync", "second day", "third day"])
def test_a_kill_at_any_write_ends_as_an_undisturbed_run(
    stage: Stage, story: dict[str, Step], name: str, applied: bool
) -> None:
    step = story[name]

    found = {nth: differences(stage, step, Reaper(nth, applied=applied)) for nth in range(step.writes)}

    assert found == {nth: [] for nth in range(step.writes)}


def test_a_kill_at_a_read_ends_as_an_undisturbed_run(stage: Stage, story: dict[str, Step]) -> None:
    step = story["first sync"]
    sample = range(1, step.reads, 3)

    found = {nth: differences(stage, step, Reaper(nth, writes=False)) for nth in sample}

    assert found == {nth: [] for nth in sample}
