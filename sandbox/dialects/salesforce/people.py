"""The world's people as two packages in one org know them: candidates of Connexys, and contacts of Byner."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.dialects.salesforce.schema import (
    BYNER_APPLICATION,
    BYNER_JOB,
    CONTACT,
    CXS_APPLICATION,
    CXS_CANDIDATE,
    CXS_POSITION,
    CXS_STATUS,
    USER,
    long_id,
)
from sandbox.world_ats import STAGES

if TYPE_CHECKING:
    from sandbox.dialects.salesforce.company import Company

Row = dict[str, Any]
REJECTED, WITHDRAWN = "Afgewezen", "Teruggetrokken"
OUTCOMES = {"rejected": REJECTED, "withdrawn": WITHDRAWN}
STATUSES = [name for name, _ in STAGES] + [REJECTED, WITHDRAWN]
VACANCY = {"open": "Nieuw", "closed": "Ingevuld (klant)", "draft": "Concept"}
HIDDEN = "Vertrouwelijk"
COMPANY = "0019K00000AAAAAAAA"
CANDIDATES_FROM, RECRUITERS_FROM = 1_000, 100


def fill(org: Company, world: Any) -> None:
    """Put the world's ATS side into an empty org."""
    statuses = {}
    for place, name in enumerate(STATUSES):
        known = {"Name": name, "cxsrec__Active__c": name not in OUTCOMES.values()}
        statuses[name] = org.add(CXS_STATUS, place + 1, known, "2026-01-05T09:00:00.000+0000")["Id"]
    owners = {user.email: _recruiter(org, user) for user in world.recruiters}
    for vacancy in world.vacancies:
        _vacancy(org, vacancy, owners)
    own: dict[str, list[Any]] = {}
    for application in world.applications:
        own.setdefault(application.person.key, []).append(application)
    for person in world.people:
        if person.in_ats:
            _candidate(org, person, own[person.key], owners)
    for application in world.applications:
        _application(org, application, statuses)


def candidate_id(person: Any) -> str:
    """The id of a person's candidate in Connexys."""
    return long_id("a0B", CANDIDATES_FROM + int(person.key))


def stamp(moment: datetime) -> str:
    """Whole seconds, in Salesforce's spelling: `2026-11-20T12:37:32.000+0000`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _recruiter(org: Company, user: Any) -> tuple[str, str]:
    """A user, and the contact by which Connexys knows a recruiter."""
    number = RECRUITERS_FROM + len(org.sobjects[USER].rows)
    known = {"Name": f"{user.first} {user.last}", "FirstName": user.first, "LastName": user.last, "Email": user.email}
    made = org.add(USER, number, {**known, "IsActive": True, "Username": user.email}, "2026-01-05T09:00:00.000+0000")
    contact = {**known, "AccountId": COMPANY, "OwnerId": made["Id"]}
    return made["Id"], org.add(CONTACT, number, contact, "2026-01-05T09:00:00.000+0000")["Id"]


def _vacancy(org: Company, vacancy: Any, owners: dict[str, tuple[str, str]]) -> None:
    number, (user_id, contact_id) = int(vacancy.id[1:]), owners[vacancy.recruiter_email]
    status = HIDDEN if vacancy.confidential else VACANCY[vacancy.status]
    moments = stamp(vacancy.opened_at), stamp(vacancy.closed_at or vacancy.opened_at)
    known = {"Name": vacancy.name, "OwnerId": user_id}
    org.add(CXS_POSITION, number, {**known, "cxsrec__Status__c": status, "cxsrec__Recruiter__c": contact_id}, *moments)
    byner = {"byner__Status__c": status, "byner__Job_location__c": vacancy.city}
    org.add(BYNER_JOB, number, {**known, **byner}, *moments)


def _candidate(org: Company, person: Any, own: list[Any], owners: dict[str, tuple[str, str]]) -> None:
    number = CANDIDATES_FROM + int(person.key)
    owner = {"OwnerId": owners[own[0].vacancy.recruiter_email][0]}
    moments = min(one.moments["applied_at"] for one in own), max(one.moments["updated_at"] for one in own)
    known = {
        "Name": f"C-{number:06d}",
        "cxsrec__First_name__c": person.first,
        "cxsrec__Last_name__c": person.surname,
        "cxsrec__E_mail_address__c": person.ats_email,
        "cxsrec__mobilePhone__c": person.phone,
    }
    org.add(CXS_CANDIDATE, number, {**known, **owner}, *map(stamp, moments))
    contact = {
        "Name": f"{person.first} {person.surname}",
        "FirstName": person.first,
        "MiddleName": person.infix or None,
        "LastName": person.last,
        "Email": person.ats_email,
        "MobilePhone": person.phone,
        "LeadSource": own[0].source,
        "HasOptedOutOfEmail": int(person.key) % 17 == 0,
    }
    org.add(CONTACT, number, {**contact, **owner}, *map(stamp, moments))


def _application(org: Company, application: Any, statuses: dict[str, str]) -> None:
    """Who is a prospect applied openly: without a vacancy and a status."""
    number, person = int(application.id[1:]), CANDIDATES_FROM + int(application.person.key)
    is_open = application.status == "prospect"
    stage = STAGES[int(application.stage_id[-1])][0]
    status = None if is_open else OUTCOMES.get(application.status, stage)
    job = None if is_open else int(application.vacancy.id[1:])
    moments = stamp(application.moments["applied_at"]), stamp(application.moments["updated_at"])
    known = {
        "cxsrec__Candidate__c": long_id("a0B", person),
        "cxsrec__Position__c": long_id("a0w", job) if job else None,
        "cxsrec__Workflow_status__c": statuses[status] if status else None,
        "cxsrec__Created_from__c": application.source,
        "Reden_afwijzing__c": application.reject_reason,
    }
    org.add(CXS_APPLICATION, number, {"Name": f"JA-{number:06d}", **known}, *moments)
    of_byner = {
        "byner__Professional__c": long_id("003", person),
        "byner__Job__c": long_id("a2J", job) if job else None,
        "byner__Status__c": status,
        "byner__UTM_Source__c": application.source,
    }
    org.add(BYNER_APPLICATION, number, {"Name": f"A-{number:06d}", **of_byner}, *moments)
