"""Several workers on one portal, and a worker that sleeps past its lease: one effect, whoever wakes up when."""

from __future__ import annotations

import os
import signal
import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from sandbox.faults import Faults
from tests.conftest import Ended
from tests.system.conftest import Started
from tests.system.portal import DEADLINE_S, Pause, Reaper, ask
from tests.torture.story import SYNCS, Damage, Stage, Step, compared, recovered
from tests.torture.tally import EVERYTHING, spread, tally

pytestmark = pytest.mark.timeout(900)

ASLEEP = tally(
    "Asleep past the lease, woken after another worker was done",
    "step", "points", "lost", "duplicate", "lost properties", "sent on waking",
)  # fmt: skip
TOGETHER = tally("Started together", "workers", "rounds", "worked", "turned away", "duplicate")
AWAY_S = 3600.0
LATER = timedelta(minutes=6)
CLAIM = "attempts = attempts + 1"  # the transaction that takes rows in hand


def holder(stage: Stage) -> int:
    """The process that holds the lease."""
    return int(ask(stage.mirror, "SELECT pid FROM lease")[0][0])


@pytest.mark.parametrize("workers", [2, 6])
def test_of_workers_started_together_on_an_empty_mirror_one_works_and_the_others_end_at_once(
    stage: Stage, story: dict[str, Step], workers: int
) -> None:
    step = story["first sync"]
    for _ in range(5 if EVERYTHING else 1):
        stage.place(step)
        pause = stage.state.faults = Pause()
        started = [stage.cli.start(*step.args, env=step.env) for _ in range(workers)]

        assert pause.reached.wait(DEADLINE_S)
        busy = holder(stage)
        away = [one.wait() for one in started if one.pid != busy]
        pause.go.set()
        worked = [one.wait() for one in started if one.pid == busy]

        damage = compared(stage, step)
        TOGETHER.add(str(workers), 1, len(worked), len(away), damage.duplicate_tasks)
        assert ([one.code for one in worked], {one.code for one in away}) == ([0], {3})
        assert all("Another worker runs on this portal" in one.stderr for one in away)
        assert damage.said == []


@dataclass(slots=True)
class Slept:
    """`sent`: writes of a worker after it woke. `changed`: whether it changed the mirror, the ledger of runs apart."""

    ended: Ended
    sent: int
    changed: bool


def asleep(stage: Stage, step: Step, nth: int, *, having: str = "", after: bool = True, **env: str) -> Started:
    """A worker that stands still right after (or before) its nth commit."""
    stage.place(step)
    commits = stage.at_commit(nth, after=after, signal=signal.SIGSTOP, having=having)
    sleeper = stage.begin(step, commits=commits, **env)
    await_stop(sleeper.pid)
    return sleeper


def woken(stage: Stage, sleeper: Started) -> Slept:
    """What a worker does when it may go on."""
    before, counting = contents(stage.mirror), Reaper(None)
    stage.state.faults = counting
    os.kill(sleeper.pid, signal.SIGCONT)
    ended = sleeper.wait()
    stage.state.faults = Faults()
    return Slept(ended, counting.seen, contents(stage.mirror) != before)


def await_stop(pid: int) -> None:
    """Until a process stands still."""
    for _ in range(int(DEADLINE_S / 0.005)):
        if Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T":
            return
        Event().wait(0.005)
    raise AssertionError("the worker never reached that commit")


def expire(mirror: Path) -> bool:
    """The lease was last renewed an hour ago, as it would be after an hour's sleep; False when nobody has it."""
    with sqlite3.connect(mirror) as db:
        aged = db.execute("UPDATE lease SET renewed_at = renewed_at - ?", (AWAY_S,)).rowcount
    db.close()
    return aged == 1


def contents(mirror: Path) -> list[str]:
    """Every row of the mirror, the ledger of runs and what it counts apart."""
    tables = [name for (name,) in ask(mirror, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    kept = [name for name in tables if not name.startswith(("run", "metric", "stream_hour", "sqlite_"))]
    return [repr(row) for name in kept for row in ask(mirror, f"SELECT * FROM {name}")]


def book(step: Step, damage: Damage, slept: Slept) -> None:
    """Count one point."""
    ASLEEP.add(step.name, 1, damage.lost_tasks, damage.duplicate_tasks, damage.lost_properties, slept.sent)


@pytest.mark.parametrize("name", SYNCS)
def test_a_worker_that_sleeps_past_its_lease_stops_when_it_wakes(
    stage: Stage, story: dict[str, Step], name: str
) -> None:
    step, sent = story[name], list[int]()
    waits = {"WARMLINE_WRITES__NOT_BEFORE_MINUTES": "5"}

    for nth in spread(step.commits, 1, every=2):
        sleeper = asleep(stage, step, nth, **waits)
        had_lease = expire(stage.mirror)
        if had_lease:
            stage.run(step, **waits)
        slept = woken(stage, sleeper)
        damage = recovered(stage, step, every=LATER)
        book(step, damage, slept)
        # Before it had the lease, and after its run was booked, there is nothing to lose.
        at_work = had_lease and nth < step.commits - 2
        sent.append(slept.sent if at_work else 0)
        assert (nth, damage.said) == (nth, [])
        assert not at_work or (nth, slept.ended.code, slept.changed) == (nth, 1, False)

    # Frozen in the instant between the proof of its lease and the packet, it still sends that one request.
    assert sum(sent) <= step.writes


@pytest.mark.parametrize("name", SYNCS)
def test_a_worker_that_falls_asleep_with_rows_in_hand_does_not_send_them_when_it_wakes(
    stage: Stage, story: dict[str, Step], name: str
) -> None:
    step = story[name]
    for nth in spread(step.writes, 1):
        sleeper = asleep(stage, step, nth, having=CLAIM)

        assert expire(stage.mirror)
        other = stage.run(step)
        slept = woken(stage, sleeper)

        assert (other, slept.ended.code, slept.sent, slept.changed) == (0, 1, 0, False)
        assert "Run `warmline sync` again" in slept.ended.stderr
        assert compared(stage, step).said == []


def asleep_over_an_update(stage: Stage, step: Step) -> tuple[Started, str]:
    """A worker asleep with contact updates in hand, and one of the contacts."""
    for nth in range(step.writes):
        sleeper = asleep(stage, step, nth, having=CLAIM)
        sql = "SELECT contact_id FROM outbox WHERE state = 'SENT' AND payload LIKE '%warmline_why%'"
        if claimed := ask(stage.mirror, sql):
            return sleeper, str(claimed[0][0])
        woken(stage, sleeper)
    raise AssertionError("nothing was updated")


def test_a_worker_that_wakes_alone_does_not_write_over_what_a_person_changed_meanwhile(
    stage: Stage, story: dict[str, Step]
) -> None:
    step = story["second day"]
    sleeper, contact_id = asleep_over_an_update(stage, step)
    contact = stage.state.edit("contacts", contact_id, {"warmline_why": "Eigen woorden"})

    assert expire(stage.mirror)
    slept = woken(stage, sleeper)
    after = stage.run(step)

    assert (slept.ended.code, slept.sent, after) == (1, 0, 0)
    assert contact.properties["warmline_why"] == "Eigen woorden"


@pytest.mark.skipif(not EVERYTHING, reason="waits out the busy timeout; make torture plays it")
def test_a_worker_asleep_inside_a_transaction_keeps_the_others_out_and_goes_on_when_it_wakes(
    stage: Stage, story: dict[str, Step]
) -> None:
    step = story["second day"]
    sleeper = asleep(stage, step, 0, having=CLAIM, after=False)

    other = stage.begin(step).wait()
    slept = woken(stage, sleeper)

    assert (other.code, slept.ended.code) == (3, 0)
    assert "Another process is writing to the mirror" in other.stderr
    assert compared(stage, step).said == []
