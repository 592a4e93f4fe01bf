"""The invented people: names, addresses, and how the two systems disagree about them."""

from __future__ import annotations

import itertools
import json
import random
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES: dict[str, Any] = json.loads((Path(__file__).parent / "world_names.json").read_text(encoding="utf-8"))
# How many people of each kind; together 300. The first four kinds (214) agree on e-mail and first name,
# the next three (9 pairs) need a person to look, the last two are known to one system only.
KINDS = {
    "plain": 180,
    "email_case": 14,
    "secondary_email": 12,
    "accent": 8,
    "no_first_name": 3,
    "nickname": 3,
    "household_ats": 3,
    "household_hubspot": 3,
    "ats_only": 38,
    "hubspot_only": 36,
}
LINKABLE = ("plain", "email_case", "secondary_email", "accent")
REVIEWABLE = ("no_first_name", "nickname", "household_ats")
DOMAINS = ("example.org", "example.nl", "example.com")


@dataclass
class Person:
    """One invented person as the ATS knows them; `hubspot` holds what HubSpot has differently."""

    key: str
    kind: str
    first: str
    infix: str
    last: str
    email: str
    phone: str
    hubspot: dict[str, str] = field(default_factory=dict)
    ats_email: str = ""

    @property
    def in_ats(self) -> bool:
        """Whether there is a candidate."""
        return self.kind not in ("hubspot_only", "household_hubspot")

    @property
    def in_hubspot(self) -> bool:
        """Whether there is a contact."""
        return self.kind not in ("ats_only", "household_ats")

    @property
    def candidate_id(self) -> str:
        """The id in the ATS."""
        return f"c{self.key}"

    @property
    def surname(self) -> str:
        """Surname with its infix, as HubSpot keeps it in one field."""
        return f"{self.infix} {self.last}".strip()

    def hubspot_properties(self) -> dict[str, str]:
        """Name, address and number on the HubSpot side."""
        return {
            "firstname": self.first,
            "lastname": self.surname,
            "email": self.email,
            "phone": self.phone,
            **self.hubspot,
        }


def people_of(rng: random.Random) -> list[Person]:
    """300 people in a random but repeatable order; nobody shares first name and surname with another."""
    kinds = [kind for kind, count in KINDS.items() for _ in range(count)]
    rng.shuffle(kinds)
    pairs = rng.sample(list(itertools.product(NAMES["first_names"], NAMES["surnames"])), len(kinds))
    people = [
        _person(i, kind, first, surname) for i, (kind, (first, surname)) in enumerate(zip(kinds, pairs, strict=True))
    ]
    _give_special_names(people)
    for person in people:
        _give_address(person, rng)
    _share_mailboxes(people)
    return people


def _person(index: int, kind: str, first: str, surname: list[str]) -> Person:
    return Person(f"{index + 1:04d}", kind, first, surname[0], surname[1], "", f"+31 6 {10_000_000 + index * 137:08d}")


def _give_special_names(people: list[Person]) -> None:
    accented, nicknames = iter(NAMES["accented_first_names"]), iter(NAMES["nicknames"])
    for person in people:
        if person.kind == "accent":
            person.first = next(accented)
            person.hubspot["firstname"] = plain(person.first)
        elif person.kind == "nickname":
            person.first, person.hubspot["firstname"] = next(nicknames)
        elif person.kind == "no_first_name":
            person.hubspot["firstname"] = ""


def _give_address(person: Person, rng: random.Random) -> None:
    local = f"{plain(person.first)}.{plain(person.surname)}".lower()
    local = "".join(c for c in local if c.isalnum() or c == ".")
    person.email = person.ats_email = f"{local}@{rng.choice(DOMAINS)}"
    if person.kind == "email_case":
        person.ats_email = person.email.title()
    elif person.kind == "secondary_email":
        person.hubspot["email"] = f"{local}.werk@{rng.choice(DOMAINS)}"
        person.hubspot["hs_additional_emails"] = person.email


def _share_mailboxes(people: list[Person]) -> None:
    here = [person for person in people if person.kind == "household_ats"]
    there = [person for person in people if person.kind == "household_hubspot"]
    for one, other in zip(here, there, strict=True):
        other.infix, other.last = one.infix, one.last
        local = "".join(c for c in plain(one.surname).lower() if c.isalnum())
        one.email = one.ats_email = other.email = f"familie.{local}.{one.key}@example.nl"


def plain(text: str) -> str:
    """The text without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
