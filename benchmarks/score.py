"""How fast touch days become scores: `python -m benchmarks.score`. A mirror of invented people, everyone scored, then
nobody, then a few and many of them.
"""

from __future__ import annotations

import random
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time

from config.settings import load
from sync.core.engagement import Scorer
from sync.core.model import HUBSPOT, Candidate, Contact, RecordRef, TouchDay
from sync.core.policy import Policy
from sync.stages.run import BATCH, Run
from sync.stages.score import score_people
from sync.store import ats, crm, lease, links, scores, touches, work
from sync.store.db import Mirror, open_mirror

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TODAY = date(2026, 11, 24)
PEOPLE, TOUCH_DAYS, TO_REACH = 20_000, 20, 200_000
# Of a hundred touches, as they come in: mostly visits and clicks.
KINDS = {
    "site_visit": 40,
    "mail_click": 20,
    "vacancy_visit": 15,
    "reply": 5,
    "form": 5,
    "application_started": 3,
    "application_submitted": 7,
    "event_attended": 5,
}
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class World:
    """A filled mirror and what a run over it needs."""

    run: Run
    people: list[int]


def policy() -> Policy:
    """The default settings."""
    settings = load(Path("docs/render/empty.toml"), {})
    return settings.policy("1", frozenset(), TODAY)


def fill(db: Mirror, count: int, touch_days: int, *, seed: int = 1) -> list[int]:
    """People in both systems, each with about so many touch days of the last year; their ids."""
    chance = random.Random(seed)
    found: list[int] = []
    for start in range(0, count, AT_ONCE):
        with db.write():
            found += _fill(db, range(start, min(count, start + AT_ONCE)), touch_days, chance)
    return found


def _fill(db: Mirror, numbers: range, touch_days: int, chance: random.Random) -> list[int]:
    emails = {number: f"persoon{number}@example.org" for number in numbers}
    crm.save_contacts(db, [Contact(str(n), email=emails[n], first_name="Noor", seen=True) for n in numbers], NOW)
    ats.save_candidates(db, "ats", [Candidate(f"c{n}", "Noor", email_addresses=(emails[n],)) for n in numbers], NOW)
    people = links.ensure_people(db, [RecordRef(HUBSPOT, str(n)) for n in numbers], NOW)
    for number in numbers:
        person_id = people[RecordRef(HUBSPOT, str(number))]
        links.set_link(db, RecordRef("ats", f"c{number}"), person_id, "email_first_name", {}, 1, NOW)
        touches.add_touch_days(db, _touched(number, touch_days, chance))
    return sorted(people.values())


def _touched(number: int, touch_days: int, chance: random.Random) -> list[tuple[RecordRef, TouchDay]]:
    """Half of the touches on the contact, half on the candidate; a few days are in both."""
    records = (RecordRef(HUBSPOT, str(number)), RecordRef("ats", f"c{number}"))
    found: dict[tuple[RecordRef, str, date], TouchDay] = {}
    while len(found) < touch_days:
        record, kind = chance.choice(records), chance.choices(list(KINDS), list(KINDS.values()))[0]
        day = TODAY - timedelta(days=int(chance.expovariate(1 / 60)))
        found[record, kind, day] = TouchDay(kind, day, chance.randint(1, 3), NOW)
    return [(key[0], touch) for key, touch in found.items()]


def world(folder: Path, count: int, touch_days: int) -> World:
    """A mirror in `folder`, filled, and a run that holds its lease."""
    db = open_mirror(folder / "mirror.db")
    people = fill(db, count, touch_days)
    held = lease.acquire(
        db, name="run", token="bench", host="bench", pid=1, now=NOW, real_time=0.0, is_alive=lambda _: True
    )
    return World(Run(db, held, "bench", NOW, policy()), people)


def timed(made: World, people: list[int]) -> tuple[float, float]:
    """CPU seconds it takes to sum the touch days of these people, and to do the whole stage for them."""
    worths = scores.Worths(Scorer(made.run.policy.score), TODAY)
    began = process_time()
    for start in range(0, len(people), BATCH):
        scores.touch_sums(made.run.db, people[start : start + BATCH], worths)
    summed = process_time() - began
    with made.run.db.write():
        work.enqueue_people(made.run.db, "score", people, NOW)
    began = process_time()
    score_people(made.run)
    return summed, process_time() - began


def main() -> None:
    """Print the cost of growing shares of the people; people and touch days each may be given as arguments."""
    count, touch_days = (int(one) for one in (*sys.argv[1:3], PEOPLE, TOUCH_DAYS)[:2])
    best = [0.0, 0.0]
    with tempfile.TemporaryDirectory() as name:
        made = world(Path(name), count, touch_days)
        print("touch days into scores: the sums alone, and the whole stage with audience, bands, rows and work")
        print(f"{'people':>8}{'touch days':>12}{'sums CPU s':>12}{'a second':>12}{'stage CPU s':>13}{'a second':>12}")
        for share in (1, 0, 0.001, 0.01, 0.1, 1):
            people = made.people[: round(count * share)]
            number = len(people) * touch_days
            took = timed(made, people)
            rates = [number / one for one in took]
            best = [max(pair) for pair in zip(best, rates, strict=True)]
            print(f"{len(people):>8,}{number:>12,}{took[0]:>12.3f}{rates[0]:>12,.0f}{took[1]:>13.3f}{rates[1]:>12,.0f}")
        made.run.db.close()
    told = ["yes" if one >= TO_REACH else "NO" for one in best]
    print(f"to reach: {TO_REACH:,} touch days a second: sums {told[0]}, whole stage {told[1]}")


if __name__ == "__main__":
    main()
