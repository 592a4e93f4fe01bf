"""Score: the engagement of the people who are due, with the breakdown stored beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.core.calendar import day_start
from sync.core.contact_policy import audience
from sync.core.engagement import Scorer, due_again, last_touch
from sync.core.facts import PersonFacts
from sync.core.model import PersonId, Score
from sync.core.person_score import person_score
from sync.stages.run import BATCH, Run
from sync.store import people, scores, work


@dataclass(frozen=True, slots=True)
class Scored:
    """How many people were computed and how many of them moved to another value or band."""

    computed: int = 0
    changed: int = 0

    def __add__(self, other: Scored) -> Scored:
        return Scored(self.computed + other.computed, self.changed + other.changed)


def score_people(run: Run) -> Scored:
    """Compute everyone due. Who has points is due again at the next local midnight, because points decay by whole
    days."""
    total = Scored()
    waiting = work.count_due(run.db, "score", run.now)
    scorer = Scorer(run.policy.score)
    done = 0
    while person_ids := work.due_people(run.db, "score", run.now, BATCH):
        with run.db.write(run.lease):
            facts = list(people.load_facts(run.db, person_ids).values())
            total += _score_batch(run, scorer, facts, person_ids)
        done += len(person_ids)
        run.progress("score", done, waiting)
    return total


def _score_batch(run: Run, scorer: Scorer, facts: Sequence[PersonFacts], person_ids: Sequence[int]) -> Scored:
    computed = {
        one.person_id: person_score(one, scorer, run.today)
        for one in facts
        if audience(one, run.policy.audience) is None
    }
    rows = {
        int(one.person_id): scores.Scored(computed[one.person_id], last_touch(one.touches, run.today))
        for one in facts
        if one.person_id in computed
    }
    moved = scores.save_scores(run.db, rows, rules_version=run.policy.score.version, today=run.today, now=run.now)
    left = scores.drop_scores(run.db, [person_id for person_id in person_ids if person_id not in computed])
    work.enqueue_people(run.db, "decide", person_ids, run.now)
    work.finish_people(run.db, "score", person_ids, _next_due(run, facts, computed))
    return Scored(len(computed), len(moved) + len(left))


def _next_due(run: Run, facts: Sequence[PersonFacts], computed: Mapping[PersonId, Score]) -> dict[int, datetime]:
    due: dict[int, datetime] = {}
    for one in facts:
        day = due_again(computed[one.person_id], run.today, one.touches) if one.person_id in computed else None
        if day is not None:
            due[one.person_id] = day_start(day, run.policy.time.zone)
    return due
