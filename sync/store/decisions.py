"""The last decision of each play about each person."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sync.core.model import Decision, Refusal
from sync.store import audit
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_text


def save_decisions(db: Mirror, decisions: Mapping[int, Sequence[Decision]], now: datetime) -> None:
    """Makes these the decisions of people, one a play; a play that is not among them has none any more.

    An equal decision keeps its moment.
    """
    at = to_text(now)
    rows = [
        (
            person_id,
            one.play,
            one.occasion,
            int(one.wanted),
            one.refused.value if one.refused else None,
            optional_text(one.until),
            one.owner_id,
            optional_text(one.due_at),
            one.ground,
            json.dumps(one.why, ensure_ascii=False),
            one.type,
            one.priority,
            one.application,
            at,
        )
        for person_id, those in decisions.items()
        for one in those
    ]
    plays = {str(person_id): [one.play for one in those] for person_id, those in decisions.items()}
    audit.note_decisions(db, load_decisions(db, list(decisions)), decisions, now)
    db.change(query("drop_decisions"), {"plays": json.dumps(plays)})
    db.change_many(query("save_decision"), rows)


def wanting_people(db: Mirror) -> list[int]:
    """Everybody a play wants something for, granted or refused."""
    return [row[0] for row in db.rows("SELECT DISTINCT person_id FROM decision WHERE wanted = 1 ORDER BY person_id")]


def load_decisions(db: Mirror, person_ids: Collection[int]) -> dict[int, tuple[Decision, ...]]:
    """The last decision of each play, in order of the plays' names; who has none has no key."""
    sql = "SELECT * FROM decision WHERE person_id IN (SELECT value FROM json_each(?)) ORDER BY person_id, play"
    found: dict[int, list[Decision]] = defaultdict(list)
    for row in db.rows(sql, (json.dumps(list(person_ids)),)):
        (
            person_id,
            play,
            occasion,
            wanted,
            refused,
            until,
            owner_id,
            due_at,
            ground,
            why,
            _,
            kind,
            priority,
            application,
        ) = row
        decision = Decision(
            play=play,
            occasion=occasion,
            wanted=wanted == 1,
            refused=None if refused is None else Refusal(refused),
            until=optional_moment(until),
            owner_id=owner_id,
            due_at=optional_moment(due_at),
            ground=ground,
            why=tuple(json.loads(why)),
            type=kind,
            priority=priority,
            application=application,
        )
        found[person_id].append(decision)
    return {person_id: tuple(those) for person_id, those in found.items()}
