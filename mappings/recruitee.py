"""Recruitee's rows to the model. Fields and words are data: recruitee.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mappings.json_rows import JsonMapping, Row, anonymised, row_id
from mappings.rules import normal_name
from mappings.stages import stage_kind
from sync.core.model import Application, AtsUser, Candidate, Job, JobStage
from sync.errors import InvalidRecord

JOB, TALENT_POOL = "job", "talent_pool"
MAPPING = JsonMapping(
    "recruitee.toml",
    also={
        "users": ("first_name", "last_name"),
        "candidates": ("name",),
        "jobs": ("kind", "updated_at"),
        "stages": ("category",),
        "applications": ("kind", "last_message_at"),
    },
)


def field_lists() -> Mapping[str, Sequence[str]]:
    """Per noun, and for 'stages', the fields the connector may hand out. Raises ConfigError for a wrong mapping."""
    return MAPPING.field_lists()


def to_user(raw: Row) -> AtsUser:
    """A Recruitee admin; active unless said otherwise. Raises InvalidRecord, as all of these do."""
    values = MAPPING.values("users", raw)
    parts = [values.pop(part, None) for part in ("first_name", "last_name")]
    values.setdefault("name", " ".join(filter(None, parts)) or None)
    return AtsUser(remote_id=row_id(raw), **values)


def to_candidate(raw: Row) -> Candidate:
    """A candidate. Recruitee has one name field: the first word is the first name, the rest, infix included, the last
    name, as registered. A name that does not start with a first name (comma, infix, initial) is the last name whole."""
    values = MAPPING.values("candidates", raw)
    name: str | None = values.pop("name", None)
    if _is_anonymised(name, values):
        return anonymised(raw, values)
    return Candidate(remote_id=row_id(raw), **{**values, **_name_parts(name)})


def to_job(raw: Row) -> Job:
    """An offer, a vacancy or a talent pool, with its stages in order when they came with it."""
    values = MAPPING.values("jobs", raw)
    values.pop("kind", None)
    values.pop("updated_at", None)
    status = normal_name(values.pop("status", ""))
    job_id = row_id(raw)
    stages = raw.get("stages") or ()
    return Job(
        remote_id=job_id,
        status=MAPPING.words("job_status").get(status, "unknown"),
        confidential=status in MAPPING.words("confidential"),
        stages=tuple(_stage(stage, job_id, place) for place, stage in enumerate(stages)),
        **values,
    )


def to_application(raw: Row) -> Application:
    """A placement. On a talent pool it is a prospect, who did not apply.

    Recruitee does not say when a stage was entered or the person was told: both stay unknown.
    """
    values = MAPPING.values("applications", raw)
    kind, last_message_at = values.pop("kind", None), values.pop("last_message_at", None)
    status = _status(kind, values)
    first_reply_at = _reaction(values.get("applied_at"), last_message_at, values.get("hired_at"))
    if status == "prospect":
        values.pop("applied_at", None)
        first_reply_at = None
    if status not in ("rejected", "withdrawn"):
        values.pop("reject_reason", None)
    return Application(remote_id=row_id(raw), status=status, first_reply_at=first_reply_at, **values)


def _status(kind: str | None, values: Row) -> str:
    if kind == TALENT_POOL:
        return "prospect"
    if values.get("rejected_at"):
        return "withdrawn" if MAPPING.holds_word("withdrawn", values.get("reject_reason")) else "rejected"
    if values.get("hired_at"):
        return "hired"
    return "active" if kind == JOB else "unknown"


def _reaction(applied_at: datetime | None, *evidence: datetime | None) -> datetime | None:
    """The earliest moment by which a person certainly had reacted; None when nothing shows it.

    The last message may be later than the first one and may be the candidate's own: it bounds the reaction, no more.
    """
    if applied_at is None:
        return None
    after = applied_at + timedelta(minutes=MAPPING.table["reaction"]["not_within_minutes"])
    return min((moment for moment in evidence if moment is not None and moment >= after), default=None)


def _stage(raw: Any, job_id: str, place: int) -> JobStage:
    if not isinstance(raw, Mapping):
        raise InvalidRecord("stages", "not a list of stages")
    values = {"position": place, **MAPPING.values("stages", raw)}
    kind = stage_kind(values.pop("category", None), values.get("name"))
    return JobStage(remote_id=row_id(raw), job_id=job_id, kind=kind, **values)


def _is_anonymised(name: str | None, values: Row) -> bool:
    if values.get("anonymised_at"):
        return True
    is_bare = not values.get("email_addresses") and not values.get("phone_numbers")
    return is_bare and MAPPING.holds_word("anonymised", (name or "").split(" ")[0])


def _name_parts(name: str | None) -> dict[str, Any]:
    if not name:
        return {}
    first, _, rest = name.partition(" ")
    is_initial = len(first) == 1 or "." in first
    if "," in name or is_initial or first in MAPPING.words("infix") or not first[0].isalpha():
        return {"last_name": name}
    return {"first_name": first, "last_name": rest} if rest else {"first_name": first}
