"""Homerun's rows to the model. Fields and words are data: homerun.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mappings.json_rows import JsonMapping, Row, anonymised, row_id
from mappings.stages import stage_kind
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import InvalidRecord

HIRED, PROSPECT, REJECTED, ACTIVE = "hired", "prospect", "rejected", "active"
MAPPING = JsonMapping("homerun.toml", also={"applications": ("disqualified", "sourced", "stage_name")})
OF_THE_PERSON = ("first_name", "last_name", "email_addresses", "phone_numbers")


def field_lists() -> Mapping[str, Sequence[str]]:
    """Per noun, and for 'stages', the fields the connector may hand out. Raises ConfigError for a wrong mapping."""
    return MAPPING.field_lists()


def to_user(raw: Row) -> AtsUser:
    """Homerun shows no users. Raises InvalidRecord, as all of these do."""
    return AtsUser(remote_id=row_id(raw))


def to_candidate(raw: Row) -> Candidate:
    """A person, of whom an application without any details leaves dates only."""
    values = MAPPING.values("candidates", raw)
    if not any(values.get(name) for name in OF_THE_PERSON):
        return anonymised(raw, values)
    return Candidate(remote_id=row_id(raw), **values)


def to_job(raw: Row) -> Job:
    """A vacancy, with its stages in the order they came in."""
    values = MAPPING.values("jobs", raw)
    status, job_id = values.pop("status", None), row_id(raw)
    return Job(
        remote_id=job_id,
        status=MAPPING.meaning("job_status", status),
        confidential=MAPPING.meaning("confidential", status, "") == "yes",
        stages=tuple(_stage(stage, job_id, place) for place, stage in enumerate(raw.get("stages") or ())),
        **values,
    )


def to_application(raw: Row) -> Application:
    """An application; without a vacancy it is an open one. Sourced by a recruiter it is a prospect, who did not apply.

    Homerun says neither when nor why somebody was disqualified, nor that the person was told: all stay unknown.
    """
    values = MAPPING.values("applications", raw)
    told = {key: values.pop(key, None) for key in ("disqualified", "sourced", "stage_name")}
    is_hired = "hired_at" in values or stage_kind(told["stage_name"]) == HIRED
    status = PROSPECT if told["sourced"] and not is_hired else REJECTED if told["disqualified"] else ACTIVE
    status = HIRED if is_hired and status == ACTIVE else status
    if status == PROSPECT:
        values.pop("applied_at", None)
    return Application(remote_id=row_id(raw), status=status, **values)


def _stage(raw: Any, job_id: str, place: int) -> JobStage:
    if not isinstance(raw, Mapping):
        raise InvalidRecord("stages", "not a list of stages")
    values = MAPPING.values("stages", raw)
    return JobStage(remote_id=row_id(raw), job_id=job_id, position=place, kind=stage_kind(values.get("name")), **values)
