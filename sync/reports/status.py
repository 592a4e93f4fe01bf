"""`status --json`: what the last run did, what waits, what went wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sync.reports.mending import mending_counts
from sync.store import attendance, engagement, intake, notifications, outbox, reads, runs
from sync.store.db import Mirror
from sync.store.times import to_text


def status_report(db: Mirror) -> dict[str, Any]:
    """The state of the mirror in counts and ids; no personal data."""
    last = runs.last_run(db)
    counts = reads.people_counts(db)
    return {
        "last_run": None if last is None else _run(last),
        "people": {
            "candidates": counts.candidates,
            "contacts": counts.contacts,
            "linked": counts.linked,
            "review": counts.review,
        },
        "bands": {band.value: number for band, number in reads.scores_by_band(db).items()},
        "outbox": {
            f"{kind.value} {state.value}": number
            for kind, states in outbox.counts(db).items()
            for state, number in states.items()
        },
        "attendance": _attendance(db),
        "notifications": notifications.counts(db),
        **mending_counts(db),
        "unweighed": {" ".join(filter(None, key)): count for key, count in engagement.event_totals(db).items()},
        "streams": {}
        if last is None
        else {name: _stream(*one) for name, one in runs.list_streams(db, last.run_id).items()},
        "quarantine": [
            dict(zip(("stream", "record", "field", "reason"), row, strict=False)) for row in intake.list_quarantine(db)
        ],
    }


def _attendance(db: Mirror) -> dict[str, int]:
    """Lines of sign-in sheets, and what became of those that go into HubSpot."""
    lines, unlinked = attendance.count_lines(db)
    states = {"waiting": "PENDING", "uncertain": "SENT", "written": "DONE", "refused": "DEAD"}
    counts = attendance.counts(db)
    return {"lines": lines, "unlinked": unlinked, **{word: counts.get(state, 0) for word, state in states.items()}}


def _stream(counts: runs.StreamCounts, error: str) -> dict[str, Any]:
    return {**asdict(counts), "error": error}


def _run(run: runs.Run) -> dict[str, Any]:
    return {
        "run_id": run.run_id,
        "command": run.command,
        "started_at": to_text(run.started_at),
        "finished_at": to_text(run.finished_at) if run.finished_at else None,
        "complete": run.complete,
        "reason": run.reason,
    }
