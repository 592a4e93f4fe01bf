"""The world's people as a Greenhouse knows them: numbers for ids, and a list of its own for all that hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.clock import to_iso
from sandbox.world_ats import SITE

if TYPE_CHECKING:
    from sandbox.dialects.greenhouse.company import Company

Row = dict[str, Any]
USERS_FROM, JOBS_FROM, STAGES_FROM, SOURCES_FROM, REASONS_FROM = 120, 107_000, 767_000, 13, 400
CANDIDATES_FROM, APPLICATIONS_FROM = 37_000_000, 46_000_000
WITHDRAWN = "Kandidaat heeft zich teruggetrokken"
STATUS = {"open": "open", "closed": "closed", "draft": "draft", "archived": "closed"}
LONG_AGO = "2026-01-05T09:00:00.000Z"
CANDIDATE: Row = {
    "preferred_name": None,
    "company": None,
    "title": None,
    "can_email": True,
    "private": False,
    "email_addresses": [],
    "phone_numbers": [],
    "addresses": [],
    "website_addresses": [],
    "social_media_addresses": [],
    "tags": [],
    "linked_user_ids": [],
    "custom_fields": {},
    "last_activity_at": None,
}
APPLICATION: Row = {
    "job_post_id": None,
    "job_interview_stage_id": None,
    "stage_id": None,
    "stage_name": None,
    "prospect": False,
    "prospective_job_ids": [],
    "source_id": None,
    "referrer_id": None,
    "recruiter_id": None,
    "coordinator_id": None,
    "rejected_at": None,
    "rejection_reason_id": None,
    "needs_decision": False,
    "location_address": None,
    "answers": [],
    "agency_note_id": None,
    "custom_fields": {},
    "last_activity_at": None,
}


def fill(company: Company, world: Any) -> None:
    """Put the world's ATS side into an empty organisation."""
    users = {user.email: _user(company, user) for user in world.recruiters}
    for vacancy in world.vacancies:
        _job(company, vacancy, users[vacancy.recruiter_email])
    for name in dict.fromkeys(one.source for one in world.applications):
        source_id = SOURCES_FROM + len(company.lists["sources"])
        company.put("sources", _old(source_id, name=name, type={"id": 1, "name": "Company marketing"}))
    own: dict[str, list[Any]] = {}
    for application in world.applications:
        own.setdefault(application.person.key, []).append(application)
    for person in world.people:
        if person.in_ats:
            _candidate(company, person, own[person.key])
    for application in world.applications:
        _application(company, application, users[application.vacancy.recruiter_email])


def enter(company: Company, application: Row, stage: Row, at: str) -> Row:
    """An application enters a stage of the interview plan; the one before ends."""
    for row in company.own("application_stages", "application_id", application["id"]):
        if row["current"]:
            row |= {"current": False, "exited_at": at, "updated_at": at}
    known = {"application_id": application["id"], "job_interview_stage_id": stage["id"], "days_in_stage": 0}
    moments = dict.fromkeys(("created_at", "updated_at", "entered_at"), at)
    entry = company.put("application_stages", {**known, **moments, "exited_at": None, "current": True})
    application |= {"job_interview_stage_id": stage["id"], "stage_id": entry["id"], "stage_name": stage["name"]}
    return application


def reject(company: Company, application: Row, reason_id: int, at: str) -> Row:
    """The details of a rejection, and on the application what it tells itself."""
    known: Row = {"application_id": application["id"], "rejection_reason_id": reason_id, "rejected_at": at}
    company.put("rejection_details", {**known, "rejected_by_id": USERS_FROM, "rejection_note_id": None})
    if not company.bare_rejections:
        application |= {"rejected_at": at, "rejection_reason_id": reason_id}
    return application


def reason_id(company: Company, name: str, kind: str) -> int:
    """The reason of this name and type, made when there is none yet."""
    known = company.lists["rejection_reasons"]
    found = next((row["id"] for row in known.values() if (row["name"], row["type"]["key"]) == (name, kind)), None)
    if found is not None:
        return int(found)
    kinds = {"id": 1 if kind == "WE_REJECTED_THEM" else 2, "key": kind, "name": kind.replace("_", " ").capitalize()}
    return int(company.put("rejection_reasons", _old(REASONS_FROM + len(known), name=name, type=kinds))["id"])


def _old(record_id: int, **known: Any) -> Row:
    return {"id": record_id, "created_at": LONG_AGO, "updated_at": LONG_AGO, **known}


def _user(company: Company, user: Any) -> int:
    user_id = USERS_FROM + len(company.lists["users"])
    names = {"first_name": user.first, "last_name": user.last, "name": f"{user.first} {user.last}"}
    flags = {"deactivated": False, "site_admin": True, "job_title": None, "employee_id": None, "agency_id": None}
    company.put("users", _old(user_id, **names, **flags, primary_email=user.email, emails=[user.email]))
    return user_id


def _job(company: Company, vacancy: Any, recruiter_id: int) -> None:
    number = int(vacancy.id[1:])
    job_id, opened_at = JOBS_FROM + number, to_iso(vacancy.opened_at)
    closed_at = to_iso(vacancy.closed_at) if vacancy.closed_at else None
    moments = {"created_at": opened_at, "updated_at": closed_at or opened_at}
    known = {
        "name": vacancy.name,
        "requisition_id": None,
        "status": STATUS[vacancy.status],
        "confidential": vacancy.confidential,
        "is_template": False,
        "opened_at": opened_at,
        "closed_at": closed_at,
        "notes": None,
        "custom_fields": {},
    }
    company.put("jobs", {"id": job_id, **moments, **known})
    for place, stage in enumerate(vacancy.stages):
        row = _old(STAGES_FROM + number * 10 + place, job_id=job_id, name=stage["name"], sort_order=place, active=True)
        company.put("job_interview_stages", row)
    company.put("job_owners", _old(number, job_id=job_id, user_id=recruiter_id, type="recruiter", responsible=True))
    post = {"title": vacancy.name, "internal": False, "active": True, "live": vacancy.status == "open", "content": "…"}
    company.put("job_posts", _old(number, job_id=job_id, public_url=f"{SITE}/vacature/{vacancy.id}", **post))


def _candidate(company: Company, person: Any, own: list[Any]) -> None:
    known = {
        "first_name": person.first,
        "last_name": person.surname,
        "email_addresses": [{"value": person.ats_email, "type": "personal"}],
        "phone_numbers": [{"value": person.phone, "type": "mobile"}],
        "can_email": int(person.key) % 17 != 0,
        "created_at": to_iso(min(one.moments["applied_at"] for one in own)),
        "updated_at": to_iso(max(one.moments["updated_at"] for one in own)),
    }
    company.put("candidates", {"id": CANDIDATES_FROM + int(person.key), **CANDIDATE, **known})


def _application(company: Company, application: Any, recruiter_id: int) -> None:
    moments = {name: to_iso(moment) for name, moment in application.moments.items()}
    is_prospect, is_out = application.status == "prospect", application.status in ("rejected", "withdrawn")
    job_id = JOBS_FROM + int(application.vacancy.id[1:])
    sources = {row["name"]: row["id"] for row in company.lists["sources"].values()}
    known = {
        "id": APPLICATIONS_FROM + int(application.id[1:]),
        "candidate_id": CANDIDATES_FROM + int(application.person.key),
        "job_id": None if is_prospect else job_id,
        "prospect": is_prospect,
        "prospective_job_ids": [job_id] if is_prospect else [],
        "status": "rejected" if is_out else "hired" if application.status == "hired" else "in_process",
        "source_id": sources[application.source],
        "recruiter_id": recruiter_id,
        "created_at": moments["applied_at"],
        "updated_at": moments["updated_at"],
    }
    row = company.put("applications", {**APPLICATION, **known})
    if not is_prospect:
        _entries(company, row, application, moments)
    if is_out:
        kind = "WE_REJECTED_THEM" if application.status == "rejected" else "THEY_REJECTED_US"
        reason = reason_id(company, application.reject_reason or WITHDRAWN, kind)
        reject(company, row, reason, moments.get("rejected_at", moments["updated_at"]))


def _entries(company: Company, row: Row, application: Any, moments: dict[str, str]) -> None:
    """The first stage on the day of applying, the present one at its own moment; what lay between was not recorded."""
    last = int(application.stage_id[-1])
    number = int(application.vacancy.id[1:])
    for place in sorted({0, last}):
        stage = company.get("job_interview_stages", STAGES_FROM + number * 10 + place)
        enter(company, row, stage, moments["stage_entered_at"] if place == last else moments["applied_at"])
