"""The story every proof disturbs: some days of a small team, told once without disturbance."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sandbox.clock import to_moment
from sandbox.faults import Faults
from sandbox.server import RunningSandbox
from sandbox.state import SandboxState
from sandbox.world import World
from tests.conftest import Env, renew, settings
from tests.system.conftest import Started, WarmCli
from tests.system.portal import Reaper, Snapshot, end_state, markers, outbox_states

KILLED = -9
MOST_RUNS = 6
OPEN = {"SENT", "UNKNOWN", "PENDING", "DEFERRED"}
Commits = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the story with everything it starts from, and where it ends when nobody disturbs it.

    `writes`, `reads`: its requests. `commits`: its write transactions on the mirror.
    """

    name: str
    args: tuple[str, ...]
    env: Env
    now: str
    portal: Snapshot
    mirror: bytes | None
    end: dict[str, Any] = field(default_factory=dict)
    writes: int = 0
    reads: int = 0
    commits: int = 0


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

    def begin(self, step: Step, faults: Faults | None = None, *, commits: Commits | None = None, **env: str) -> Started:
        """Start the step's command under these faults, with some settings changed."""
        self.state.faults = faults or Faults()
        started = self.cli.start(*step.args, env={**step.env, **env}, commits=commits)
        if isinstance(faults, Reaper):
            faults.pid.set_result(started.pid)
        return started

    def run(self, step: Step, faults: Faults | None = None, *, commits: Commits | None = None, **env: str) -> int:
        """Run the step's command; its exit code."""
        code = self.begin(step, faults, commits=commits, **env).wait().code
        self.state.faults = Faults()
        return code

    def at_commit(self, nth: int | None, *, after: bool = False, signal: int = 9, having: str = "") -> Commits:
        """A signal before or after the nth commit (tests/system/warm_cli.py)."""
        count = str(self.mirror.with_name("commits"))
        return {"nth": nth, "after": after, "signal": signal, "count": count, "having": having}


@dataclass(slots=True)
class Damage:
    """How a portal differs from the undisturbed one. Nothing is what we want."""

    lost_tasks: int = 0
    duplicate_tasks: int = 0
    lost_properties: int = 0
    runs: int = 0
    said: list[str] = field(default_factory=list)


def recovered(stage: Stage, step: Step, *, every: timedelta = timedelta(0)) -> Damage:
    """Run the step until a run exits 0, and compare; `every`: the time between two runs."""
    codes: list[int] = []
    while len(codes) < MOST_RUNS and 0 not in codes:
        now = (to_moment(step.now) + (len(codes) + 1) * every).isoformat()
        stage.state.clock.set(now)
        codes.append(stage.run(step, WARMLINE_CLOCK__NOW=now))
    damage = compared(stage, step)
    damage.runs = len(codes)
    if codes[-1] != 0:
        damage.said.append(f"no run ended with 0: {codes}")
    return damage


def compared(stage: Stage, step: Step) -> Damage:
    """The portal, and the outbox, against the undisturbed run's."""
    end, damage = end_state(stage.state), Damage()
    missing, surplus = (Counter(map(repr, one["tasks"])) for one in (step.end, end))
    missing.subtract(surplus)
    damage.lost_tasks = sum(count for count in missing.values() if count > 0)
    damage.duplicate_tasks = sum(count - 1 for count in Counter(markers(stage.state)).values())
    damage.lost_properties = sum(
        end["contacts"].get(who, {"properties": {}})["properties"].get(name) != value
        for who, contact in step.end["contacts"].items()
        for name, value in contact["properties"].items()
        if name.startswith("warmline_")
    )
    damage.said += [f"{part} differ" for part in end if end[part] != step.end[part]]
    if damage.duplicate_tasks:
        damage.said.append("a task was made twice")
    if step.args[0] == "sync" and OPEN & set(outbox_states(stage.mirror)):
        damage.said.append(f"left in the outbox: {outbox_states(stage.mirror)}")
    return damage


def told(stage: Stage, sandbox: RunningSandbox, world: World, exported: Path, folder: Path) -> dict[str, Step]:
    """The story undisturbed: provisioned, a first sync with new contacts, then days with news on both sides."""
    renew(sandbox.state)
    steps: dict[str, Step] = {}
    ats = exported
    for name, day, args, happen in PLOT:
        if day != "24":
            ats = Path(shutil.copytree(ats, folder / f"ats{day}"))
            ATS_NEWS[day](ats, day)
        now = f"2026-11-{day}T08:00:00Z"
        env = {
            **settings(sandbox, ats, world, stage.mirror),
            "WARMLINE_CLOCK__NOW": now,
            "WARMLINE_WRITES__CREATE_CONTACTS": "all",
            "WARMLINE_WRITES__NOT_BEFORE_MINUTES": "0",
            "WARMLINE_PLAYS__PROMISE__AHEAD_WORKING_MINUTES": "480",  # no promise turns urgent while a run is repeated
        }
        sandbox.state.clock.set(to_moment(now) - timedelta(hours=1))
        happen(sandbox.state)
        sandbox.state.clock.set(now)
        mirror = stage.mirror.read_bytes() if stage.mirror.exists() else None
        steps[name] = undisturbed(stage, Step(name, args, env, now, Snapshot.of(sandbox.state), mirror))
    return steps


def undisturbed(stage: Stage, step: Step) -> Step:
    """The step with its end and its number of requests and commits."""
    before, counting, commits = stage.state.stats.total, Reaper(None), stage.at_commit(None)
    assert stage.run(step, counting, commits=commits) == 0, step.name
    return replace(
        step,
        end=end_state(stage.state),
        writes=counting.seen,
        reads=stage.state.stats.total - before - counting.seen,
        commits=int(Path(commits["count"]).read_text(encoding="ascii")),
    )


def nothing(state: SandboxState) -> None:
    """Nobody did anything."""


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


def fourth_day(state: SandboxState) -> None:
    """Recruiters call some of those they have a task for; others do not want to be called any more."""
    open_tasks = [one for one in state.stores["tasks"].records.values() if not one.archived_at]
    called = sorted({who for task in open_tasks for who in state.associations.of("tasks", task.id, "contacts")})
    for contact in called[0::4]:
        state.log_call(contact, "2026-11-26T14:00:00Z")
    for contact in called[1::4]:
        state.edit("contacts", contact, {"warmline_do_not_call": "true"})


def handed_over(folder: Path, day: str) -> None:
    """Every vacancy goes to another recruiter, and its people's tasks with it."""
    jobs = [
        json.loads(line) for line in folder.joinpath("jobs.snapshot.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    recruiters = sorted({job["recruiter_email"] for job in jobs})
    following = dict(zip(recruiters, [*recruiters[1:], recruiters[0]], strict=True))
    rows = ({**job, "recruiter_email": following[job["recruiter_email"]]} for job in jobs)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    folder.joinpath(f"jobs.delta-{day}.jsonl").write_text(text, encoding="utf-8")


ATS_NEWS = {"25": newcomers, "26": newcomers, "27": handed_over}
SYNC = ("sync", "--confirm-create", "60")
# Name, day of November, command, and what happens before it.
PLOT: tuple[tuple[str, str, tuple[str, ...], Callable[[SandboxState], None]], ...] = (
    ("provision", "24", ("provision",), nothing),
    ("first sync", "24", SYNC, nothing),
    ("second day", "25", SYNC, second_day),
    ("third day", "26", SYNC, third_day),
    ("fourth day", "27", SYNC, fourth_day),
)
NAMES = tuple(name for name, *_ in PLOT)
SYNCS = NAMES[1:]
