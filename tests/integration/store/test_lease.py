"""One worker a portal."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest

from sync.errors import LeaseHeld, LeaseLost
from sync.store import lease
from sync.store.db import Mirror, open_mirror
from sync.store.lease import Lease
from tests.integration.store.values import NOW


def take(db: Mirror, token: str, *, host: str = "a", pid: int = 1, at: float = 1000.0, alive: bool = True) -> Lease:
    return lease.acquire(
        db, name="portal", token=token, host=host, pid=pid, now=NOW, real_time=at, is_alive=lambda pid: alive
    )


def test_a_free_lease_is_taken(db: Mirror) -> None:
    assert take(db, "t1") == Lease("portal", "t1")
    assert db.rows("SELECT * FROM lease") == [("portal", "t1", "a", 1, "2026-11-21T09:30:15.250Z", 1000.0)]


def test_a_held_lease_names_who_has_it(db: Mirror) -> None:
    take(db, "t1", pid=42)

    with pytest.raises(LeaseHeld) as raised:
        take(db, "t2", at=1060.0)

    assert raised.value.message == (
        "Another worker runs on this portal: host a, process 42, since 2026-11-21T09:30:15.250Z."
    )


@pytest.mark.parametrize(
    ("host", "at", "alive", "taken"),
    [
        ("a", 1000.0, False, True),  # its process on this host is dead
        ("b", 1000.0, False, False),  # another host's process cannot be seen
        ("b", 1060.0, False, False),  # 60 s without renewal is not yet too long
        ("b", 1061.0, True, True),  # renewed too long ago
        ("b", 930.0, True, True),  # the clock was set back
    ],
)
def test_a_lease_is_taken_over_when_its_worker_is_gone(db: Mirror, host, at, alive, taken) -> None:
    take(db, "t1", host="a")

    if taken:
        assert take(db, "t2", host=host, at=at, alive=alive) == Lease("portal", "t2")
    else:
        with pytest.raises(LeaseHeld):
            take(db, "t2", host=host, at=at, alive=alive)


def test_a_write_under_a_lost_lease_writes_nothing(db: Mirror) -> None:
    first = take(db, "t1")
    take(db, "t2", alive=False)

    with pytest.raises(LeaseLost), db.write(first):
        db.change("INSERT INTO setting (name, value) VALUES ('a', '1')")

    assert db.rows("SELECT * FROM setting") == []


def test_a_write_under_a_lease_renews_it(db: Mirror) -> None:
    held = take(db, "t1")

    with db.write(held):
        pass

    row = db.row("SELECT renewed_at FROM lease")
    assert row is not None and abs(row[0] - time.time()) < 5


def test_a_lease_is_renewed_and_released_by_its_token_only(db: Mirror) -> None:
    first = take(db, "t1")
    second = take(db, "t2", alive=False)
    lease.renew(db, second, 1030.0)

    with pytest.raises(LeaseLost):
        lease.renew(db, first, 1031.0)
    lease.release(db, first)
    held = db.rows("SELECT token, renewed_at FROM lease")
    lease.release(db, second)

    assert (held, db.rows("SELECT * FROM lease")) == ([("t2", 1030.0)], [])


def _take_at_once(path: Path, barrier, results, pid: int) -> None:
    mirror = open_mirror(path)
    barrier.wait()
    try:
        take(mirror, f"t{pid}", pid=pid)
        results.put("taken")
    except LeaseHeld:
        results.put("held")
    mirror.close()


def test_of_eight_processes_at_once_one_gets_the_lease(path: Path) -> None:
    open_mirror(path).close()
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(8), context.Queue()
    processes = [context.Process(target=_take_at_once, args=(path, barrier, results, pid)) for pid in range(8)]

    for process in processes:
        process.start()
    answers = sorted(results.get(timeout=30) for _ in processes)
    for process in processes:
        process.join(30)

    assert answers == ["held"] * 7 + ["taken"]


def test_a_lease_is_proven_while_it_is_held_and_the_worker_was_not_away(db: Mirror) -> None:
    held = take(db, "t1", at=time.time() - 50.0)

    lease.prove(db, held)
    (renewed_at,) = db.row("SELECT renewed_at FROM lease") or (0.0,)
    with db.write():
        db.change("UPDATE lease SET renewed_at = renewed_at - 130.0")

    assert abs(time.time() - renewed_at) < 5.0
    with pytest.raises(LeaseLost, match="was not sent"):
        lease.prove(db, held)


def test_a_lease_that_another_worker_took_cannot_be_proven(db: Mirror) -> None:
    first = take(db, "t1", at=time.time())
    take(db, "t2", alive=False, at=time.time())

    with pytest.raises(LeaseLost):
        lease.prove(db, first)
