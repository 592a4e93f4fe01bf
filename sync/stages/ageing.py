"""Ageing: what no score, decision or duty needs any more is deleted, once a night, with the full read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sync.core.ageing import kept_from
from sync.stages.run import Run
from sync.store import ageing, audit, links, work


@dataclass(frozen=True, slots=True)
class Keep:
    """Days activities and lines of the audit are kept."""

    activity_days: int
    audit_days: int


@dataclass(frozen=True, slots=True)
class Aged:
    """How many were deleted."""

    touch_days: int
    activities: int
    audit_lines: int


def age(run: Run, keep: Keep) -> Aged:
    """Delete what is past keeping, inside the caller's transaction. People who lose a touch that weighed are scored
    anew, so that what is explained stays what was written."""
    kinds = run.policy.score.kinds
    kept = kept_from(run.today, kinds)
    gone = ageing.forget_touch_days(run.db, kept)
    ageing.forget_touch_events(run.db, kept)
    weighed = {ref for ref, kind in gone if kind in kinds and kinds[kind].weight > 0}
    people = {person_id for person_id, _ in links.links_of(run.db, weighed).values()}
    work.enqueue_people(run.db, "score", people, run.now)
    activities = ageing.forget_activities(run.db, run.now - timedelta(days=keep.activity_days), kept)
    lines = audit.forget_before(run.db, run.now - timedelta(days=keep.audit_days))
    return Aged(len(gone), activities, lines)
