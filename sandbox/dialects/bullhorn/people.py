"""The world's people as a Bullhorn knows them: statuses of submissions, a history of each, placements."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.world_ats import STAGES

if TYPE_CHECKING:
    from sandbox.dialects.bullhorn.company import Company

Row = dict[str, Any]
CANDIDATE, JOB, SUBMISSION, HISTORY = "Candidate", "JobOrder", "JobSubmission", "JobSubmissionHistory"
PLACEMENT, USER = "Placement", "CorporateUser"
NEW_LEAD, LONGLIST, REJECTED, WITHDRAWN = "New Lead", "Longlist", "Afgewezen", "Teruggetrokken"
STATUSES = (NEW_LEAD, LONGLIST, *(name for name, _ in STAGES[1:]), REJECTED, WITHDRAWN)
USERS_FROM, JOBS_FROM, SUBMISSIONS_FROM, CANDIDATES_FROM = 40, 1_000, 200_000, 5_000_000
JOB_STATUS = {"open": "Accepting Candidates", "closed": "Filled", "draft": "Draft", "archived": "Archive"}
DATES = ("dateAdded", "dateLastModified", "dateWebResponse", "dateClosed")

TEMPLATES: dict[str, Row] = {
    CANDIDATE: {
        "firstName": None,
        "lastName": None,
        "name": None,
        "email": None,
        "email2": None,
        "email3": None,
        "mobile": None,
        "phone": None,
        "status": "Active",
        "source": None,
        "occupation": None,
        "owner": None,
        "massMailOptOut": False,
        "smsOptIn": True,
        "isAnonymized": False,
        "isDeleted": False,
        "preferredContact": "No Preference",
        "comments": None,
        "dateOfBirth": None,
        "gender": None,
        "description": None,
        "customText1": None,
        "submissions": None,
        "dateAdded": 0,
        "dateLastModified": 0,
    },
    JOB: {
        "title": None,
        "status": None,
        "isOpen": True,
        "isDeleted": False,
        "isPublic": 1,
        "employmentType": "Permanent",
        "owner": None,
        "description": None,
        "publicDescription": None,
        "salary": None,
        "numOpenings": 1,
        "submissions": None,
        "dateAdded": 0,
        "dateClosed": None,
        "dateLastModified": 0,
    },
    SUBMISSION: {
        "candidate": None,
        "jobOrder": None,
        "status": None,
        "source": None,
        "sendingUser": None,
        "comments": None,
        "dateAdded": 0,
        "dateWebResponse": None,
        "dateLastModified": 0,
        "isDeleted": False,
        "isHidden": False,
    },
    HISTORY: {
        "jobSubmission": None,
        "status": None,
        "dateAdded": 0,
        "modifyingUser": None,
        "transactionID": "t",
        "comments": None,
    },
    PLACEMENT: {
        "candidate": None,
        "jobOrder": None,
        "status": "Approved",
        "dateAdded": 0,
        "dateLastModified": 0,
        "isDeleted": False,
        "comments": None,
        "salary": None,
    },
    USER: {
        "name": None,
        "firstName": None,
        "lastName": None,
        "email": None,
        "enabled": True,
        "isDeleted": False,
    },
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
            _candidate(company, person, own[person.key], users)
    for application in world.applications:
        _submission(company, application)


def stamp(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return round(moment.timestamp() * 1000)


def pointer(row: Row) -> Row:
    """How a record names another one."""
    return {name: row[name] for name in ("id", "firstName", "lastName", "title") if name in row}


def remember(company: Company, submission: Row, status: str, at: int) -> None:
    """A line of the submission's history."""
    about = {"jobSubmission": {"id": submission["id"]}, "status": status, "dateAdded": at}
    company.put(HISTORY, len(company.rows[HISTORY]) + 1, **about)


def place(company: Company, submission: Row, status: str, at: int) -> None:
    """A placement of the submission's person."""
    about = {name: submission[name] for name in ("candidate", "jobOrder")}
    moments = {"dateAdded": at, "dateLastModified": at}
    company.put(PLACEMENT, len(company.rows[PLACEMENT]) + 1, **about, **moments, status=status)


def _user(company: Company, user: Any) -> Row:
    names = {"firstName": user.first, "lastName": user.last, "name": f"{user.first} {user.last}"}
    return company.put(USER, USERS_FROM + len(company.rows[USER]), **names, email=user.email)


def _job(company: Company, vacancy: Any, user: Row) -> None:
    changed_at = stamp(vacancy.closed_at or vacancy.opened_at)
    company.put(
        JOB,
        JOBS_FROM + int(vacancy.id[1:]),
        title=vacancy.name,
        status=JOB_STATUS[vacancy.status],
        isOpen=vacancy.status == "open",
        isPublic=0 if vacancy.confidential else 1,
        owner=pointer(user),
        dateAdded=stamp(vacancy.opened_at),
        dateClosed=stamp(vacancy.closed_at) if vacancy.closed_at else None,
        dateLastModified=changed_at,
    )


def _candidate(company: Company, person: Any, own: list[Any], users: dict[str, Row]) -> None:
    company.put(
        CANDIDATE,
        CANDIDATES_FROM + int(person.key),
        firstName=person.first,
        lastName=person.surname,
        name=f"{person.first} {person.surname}",
        email=person.ats_email,
        mobile=person.phone,
        source=own[0].source,
        owner=pointer(users[own[0].vacancy.recruiter_email]),
        massMailOptOut=int(person.key) % 17 == 0,
        dateAdded=stamp(min(one.moments["applied_at"] for one in own)),
        dateLastModified=stamp(max(one.moments["updated_at"] for one in own)),
    )


def _submission(company: Company, application: Any) -> None:
    moments, is_sourced = application.moments, application.status == "prospect"
    steps = _steps(application)
    made = company.put(
        SUBMISSION,
        SUBMISSIONS_FROM + int(application.id[1:]),
        candidate=pointer(company.get(CANDIDATE, CANDIDATES_FROM + int(application.person.key))),
        jobOrder=pointer(company.get(JOB, JOBS_FROM + int(application.vacancy.id[1:]))),
        status=steps[-1][0],
        source=application.source,
        dateAdded=stamp(moments["applied_at"]),
        dateWebResponse=None if is_sourced else stamp(moments["applied_at"]),
        dateLastModified=stamp(moments["updated_at"]),
    )
    for status, at in steps:
        remember(company, made, status, stamp(at))
    if application.status == "hired":
        place(company, made, "Approved", stamp(moments["hired_at"]))


def _steps(application: Any) -> list[tuple[str, datetime]]:
    """The statuses of a submission with their moments, in order."""
    moments, stage = application.moments, int(application.stage_id[-1])
    steps = [(LONGLIST if application.status == "prospect" else NEW_LEAD, moments["applied_at"])]
    if stage:
        steps.append((STAGES[stage][0], moments["stage_entered_at"]))
    if application.status in ("rejected", "withdrawn"):
        is_rejected = application.status == "rejected"
        ended_at = moments.get("rejected_at", moments["updated_at"])
        steps.append((REJECTED if is_rejected else WITHDRAWN, ended_at))
    return steps
