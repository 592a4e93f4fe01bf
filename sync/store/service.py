"""What the reports on service and channels read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sync.core.promise import DECISION, FIRST_REACTION, INTERVIEW, Promise
from sync.core.service import Overdue, Served
from sync.store.db import Mirror
from sync.store.rows import Values
from sync.store.sql import query
from sync.store.times import optional_moment, to_moment, to_text

_KINDS = (FIRST_REACTION, INTERVIEW, DECISION)


@dataclass(frozen=True, slots=True)
class JobName:
    """How a vacancy may be called. `confidential`: not by its name."""

    name: str | None
    confidential: bool


@dataclass(frozen=True, slots=True)
class Applied:
    """An application as channels need it. `person_id` None: its candidate is nobody's person."""

    person: str
    person_id: int | None
    applied_at: datetime
    status: str
    hired_at: datetime | None
    origin: str


@dataclass(frozen=True, slots=True)
class Ends:
    """A person's first and last touch: kinds, and the local day of the first."""

    first_kind: str
    first_on: date
    last_kind: str


def load_served(db: Mirror, since: datetime, until: datetime) -> list[Served]:
    """Applications that came in from `since` on and before `until`, any order. Prospects are left out, and applications
    of which it is not known when they came."""
    params = {"since": to_text(since), "until": to_text(until)}
    return [_served(row) for row in db.rows(query("served_applications"), params)]


def overdue_before(db: Mirror) -> list[Overdue]:
    """Every promise that was overdue before the first run."""
    sql = "SELECT person_id, kept_at IS NULL AND ended = '', kept_at IS NOT NULL FROM promise WHERE backlog = 1"
    return [Overdue(person_id, waits == 1, answered == 1) for person_id, waits, answered in db.rows(sql)]


def sources_with_reasons(db: Mirror) -> frozenset[str]:
    """Sources that ever showed why somebody was rejected."""
    return frozenset(row[0] for row in db.rows(query("sources_with_reasons")))


def sources_with_applications(db: Mirror) -> frozenset[str]:
    """Sources of applications."""
    return frozenset(row[0] for row in db.rows(query("sources_with_applications")))


def job_names(db: Mirror) -> dict[str, JobName]:
    """By '<source>:<id>', deleted vacancies too."""
    sql = "SELECT source, remote_id, name, confidential FROM job"
    return {f"{source}:{job_id}": JobName(name, hidden == 1) for source, job_id, name, hidden in db.rows(sql)}


def owner_names(db: Mirror) -> dict[str, str]:
    """What owners are called, by id, those who left too: the name, else the e-mail address."""
    return {row[0]: row[1] or row[2] for row in db.rows("SELECT remote_id, name, email FROM owner") if row[1] or row[2]}


def load_applied(db: Mirror) -> list[Applied]:
    """Every application that was sent in at a known moment, any order."""
    return [
        Applied(row[0], row[1], to_moment(row[2]), row[3], optional_moment(row[4]), row[5])
        for row in db.rows(query("first_applications"))
    ]


def never_applied(db: Mirror) -> dict[int, str]:
    """Who has a score and no application, and where their candidate came from."""
    return dict(db.rows(query("people_who_never_applied")))


def ends_of_touches(db: Mirror, until: Mapping[int, date]) -> dict[int, Ends]:
    """The first and last touch of people up to a local day each, that day included; one without any has no key."""
    people = json.dumps([[person_id, day.isoformat()] for person_id, day in until.items()])
    return {row[0]: _ends(row[1], row[2]) for row in db.rows(query("ends_of_touches"), {"people": people})}


def _ends(first: str, last: str) -> Ends:
    day, _, kind = first.split(" ", 2)
    return Ends(kind, date.fromisoformat(day), last.split(" ", 2)[2])


def _served(row: Values) -> Served:
    return Served(
        source=row[0],
        application_id=row[1],
        person=row[2],
        began_at=to_moment(row[3]),
        job_id=row[4],
        owner_id=row[5],
        status=row[6],
        decided_at=optional_moment(row[7]),
        has_reason=row[8] == 1,
        promises=tuple(_promises(row[0], row[1], row[9:])),
    )


def _promises(source: str, application_id: str, row: Sequence[object]) -> Iterator[Promise]:
    for place, kind in enumerate(_KINDS):
        began, internal, public, moved, kept, ended, backlog = row[7 * place : 7 * place + 7]
        if began is not None:
            yield Promise(
                source=source,
                application_id=application_id,
                kind=kind,
                began_at=to_moment(str(began)),
                internal_due_at=to_moment(str(internal)),
                public_due_at=to_moment(str(public)),
                moved_at=to_moment(str(moved)) if moved else None,
                kept_at=to_moment(str(kept)) if kept else None,
                ended=str(ended),
                backlog=backlog == 1,
            )
