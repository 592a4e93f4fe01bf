"""The audit: lines that are added and never changed, about subjects with a random name (docs/decisions/0049).

Whose a subject is stands in `audit_subject` alone. Forgetting a person deletes that row; the lines stay, nobody's.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b

from sync.core.model import Band, Decision, Score
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import to_text

LEFT = "left"  # the person is not in the audience any more, or objects
WANTED, ENDED = "wanted", "ended"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is kept. `at`: UTC as the mirror writes moments; the rest as in the table."""

    at: str
    subject: str
    event: str
    actor: str
    inputs: str | None
    rules: str | None
    score: int | None
    band: str | None
    play: str | None
    outcome: str | None
    ground: str | None
    task: str | None


def note_scores(db: Mirror, scores: Mapping[int, Score], rules: str, now: datetime) -> None:
    """A line for each score, with a hash of what it rests on. Callers pass those in another band, or by other rules,
    than before: what lies between follows from the touch days and the rules."""
    if not scores:
        return
    _name(db, scores)
    inputs, at = _inputs(db, scores), to_text(now)
    db.change_many(
        query("audit_score"),
        [
            {
                "person_id": person_id,
                "at": at,
                "inputs": inputs[person_id],
                "rules": rules,
                "score": score.value,
                "band": score.band.value,
                "outcome": None,
            }
            for person_id, score in scores.items()
        ],
    )


def note_left(db: Mirror, person_ids: Collection[int], now: datetime) -> None:
    """A line for each person whose score ended."""
    _name(db, person_ids)
    rest = {"at": to_text(now), "inputs": None, "rules": None, "score": None, "band": None, "outcome": LEFT}
    db.change_many(query("audit_score"), [{"person_id": one, **rest} for one in person_ids])


def note_decisions(
    db: Mirror,
    before: Mapping[int, Sequence[Decision]],
    after: Mapping[int, Sequence[Decision]],
    now: datetime,
) -> None:
    """A line for each decision that is new or another, and for each that ended."""
    changed = list(_changed(before, after))
    _name(db, {row[0] for row in changed})
    at = to_text(now)
    keys = ("person_id", "play", "outcome", "ground")
    db.change_many(query("audit_decision"), [{**dict(zip(keys, row, strict=True)), "at": at} for row in changed])


def _changed(
    before: Mapping[int, Sequence[Decision]], after: Mapping[int, Sequence[Decision]]
) -> Iterable[tuple[int, str, str, str | None]]:
    for person_id, those in after.items():
        old = {one.play: _told(one) for one in before.get(person_id, ())}
        new = {one.play: _told(one) for one in those}
        for play, told in new.items():
            if old.get(play) != told:
                yield person_id, play, told[1], told[2]
        for play in sorted(old.keys() - new.keys()):
            yield person_id, play, ENDED, None


def _told(one: Decision) -> tuple[str, str, str | None]:
    if one.refused is not None:
        return one.occasion, one.refused.value, None
    return one.occasion, WANTED if one.wanted else ENDED, one.ground


def note_write(db: Mirror, key: str, now: datetime) -> None:
    """A line for a task that was made, changed or ended by warmline; other rows of the outbox give none."""
    db.change(query("audit_write"), {"key": key, "at": to_text(now)})


def note_retention(db: Mirror, person_id: int, actor: str, now: datetime) -> None:
    """A line for somebody who is erased because their retention ended. `actor`: warmline, or person."""
    _name(db, [person_id])
    db.change(query("audit_retention"), {"person_id": person_id, "actor": actor, "at": to_text(now)})


def note_gdpr_delete(db: Mirror, erasure_id: str, outcome: str, now: datetime) -> None:
    """A line for a contact that a person had deleted for good in HubSpot; it is about the erasure's random name."""
    sql = "INSERT INTO audit (subject, at, event, actor, outcome) VALUES (?, ?, 'retention', 'person', ?)"
    db.change(sql, (erasure_id, to_text(now), outcome))


def note_rules(db: Mirror, version: str, rules: Mapping[str, object], now: datetime) -> None:
    """Keeps the score's rules in full, once a version."""
    sql = "INSERT INTO rules_used (version, rules, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
    db.change(sql, (version, json.dumps(rules, sort_keys=True), to_text(now)))


def rules_used(db: Mirror) -> dict[str, tuple[str, object]]:
    """Since when each version of the rules was in force, and the rules, by version."""
    rows = db.rows("SELECT version, since, rules FROM rules_used ORDER BY since, version")
    return {version: (since, json.loads(rules)) for version, since, rules in rows}


def lines_of(db: Mirror, person_ids: Collection[int]) -> list[Line]:
    """The lines about people, the oldest first."""
    return [Line(*row) for row in db.rows(query("audit_of_people"), {"people": json.dumps(list(person_ids))})]


def lines_since(db: Mirror, since: datetime, limit: int = -1) -> list[Line]:
    """All lines from a moment on, the oldest first; who they are about is not in them."""
    return [Line(*row) for row in db.rows(query("audit_since"), {"since": to_text(since), "limit": limit})]


def forget_before(db: Mirror, moment: datetime) -> int:
    """Deletes lines older than `moment`; how many. The mirror itself refuses it for the last half year."""
    return db.change("DELETE FROM audit WHERE at < ?", (to_text(moment),))


def has_bands(db: Mirror, day: date) -> bool:
    """Whether it was kept how the scores lay on a local day."""
    return db.row("SELECT 1 FROM band_day WHERE day = ? LIMIT 1", (day.isoformat(),)) is not None


def save_bands(db: Mirror, day: date) -> None:
    """Keeps how many people are in each band on a local day, as they are now."""
    sql = "INSERT INTO band_day (day, band, people) SELECT ?, band, count(*) FROM score GROUP BY band"
    db.change(sql, (day.isoformat(),))


def bands_on_or_before(db: Mirror, day: date) -> tuple[date, dict[Band, int]] | None:
    """The band counts of the newest kept day up to `day`; None: none is kept."""
    sql = "SELECT day, band, people FROM band_day WHERE day = (SELECT max(day) FROM band_day WHERE day <= ?)"
    rows = db.rows(sql, (day.isoformat(),))
    return (date.fromisoformat(rows[0][0]), {Band(band): people for _, band, people in rows}) if rows else None


def _name(db: Mirror, person_ids: Iterable[int]) -> None:
    db.change(query("audit_new_subjects"), {"people": json.dumps(sorted(person_ids))})


def _inputs(db: Mirror, person_ids: Collection[int]) -> dict[int, str]:
    """A hash of the touch days of each person; nobody's order or number of records changes it."""
    found: dict[int, set[str]] = defaultdict(set)
    for person_id, kind, day, *_ in db.rows(query("touched_days"), {"people": json.dumps(list(person_ids))}):
        found[person_id].add(f"{kind} {day}")
    return {
        one: blake2b("\n".join(sorted(found[one])).encode(), digest_size=12).hexdigest() if one in found else ""
        for one in person_ids
    }
