"""Who of the team was in touch with which contact, when and how: one row an activity and contact."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from sync.core.activity import Activity
from sync.core.model import TouchDay
from sync.core.touches import activity_touch
from sync.store.db import Mirror
from sync.store.rows import Saved, Values
from sync.store.sql import query
from sync.store.times import optional_text, to_day, to_moment, to_text

_DROP = "DELETE FROM activity WHERE source = ? AND remote_id = ? AND contact_id = ?"


@dataclass(frozen=True, slots=True)
class _Stored:
    """The rows of one activity: row hash by contact, and the source's newest stamp."""

    hashes: Mapping[str, str]
    stamp: str | None


@dataclass(frozen=True, slots=True)
class _Dated:
    """An activity, and the touch day it is worth."""

    activity: Activity
    touch: TouchDay | None


@dataclass(frozen=True, slots=True)
class Logged:
    """An activity as one contact has it. `source`: the stream it came from."""

    source: str
    remote_id: str
    channel: str
    at: datetime
    direction: str | None
    outcome: str | None
    owner_id: str | None
    duration_s: int | None


def save_activities(
    db: Mirror, source: str, rows: Sequence[Activity], now: datetime, zone: ZoneInfo
) -> tuple[Saved, set[str]]:
    """Saves a page: every activity then has a row for each of its contacts and no other; archived ones have none.

    Counts are of activities, older or equal ones are left. Also the contacts that gained, lost or saw changed one.
    `zone`: of the local day a touch is on.
    """
    latest = {remote_id: _Dated(one, activity_touch(one, zone)) for remote_id, one in _latest(rows).items()}
    stored = _load(db, source, latest)
    at = to_text(now)
    written: list[Values] = []
    dropped: list[Values] = []
    changed: list[str] = []
    for remote_id, dated in latest.items():
        new, gone = _changes(dated, stored.get(remote_id))
        if new or gone:
            changed.append(remote_id)
        written += [_row(source, dated, contact_id, at) for contact_id in new]
        dropped += [(source, remote_id, contact_id) for contact_id in gone]
    db.change_many(_DROP, dropped)
    db.change_many(query("save_activity"), written)
    saved = Saved(len(changed), len(latest) - len(changed), len(rows) - len(latest), tuple(changed))
    return saved, {str(row[2]) for row in (*written, *dropped)}


def first_touch_day(db: Mirror, source: str) -> date | None:
    """The first local day this stream shows a touch of; None: it shows none."""
    row = db.row("SELECT min(touch_day) FROM activity WHERE source = ? AND touch_kind IS NOT NULL", (source,))
    return to_day(row[0]) if row and row[0] else None


def people_of_contacts(db: Mirror, contact_ids: Collection[str]) -> list[int]:
    """The people these contacts belong to, in order."""
    return [row[0] for row in db.rows(query("people_of_contacts"), {"contacts": json.dumps(sorted(contact_ids))})]


def activities_of(db: Mirror, contact_ids: Collection[str]) -> dict[str, list[Logged]]:
    """The activities of these contacts, newest first; a contact without any has no key."""
    found: dict[str, list[Logged]] = defaultdict(list)
    for contact_id, source, remote_id, channel, at, *rest in db.rows(
        query("activities_of"), {"contacts": json.dumps(sorted(contact_ids))}
    ):
        found[contact_id].append(Logged(source, remote_id, channel, to_moment(at), *rest))
    return dict(found)


def activities_of_contacts(db: Mirror, contact_ids: Collection[str]) -> dict[str, list[Activity]]:
    """The activities of these contacts, oldest first; a contact without any has no key."""
    found: dict[str, list[Activity]] = defaultdict(list)
    params = {"contacts": json.dumps(sorted(contact_ids))}
    for contact_id, remote_id, channel, at, *rest in db.rows(query("activities_of_contacts"), params):
        found[contact_id].append(Activity(remote_id, channel, to_moment(at), (contact_id,), *rest))
    return dict(found)


def _latest(rows: Sequence[Activity]) -> dict[str, Activity]:
    """One activity an id: the newest, the last of equals."""
    latest: dict[str, Activity] = {}
    for row in rows:
        other = latest.get(row.remote_id)
        if other is None or not _is_older(_stamp(row), _stamp(other)):
            latest[row.remote_id] = row
    return latest


def _load(db: Mirror, source: str, ids: Collection[str]) -> dict[str, _Stored]:
    hashes: dict[str, dict[str, str]] = defaultdict(dict)
    stamps: dict[str, str] = {}
    for remote_id, contact_id, row_hash, stamp in db.rows(
        query("stored_activities"), {"source": source, "ids": json.dumps(list(ids))}
    ):
        hashes[remote_id][contact_id] = row_hash
        stamps[remote_id] = max(stamps.get(remote_id, ""), stamp or "")
    return {remote_id: _Stored(found, stamps[remote_id] or None) for remote_id, found in hashes.items()}


def _changes(dated: _Dated, stored: _Stored | None) -> tuple[list[str], list[str]]:
    """Contacts to write a row for, and contacts to take theirs from."""
    activity = dated.activity
    before: Mapping[str, str] = stored.hashes if stored else {}
    if stored and _is_older(_stamp(activity), stored.stamp):
        return [], []
    after = () if activity.archived else dict.fromkeys(activity.contact_ids)
    row_hash = _hash(dated)
    return [one for one in after if before.get(one) != row_hash], [one for one in before if one not in after]


def _is_older(stamp: str | None, other: str | None) -> bool:
    return stamp is not None and other is not None and stamp < other


def _stamp(activity: Activity) -> str | None:
    return optional_text(activity.updated_at)


def _content(dated: _Dated) -> tuple[Any, ...]:
    activity, touch = dated.activity, dated.touch
    return (
        activity.channel,
        activity.direction,
        to_text(activity.at),
        activity.outcome,
        activity.owner_id,
        activity.duration_s,
        touch.kind if touch else None,
        touch.day.isoformat() if touch else None,
    )


def _hash(dated: _Dated) -> str:
    """Covers what was mapped, not whose it is: a row that follows a merge to another contact stays as it was."""
    return blake2b(repr(_content(dated)).encode(), digest_size=12).hexdigest()


def _row(source: str, dated: _Dated, contact_id: str, at: str) -> Values:
    return (
        source,
        dated.activity.remote_id,
        contact_id,
        *_content(dated),
        _stamp(dated.activity),
        at,
        _hash(dated),
    )
