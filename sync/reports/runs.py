"""The stable JSON of `sync` and `plan` (docs/commands.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connectors.protocols import RequestCounts
from sync.core.model import ActionKind, Band, OutboxState, person_ref
from sync.core.task_life import TASK_CHANGES
from sync.store import outbox, reads
from sync.store.db import Mirror
from sync.store.outbox import OutboxRow
from sync.store.times import to_text

if TYPE_CHECKING:
    from sync.bootstrap import Session
    from sync.worker import Outcome

STREAM_COUNTS = ("fetched", "stored", "unchanged", "duplicate", "suppressed", "quarantined", "deleted")
OPEN = (OutboxState.PENDING, OutboxState.DEFERRED, OutboxState.UNKNOWN, OutboxState.SENT)


def outcome_report(session: Session, outcome: Outcome, *, duration_s: float) -> dict[str, Any]:
    """`sync --json`. Counts are of this run, `people` of the mirror after it."""
    db = session.run.db
    counts = reads.people_counts(db)
    return {
        "run_id": outcome.run_id,
        "complete": outcome.complete,
        "started_at": to_text(outcome.started_at),
        "duration_s": round(duration_s, 3),
        "streams": {one.stream: {name: getattr(one.counts, name) for name in STREAM_COUNTS} for one in outcome.streams},
        "people": {
            "candidates": counts.candidates,
            "contacts": counts.contacts,
            "linked": counts.linked,
            "review": counts.review,
        },
        "scored": {
            "computed": outcome.scored.computed,
            "changed": outcome.scored.changed,
            "hot": reads.scores_by_band(db).get(Band.HOT, 0),
        },
        "decisions": {
            play: {"wanted": outcome.decided.wanted[play], "refused": outcome.decided.refused[play]}
            for play in sorted({"fan", *outcome.decided.wanted, *outcome.decided.refused})
        },
        "actions": _actions(outcome),
        "requests": {name: _requests(counts) for name, counts in session.request_counts().items()},
    }


def _actions(outcome: Outcome) -> dict[str, dict[str, int]]:
    applied = outcome.applied
    done = applied.count(OutboxState.DONE)
    withheld = applied.count(OutboxState.WITHDRAWN)
    deferred = applied.count(OutboxState.DEFERRED, OutboxState.UNKNOWN, OutboxState.PENDING)
    dead = applied.count(OutboxState.DEAD)
    return {
        kind.value: {
            "planned": outcome.planned[kind.value],
            "applied": done[kind.value],
            "withheld": withheld[kind.value],
            "deferred": deferred[kind.value],
            "dead": dead[kind.value],
        }
        for kind in ActionKind
    }


def _requests(counts: RequestCounts) -> Mapping[str, int]:
    return {"reads": counts.reads, "writes": counts.writes, "retried": counts.retried, "throttled": counts.throttled}


def plan_report(db: Mirror) -> list[dict[str, Any]]:
    """`plan --json`: every write that waits, contacts before tasks."""
    return [
        {
            "kind": row.kind.value,
            "key": row.key,
            "contact_id": row.contact_id,
            "person_id": person_ref(row.person_id) if row.person_id > 0 else None,
            "play": row.play,
            "reason": row.reason,
            "before": _before(row),
            "after": row.after,
        }
        for row in outbox.list_rows(db, OPEN)
    ]


def _before(row: OutboxRow) -> dict[str, str]:
    """The values before; of a task that changes also which task it is."""
    named = row.kind in TASK_CHANGES and row.object_id is not None
    return {"hs_object_id": row.object_id or "", **row.before} if named else row.before


def run_line(report: Mapping[str, Any], reasons: list[str]) -> dict[str, Any]:
    """A run in one log line: counts only."""
    streams, actions, requests = (report[key].values() for key in ("streams", "actions", "requests"))
    return {
        "run_id": report["run_id"],
        "complete": report["complete"],
        "reasons": reasons,
        "duration_s": report["duration_s"],
        "streams": len(streams),
        **{key: sum(one[key] for one in streams) for key in ("fetched", "stored", "quarantined", "deleted")},
        "scored": report["scored"]["computed"],
        **{key: sum(one[key] for one in actions) for key in ("planned", "applied", "withheld", "dead")},
        "reads": sum(one["reads"] for one in requests),
        "writes": sum(one["writes"] for one in requests),
    }
