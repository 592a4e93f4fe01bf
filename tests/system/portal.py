"""What tests do to the sandbox behind the command line's back: put it back, compare it, kill a process at a request."""

from __future__ import annotations

import copy
import os
import re
import signal
import sqlite3
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from sandbox.faults import Fault, Faults
from sandbox.state import SandboxState
from sandbox.stats import READS_BY_POST

STAMPS = {
    "hs_task_completion_date",
    "createdate",
    "lastmodifieddate",
    "hs_lastmodifieddate",
    "hs_object_id",
    "hs_createdate",
}
SHARED = ("lock", "clock", "_loader")
PASSING = ("faults",)
DEADLINE_S = 20.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything in a portal at one moment, its clock and planned faults apart."""

    contents: dict[str, Any]

    @classmethod
    def of(cls, state: SandboxState) -> Snapshot:
        """A copy of the portal as it is now."""
        with state.lock:
            own = {name: value for name, value in vars(state).items() if name not in (*SHARED, *PASSING)}
            return cls(copy.deepcopy(own, _kept(state)))

    def restore(self, state: SandboxState) -> None:
        """Put the portal back, without planned faults; the snapshot can be used again."""
        with state.lock:
            vars(state).update(copy.deepcopy(self.contents, _kept(state)), faults=Faults())


def _kept(state: SandboxState) -> dict[int, Any]:
    return {id(vars(state)[name]): vars(state)[name] for name in SHARED}


def end_state(state: SandboxState) -> dict[str, Any]:
    """The portal as people see it: contacts by e-mail, tasks with whom they are about, without ids and stamps."""
    dumped = state.dump()
    who = {one: record["properties"].get("email", one) for one, record in dumped["contacts"].items()}
    contacts = {who[one]: _shown(record, who) for one, record in dumped["contacts"].items()}
    tasks = sorted((_shown(record, who) for record in dumped["tasks"].values()), key=repr)
    return {"contacts": contacts, "tasks": tasks, "properties": own_properties(state)}


def _shown(record: dict[str, Any], who: dict[str, str]) -> dict[str, Any]:
    kept = {name: value for name, value in record["properties"].items() if name not in STAMPS}
    about = sorted(who[one] for one in record["associations"].get("contacts", ()))
    return {"properties": kept, "archived": record["archived"], "about": about}


def own_properties(state: SandboxState) -> list[str]:
    """Names of the live contact properties warmline made."""
    found = state.stores["contacts"].schema.properties
    return sorted(name for name, one in found.items() if name.startswith("warmline_") and not _archived(one))


def _archived(definition: Any) -> bool:
    return bool(getattr(definition, "archived", False))


def markers(state: SandboxState) -> list[str]:
    """The marker of every live task, in order."""
    bodies = (
        one["properties"].get("hs_task_body", "") for one in state.dump()["tasks"].values() if not one["archived"]
    )
    return sorted(mark for body in bodies for mark in re.findall(r"\[wl:[0-9a-f]{12}\]", body))


def is_write(method: str, path: str) -> bool:
    """Whether a request changes something in HubSpot."""
    return method != "GET" and not path.rstrip("/").endswith(READS_BY_POST)


class Reaper(Faults):
    """Kills the process of `pid` when its N-th request of a kind arrives (0 is the first), before HubSpot applies it or
    after; the answer never leaves. `seen` counts the requests of that kind."""

    def __init__(self, nth: int | None, *, applied: bool = False, writes: bool = True) -> None:
        super().__init__()
        self.nth, self.applied, self.writes = nth, applied, writes
        self.pid: Future[int] = Future()
        self.seen = 0

    def take(self, method: str, path: str) -> Fault | None:
        """Called under the portal's lock, once a request."""
        if is_write(method, path) is not self.writes:
            return super().take(method, path)
        self.seen += 1
        if self.nth is None or self.seen - 1 != self.nth:
            return super().take(method, path)
        os.kill(self.pid.result(DEADLINE_S), signal.SIGKILL)
        return Fault("drop_after" if self.applied else "drop_before")


class Pause(Faults):
    """Holds the first write request until `go` is set, so that a test can look around while a worker is at work."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go = Event(), Event()

    def take(self, method: str, path: str) -> Fault | None:
        """Called under the portal's lock: nobody else gets an answer meanwhile."""
        if is_write(method, path) and not self.reached.is_set():
            self.reached.set()
            self.go.wait(DEADLINE_S)
        return super().take(method, path)


def outbox_states(mirror: Path) -> dict[str, int]:
    """How many rows of the outbox are in each state."""
    return dict(ask(mirror, "SELECT state, count(*) FROM outbox GROUP BY state ORDER BY state"))


def ask(mirror: Path, sql: str) -> list[Any]:
    """Rows of a read of the mirror file."""
    connection = sqlite3.connect(mirror)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def whole_text(mirror: Path, tables: Iterable[str]) -> str:
    """Everything in some tables as one text."""
    return "\n".join(repr(row) for table in tables for row in ask(mirror, f"SELECT * FROM {table}"))
