"""What SQL makes of touch days is what the core makes of them."""

from __future__ import annotations

import math
import random
from datetime import timedelta

from sync.core.engagement import Scorer
from sync.core.history import Visible, bands_on
from sync.core.model import RecordRef, TouchDay
from sync.store import links, scores, touches
from sync.store.db import Mirror
from tests.integration.store.values import NOW, TODAY, contact_ref, ref
from tests.unit.core.make import KINDS, SCORING

PEOPLE, LAST = 150, 40
JOBS = ("", "j1", "j2", "page:kok", "page:bakker")
NAMES = (*sorted(KINDS), *("application_started", "application_submitted") * 6, "other")
SCORER = Scorer(SCORING)
Found = list[tuple[RecordRef, TouchDay]]


def invented(chance: random.Random, refs: tuple[RecordRef, RecordRef]) -> Found:
    """Touch days of a person over two records, a few still to come."""
    found = {}
    for _ in range(chance.randrange(9)):
        day = TODAY - timedelta(days=chance.randrange(-3, LAST))
        touch = TouchDay(chance.choice(NAMES), day, 1, None, chance.choice(JOBS), suspect=chance.random() < 0.1)
        found[chance.choice(refs), touch.kind, touch.day, touch.job_id] = touch
    return [(key[0], touch) for key, touch in found.items()]


def everyone(db: Mirror) -> dict[int, Found]:
    """Touch days by person, as the mirror holds them."""
    chance, made = random.Random(5), {}
    with db.write():
        for number in range(PEOPLE):
            first, second = contact_ref(f"{number}"), ref(f"c{number}")
            person_id = links.ensure_people(db, [first], NOW)[first]
            links.set_link(db, second, person_id, "email", {}, 1, NOW)
            made[person_id] = invented(chance, (first, second))
            touches.add_touch_days(db, made[person_id])
    return made


def test_the_sums_of_sql_are_those_of_the_core(db: Mirror) -> None:
    made = everyone(db)

    for ago in (0, 3, 20):
        today = TODAY - timedelta(days=ago)
        sums = scores.touch_sums(db, list(made), scores.Worths(SCORER, today))
        for person_id, found in made.items():
            own = SCORER.score((touch for _, touch in found), today=today, seen=False, previous=None)
            raw = sums[person_id].raw if person_id in sums else None
            assert (raw is None) == (own.value is None)
            assert math.isclose(raw or 0.0, own.raw, abs_tol=1e-9)


def test_the_bands_of_the_past_are_those_of_the_core(db: Mirror) -> None:
    made = everyone(db)
    days = [TODAY - timedelta(days=ago) for ago in range(LAST, -1, -1)]

    kinds = scores.touched_days(db, list(made))

    for person_id, found in made.items():
        band, expected = None, []
        for day in days:
            band = SCORER.score((touch for _, touch in found), today=day, seen=True, previous=band).band
            expected.append(band)
        assert bands_on(Visible(kinds.get(person_id, {}), True, days[0]), SCORER, days) == expected
