"""The scores of everyone at a glance: how they lie now, who moved between bands by week, and what changed rules did."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sync.core.audience import audience
from sync.core.calendar import local_day
from sync.core.engagement import Scorer
from sync.core.facts import PersonFacts
from sync.core.history import Visible, Week, visible, weekly_flow
from sync.core.model import Band, Score
from sync.core.person_score import person_score_from_raw
from sync.core.rules_change import RulesChange, from_values, to_values
from sync.reports.people import BATCH, View
from sync.stages.score import RULES_CHANGE
from sync.store import runs, scores

WEEKS = 8
STEP = 5  # points a bar of the histogram
BANDS = (Band.HOT, Band.WARM, Band.COOL, Band.COLD)


@dataclass(frozen=True, slots=True)
class Pool:
    """`steps`: people by the lowest score of their step, 100 in the last. `rules_change`: the last one; `rules_day`: of
    that.
    """

    people: int
    unscored: int
    bands: dict[Band, int]
    steps: dict[int, int]
    weeks: list[Week]
    rules_change: RulesChange | None = None
    rules_day: str | None = None


def pool(view: View) -> Pool:
    """Everyone in the audience as of now. Past weeks are told by the touch days and the audience known now."""
    worths = scores.Worths(Scorer(view.policy.score), view.today)
    found: list[tuple[Score, Visible]] = []
    for people in _in_audience(view):
        sums = scores.touch_sums(view.db, list(people), worths)
        days = scores.touched_days(view.db, list(people))
        since = scores.known_since(view.db, list(people))
        for person_id, facts in people.items():
            raw = sums[person_id].raw if person_id in sums else None
            score = person_score_from_raw(facts, worths.scorer, raw)
            known = local_day(since[person_id], view.policy.time.zone)
            found.append((score, visible(facts, days.get(person_id, {}), known)))
    values = [score.value for score, _ in found if score.value is not None]
    steps = dict.fromkeys(range(0, 100, STEP), 0)
    for value in values:
        steps[min(value, 99) // STEP * STEP] += 1
    bands = {band: sum(1 for score, _ in found if score.band is band) for band in BANDS}
    weeks = weekly_flow((one for _, one in found), worths.scorer, until=view.today, weeks=WEEKS)
    change, day = _rules_change(view)
    return Pool(len(values), len(found) - len(values), bands, steps, weeks, change, day)


def _in_audience(view: View) -> Iterator[dict[int, PersonFacts]]:
    ids = scores.people_computed(view.db)
    for start in range(0, len(ids), BATCH):
        facts = scores.scoring_facts(view.db, ids[start : start + BATCH])
        yield {one: known for one, known in facts.items() if audience(known, view.policy.audience) is None}


def _rules_change(view: View) -> tuple[RulesChange | None, str | None]:
    kept = runs.setting(view.db, RULES_CHANGE)
    if kept is None:
        return None, None
    values = json.loads(kept)
    return from_values(values), values["day"]


def pool_report(found: Pool) -> dict[str, Any]:
    """`report score --json`."""
    change = to_values(found.rules_change) if found.rules_change else None
    return {
        "people": found.people,
        "unscored": found.unscored,
        "bands": {band.value: number for band, number in found.bands.items()},
        "histogram": [{"from": lowest, "people": number} for lowest, number in found.steps.items()],
        "weeks": [
            {
                "until": week.until.isoformat(),
                "bands": {band.value: week.sizes[band] for band in BANDS},
                "rose": {band.value: week.rose[band] for band in BANDS if week.rose[band]},
                "fell": {band.value: week.fell[band] for band in BANDS if week.fell[band]},
            }
            for week in found.weeks
        ],
        "rules_change": {**change, "day": found.rules_day} if change else None,
    }
