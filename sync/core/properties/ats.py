"""`warmline_lifecycle` and `warmline_ats_…`, `warmline_applied_at`: where the person's newest application stands.

Confidential vacancies and colleagues never show, nor does a rejection before the person was told (docs/decisions/0061).
"""

from __future__ import annotations

from dataclasses import replace

from sync.core.applications import newest_application
from sync.core.facts import LinkedApplication
from sync.core.model import Application, Band
from sync.core.properties.subject import Subject
from sync.core.writes import hubspot_datetime

LIFECYCLE = "warmline_lifecycle"
STATUS = "warmline_ats_status"
STAGE = "warmline_ats_stage"
JOB = "warmline_ats_job"
APPLIED_AT = "warmline_applied_at"

FAN, APPLICANT, FORMER_APPLICANT, HIRED = "fan", "applicant", "former_applicant", "hired"

_LONGEST = 250
_STATUSES = frozenset({"active", "hired", "rejected", "withdrawn"})
_INTERESTED = frozenset({Band.HOT, Band.WARM, Band.COOL})
# A stage called so says of somebody whose application runs on that it will not.
_SPEAKS_OF_A_NO = (
    *("reject", "disqualif", "declin", "not selected", "not suitable", "unsuccessful"),
    *("afgewezen", "afwijz", "afgekeurd", "niet geschikt", "ongeschikt"),
)


def wanted(subject: Subject) -> dict[str, str]:
    """What changed of the newest application that may be shown; empty values where there is none (any more)."""
    shown = tuple(one for one in subject.facts.applications if _may_show(one))
    newest = newest_application(replace(subject.facts, applications=shown))
    values = {LIFECYCLE: _lifecycle(subject, shown), **_of(newest)}
    if newest is not None and _hides_stage(newest):
        values[STAGE] = subject.known.get(STAGE, "") if subject.known.get(JOB) == values[JOB] else ""
    return subject.changed(values)


def _of(newest: LinkedApplication | None) -> dict[str, str]:
    if newest is None:
        return dict.fromkeys((STATUS, STAGE, JOB, APPLIED_AT), "")
    application = newest.application
    return {
        STATUS: _status(application),
        STAGE: _stage(newest),
        JOB: _line(newest.job.name if newest.job else None),
        APPLIED_AT: hubspot_datetime(application.applied_at) if application.applied_at else "",
    }


def _may_show(one: LinkedApplication) -> bool:
    """Not one that nobody sent in, nor one to a vacancy that is confidential, or that may be: it is not known."""
    if _status(one.application) not in _STATUSES:
        return False
    return not one.job.confidential if one.job else not one.application.job_id


def _status(application: Application) -> str:
    """The status as the person knows it: a rejection they were not told of is still running."""
    return "active" if _is_untold(application) else application.status


def _is_untold(application: Application) -> bool:
    return application.status == "rejected" and application.told_at is None


def _lifecycle(subject: Subject, shown: tuple[LinkedApplication, ...]) -> str:
    statuses = {_status(one.application) for one in shown}
    if "hired" in statuses:
        return HIRED
    if "active" in statuses:
        return APPLICANT
    return FORMER_APPLICANT if statuses else _interest(subject)


def _interest(subject: Subject) -> str:
    """Who shows interest and never applied; who once did stays so, but for somebody who objects to profiling."""
    contact = subject.facts.contact
    if contact is not None and contact.no_profiling:
        return ""
    interested = subject.score is not None and subject.score.band in _INTERESTED
    return FAN if interested or subject.known.get(LIFECYCLE) == FAN else ""


def _stage(one: LinkedApplication) -> str:
    """The stage's name in the ATS, else what it is for."""
    stages = one.job.stages if one.job else ()
    stage = next((stage for stage in stages if stage.remote_id == one.application.stage_id), None)
    return _line(stage.name or stage.kind) if stage else ""


def _hides_stage(one: LinkedApplication) -> bool:
    """Whether the stage could betray a rejection the person was not told of: then it stays as it was shown last."""
    if _is_untold(one.application):
        return True
    name = _stage(one).casefold()
    return one.application.status == "active" and any(word in name for word in _SPEAKS_OF_A_NO)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())[:_LONGEST]
