"""Counts and lists for status, calls, health and metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sync.core.model import Band
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import to_text


@dataclass(frozen=True, slots=True)
class PeopleCounts:
    """Live rows in the mirror.

    `linked`: candidates whose person also has a live contact. `review`: open reviews.
    """

    candidates: int
    contacts: int
    linked: int
    review: int


@dataclass(frozen=True, slots=True)
class CallListRow:
    """A person in call order, before contact policy."""

    person_id: int
    value: int
    band: Band
    raw: float


@dataclass(frozen=True, slots=True)
class AtsRecruiter:
    """Somebody who may recruit in an ATS. `email` lower case, None when it shows none.

    `ref`: `user <source>:<id>`, or without a user a record that names them.
    """

    email: str | None
    ref: str


def ats_recruiters(db: Mirror) -> list[AtsRecruiter]:
    """Active ATS users, and whoever open vacancies and live candidates name as their recruiter; each once."""
    users = db.rows(query("ats_users"))
    named: dict[str, str] = dict(reversed(db.rows(query("named_recruiters"))))
    wanted = [(ref, email) for ref, email, active in users if active or email in named]
    known = {email for _, email in wanted}
    found = [AtsRecruiter(email, f"user {ref}") for ref, email in wanted]
    return found + [AtsRecruiter(email, ref) for email, ref in sorted(named.items()) if email not in known]


@dataclass(frozen=True, slots=True)
class UnknownStage:
    """A stage of open vacancies in which applications stand and whose meaning is not known."""

    source: str
    name: str
    vacancies: int


def unknown_stages(db: Mirror) -> list[UnknownStage]:
    """Stages of the kind `other` by source and name; a stage for prospects only means nothing and is none of them."""
    return [UnknownStage(*row) for row in db.rows(query("unknown_stages"))]


def people_counts(db: Mirror) -> PeopleCounts:
    """How many candidates, contacts, linked candidates and open reviews there are."""
    row = db.row(query("people_counts"))
    assert row is not None
    return PeopleCounts(*row)


def scores_by_band(db: Mirror) -> dict[Band, int]:
    """How many people are in each band; every band is a key."""
    found = dict(db.rows("SELECT band, count(*) FROM score GROUP BY band"))
    return {band: found.get(band.value, 0) for band in Band}


def histogram(db: Mirror, width: int = 10) -> dict[int, int]:
    """How many scored people have a value in each step of `width`, by the step's lowest value.

    100 counts in the last.
    """
    sql = "SELECT min(value, 99) / ? * ?, count(*) FROM score WHERE value IS NOT NULL GROUP BY 1"
    found = dict(db.rows(sql, (width, width)))
    return {lowest: found.get(lowest, 0) for lowest in range(0, 100, width)}


def quarantine_counts(db: Mirror) -> dict[str, int]:
    """How many records are in quarantine, by stream."""
    return dict(db.rows("SELECT stream, count(*) FROM quarantine GROUP BY stream ORDER BY stream"))


def backlog(db: Mirror, now: datetime) -> dict[str, int]:
    """How much each stage has due by `now`; a stage with nothing due has no key."""
    sql = "SELECT stage, count(*) FROM work WHERE due_at <= ? GROUP BY stage ORDER BY stage"
    return dict(db.rows(sql, (to_text(now),)))


def listed_people(db: Mirror) -> list[int]:
    """Everyone who may be on the call list: who has a score, and whom a play wants something for."""
    return [row[0] for row in db.rows(query("listed_people"))]


def call_list(db: Mirror, limit: int, offset: int = 0) -> list[CallListRow]:
    """People with a score and at least one record, the warmest first; equal ones in order of their ids."""
    rows = db.rows(query("call_list"), {"limit": limit, "offset": offset})
    return [CallListRow(person_id, value, Band(band), raw) for person_id, value, band, raw in rows]


def tasks_made_since(db: Mirror, moment: datetime) -> int:
    """New tasks that were sent at or after `moment`; those without a certain answer count too."""
    sql = (
        "SELECT count(*) FROM outbox "
        "WHERE kind = 'create_task' AND state IN ('DONE', 'SENT', 'UNKNOWN') AND sent_at >= ?"
    )
    row = db.row(sql, (to_text(moment),))
    return 0 if row is None else int(row[0])
