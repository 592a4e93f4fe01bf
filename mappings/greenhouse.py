"""Greenhouse's rows to the model. Fields and words are data: greenhouse.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mappings.cells import to_moment
from mappings.json_rows import JsonMapping, Row, anonymised, row_id
from mappings.rules import normal_name
from mappings.stages import stage_kind
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import InvalidRecord

HIRED, REJECTED, PROSPECT = "hired", "rejected", "prospect"
MAPPING = JsonMapping(
    "greenhouse.toml",
    also={
        "users": ("first_name", "last_name", "deactivated"),
        "applications": ("prospect", "reason_type", "stage_name"),
    },
)


def field_lists() -> Mapping[str, Sequence[str]]:
    """Per noun, and for 'stages', the fields the connector may hand out. Raises ConfigError for a wrong mapping."""
    return MAPPING.field_lists()


def to_user(raw: Row) -> AtsUser:
    """A user; active unless deactivated. Raises InvalidRecord, as all of these do."""
    values = MAPPING.values("users", raw)
    parts = [values.pop(part, None) for part in ("first_name", "last_name")]
    values.setdefault("name", " ".join(filter(None, parts)) or None)
    return AtsUser(remote_id=row_id(raw), active=not values.pop("deactivated", False), **values)


def to_candidate(raw: Row) -> Candidate:
    """A candidate. Of an anonymised one, whose last name is its own id or who has no address left, only dates stay."""
    values = MAPPING.values("candidates", raw)
    is_nobody = values.get("last_name") == row_id(raw) or not values.get("email_addresses")
    if is_nobody and normal_name(values.get("first_name", "")) in MAPPING.words("anonymised"):
        return anonymised(raw, values)
    return Candidate(remote_id=row_id(raw), **values)


def to_job(raw: Row) -> Job:
    """A job, with the stages of its interview plan in order."""
    values = MAPPING.values("jobs", raw)
    job_id = row_id(raw)
    return Job(
        remote_id=job_id,
        status=MAPPING.meaning("job_status", values.pop("status", None)),
        stages=tuple(_stage(stage, job_id, place) for place, stage in enumerate(raw.get("stages") or ())),
        **values,
    )


def to_application(raw: Row) -> Application:
    """An application. A prospect did not apply, so the day the row was made says nothing.

    Greenhouse does not say when a person was told, nor when somebody first replied: both stay unknown. A hire's moment
    is known only where the plan has a stage for it.
    """
    values = MAPPING.values("applications", raw)
    told = {key: values.pop(key, None) for key in ("prospect", "reason_type", "stage_name")}
    status = _status(values.pop("status", None), told)
    if status == PROSPECT:
        values.pop("applied_at", None)
    if status == HIRED and stage_kind(told["stage_name"]) == HIRED and "stage_entered_at" in values:
        values["hired_at"] = values["stage_entered_at"]
    if status not in (REJECTED, "withdrawn"):
        values.pop("reject_reason", None)
        values.pop("rejected_at", None)
    return Application(
        remote_id=row_id(raw), status=status, stage_entries=_entries(raw.get("stage_entries") or ()), **values
    )


def _status(word: str | None, told: Mapping[str, Any]) -> str:
    status = PROSPECT if told["prospect"] else MAPPING.meaning("status", word)
    if status == REJECTED and MAPPING.meaning("withdrawn", told["reason_type"], "") == "yes":
        return "withdrawn"
    return status


def _entries(given: Sequence[Row]) -> tuple[tuple[str, datetime], ...]:
    """Stages with the moments they were entered at."""
    try:
        found = [(row_id(one), to_moment(one.get("entered_at"), UTC)) for one in given]
    except ValueError as error:
        raise InvalidRecord("stage_entries", str(error)) from None
    return tuple((stage_id, at) for stage_id, at in found if at is not None)


def _stage(raw: Any, job_id: str, place: int) -> JobStage:
    if not isinstance(raw, Mapping):
        raise InvalidRecord("stages", "not a list of stages")
    values = MAPPING.values("stages", raw)
    return JobStage(remote_id=row_id(raw), job_id=job_id, position=place, kind=stage_kind(values.get("name")), **values)
