"""Invented people for the page of examples: a module a play, named as the play, with its EXAMPLES."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.util import find_spec

from sync.core.facts import LinkedApplication, LinkedCandidate, PersonFacts
from sync.core.model import Application, Candidate, Contact, Job, Owner, PersonId, RecordRef, TouchDay
from sync.core.plays import PLAYS
from sync.core.wording_say import Say

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # Tuesday, 09:00 in Amsterdam
RECRUITER = Owner("71", "kim@example.org", "Kim de Boer")
COLLEAGUE = Owner("72", "daan@example.org", "Daan Visser")
NURSE = Job("j1", name="Verpleegkundige wijkteam", status="open", closed_at=datetime(2026, 12, 4, 12, tzinfo=UTC))
SECRET = Job("j2", name="Directeur", status="open", confidential=True)


@dataclass(frozen=True, slots=True)
class Example:
    """An invented person and what the example shows. `environ`: settings it needs besides the defaults."""

    title: str
    about: str
    facts: PersonFacts
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alone:
    """A task that is not about one person. `about`: what it shows; `told`: what its template is filled with."""

    title: str
    about: str
    template: str
    told: Callable[[Say], Mapping[str, object]]


def tasks_alone() -> tuple[Alone, ...]:
    """The examples that are about no one person."""
    modules = (import_module(f"{__name__}.{play}") for play in examples())
    return tuple(one for module in modules for one in getattr(module, "ALONE", ()))


def examples() -> dict[str, tuple[Example, ...]]:
    """The examples of each play that has some, in the order of the plays."""
    known = [play for play in PLAYS if find_spec(f"{__name__}.{play}")]
    return {play: import_module(f"{__name__}.{play}").EXAMPLES for play in known}


def at(text: str) -> datetime:
    """'2026-11-23 14:30' on the clock of Amsterdam in winter, aware UTC."""
    return datetime.fromisoformat(f"{text}+01:00").astimezone(UTC)


def touched(kind: str, *days: int, job_id: str = "") -> tuple[TouchDay, ...]:
    """Touch days in November 2026; below 1 they count back into October."""
    return tuple(TouchDay(kind, date.fromordinal(date(2026, 10, 31).toordinal() + day), job_id=job_id) for day in days)


def person(number: int, first: str, infix: str | None, last: str, **known: object) -> PersonFacts:
    """A candidate linked to a contact on e-mail and first name."""
    candidate = Candidate(f"c{number}", first, infix, last, email_addresses=(f"{first.lower()}@example.org",))
    contact = Contact(str(500 + number), email=f"{first.lower()}@example.org", first_name=first, seen=True)
    links = ((RecordRef("ats", f"c{number}"), "self"), (RecordRef("hubspot", str(500 + number)), "email_first_name"))
    facts = {"links": links, "candidates": (LinkedCandidate("ats", candidate),), "contact": contact} | known
    return PersonFacts(PersonId(number), **facts)  # type: ignore[arg-type]


def applied(job: Job, status: str, day: int, **more: object) -> LinkedApplication:
    """An application of November 2026."""
    moment = datetime(2026, 11, day, 10, tzinfo=UTC)
    application = Application(f"a{day}", job_id=job.remote_id, status=status, applied_at=moment, **more)  # type: ignore[arg-type]
    return LinkedApplication("ats", application, job)
