"""The world's people as a Teamtailor knows them: two name fields, stages with a type, sourced prospects."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sandbox.world_ats import SITE

if TYPE_CHECKING:
    from sandbox.dialects.teamtailor.company import Company

Row = dict[str, Any]
ZONE = ZoneInfo("Europe/Amsterdam")
WITHDRAWN = "Kandidaat heeft zich teruggetrokken"
VISIBLE_AT = "transparent-recruiting-visible-at"
USERS_FROM, JOBS_FROM, STAGES_FROM, REASONS_FROM = 3_000, 7_000, 22_000, 400
CANDIDATES_FROM, APPLICATIONS_FROM = 500_000, 100_000
STAGE_TYPES = {"applied": "Inbox", "hired": "Hired"}
STATUS = {
    "open": ("open", "published"),
    "closed": ("open", "expired"),
    "draft": ("draft", "draft"),
    "archived": ("archived", "archived"),
}
CANDIDATE: Row = {
    "connected": False,
    "internal": False,
    "sourced": False,
    "referred": False,
    "unsubscribed": False,
    "referring-site": None,
    "referring-url": None,
    "picture": None,
    "pitch": None,
    "resume": None,
    "linkedin-url": None,
    "tags": [],
}
APPLICATION: Row = {
    "cover-letter": None,
    "rejected-at": None,
    "referring-site": None,
    "referring-url": None,
    "sourced": False,
    VISIBLE_AT: None,
}


def fill(company: Company, world: Any) -> None:
    """Put the world's ATS side into an empty company."""
    users = {user.email: _user(company, user) for user in world.recruiters}
    for vacancy in world.vacancies:
        _job(company, vacancy, users[vacancy.recruiter_email])
    own: dict[str, list[Any]] = {}
    for application in world.applications:
        own.setdefault(application.person.key, []).append(application)
    for person in world.people:
        if person.in_ats:
            _candidate(company, person, own[person.key])
    for application in world.applications:
        _application(company, application, world.now)


def stamp(moment: datetime) -> str:
    """Milliseconds and an offset: `2026-11-24T09:00:00.000+01:00`."""
    return moment.astimezone(ZONE).isoformat(timespec="milliseconds")


def pointer(type_: str, record_id: object) -> Row:
    """How a relation names a resource."""
    return {"type": type_, "id": str(record_id)}


def reason_id(company: Company, reason: str, by_company: bool) -> str:
    """The reject reason of this text, made when there is none yet."""
    attributes = {"reason": reason, "rejected-by-company": by_company}
    known = company.resources["reject-reasons"]
    found = next((one.id for one in known.values() if one.attributes == attributes), None)
    return found or _put(company, "reject-reasons", REASONS_FROM + len(known), attributes)


def _put(company: Company, type_: str, record_id: object, attributes: Row, relations: Row | None = None) -> str:
    from sandbox.dialects.teamtailor.company import Resource

    return company.put(Resource(type_, str(record_id), attributes, relations or {})).id


def _user(company: Company, user: Any) -> str:
    names = {"name": f"{user.first} {user.last}", "username": f"{user.first}.{user.last}".lower(), "picture": None}
    known = {"email": user.email, "login-email": user.email, "role": "Recruiter", "title": None, "visible": True}
    return _put(company, "users", USERS_FROM + len(company.resources["users"]), {**names, **known})


def _job(company: Company, vacancy: Any, user_id: str) -> None:
    job_id, status = JOBS_FROM + int(vacancy.id[1:]), STATUS[vacancy.status]
    stages = [_stage(company, job_id, place, stage) for place, stage in enumerate(vacancy.stages)]
    attributes = {
        "title": vacancy.name,
        "status": status[0],
        "human-status": status[1],
        "internal": vacancy.confidential,
        "body": "<p>Kom bij ons werken.</p>",
        "picture": None,
        "pinned": False,
        "tags": [],
        "created-at": stamp(vacancy.opened_at),
        "start-date": None,
        "end-date": stamp(vacancy.closed_at) if vacancy.closed_at else None,
    }
    _put(company, "jobs", job_id, attributes, {"user": pointer("users", user_id), "stages": stages})
    url = f"{SITE}/vacature/{vacancy.id}"
    links = {"careersite-job-url": url, "careersite-job-apply-url": f"{url}/solliciteren"}
    company.resources["jobs"][str(job_id)].links = links


def _stage(company: Company, job_id: int, place: int, stage: Row) -> Row:
    moments = dict.fromkeys(("created-at", "updated-at"), "2026-01-05T10:00:00.000+01:00")
    kind = STAGE_TYPES.get(stage["kind"], "In process")
    attributes = {"name": stage["name"], "stage-type": kind, "row-order": (place - 3) * 1_048_576, **moments}
    stage_id = _put(company, "stages", STAGES_FROM + (job_id - JOBS_FROM) * 10 + place, attributes)
    company.resources["stages"][stage_id].relations = {"job": pointer("jobs", job_id)}
    return pointer("stages", stage_id)


def _candidate(company: Company, person: Any, own: list[Any]) -> None:
    known = {
        "first-name": person.first,
        "last-name": person.surname,
        "email": person.ats_email,
        "phone": person.phone,
        "referring-site": own[0].source,
        "unsubscribed": int(person.key) % 17 == 0,
        "created-at": stamp(min(one.moments["applied_at"] for one in own)),
        "updated-at": stamp(max(one.moments["updated_at"] for one in own)),
    }
    _put(company, "candidates", CANDIDATES_FROM + int(person.key), {**CANDIDATE, **known})


def _application(company: Company, application: Any, now: datetime) -> None:
    moments, is_out = application.moments, application.status in ("rejected", "withdrawn")
    by_company = application.status == "rejected"
    known: Row = {
        "created-at": stamp(moments["applied_at"]),
        "updated-at": stamp(moments["updated_at"]),
        "changed-stage-at": stamp(moments["stage_entered_at"]),
        "rejected-at": stamp(moments.get("rejected_at", moments["updated_at"])) if is_out else None,
        "referring-site": application.source,
        "sourced": application.status == "prospect",
    }
    if by_company:  # who was not told yet will be in three days
        known[VISIBLE_AT] = stamp(moments.get("told_at", now + timedelta(days=3)))
    reason = reason_id(company, application.reject_reason or WITHDRAWN, by_company) if is_out else None
    job_id = JOBS_FROM + int(application.vacancy.id[1:])
    relations = {
        "candidate": pointer("candidates", CANDIDATES_FROM + int(application.person.key)),
        "job": pointer("jobs", job_id),
        "stage": pointer("stages", STAGES_FROM + (job_id - JOBS_FROM) * 10 + int(application.stage_id[-1])),
        "reject-reason": pointer("reject-reasons", reason) if reason else None,
    }
    record_id = APPLICATIONS_FROM + int(application.id[1:])
    _put(company, "job-applications", record_id, {**APPLICATION, **known}, relations)
