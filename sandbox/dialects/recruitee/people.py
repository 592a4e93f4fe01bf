"""The world's people as a Recruitee knows them: one name field, numbers for ids, a talent pool for prospects."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.clock import to_iso

if TYPE_CHECKING:
    from sandbox.dialects.recruitee.company import Company

Row = dict[str, Any]

ADMINS_FROM = 322_000
OFFERS_FROM = 1_209_000
STAGES_FROM = 90_000
CANDIDATES_FROM = 47_000_000
PLACEMENTS_FROM = 50_000_000
POOL_ID = 1_209_900
WITHDRAWN = "Kandidaat heeft zich teruggetrokken"
STATUS = {"open": "published", "closed": "closed", "draft": "draft", "archived": "archived"}
CATEGORIES = {"applied": "apply", "screening": "phone_screen", "hired": "hire"}


def fill(recruitee: Company, world: Any) -> None:
    """Put the world's ATS side into an empty company."""
    admins = {user.email: _admin(recruitee, user) for user in world.recruiters}
    stages: dict[str, int] = {}
    offers = {vacancy.id: _offer(recruitee, vacancy, admins, stages) for vacancy in world.vacancies}
    recruitee.offers[POOL_ID] = _pool(recruitee)
    names = dict.fromkeys(one.reject_reason for one in world.applications if one.reject_reason)
    recruitee.reasons = [{"id": 700 + place, "name": name} for place, name in enumerate([*names, WITHDRAWN])]
    applications: dict[str, list[Any]] = {}
    for application in world.applications:
        applications.setdefault(application.person.key, []).append(application)
    for person in world.people:
        if person.in_ats:
            own = applications[person.key]
            candidate = _candidate(recruitee, person, own, admins)
            for one in own:
                _placement(recruitee, candidate, one, offers, stages)
            moments = [stamp(one.moments["updated_at"]) for one in own]
            candidate["updated_at"] = max([*moments, candidate["last_message_at"] or ""])


def candidate_number(person: Any) -> int:
    """The id of a person's candidate."""
    return CANDIDATES_FROM + int(person.key)


def _admin(recruitee: Company, user: Any) -> int:
    admin_id = ADMINS_FROM + len(recruitee.admins)
    names = {"first_name": user.first, "last_name": user.last}
    recruitee.admins.append({"id": admin_id, "email": user.email, **names, "role": "recruiter", "photo_url": None})
    return admin_id


def _offer(recruitee: Company, vacancy: Any, admins: dict[str, int], stages: dict[str, int]) -> int:
    offer_id = OFFERS_FROM + int(vacancy.id[1:])
    pipeline = []
    for place, stage in enumerate(vacancy.stages):
        stages[stage["id"]] = STAGES_FROM + int(vacancy.id[1:]) * 10 + place
        category = CATEGORIES.get(stage["kind"], stage["kind"])
        pipeline.append({"id": stages[stage["id"]], "name": stage["name"], "position": place, "category": category})
    url = f"https://voorbeeldzorg.recruitee.example/o/{vacancy.id}"
    recruitee.offers[offer_id] = {
        **_bare_offer(offer_id, vacancy.name, "job"),
        "status": "internal" if vacancy.confidential else STATUS[vacancy.status],
        "recruiter_id": admins[vacancy.recruiter_email],
        "created_at": stamp(vacancy.opened_at),
        "updated_at": stamp(vacancy.closed_at or vacancy.opened_at),
        "published_at": stamp(vacancy.opened_at),
        "closed_at": stamp(vacancy.closed_at) if vacancy.closed_at else None,
        "location": vacancy.city,
        "careers_url": url,
        "careers_apply_url": f"{url}/c/new",
        "pipeline_template": {"id": offer_id, "stages": pipeline},
    }
    return offer_id


def _bare_offer(offer_id: int, title: str, kind: str) -> Row:
    unknown = dict.fromkeys(("recruiter_id", "hiring_manager_id", "department_id", "published_at", "closed_at"))
    return {"id": offer_id, "slug": f"o{offer_id}", "title": title, "kind": kind, "pipeline": True, **unknown}


def _pool(recruitee: Company) -> Row:
    stages = [{"id": STAGES_FROM + 9_000, "name": "Talentpool", "position": 0, "category": None}]
    moments = dict.fromkeys(("created_at", "updated_at"), "2026-01-05T09:00:00.000000Z")
    pool = _bare_offer(POOL_ID, "Talentpool zorg", "talent_pool") | {"status": "published", **moments}
    return pool | {"pipeline_template": {"id": POOL_ID, "stages": stages}}


def _candidate(recruitee: Company, person: Any, own: list[Any], admins: dict[str, int]) -> Row:
    replies = [stamp(one.moments["first_reply_at"]) for one in own if "first_reply_at" in one.moments]
    created_at = min(stamp(one.moments["applied_at"]) for one in own)
    return recruitee.add_candidate(
        f"{person.first} {person.surname}",
        id=candidate_number(person),
        emails=[person.ats_email],
        phones=[person.phone],
        admin_id=admins[own[0].vacancy.recruiter_email],
        source=own[0].source,
        created_at=created_at,
        updated_at=created_at,
        last_message_at=max(replies, default=None),
    )


def _placement(
    recruitee: Company, candidate: Row, application: Any, offers: dict[str, int], stages: dict[str, int]
) -> None:
    moments = {name: stamp(moment) for name, moment in application.moments.items()}
    is_prospect = application.status == "prospect"
    is_out = application.status in ("rejected", "withdrawn")
    recruitee.add_placement(
        candidate["id"],
        POOL_ID if is_prospect else offers[application.vacancy.id],
        id=PLACEMENTS_FROM + int(application.id[1:]),
        stage_id=STAGES_FROM + 9_000 if is_prospect else stages[application.stage_id],
        created_at=moments["applied_at"],
        updated_at=moments["updated_at"],
        hired_at=moments.get("hired_at"),
        disqualified_at=moments.get("rejected_at", moments["updated_at"]) if is_out else None,
        disqualify_reason=(application.reject_reason or WITHDRAWN) if is_out else None,
    )


def stamp(moment: datetime) -> str:
    """Microseconds and Z: `2026-11-24T08:00:00.000000Z`."""
    return to_iso(moment)[:-1] + "000Z"
