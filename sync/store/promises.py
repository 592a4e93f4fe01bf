"""What applicants were promised, and how their applications moved."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.core.model import RecordRef
from sync.core.promise import Promise, StageMove
from sync.store.db import Mirror
from sync.store.rows import Values, ref_json
from sync.store.runs import set_setting, setting
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_moment, to_text

WATCHED_SINCE = "watched_since"


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise and whom a task about it is about. `contact_id`, `owner_id` None: no task can be made. `job_id` '': an
    open application, to no vacancy."""

    promise: Promise
    person_id: int
    contact_id: str | None
    job_id: str
    owner_id: str | None


@dataclass(frozen=True, slots=True)
class Reported:
    """A promise as reports need it. `confidential`: the vacancy's name must not show."""

    owed: Owed
    job_name: str | None
    confidential: bool


def load_moves(db: Mirror, refs: Collection[RecordRef]) -> dict[RecordRef, list[StageMove]]:
    """Moves of applications through stages, in order; one without any has no key."""
    found: dict[RecordRef, list[StageMove]] = defaultdict(list)
    for source, application_id, from_id, to_id, at, exact in db.rows(query("moves_of"), {"refs": ref_json(refs)}):
        move = StageMove(source, application_id, from_id, to_id, to_moment(at), exact == 1)
        found[RecordRef(source, application_id)].append(move)
    return dict(found)


def load_promises(db: Mirror, refs: Collection[RecordRef]) -> dict[RecordRef, list[Promise]]:
    """What was promised about applications; one without any has no key."""
    found: dict[RecordRef, list[Promise]] = defaultdict(list)
    for row in db.rows(query("promises_of"), {"refs": ref_json(refs)}):
        found[RecordRef(row[0], row[1])].append(_promise(row))
    return dict(found)


def save_promises(db: Mirror, owed: Mapping[int, Sequence[Owed]]) -> None:
    """Makes these the promises to people; what they were promised about other applications goes."""
    rows = [_params(one) for those in owed.values() for one in those]
    keep = [[row["source"], row["application_id"], row["kind"]] for row in rows]
    db.change(query("drop_promises"), {"people": json.dumps(list(owed)), "keep": json.dumps(keep)})
    db.change_many(query("save_promise"), rows)


def report_promises(db: Mirror) -> list[Reported]:
    """Every promise there is, the oldest first."""
    return [
        Reported(Owed(_promise(row[6:]), row[0], row[1], row[2], row[3]), row[4], row[5] == 1)
        for row in db.rows(query("promises_report"))
    ]


def watched_since(db: Mirror) -> datetime | None:
    """When warmline first decided anything on this mirror; None: it has not yet."""
    return optional_moment(setting(db, WATCHED_SINCE))


def begin_watch(db: Mirror, now: datetime) -> None:
    """Keeps `now` as the moment of the first decisions, unless there were earlier ones."""
    if setting(db, WATCHED_SINCE) is None:
        set_setting(db, WATCHED_SINCE, to_text(now))


def _promise(row: Values) -> Promise:
    return Promise(
        source=row[0],
        application_id=row[1],
        kind=row[2],
        began_at=to_moment(row[3]),
        internal_due_at=to_moment(row[4]),
        public_due_at=to_moment(row[5]),
        moved_at=optional_moment(row[6]),
        was_due_at=optional_moment(row[7]),
        kept_at=optional_moment(row[8]),
        evidence=row[9],
        ended=row[10],
        backlog=row[11] == 1,
        ticked_at=optional_moment(row[12]),
        group_id=row[13],
    )


def _params(owed: Owed) -> dict[str, object]:
    one = owed.promise
    return {
        "source": one.source,
        "application_id": one.application_id,
        "kind": one.kind,
        "person_id": owed.person_id,
        "contact_id": owed.contact_id,
        "job_id": owed.job_id,
        "owner_id": owed.owner_id,
        "began_at": to_text(one.began_at),
        "internal_due_at": to_text(one.internal_due_at),
        "public_due_at": to_text(one.public_due_at),
        "moved_at": optional_text(one.moved_at),
        "was_due_at": optional_text(one.was_due_at),
        "kept_at": optional_text(one.kept_at),
        "evidence": one.evidence,
        "ended": one.ended,
        "backlog": int(one.backlog),
        "ticked_at": optional_text(one.ticked_at),
        "group_id": one.group_id,
    }
