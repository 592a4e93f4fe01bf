"""The ATS side of the world: vacancies, applications and an open day."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.world_people import NAMES, Person

STAGES = (
    ("Nieuw", "applied"),
    ("Telefonisch gesprek", "screening"),
    ("Kennismaking", "interview"),
    ("Aanbod", "offer"),
    ("Aangenomen", "hired"),
)
CITIES = ("Utrecht", "Zwolle", "Den Haag")
OPEN_DAY_AGE_DAYS = 20
SITE = "https://www.werkenbijvoorbeeldzorg.example.nl"


@dataclass
class Vacancy:
    """One job with its own stages."""

    id: str
    name: str
    status: str
    confidential: bool
    recruiter_email: str
    opened_at: datetime
    closed_at: datetime | None = None
    city: str = "Utrecht"

    @property
    def stages(self) -> list[dict[str, Any]]:
        """{id, name, kind, order} in order."""
        return [
            {"id": f"{self.id}-s{i}", "name": name, "kind": kind, "order": i} for i, (name, kind) in enumerate(STAGES)
        ]


@dataclass
class Application:
    """One application.

    `moments` holds its dated fields (applied_at, rejected_at, ...), absent ones are unknown.
    """

    id: str
    person: Person
    vacancy: Vacancy
    status: str
    stage_id: str
    source: str
    moments: dict[str, datetime] = field(default_factory=dict)
    reject_reason: str | None = None


@dataclass
class Attendance:
    """One line of an open day's sign-in sheet."""

    event: str
    kind: str
    at: datetime
    email: str
    phone: str
    first: str
    infix: str
    last: str


def vacancies_of(recruiters: list[str], now: datetime) -> list[Vacancy]:
    """Twelve vacancies dealt out to the recruiters.

    The last is confidential, one is closed and one a draft.
    """
    vacancies = []
    for i, name in enumerate(NAMES["vacancies"]):
        status = {9: "closed", 10: "draft"}.get(i, "open")
        closed_at = now - timedelta(days=12) if status == "closed" else None
        confidential = i == len(NAMES["vacancies"]) - 1
        opened_at = now - timedelta(days=200 - 5 * i)
        vacancies.append(
            Vacancy(
                f"j{i + 1:02d}",
                name,
                status,
                confidential,
                recruiters[i % len(recruiters)],
                opened_at,
                closed_at,
                CITIES[i % len(CITIES)],
            )
        )
    return vacancies


def applications_of(
    people: list[Person],
    segments: dict[str, str],
    vacancies: list[Vacancy],
    now: datetime,
    rng: random.Random,
) -> list[Application]:
    """One application a candidate, two for one in eight; old enough that only the keen become hot by them."""
    found: list[Application] = []
    open_to_apply = [vacancy for vacancy in vacancies if vacancy.status != "draft"]
    for person in people:
        if not person.in_ats:
            continue
        first, second = rng.sample(open_to_apply, 2)
        found.append(_application(len(found), person, first, _age(segments[person.key], rng), now))
        if rng.random() < 0.125 and not segments[person.key].startswith(("fader", "moderate")):
            found.append(_application(len(found), person, second, rng.randint(80, 110), now))
    for application in found:
        _decide(application, now, rng)
        if segments[application.person.key].startswith("fan"):
            _let_go(application, now)
    return found


def _age(segment: str, rng: random.Random) -> int:
    low, high = {"fader": (32, 90), "moderate": (40, 89), "unidentified": (12, 90)}.get(segment.split("_")[0], (12, 90))
    return rng.randint(3, 50) if segment.startswith("fan") else rng.randint(low, high)


def _application(index: int, person: Person, vacancy: Vacancy, age_days: int, now: datetime) -> Application:
    applied_at = now - timedelta(days=age_days, hours=index % 7, minutes=index * 7 % 60)
    return Application(
        f"a{index + 1:04d}",
        person,
        vacancy,
        "active",
        f"{vacancy.id}-s0",
        "website",
        {"applied_at": applied_at, "stage_entered_at": applied_at, "updated_at": applied_at},
    )


def _decide(application: Application, now: datetime, rng: random.Random) -> None:
    """Give the application its outcome; every moment lies between applying and `now`."""
    applied_at = application.moments["applied_at"]
    days = max(1, (now - applied_at).days)
    application.status = rng.choices(["active", "rejected", "withdrawn", "hired", "prospect"], [55, 25, 5, 5, 10])[0]
    application.source = rng.choice(NAMES["sources"])
    if rng.random() < 0.8:
        application.moments["first_reply_at"] = applied_at + timedelta(days=min(days - 1, rng.randint(1, 5)), hours=3)
    moved_at = applied_at + timedelta(days=rng.randint(0, days - 1), hours=4)
    stage = {"hired": 4, "active": rng.choice([0, 0, 1, 1, 2, 3])}.get(application.status, rng.choice([0, 1, 2]))
    application.stage_id = f"{application.vacancy.id}-s{stage}"
    application.moments |= {"stage_entered_at": moved_at, "updated_at": moved_at} if stage else {}
    if application.status == "hired":
        application.moments |= {"hired_at": moved_at}
    if application.status == "rejected":
        application.reject_reason = rng.choice(NAMES["reject_reasons"])
        application.moments |= {"rejected_at": moved_at, "updated_at": moved_at}
        if rng.random() < 0.85:
            application.moments["told_at"] = moved_at + timedelta(hours=2)


def _let_go(application: Application, now: datetime) -> None:
    """A keen person's procedure is over: they were told no long ago, or ended it themselves. Who still waits for an
    answer is called about that, not about their visits."""
    moments, rest = application.moments, timedelta(days=30)
    if application.status == "rejected" and moments["applied_at"] < now - rest - timedelta(days=2):
        moments["rejected_at"] = min(moments["rejected_at"], now - rest)
        moments["told_at"] = moments["rejected_at"] + timedelta(hours=2)
    elif application.status in ("active", "rejected"):
        application.status, application.reject_reason = "withdrawn", None
        for name in ("rejected_at", "told_at"):
            moments.pop(name, None)


def attendance_of(people: list[Person], segments: dict[str, str], now: datetime) -> list[Attendance]:
    """The sign-in sheet of one open day: fans and strangers attended, some who registered did not come."""
    at = (now - timedelta(days=OPEN_DAY_AGE_DAYS)).replace(hour=13, minute=0, second=0, microsecond=0)
    fans = [person for person in people if segments[person.key] == "fan_days"][:8]
    others = [person for person in people if segments[person.key] == "silent" and person.in_hubspot][:6]
    strangers = [person for person in people if person.kind == "ats_only"][:4]
    absent = [person for person in people if segments[person.key] == "fader"][:3]
    lines = [(person, "attended") for person in (*fans, *strangers)] + [(person, "registered") for person in others]
    lines += [(person, "no_show") for person in absent]
    return [
        Attendance(
            "Open dag november",
            kind,
            at,
            person.ats_email,
            person.phone,
            person.first,
            person.infix,
            person.last,
        )
        for person, kind in lines
    ]
