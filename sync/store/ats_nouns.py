"""How the ATS's records stand in their tables: candidates, jobs, applications, users, sign-in sheets."""

from __future__ import annotations

from dataclasses import replace

from sync.core.model import Application, AtsUser, Attendance, Candidate, Job, JobStage
from sync.store.rows import Noun, Values, flag, optional_flag, text_list, to_tuple
from sync.store.times import optional_moment, optional_text


def _candidate_values(row: Candidate) -> Values:
    """Of somebody who is anonymised or gone no name, address or number is kept, whatever the ATS still sends."""
    if row.anonymised_at is not None or row.deleted_at is not None:
        row = replace(
            row, first_name=None, name_infix=None, last_name=None, email_addresses=(), phone_numbers=(), origin=None
        )
    return (
        row.first_name,
        row.name_infix,
        row.last_name,
        text_list(row.email_addresses),
        text_list(row.phone_numbers),
        row.origin,
        row.owner_email,
        flag(row.can_email),
        optional_text(row.consent_expires_at),
        optional_text(row.created_at),
        optional_text(row.anonymised_at),
    )


def _candidate(row: Values) -> Candidate:
    return Candidate(
        remote_id=row[0],
        first_name=row[1],
        name_infix=row[2],
        last_name=row[3],
        email_addresses=to_tuple(row[4]),
        phone_numbers=to_tuple(row[5]),
        origin=row[6],
        owner_email=row[7],
        can_email=optional_flag(row[8]),
        consent_expires_at=optional_moment(row[9]),
        created_at=optional_moment(row[10]),
        anonymised_at=optional_moment(row[11]),
        updated_at=optional_moment(row[12]),
    )


CANDIDATE = Noun(
    table="candidate",
    columns=(
        "first_name",
        "name_infix",
        "last_name",
        "email_addresses",
        "phone_numbers",
        "origin",
        "owner_email",
        "can_email",
        "consent_expires_at",
        "remote_created_at",
        "anonymised_at",
    ),
    values=_candidate_values,
    record=_candidate,
    live="deleted_at IS NULL AND anonymised_at IS NULL",
)


def _job_values(row: Job) -> Values:
    opened_at, closed_at = optional_text(row.opened_at), optional_text(row.closed_at)
    return (
        row.name,
        row.status,
        int(row.confidential),
        row.recruiter_email,
        row.post_url,
        row.apply_url,
        opened_at,
        closed_at,
        row.location,
    )


def _job(row: Values) -> Job:
    remote_id, name, status, confidential, recruiter_email, post_url, apply_url, opened_at, closed_at, location = row
    return Job(
        remote_id=remote_id,
        name=name,
        status=status,
        confidential=confidential == 1,
        recruiter_email=recruiter_email,
        post_url=post_url,
        apply_url=apply_url,
        opened_at=optional_moment(opened_at),
        closed_at=optional_moment(closed_at),
        location=location,
    )


JOB = Noun(
    table="job",
    columns=(
        "name",
        "status",
        "confidential",
        "recruiter_email",
        "post_url",
        "apply_url",
        "opened_at",
        "closed_at",
        "location",
    ),
    values=_job_values,
    record=_job,
    stamped=False,
    also_hashed=lambda job: tuple(stage_row("", job.remote_id, stage) for stage in job.stages),
)


def stage_row(source: str, job_id: str, stage: JobStage) -> Values:
    """A stage as its table keeps it."""
    return (source, job_id, stage.remote_id, stage.name, stage.kind, stage.position)


def _application_values(row: Application) -> Values:
    return (
        row.candidate_id,
        row.job_id,
        row.status,
        optional_text(row.applied_at),
        row.stage_id,
        optional_text(row.stage_entered_at),
        optional_text(row.rejected_at),
        row.reject_reason,
        optional_text(row.told_at),
        optional_text(row.hired_at),
        optional_text(row.first_reply_at),
        row.origin,
    )


def _application(row: Values) -> Application:
    return Application(
        remote_id=row[0],
        candidate_id=row[1],
        job_id=row[2],
        status=row[3],
        applied_at=optional_moment(row[4]),
        stage_id=row[5],
        stage_entered_at=optional_moment(row[6]),
        rejected_at=optional_moment(row[7]),
        reject_reason=row[8],
        told_at=optional_moment(row[9]),
        hired_at=optional_moment(row[10]),
        first_reply_at=optional_moment(row[11]),
        origin=row[12],
        updated_at=optional_moment(row[13]),
    )


APPLICATION = Noun(
    table="application",
    columns=(
        "candidate_id",
        "job_id",
        "status",
        "applied_at",
        "stage_id",
        "stage_entered_at",
        "rejected_at",
        "reject_reason",
        "told_at",
        "hired_at",
        "first_reply_at",
        "origin",
    ),
    values=_application_values,
    record=_application,
)
USER = Noun(
    table="ats_user",
    columns=("name", "email", "active"),
    values=lambda row: (row.name, row.email, int(row.active)),
    record=lambda row: AtsUser(remote_id=row[0], name=row[1], email=row[2], active=row[3] == 1),
    stamped=False,
)


def _attendance_values(row: Attendance) -> Values:
    return (
        row.event,
        row.kind,
        optional_text(row.at),
        row.email,
        row.phone,
        row.first_name,
        row.name_infix,
        row.last_name,
    )


def _attendance(row: Values) -> Attendance:
    remote_id, event, kind, at, *who = row
    return Attendance(remote_id, event, kind, optional_moment(at), *who)


ATTENDANCE = Noun(
    table="attendance",
    columns=("event", "kind", "at", "email", "phone", "first_name", "name_infix", "last_name"),
    values=_attendance_values,
    record=_attendance,
    stamped=False,
)
