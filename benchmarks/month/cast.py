"""Who takes part in the month: recruiters, vacancies and invented people; the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.directory import Owner
from sandbox.world_people import NAMES, plain

TEAM = "team.example.com"
SITE = "https://www.werkenbijvoorbeeldzorg.example.nl"
TITLES = ("Verpleegkundige", "Begeleider", "Wijkverpleegkundige", "Helpende", "Planner", "Kok")
PLACES = ("Utrecht", "Zwolle", "Den Haag")
STAGES = (
    ("Nieuw", "applied"),
    ("Bekeken", "screening"),
    ("Gesprek", "interview"),
    ("Aanbod", "offer"),
    ("Aangenomen", "hired"),
)
# How often people of each temper come by in a day, and their share of everybody.
TEMPERS = {"quiet": (0.005, 0.62), "curious": (0.06, 0.28), "keen": (0.45, 0.10)}
# Who is known where: both systems, the ATS alone, HubSpot alone.
KNOWN = {"both": 0.76, "ats": 0.08, "crm": 0.16}

Row = dict[str, Any]


@dataclass
class Person:
    """Somebody invented. `contact`: the id in HubSpot, '' without one. `candidate`: whether the ATS knows them."""

    number: int
    first: str
    last: str
    temper: str
    known: str
    owner: str
    contact: str = ""
    candidate: bool = False

    @property
    def email(self) -> str:
        """An invented address."""
        return f"{plain(self.first).lower()}.{self.number}@example.org"

    @property
    def candidate_id(self) -> str:
        """The id in the ATS."""
        return f"c{self.number}"

    def candidate_row(self) -> Row:
        """The row of the candidates file."""
        return {
            "id": self.candidate_id,
            "first_name": self.first,
            "last_name": self.last,
            "email_addresses": [self.email],
        }


@dataclass
class Cast:
    """Everybody. `applications`: rows as the ATS has them, by id."""

    recruiters: list[Owner]
    vacancies: list[Row]
    people: list[Person]
    applications: dict[str, Row] = field(default_factory=dict)

    def by_contact(self) -> dict[str, Person]:
        """People by their id in HubSpot."""
        return {one.contact: one for one in self.people if one.contact}

    def confidential(self) -> list[str]:
        """Names that may stand nowhere."""
        return [one["name"] for one in self.vacancies if one["confidential"]]

    def of_candidate(self, person: Person) -> list[Row]:
        """A person's applications."""
        return [one for one in self.applications.values() if one["candidate_id"] == person.candidate_id]


def cast_of(size: int, recruiters: int, now: datetime, rng: random.Random) -> Cast:
    """`size` people, and three vacancies a recruiter, of which every ninth is confidential."""
    owners = [
        Owner(str(701 + place), 9001 + place, f"{plain(name).lower()}@{TEAM}", name, "Tester")
        for place, name in enumerate(NAMES["first_names"][:recruiters])
    ]
    found = Cast(owners, [_vacancy(place, owners, now) for place in range(recruiters * 3)], [])
    found.people = [_person(number, owners, rng) for number in range(1, size + 1)]
    for person in found.people:
        if person.candidate and rng.random() < 0.12:
            _applied_before(found, person, now, rng)
    return found


def _vacancy(place: int, owners: list[Owner], now: datetime) -> Row:
    id_ = f"j{place + 1}"
    title = f"{TITLES[place % len(TITLES)]} {PLACES[place // len(TITLES) % len(PLACES)]} {place + 1}"
    return {
        "id": id_,
        "name": f"Directeur Geheim {place + 1}" if place % 9 == 8 else title,
        "status": "open",
        "confidential": place % 9 == 8,
        "recruiter_email": owners[place % len(owners)].email,
        "post_url": f"{SITE}/vacatures/{id_}",
        "apply_url": f"{SITE}/solliciteren/{id_}",
        "opened_at": (now - timedelta(days=60)).isoformat(),
        "stages": [
            {"id": f"{id_}-s{order}", "name": name, "kind": kind, "order": order}
            for order, (name, kind) in enumerate(STAGES)
        ],
    }


def _person(number: int, owners: list[Owner], rng: random.Random) -> Person:
    firsts, lasts = NAMES["first_names"], NAMES["surnames"]
    infix, last = lasts[number // len(firsts) % len(lasts)]
    first, surname = firsts[number % len(firsts)], f"{infix} {last}".strip()
    [temper] = rng.choices(list(TEMPERS), [share for _, share in TEMPERS.values()])
    [known] = rng.choices(list(KNOWN), list(KNOWN.values()))
    owner = rng.choice(owners).id if rng.random() < 0.7 else ""
    return Person(number, first, surname, temper, known, owner, candidate=known != "crm")


def _applied_before(found: Cast, person: Person, now: datetime, rng: random.Random) -> None:
    """What was going on when warmline came: some wait for long, some were rejected."""
    job = rng.choice(found.vacancies)
    at = now - timedelta(days=rng.randint(1, 60), hours=rng.randint(0, 9))
    row = application(person, job, at, len(found.applications))
    moved = min(at + timedelta(days=rng.randint(1, 20)), now - timedelta(hours=2))
    if rng.random() < 0.7:
        move(row, rng.choice((1, 1, 2, 3)), moved)
    if rng.random() < 0.4:
        row |= {"status": "rejected", "rejected_at": moved.isoformat(), "updated_at": moved.isoformat()}
        row |= {"told_at": moved.isoformat()} if rng.random() < 0.7 else {}
    found.applications[row["id"]] = row


def application(person: Person, job: Row, at: datetime, number: int) -> Row:
    """A row of the applications file."""
    return {
        "id": f"a{number + 1}",
        "candidate_id": person.candidate_id,
        "job_id": job["id"],
        "status": "active",
        "applied_at": at.isoformat(),
        "stage_id": f"{job['id']}-s0",
        "stage_entered_at": at.isoformat(),
        "updated_at": at.isoformat(),
    }


def move(row: Row, order: int, at: datetime) -> None:
    """The application comes into a stage."""
    row |= {"stage_id": f"{row['job_id']}-s{order}", "stage_entered_at": at.isoformat(), "updated_at": at.isoformat()}
    if STAGES[order][1] == "hired":
        row |= {"status": "hired", "hired_at": at.isoformat()}
