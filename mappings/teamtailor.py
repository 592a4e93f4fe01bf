"""Teamtailor's rows to the model. Fields and words are data: teamtailor.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mappings.json_rows import JsonMapping, Row, anonymised, row_id
from mappings.stages import stage_kind
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import InvalidRecord

HIRED = "hired"
MAPPING = JsonMapping(
    "teamtailor.toml",
    also={
        "candidates": ("unsubscribed",),
        "jobs": ("shown_as", "internal"),
        "stages": ("stage_type", "row_order"),
        "applications": ("by_company", "sourced", "stage_type"),
    },
)


def field_lists() -> Mapping[str, Sequence[str]]:
    """Per noun, and for 'stages', the fields the connector may hand out. Raises ConfigError for a wrong mapping."""
    return MAPPING.field_lists()


def to_user(raw: Row) -> AtsUser:
    """A user; Teamtailor lists active ones only. Raises InvalidRecord, as all of these do."""
    return AtsUser(remote_id=row_id(raw), **MAPPING.values("users", raw))


def to_candidate(raw: Row) -> Candidate:
    """A candidate; who unsubscribed may not be mailed."""
    values = MAPPING.values("candidates", raw)
    unsubscribed = values.pop("unsubscribed", None)
    is_bare = not values.get("email_addresses") and not values.get("phone_numbers")
    if is_bare and MAPPING.holds_word("anonymised", values.get("first_name")):
        return anonymised(raw, values)
    return Candidate(remote_id=row_id(raw), can_email=None if unsubscribed is None else not unsubscribed, **values)


def to_job(raw: Row) -> Job:
    """A vacancy, with its stages in order when they came with it."""
    values = MAPPING.values("jobs", raw)
    status, shown_as = values.pop("status", None), values.pop("shown_as", None)
    hidden = [MAPPING.meaning("confidential", one, "") for one in (shown_as, status)]
    stages = raw.get("stages") or ()
    job_id = row_id(raw)
    return Job(
        remote_id=job_id,
        status=MAPPING.meaning("job_status", shown_as, MAPPING.meaning("job_status", status)),
        confidential=bool(values.pop("internal", False)) or any(hidden),
        stages=tuple(
            _stage(job_id, place, one) for place, one in enumerate(sorted(map(_stage_values, stages), key=_order))
        ),
        **values,
    )


def to_application(raw: Row) -> Application:
    """An application. Sourced by a recruiter it is a prospect, who did not apply.

    The person was told of a rejection from the moment on from which Teamtailor lets it show; where there is none, that
    stays unknown.
    """
    values = MAPPING.values("applications", raw)
    told = {key: values.pop(key, None) for key in ("by_company", "sourced", "stage_type")}
    status = _status(values, told)
    if status == "prospect":
        values.pop("applied_at", None)
    if status == HIRED and "stage_entered_at" in values:
        values["hired_at"] = values["stage_entered_at"]
    if status not in ("rejected", "withdrawn"):
        values.pop("reject_reason", None)
    if status != "rejected":
        values.pop("told_at", None)
    return Application(remote_id=row_id(raw), status=status, **values)


def _status(values: Row, told: Mapping[str, Any]) -> str:
    if values.get("rejected_at"):
        return "withdrawn" if told["by_company"] is False else "rejected"
    if stage_kind(told["stage_type"]) == HIRED:
        return HIRED
    return "prospect" if told["sourced"] else "active"


def _stage_values(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise InvalidRecord("stages", "not a list of stages")
    return {"remote_id": row_id(raw), **MAPPING.values("stages", raw)}


def _order(values: Mapping[str, Any]) -> int:
    return int(values.get("row_order") or 0)


def _stage(job_id: str, place: int, values: dict[str, Any]) -> JobStage:
    """`place` by Teamtailor's order, whose own numbers are far apart and may be negative."""
    stage_type = values.pop("stage_type", None)
    values.pop("row_order", None)
    return JobStage(job_id=job_id, position=place, kind=stage_kind(stage_type, values.get("name")), **values)
