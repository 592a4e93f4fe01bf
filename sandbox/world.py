"""An invented recruitment team with its candidates and contacts; the same for the same `now` and seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import SandboxClock, to_iso, to_moment
from sandbox.directory import ContactList, Owner
from sandbox.engagement import folded
from sandbox.state import SandboxState
from sandbox.store import Source
from sandbox.world_ats import Application, Attendance, Vacancy, applications_of, attendance_of, vacancies_of
from sandbox.world_history import contact_flags, history_of, segments_for
from sandbox.world_people import NAMES, Person, people_of

TEAM_DOMAIN = "voorbeeldzorg.example.com"
EMPLOYER = "Voorbeeld Zorg"
TALENT_POOL = "31"
IMPORT = Source("IMPORT", "world")


@dataclass(frozen=True)
class Recruiter:
    """Somebody with a HubSpot login. `ats_id` is None for the one who does not recruit."""

    owner_id: str
    user_id: int
    ats_id: str | None
    first: str
    last: str

    @property
    def email(self) -> str:
        """The same address in HubSpot and in the ATS."""
        return f"{self.first}.{self.last.replace(' ', '')}@{TEAM_DOMAIN}".lower()


@dataclass
class World:
    """Everything there is at `now` (aware UTC). Contact ids follow the order of `people`."""

    now: datetime
    seed: int
    owners: list[Recruiter]
    people: list[Person]
    vacancies: list[Vacancy]
    applications: list[Application]
    attendance: list[Attendance]
    segments: dict[str, str] = field(default_factory=dict)
    contact_ids: dict[str, str] = field(default_factory=dict)

    @property
    def recruiters(self) -> list[Recruiter]:
        """The owners who recruit."""
        return [owner for owner in self.owners if owner.ats_id]

    def load_into(self, state: SandboxState) -> None:
        """Put owners, contacts and the talent pool into an empty portal, and the ATS side into its dialects."""
        state.owners = [Owner(each.owner_id, each.user_id, each.email, each.first, each.last) for each in self.owners]
        pool = ContactList(TALENT_POOL, "Talentpool zorg")
        for person in self.people:
            if not person.in_hubspot:
                continue
            record = state.load("contacts", self.contact_properties(person), IMPORT)
            self.contact_ids[person.key] = record.id
            if self.segments[person.key] in ("fan_days", "fan_hot", "moderate"):
                pool.members[record.id] = record.properties["createdate"]
        state.lists = {pool.id: pool}
        self.load_ats_into(state)

    def load_ats_into(self, state: SandboxState) -> None:
        """Let the portal's ATS dialects show these people; HubSpot stays as it is."""
        state.world = self

    def contact_properties(self, person: Person) -> dict[str, str]:
        """The HubSpot side of a person, read-only counters and dates included."""
        rng = random.Random(f"{self.seed}/{person.key}/contact")
        segment = self.segments[person.key]
        events = history_of(segment, self.now, rng)
        created = min([event[1] for event in events] + [self.now - timedelta(days=95)])
        created -= timedelta(days=rng.randint(1, 300), minutes=rng.randint(0, 600))
        modified = max([event[1] for event in events], default=created)
        owner = rng.choice([*self.recruiters, None]) if person.in_ats else None
        return {
            **person.hubspot_properties(),
            **folded(events),
            **contact_flags(segment),
            "lifecyclestage": "lead",
            "createdate": to_iso(created),
            "lastmodifieddate": to_iso(modified),
            "hs_object_source": "IMPORT",
            **({"hubspot_owner_id": owner.owner_id} if owner else {}),
            **({"lifecyclestage": "customer"} if segment.endswith("customer") else {}),
        }


def build(now: str | datetime, seed: int = 7) -> World:
    """The world at `now`: 300 people, most in both systems, with three months of history."""
    moment = to_moment(now)
    rng = random.Random(seed)
    owners = _owners()
    people = people_of(rng)
    segments = segments_for(people, rng)
    vacancies = vacancies_of([owner.email for owner in owners if owner.ats_id], moment)
    applications = applications_of(people, segments, vacancies, moment, rng)
    attendance = attendance_of(people, segments, moment)
    return World(moment, seed, owners, people, vacancies, applications, attendance, segments)


def portal(world: World, **clock: Any) -> SandboxState:
    """A portal filled with the world, its clock standing at `now` (options as for SandboxClock)."""
    return SandboxState(SandboxClock(world.now, **{"running": False, **clock}), world.load_into)


def _owners() -> list[Recruiter]:
    names = [*NAMES["recruiters"], NAMES["other_owner"]]
    return [
        Recruiter(str(701 + i), 9001 + i, f"u{i + 1}" if i < len(NAMES["recruiters"]) else None, first, last)
        for i, (first, last) in enumerate(names)
    ]
