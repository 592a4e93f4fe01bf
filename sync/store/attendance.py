"""The attendances of sign-in sheets on their way into HubSpot: one row a contact and event, for ever."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import optional_moment, to_moment, to_text

Place = tuple[str, str]  # event and contact


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Somebody who attended, by a sign-in sheet. `contact_id` None: nobody known, or not in HubSpot."""

    event: str
    at: datetime | None
    contact_id: str | None


@dataclass(frozen=True, slots=True)
class OpenWrite:
    """An attendance that may be sent."""

    event_id: str
    contact_id: str
    at: datetime
    attempts: int


def sheet_lines(db: Mirror) -> list[SheetLine]:
    """Everybody who attended by sign-in sheets, in order of event and moment."""
    return [
        SheetLine(event, optional_moment(at), None if contact_id is None else str(contact_id))
        for event, at, contact_id in db.rows(query("sheet_attendance"))
    ]


def count_lines(db: Mirror) -> tuple[int, int]:
    """How many lines the sign-in sheets hold, and how many of them name nobody warmline knows."""
    row = db.row(query("sheet_lines"))
    return (0, 0) if row is None else (row[0], row[1])


def attended(db: Mirror) -> set[Place]:
    """Whom HubSpot itself shows as having attended what."""
    return {(row[0], row[1]) for row in db.rows(query("attended_in_hubspot"))}


def plan(db: Mirror, wanted: Mapping[Place, datetime], now: datetime) -> None:
    """Makes these wait, and no other that was never sent; what was sent before keeps its moment and state."""
    db.change(query("unwanted_attendance"), {"wanted": json.dumps(list(wanted))})
    at = to_text(now)
    db.change_many(query("plan_attendance"), [(*place, to_text(moment), at) for place, moment in wanted.items()])
    db.change(query("seen_attendance"), {"now": at})


def open_writes(db: Mirror) -> list[OpenWrite]:
    """What waits and what got no certain answer, by event."""
    return [
        OpenWrite(event_id, contact_id, to_moment(at), attempts)
        for event_id, contact_id, at, attempts in db.rows(query("open_attendance"))
    ]


def mark_sent(db: Mirror, writes: Sequence[OpenWrite], now: datetime) -> None:
    """Keeps, before the request leaves, that they may have been done."""
    sql = (
        "UPDATE attendance_write SET state = 'SENT', attempts = attempts + 1, sent_at = ? "
        "WHERE event_id = ? AND contact_id = ?"
    )
    at = to_text(now)
    db.change_many(sql, [(at, one.event_id, one.contact_id) for one in writes])


def settle(db: Mirror, place: Place, state: str, error: str, now: datetime) -> None:
    """What became of one. `state`: PENDING (certainly not done), SENT (not certain), DONE or DEAD."""
    row = {"event_id": place[0], "contact_id": place[1], "state": state, "error": error, "now": to_text(now)}
    db.change(query("settle_attendance"), row)


def counts(db: Mirror) -> dict[str, int]:
    """How many stand in each state; a state without any is absent."""
    return dict(db.rows("SELECT state, count(*) FROM attendance_write GROUP BY state ORDER BY state"))
