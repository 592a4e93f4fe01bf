"""What scores are made of, and the scores as last computed. Points are not kept: they follow from the touch days
(docs/decisions/0040).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sync.core.engagement import Scorer
from sync.core.facts import LinkedCandidate, PersonFacts, StoredScore
from sync.core.model import Band, Candidate, Contact, PersonId, Score
from sync.store import audit
from sync.store.db import Mirror
from sync.store.rows import Values, to_tuple
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_day, to_moment, to_text


@dataclass(frozen=True, slots=True)
class Scored:
    """A score to keep. `last_touch_at`: the latest touch it rests on. `band_since`: where it does not follow from
    the stored score."""

    score: Score
    last_touch_at: datetime | None = None
    band_since: date | None = None


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score as kept, without its points.

    `band_since`: the local day the band was entered. `rules_version`: the policy it was computed by.
    """

    score: Score
    band_since: date
    last_touch_at: datetime | None
    rules_version: str
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class TouchSum:
    """A person's touch days in sum. `raw` None: none weighs. `next_day`: the first touch day to come."""

    raw: float | None = None
    last_touch_at: datetime | None = None
    next_day: date | None = None


class Worths(dict[str, tuple[str, float] | None]):
    """Kind and `Scorer.worth` of '<kind> <day>' as of the local day `today`, each worked out once. None: no weight."""

    def __init__(self, scorer: Scorer, today: date) -> None:
        super().__init__()
        self.scorer, self.today = scorer, today

    def __missing__(self, touch: str) -> tuple[str, float] | None:
        kind, _, day = touch.rpartition(" ")
        worth = self.scorer.worth(kind, (self.today - to_day(day)).days)
        found = self[touch] = None if worth is None else (kind, worth)
        return found


def touch_sums(db: Mirror, person_ids: Collection[int], worths: Worths) -> dict[int, TouchSum]:
    """The touch days of people in sum, as of the day of `worths`; who has none has no key."""
    db.tables.conn.create_aggregate("raw", 1, _raw(worths))
    active = {
        row[0] for row in db.rows(query("people_with_activity_touches"), {"people": json.dumps(list(person_ids))})
    }
    others = [one for one in person_ids if one not in active]
    today = worths.today.isoformat()
    rows = db.rows(query("touch_sums"), {"people": json.dumps(others), "today": today})
    if active:
        rows += db.rows(query("touch_sums_with_activities"), {"people": json.dumps(sorted(active)), "today": today})
    return {
        person_id: TouchSum(raw, optional_moment(last_at), to_day(next_day) if next_day else None)
        for person_id, raw, last_at, next_day in rows
    }


def _raw(worths: Worths) -> type:
    """SQL's aggregate raw('<kind> <day>'): `Scorer.raw` of touch days. A kind counts once a day, over all records."""

    class Raw:
        __slots__ = ("step", "touches")

        def __init__(self) -> None:
            self.touches: set[str | None] = set()
            self.step = self.touches.add

        def finalize(self) -> float | None:
            found: dict[str, list[float]] = defaultdict(list)
            for touch in self.touches:
                worth = None if touch is None else worths[touch]
                if worth is not None:
                    found[worth[0]].append(worth[1])
            return worths.scorer.raw(found)

    return Raw


def people_computed(db: Mirror) -> list[int]:
    """Everyone with a record for whom the score was computed, the unscored too, in order."""
    sql = "SELECT DISTINCT person_id FROM score JOIN person_link USING (person_id) ORDER BY person_id"
    return [row[0] for row in db.rows(sql)]


def known_since(db: Mirror, person_ids: Collection[int]) -> dict[int, datetime]:
    """Since when the mirror knows people, by person."""
    sql = "SELECT id, created_at FROM person WHERE id IN (SELECT value FROM json_each(?))"
    return {person_id: to_moment(at) for person_id, at in db.rows(sql, (json.dumps(list(person_ids)),))}


def touched_days(db: Mirror, person_ids: Collection[int]) -> dict[int, dict[date, dict[str, date | None]]]:
    """The kinds of valid touches on each local day, by person; who has none has no key. With each, the day from which
    it does not count any more.
    """
    found: dict[int, dict[date, dict[str, date | None]]] = defaultdict(lambda: defaultdict(dict))
    for person_id, kind, day, until in db.rows(query("touched_days"), {"people": json.dumps(list(person_ids))}):
        kinds, ends = found[person_id][to_day(day)], to_day(until) if until else None
        before = kinds.get(kind, ends)
        kinds[kind] = None if before is None or ends is None else max(before, ends)
    return found


def undone_people(db: Mirror, person_ids: Collection[int]) -> dict[int, datetime]:
    """Those of these people whose links were undone since their last score, and since when the mirror knows them."""
    rows = db.rows(query("undone_people"), (json.dumps(list(person_ids)),))
    return {person_id: to_moment(since) for person_id, since in rows}


def forget_undone(db: Mirror, person_ids: Collection[int]) -> None:
    """Bands of these people are computed anew: what was undone is over."""
    if db.row("SELECT 1 FROM undone_link LIMIT 1") is None:
        return
    db.change(query("forget_undone"), {"people": json.dumps(list(person_ids))})


def scoring_facts(db: Mirror, person_ids: Collection[int]) -> dict[int, PersonFacts]:
    """As much of `people.load_facts` as the audience and the score ask for, by person: contact, candidates, lists and
    the stored score. Who ended has no key.
    """
    asked = json.dumps(list(person_ids))
    rows = db.rows(query("scoring_contacts"), {"people": asked})
    contacts, objecting = {row[0]: row[1:] for row in rows}, {row[0] for row in rows if row[7]}
    candidates: dict[int, list[LinkedCandidate]] = defaultdict(list)
    for person_id, source, remote_id, emails in db.rows(query("scoring_candidates"), {"people": asked}):
        candidate = Candidate(remote_id, email_addresses=to_tuple(emails))
        candidates[person_id].append(LinkedCandidate(source, candidate))
    lists: dict[str, set[str]] = defaultdict(set)
    ids = json.dumps([row[0] for row in contacts.values()])
    for contact_id, list_id in db.rows(query("scoring_lists"), {"contacts": ids}):
        lists[contact_id].add(list_id)
    stored = load_stored(db, person_ids)
    found = {}
    for (person_id,) in db.rows("SELECT id FROM person WHERE id IN (SELECT value FROM json_each(?))", (asked,)):
        contact = _contact(contacts[person_id], person_id in objecting) if person_id in contacts else None
        found[person_id] = PersonFacts(
            PersonId(person_id),
            candidates=tuple(candidates.get(person_id, ())),
            contact=contact,
            score=stored.get(person_id),
            list_ids=frozenset(lists.get(contact.remote_id, ())) if contact else frozenset(),
        )
    return found


def _contact(row: Values, no_profiling: bool) -> Contact:
    """`no_profiling`: any contact of the person says so."""
    remote_id, email, additional_emails, stage, deals, seen, _, band = row
    return Contact(
        remote_id,
        email,
        to_tuple(additional_emails),
        lifecycle_stage=stage,
        deals=deals,
        seen=seen == 1,
        no_profiling=no_profiling,
        band_in_crm=band,
    )


def save_scores(
    db: Mirror, scores: Mapping[int, Scored], *, rules_version: str, today: date, now: datetime
) -> list[int]:
    """Keeps scores by person.

    `band_since` stays while the band stays. The people whose value or band is new or another.
    """
    before = load_stored(db, list(scores))
    at = to_text(now)
    changed: list[int] = []
    rows: list[Values] = []
    for person_id, scored in scores.items():
        score, old = scored.score, before.get(person_id)
        kept = old.band_since if old is not None and old.band is score.band else today
        since = (scored.band_since or kept).isoformat()
        if old is None or (old.value, old.band) != (score.value, score.band):
            changed.append(person_id)
        last_touch_at = optional_text(scored.last_touch_at)
        rows.append((person_id, score.value, score.raw, score.band.value, since, last_touch_at, rules_version, at))
    told = scored_by_other_rules(db, list(scores), rules_version)
    told |= {one for one in changed if one not in before or before[one].band is not scores[one].score.band}
    db.change_many(query("save_score"), rows)
    audit.note_scores(db, {person_id: scores[person_id].score for person_id in sorted(told)}, rules_version, now)
    return sorted(changed)


def scored_by_other_rules(db: Mirror, person_ids: Collection[int], rules_version: str) -> set[int]:
    """Those of these people whose stored score was computed by other rules."""
    sql = "SELECT person_id FROM score WHERE rules_version <> ? AND person_id IN (SELECT value FROM json_each(?))"
    return {row[0] for row in db.rows(sql, (rules_version, json.dumps(list(person_ids))))}


def drop_scores(db: Mirror, person_ids: Collection[int]) -> list[int]:
    """Forgets the scores of people who left the audience; those who had one."""
    sql = "DELETE FROM score WHERE person_id IN (SELECT value FROM json_each(?)) RETURNING person_id"
    return sorted(row[0] for row in db.change_rows(sql, (json.dumps(list(person_ids)),)))


def load_stored(db: Mirror, person_ids: Collection[int]) -> dict[int, StoredScore]:
    """The stored scores of people; who was never scored has no key."""
    sql = (
        "SELECT person_id, value, raw, band, band_since FROM score WHERE person_id IN (SELECT value FROM json_each(?))"
    )
    found = db.rows(sql, (json.dumps(list(person_ids)),))
    return {
        person_id: StoredScore(value, raw, Band(band), to_day(since)) for person_id, value, raw, band, since in found
    }


def load_score(db: Mirror, person_id: int) -> ScoreRow | None:
    """A person's score as kept; None: never scored."""
    sql = (
        "SELECT value, raw, band, band_since, last_touch_at, rules_version, computed_at FROM score WHERE person_id = ?"
    )
    row = db.row(sql, (person_id,))
    if row is None:
        return None
    value, raw, band, since, last_touch_at, rules_version, computed_at = row
    score = Score(value, raw, Band(band), ())
    return ScoreRow(score, to_day(since), optional_moment(last_touch_at), rules_version, to_moment(computed_at))
