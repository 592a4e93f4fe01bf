"""What the ATS said: candidates, jobs, applications, users, sign-in sheets."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sync.core.model import Application, AtsUser, Attendance, Candidate, Job, JobStage, RecordRef
from sync.store.ats_nouns import APPLICATION, ATTENDANCE, CANDIDATE, JOB, USER, stage_row
from sync.store.db import Mirror
from sync.store.rows import Saved, Values, live_by_ref, ref_json, save_rows
from sync.store.sql import query
from sync.store.times import to_text


def save_candidates(db: Mirror, source: str, rows: Sequence[Candidate], now: datetime) -> Saved:
    """Saves a page of candidates."""
    return save_rows(db, CANDIDATE, source, rows, now)


def save_users(db: Mirror, source: str, rows: Sequence[AtsUser], now: datetime) -> Saved:
    """Saves a page of users of the ATS."""
    return save_rows(db, USER, source, rows, now)


def save_attendance(db: Mirror, source: str, rows: Sequence[Attendance], now: datetime) -> Saved:
    """Saves lines of sign-in sheets. `source`: '<ats>.attendance'."""
    return save_rows(db, ATTENDANCE, source, rows, now)


def save_jobs(db: Mirror, source: str, rows: Sequence[Job], now: datetime) -> Saved:
    """Saves a page of jobs.

    A changed job that carries stages gets exactly those; without stages it keeps what it had.
    """
    saved = save_rows(db, JOB, source, rows, now)
    changed = set(saved.changed)
    staged = {job.remote_id: job for job in rows if job.stages and job.remote_id in changed}
    refs = ref_json(RecordRef(source, job_id) for job_id in staged)
    db.change(
        "DELETE FROM job_stage WHERE (source, job_id) IN (SELECT value->>0, value->>1 FROM json_each(?))",
        (refs,),
    )
    stages = {(job_id, stage.remote_id): stage for job_id, job in staged.items() for stage in job.stages}
    db.change_many(
        "INSERT INTO job_stage (source, job_id, remote_id, name, kind, position) VALUES (?, ?, ?, ?, ?, ?)",
        [stage_row(source, job_id, stage) for (job_id, _), stage in stages.items()],
    )
    return saved


def save_applications(db: Mirror, source: str, rows: Sequence[Application], now: datetime) -> Saved:
    """Saves a page of applications, and a stage transition for each that moved.

    A transition is exact when the record says when the stage was entered, else it is observed at `now`. Where the
    vendor tells the whole history, all of it is kept.
    `Saved.candidates`: the candidates of the changed applications, the former one too where that changed.
    """
    ids = json.dumps([row.remote_id for row in rows])
    before = {row[0]: row[1:] for row in db.rows(query("application_positions"), {"source": source, "ids": ids})}
    saved = save_rows(db, APPLICATION, source, rows, now)
    after = db.rows(query("application_positions"), {"source": source, "ids": json.dumps(saved.changed)})
    moves = _told_moves(source, rows, set(saved.changed))
    candidates: set[str] = set()
    for application_id, candidate_id, stage_id, entered_at in after:
        former_candidate_id, former_stage_id, _ = before.get(application_id, (None, None, None))
        candidates |= {one for one in (candidate_id, former_candidate_id) if one is not None}
        if stage_id is not None and stage_id != former_stage_id:
            exact = entered_at is not None
            moves.append((source, application_id, former_stage_id, stage_id, entered_at or to_text(now), int(exact)))
    db.change_many("INSERT INTO stage_transition VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", moves)
    return replace(saved, candidates=tuple(sorted(candidates)))


def _told_moves(source: str, rows: Sequence[Application], changed: set[str]) -> list[Values]:
    """The moves the vendor itself tells of changed applications; those that are known already do not count twice."""
    moves: list[Values] = []
    for row in rows:
        former: str | None = None
        for stage_id, at in row.stage_entries if row.remote_id in changed else ():
            moves.append((source, row.remote_id, former, stage_id, to_text(at), 1))
            former = stage_id
    return moves


def application_candidates(db: Mirror, source: str, application_ids: Collection[str]) -> list[str]:
    """The candidates of these applications, each once, also of deleted ones."""
    params = {"source": source, "ids": json.dumps(list(application_ids))}
    return sorted({row[1] for row in db.rows(query("application_positions"), params) if row[1] is not None})


def applicants(db: Mirror, source: str, job_ids: Collection[str]) -> list[str]:
    """The candidates with an application to one of these jobs."""
    sql = (
        "SELECT DISTINCT candidate_id FROM application WHERE source = ? AND candidate_id IS NOT NULL "
        "AND job_id IN (SELECT value FROM json_each(?)) ORDER BY candidate_id"
    )
    return [row[0] for row in db.rows(sql, (source, json.dumps(list(job_ids))))]


def load_applications_of(db: Mirror, source: str, candidate_ids: Collection[str]) -> dict[str, tuple[Application, ...]]:
    """Live applications by candidate, in order of their ids; every candidate asked for is a key."""
    found: dict[str, list[Application]] = defaultdict(list)
    refs = [RecordRef(source, candidate_id) for candidate_id in candidate_ids]
    for _, application in live_by_ref(db, APPLICATION, refs, column="candidate_id"):
        found[application.candidate_id or ""].append(application)
    return {
        one: tuple(sorted(found.get(one, ()), key=lambda application: application.remote_id)) for one in candidate_ids
    }


def addresses_of(db: Mirror, refs: Collection[RecordRef]) -> list[str]:
    """The e-mail addresses of live candidates, each once."""
    return sorted({one for _, candidate in live_by_ref(db, CANDIDATE, refs) for one in candidate.email_addresses})


def load_jobs(db: Mirror, refs: Collection[RecordRef]) -> dict[RecordRef, Job]:
    """Live jobs with their stages in order."""
    sql = (
        "SELECT * FROM job_stage "
        "WHERE (source, job_id) IN (SELECT value->>0, value->>1 FROM json_each(?)) ORDER BY position"
    )
    stages: dict[RecordRef, list[JobStage]] = defaultdict(list)
    for source, job_id, remote_id, name, kind, position in db.rows(sql, (ref_json(refs),)):
        stages[RecordRef(source, job_id)].append(JobStage(remote_id, job_id, name, kind, position))
    jobs = {RecordRef(source, job.remote_id): job for source, job in live_by_ref(db, JOB, refs)}
    return {ref: replace(job, stages=tuple(stages.get(ref, ()))) for ref, job in jobs.items()}
