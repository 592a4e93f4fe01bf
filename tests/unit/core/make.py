"""Builders of the values the core tests speak in: a person, a policy, a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from config.wording import Wording
from sync.core.facts import LinkedApplication, LinkedCandidate, Owners, PersonFacts
from sync.core.model import (
    Application,
    Candidate,
    Contact,
    Decision,
    Job,
    Owner,
    PersonId,
    RecordRef,
    TouchDay,
)
from sync.core.policy import (
    AudiencePolicy,
    ContactPolicy,
    KindPolicy,
    Policy,
    RoutingPolicy,
    ScorePolicy,
    WorkingTime,
    WritePolicy,
)

ZONE = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 11, 24)  # a Tuesday
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # 09:00 in Amsterdam

KINDS = {
    "application_submitted": KindPolicy(2.0, 60, 4.0),
    "application_started": KindPolicy(2.0, 14, 2.0),
    "reply": KindPolicy(1.5, 60, 4.0),
    "event_attended": KindPolicy(1.5, 90, 3.0),
    "form": KindPolicy(1.0, 60, 3.0),
    "site_visit": KindPolicy(0.5, 30, 3.0),
    "vacancy_visit": KindPolicy(0.5, 30, 2.0),
    "mail_click": KindPolicy(0.4, 30, 1.5),
    "mail_open": KindPolicy(0.0, 30, 0.25),
    "meeting_held": KindPolicy(1.5, 60, 4.0),
}
SCORING = ScorePolicy(kinds=KINDS)
OFFICE = WorkingTime(zone=ZONE, opens=time(9), closes=time(17, 30))

ANNA = Owner("71", "anna@bureau.example", "Anna Bakker")
BRAM = Owner("72", "bram@bureau.example", "Bram Visser")
GONE = Owner("73", "gone@bureau.example", "Gé Oud", active=False)
OWNERS = Owners(
    by_email={one.email: one for one in (ANNA, BRAM, GONE) if one.email},
    by_id={one.remote_id: one for one in (ANNA, BRAM, GONE)},
)

POLICY = Policy(
    portal_id="12345",
    score=SCORING,
    time=OFFICE,
    audience=AudiencePolicy(internal_domains=frozenset({"bureau.example"})),
    routing=RoutingPolicy(recruiters=frozenset({"anna@bureau.example", "gone@bureau.example"})),
    contact=ContactPolicy(grounds=frozenset({"application"})),
    write=WritePolicy(
        properties=frozenset(
            {
                "warmline_candidate_id",
                "warmline_score",
                "warmline_band",
                "warmline_why",
                "warmline_last_touch_at",
            }
        ),
        templates=Wording().all,
    ),
)

SANNE = Candidate(
    "9",
    first_name="Sanne",
    name_infix="van de",
    last_name="Haterd",
    email_addresses=("Sanne@post.example",),
    phone_numbers=("06-12345678",),
    owner_email="anna@bureau.example",
)
CONTACT = Contact("501", email="sanne@post.example", first_name="Sanne", last_name="van de Haterd", seen=True)


def moment(text: str) -> datetime:
    """'2026-11-24 09:00' on the Amsterdam clock → aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def applied(
    job: Job | None, *, status: str = "active", at: str | None = "2026-11-12 10:00", **more: object
) -> LinkedApplication:
    """An application of Sanne."""
    made = Application("77", candidate_id="9", job_id=job.remote_id if job else None, status=status)
    made = replace(made, applied_at=moment(at) if at else None, **more)  # type: ignore[arg-type]
    return LinkedApplication("recruitee", made, job)


def person(**changes: object) -> PersonFacts:
    """Sanne: a candidate linked to a contact, with whatever is changed."""
    known: dict[str, object] = {
        "person_id": PersonId(3),
        "links": ((RecordRef("recruitee", "9"), "self"), (RecordRef("hubspot", "501"), "email_first_name")),
        "candidates": (LinkedCandidate("recruitee", SANNE),),
        "contact": CONTACT,
    }
    return PersonFacts(**(known | changes))  # type: ignore[arg-type]


def touched(kind: str, *days: str, **more: object) -> tuple[TouchDay, ...]:
    """Touch days of a kind on ISO days."""
    return tuple(TouchDay(kind, date.fromisoformat(day), **more) for day in days)  # type: ignore[arg-type]


def granted(**changes: object) -> Decision:
    """A granted fan decision."""
    known: dict[str, object] = {
        "play": "fan",
        "occasion": "2026-11-23",
        "wanted": True,
        "owner_id": "71",
        "due_at": moment("2026-11-24 13:00"),
        "ground": "application",
        "why": ("hot",),
    }
    return Decision(**(known | changes))  # type: ignore[arg-type]
