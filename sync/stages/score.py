"""Score: the engagement of the people who are due. SQL sums their touch days, the core says what a sum is worth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from sync.core.audience import audience
from sync.core.calendar import day_start, local_day
from sync.core.engagement import Scorer, due_on
from sync.core.facts import PersonFacts
from sync.core.history import band_now, visible
from sync.core.model import Score
from sync.core.person_score import person_score_from_raw
from sync.core.rules_change import Move, RulesChange, from_values, to_values
from sync.stages.run import BATCH, Run
from sync.store import audit, runs, scores, work
from sync.store.scores import TouchSum

RULES_CHANGE = "rules_change"
_NO_TOUCH = TouchSum()


@dataclass(frozen=True, slots=True)
class Scored:
    """How many people were computed and how many of them moved to another value or band. `rules_change`: those whose
    score was computed by other rules before.
    """

    computed: int = 0
    changed: int = 0
    rules_change: RulesChange = field(default_factory=RulesChange)

    def __add__(self, other: Scored) -> Scored:
        change = other.rules_change if other.rules_change.people else self.rules_change
        return Scored(self.computed + other.computed, self.changed + other.changed, change)


def score_people(run: Run) -> Scored:
    """Compute everyone due. Who has points is due again at the next local midnight, because points decay by whole
    days."""
    total = Scored()
    waiting = work.count_due(run.db, "score", run.now)
    worths = scores.Worths(Scorer(run.policy.score), run.today)
    done = 0
    while person_ids := work.due_people(run.db, "score", run.now, BATCH):
        with run.db.write(run.lease):
            total += _score_batch(run, worths, person_ids)
        done += len(person_ids)
        run.progress("score", done, waiting)
    if done:
        _note_day(run)
    if total.rules_change.people:
        run.on_rules_change(total.rules_change)
    return total


def _note_day(run: Run) -> None:
    """What oversight looks back on: the rules in force, and once a day how the scores lie."""
    with run.db.write(run.lease):
        audit.note_rules(run.db, run.policy.score.version, asdict(run.policy.score), run.now)
        if not audit.has_bands(run.db, run.today):
            audit.save_bands(run.db, run.today)


def _score_batch(run: Run, worths: scores.Worths, person_ids: Sequence[int]) -> Scored:
    facts = {
        person_id: one
        for person_id, one in scores.scoring_facts(run.db, person_ids).items()
        if audience(one, run.policy.audience) is None
    }
    sums = scores.touch_sums(run.db, list(facts), worths)
    computed = {
        person_id: person_score_from_raw(one, worths.scorer, sums.get(person_id, _NO_TOUCH).raw)
        for person_id, one in facts.items()
    }
    change = _note_rules_change(run, facts, computed)
    rows = {
        person_id: scores.Scored(score, sums.get(person_id, _NO_TOUCH).last_touch_at)
        for person_id, score in computed.items()
    }
    rows |= _own_bands(run, worths.scorer, facts, rows)
    moved = scores.save_scores(run.db, rows, rules_version=run.policy.score.version, today=run.today, now=run.now)
    scores.forget_undone(run.db, person_ids)
    left = scores.drop_scores(run.db, [person_id for person_id in person_ids if person_id not in computed])
    audit.note_left(run.db, left, run.now)
    work.enqueue_people(run.db, "decide", person_ids, run.now)
    work.finish_people(run.db, "score", person_ids, _next_due(run, computed, sums))
    return Scored(len(computed), len(moved) + len(left), change)


def _own_bands(
    run: Run, scorer: Scorer, facts: Mapping[int, PersonFacts], rows: Mapping[int, scores.Scored]
) -> dict[int, scores.Scored]:
    """The scores of people whose links were undone, in the band of never having linked: the stored one, and the one
    HubSpot shows, owe themselves to records that are another's.
    """
    scored = [person_id for person_id, one in rows.items() if one.score.value is not None]
    undone = scores.undone_people(run.db, scored)
    if not undone:
        return {}
    days, found = scores.touched_days(run.db, list(undone)), {}
    for person_id, since in undone.items():
        known = local_day(since, run.policy.time.zone)
        band, band_since = band_now(visible(facts[person_id], days.get(person_id, {}), known), scorer, run.today)
        score = replace(rows[person_id].score, band=band)
        found[person_id] = replace(rows[person_id], score=score, band_since=band_since)
    return found


def _note_rules_change(run: Run, facts: Mapping[int, PersonFacts], computed: Mapping[int, Score]) -> RulesChange:
    """What the rules in force did to scores that others had computed: kept over the runs it takes to compute all."""
    version = run.policy.score.version
    moves = [
        Move(person_id, old.value, computed[person_id].value, old.band, computed[person_id].band)
        for person_id in sorted(scores.scored_by_other_rules(run.db, list(computed), version))
        if (old := facts[person_id].score) is not None
    ]
    if not moves:
        return RulesChange()
    kept = runs.setting(run.db, RULES_CHANGE)
    before = from_values(json.loads(kept)) if kept else RulesChange()
    change = (before if before.version == version else RulesChange(version)).and_also(moves)
    runs.set_setting(run.db, RULES_CHANGE, json.dumps({**to_values(change), "day": run.today.isoformat()}))
    return change


def _next_due(run: Run, computed: Mapping[int, Score], sums: Mapping[int, TouchSum]) -> dict[int, datetime]:
    due: dict[int, datetime] = {}
    for person_id, score in computed.items():
        day = due_on(score, run.today, sums.get(person_id, _NO_TOUCH).next_day)
        if day is not None:
            due[person_id] = day_start(day, run.policy.time.zone)
    return due
