"""What a run adds to the totals: the ledger forgets old runs, and a counter may never fall (docs/decisions/0068)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sync.core.model import ActionKind
from sync.stages.run import Run
from sync.store import health, metrics
from sync.store.metrics import Amount

# Seconds from a touch to its task: the steps of the histogram.
STEPS = (10, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400)
TIMED_PLAYS = ("fan",)  # whose task is wanted at once; others wait on purpose
_OUTCOMES = ("stored", "unchanged", "duplicate", "suppressed", "quarantined", "deleted")


def book(run: Run, command: str, ended: str, report: Mapping[str, Any], keys: Collection[str] = ()) -> None:
    """Add a run to the totals; called inside a transaction. `ended`: complete, incomplete or failed. `report`:
    `sync --json`, empty where a run failed. `keys`: actions that were settled."""
    db, took = run.db, float(report.get("duration_s", 0.0))
    metrics.add(db, [Amount("runs", 1, {"command": command, "ended": ended})])
    metrics.add(db, [Amount("run_seconds", took, {"command": command})])
    metrics.put(db, [Amount("last_run_seconds", took, {"command": command})])
    metrics.add(db, [*_requests(report), *_rows(report), *_actions(report)])
    metrics.add(db, _tasks(run, took, keys))


def _requests(report: Mapping[str, Any]) -> Iterator[Amount]:
    for source, one in report.get("requests", {}).items():
        for kind in ("reads", "writes"):
            yield Amount("requests", one[kind], {"source": source, "kind": kind.removesuffix("s")})
        yield Amount("requests_retried", one["retried"], {"source": source})
        yield Amount("requests_throttled", one["throttled"], {"source": source})


def _rows(report: Mapping[str, Any]) -> Iterator[Amount]:
    for stream, one in report.get("streams", {}).items():
        for outcome in _OUTCOMES:
            yield Amount("rows", one[outcome], {"stream": stream, "outcome": outcome})


def _actions(report: Mapping[str, Any]) -> Iterator[Amount]:
    for kind, one in report.get("actions", {}).items():
        for outcome in ("planned", "applied", "withheld", "deferred", "dead"):
            if one[outcome]:
                yield Amount("actions", one[outcome], {"kind": kind, "outcome": outcome})


def _tasks(run: Run, took_s: float, keys: Collection[str]) -> Iterator[Amount]:
    """New tasks by play, and how long after the touch those came that are wanted at once. What was known before the
    first complete run waited for warmline, not for its speed."""
    first = health.first_complete(run.db)
    for play, made_at, touched_at in metrics.tasks_made(run.db, sorted(keys)):
        yield Amount("tasks_created", 1, {"play": play})
        if play in TIMED_PLAYS and first is not None and touched_at is not None and touched_at >= first:
            waited = (made_at - touched_at).total_seconds() + took_s  # a row is stamped with the start of its run
            step = next((str(one) for one in STEPS if waited <= one), "+Inf")
            yield Amount("touch_to_task", 1, {"play": play, "le": step})
            yield Amount("touch_to_task_sum", waited, {"play": play})


def task_keys(ended: Mapping[str, tuple[str, Any]]) -> list[str]:
    """The keys of new tasks among settled actions."""
    return [key for key, (kind, _) in ended.items() if kind == ActionKind.CREATE_TASK.value]
