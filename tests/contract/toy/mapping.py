"""The toy's rows to the model."""

from __future__ import annotations

from pathlib import Path

from mappings.json_rows import JsonMapping, Row, row_id
from mappings.stages import stage_kind
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage

MAPPING = JsonMapping("toy.toml", path=Path(__file__).with_name("toy.toml"))


def to_user(raw: Row) -> AtsUser:
    """A user."""
    return AtsUser(remote_id=row_id(raw), **MAPPING.values("users", raw))


def to_job(raw: Row) -> Job:
    """A vacancy with its stages."""
    values = MAPPING.values("jobs", raw)
    status = MAPPING.meaning("job_status", values.pop("status", None))
    stages = [
        JobStage(row_id(one), row_id(raw), name=one.get("name"), kind=stage_kind(one.get("name")), position=place)
        for place, one in enumerate(raw.get("stages") or ())
    ]
    return Job(remote_id=row_id(raw), status=status, stages=tuple(stages), **values)


def to_candidate(raw: Row) -> Candidate:
    """A person."""
    return Candidate(remote_id=row_id(raw), **MAPPING.values("candidates", raw))


def to_application(raw: Row) -> Application:
    """An application."""
    values = MAPPING.values("applications", raw)
    status = MAPPING.meaning("application_status", values.pop("status", None))
    return Application(remote_id=row_id(raw), status=status, **values)
