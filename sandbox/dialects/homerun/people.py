"""The world's people as a Homerun knows them: no candidates, no users, stages by name, seconds."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sandbox.clock import to_iso
from sandbox.world_ats import SITE

if TYPE_CHECKING:
    from sandbox.dialects.homerun.company import Company

Row = dict[str, Any]
KEPT_DAYS = 365
STATUS = {"open": "public", "closed": "closed", "draft": "draft", "archived": "closed"}
PERSON: Row = {
    "first_name": None,
    "last_name": None,
    "email": None,
    "city": "Utrecht",
    "country": "NL",
    "date_of_birth": None,
    "phone_number": None,
    "photo": None,
}
APPLICATION: Row = {
    "rating": 0.0,
    "total_votes": 0,
    "sourced": False,
    "disqualified": False,
    "first_reply_at": None,
    "hired_at": None,
    "homerun_url": "https://app.homerun.example",
    "notes": None,
    "stage": None,
    "sources": [],
}


def fill(company: Company, world: Any) -> None:
    """Put the world's ATS side into an empty company."""
    for vacancy in world.vacancies:
        _vacancy(company, vacancy)
    for application in world.applications:
        _application(company, application)


def ref(prefix: str, key: str) -> str:
    """An id that is always the same for the same key: ap_ and 20 letters and digits."""
    return f"{prefix}_{hashlib.sha256(key.encode()).hexdigest()[:20]}"


def stamp(moment: datetime) -> str:
    """Seconds and Z: `2026-11-24T08:00:00Z`."""
    return f"{to_iso(moment)[:19]}Z"


def retention_end(applied_at: datetime) -> str:
    """A year after the application."""
    return stamp(applied_at + timedelta(days=KEPT_DAYS))


def _vacancy(company: Company, vacancy: Any) -> None:
    url = f"{SITE}/vacature/{vacancy.id}"
    row = {
        "id": ref("job", vacancy.id),
        "title": vacancy.name,
        "description": "<p>Kom bij ons werken.</p>",
        "status": "private" if vacancy.confidential else STATUS[vacancy.status],
        "type": "Part-time",
        "location_type": "on-site",
        "is_remote": False,
        "location": {"name": f"Locatie {vacancy.city}", "country": "NL", "city": vacancy.city},
        "department": {"name": "Zorg"},
        "stages": [{"name": stage["name"]} for stage in vacancy.stages],
        "total_candidate_count": 0,
        "job_url": url,
        "application_form_url": f"{url}/solliciteren",
        "share_image_url": None,
        "expires_at": None,
        "created_at": stamp(vacancy.opened_at),
    }
    company.vacancies[row["id"]] = row


def _application(company: Company, application: Any) -> None:
    person, moments = application.person, application.moments
    stage = next(one["name"] for one in application.vacancy.stages if one["id"] == application.stage_id)
    row = {
        **APPLICATION,
        "id": ref("ap", application.id),
        "vacancy_id": ref("job", application.vacancy.id),
        "stage": {"name": stage},
        "personal_info": {
            **PERSON,
            "first_name": person.first,
            "last_name": person.surname,
            "email": person.ats_email,
            "phone_number": person.phone,
        },
        "created_at": stamp(moments["applied_at"]),
        "retention_period_ends_at": retention_end(moments["applied_at"]),
        "sourced": application.status == "prospect",
        "disqualified": application.status in ("rejected", "withdrawn"),
        "sources": [{"name": application.source}],
    }
    for name in ("first_reply_at", "hired_at"):
        row[name] = stamp(moments[name]) if name in moments else None
    company.applications[row["id"]] = row
