"""Scores as last computed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sync.core.facts import StoredScore
from sync.core.model import Band, Point, Score
from sync.store.db import Mirror
from sync.store.rows import Values
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_day, to_moment, to_text


@dataclass(frozen=True, slots=True)
class Scored:
    """A score to keep. `last_touch_at`: the latest touch it rests on."""

    score: Score
    last_touch_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score as kept.

    `band_since`: the local day the band was entered. `rules_version`: the policy it was computed by.
    """

    score: Score
    band_since: date
    last_touch_at: datetime | None
    rules_version: str
    computed_at: datetime


def save_scores(
    db: Mirror, scores: Mapping[int, Scored], *, rules_version: str, today: date, now: datetime
) -> list[int]:
    """Keeps scores by person.

    `band_since` stays while the band stays. The people whose value or band is new or another.
    """
    before = load_stored(db, scores)
    changed: list[int] = []
    rows: list[Values] = []
    for person_id, scored in scores.items():
        score, old = scored.score, before.get(person_id)
        since = old.band_since if old is not None and old.band is score.band else today
        if old is None or (old.value, old.band) != (score.value, score.band):
            changed.append(person_id)
        key = (person_id, score.value, score.raw, score.band.value, since.isoformat())
        rows.append((*key, optional_text(scored.last_touch_at), _breakdown(score), rules_version, to_text(now)))
    db.change_many(query("save_score"), rows)
    return sorted(changed)


def drop_scores(db: Mirror, person_ids: Collection[int]) -> list[int]:
    """Forgets the scores of people who left the audience; those who had one."""
    sql = "DELETE FROM score WHERE person_id IN (SELECT value FROM json_each(?)) RETURNING person_id"
    return sorted(row[0] for row in db.change_rows(sql, (json.dumps(list(person_ids)),)))


def load_stored(db: Mirror, person_ids: Collection[int]) -> dict[int, StoredScore]:
    """The stored scores of people, without their points; who was never scored has no key."""
    sql = (
        "SELECT person_id, value, raw, band, band_since FROM score WHERE person_id IN (SELECT value FROM json_each(?))"
    )
    found = db.rows(sql, (json.dumps(list(person_ids)),))
    return {
        person_id: StoredScore(value, raw, Band(band), to_day(since)) for person_id, value, raw, band, since in found
    }


def load_score(db: Mirror, person_id: int) -> ScoreRow | None:
    """A person's score with its points; None: never scored."""
    sql = (
        "SELECT value, raw, band, breakdown, band_since, last_touch_at, rules_version, computed_at "
        "FROM score WHERE person_id = ?"
    )
    row = db.row(sql, (person_id,))
    if row is None:
        return None
    value, raw, band, breakdown, since, last_touch_at, rules_version, computed_at = row
    score = Score(value, raw, Band(band), points_of(breakdown))
    return ScoreRow(score, to_day(since), optional_moment(last_touch_at), rules_version, to_moment(computed_at))


def _breakdown(score: Score) -> str:
    points = [
        (one.kind, one.day.isoformat(), one.count, one.age_days, one.weight, one.points, one.job_id)
        for one in score.points
    ]
    return json.dumps(points, separators=(",", ":"))


def points_of(breakdown: str) -> tuple[Point, ...]:
    """The points of a stored breakdown."""
    return tuple(
        Point(kind, to_day(day), count, age_days, weight, points, job_id)
        for kind, day, count, age_days, weight, points, job_id in json.loads(breakdown)
    )
