"""Five thousand invented people: their points add up, and no order, double, split or undone link changes a score."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from connectors import hubspot
from connectors.protocols import Page
from mappings import touch_kinds
from sync.core.calendar import local_day
from sync.core.engagement import Scorer
from sync.core.events import SeenEvent
from sync.core.model import HUBSPOT, Application, Attendance, Candidate, Contact, Counters, RecordRef
from sync.core.person_score import person_score
from sync.core.touches import delta, first_sight
from sync.reports.people import View
from sync.reports.pool import pool
from sync.stages.intake_ats import AtsIntake
from sync.stages.intake_engagement import EngagementIntake
from sync.stages.page_kinds import SitePages
from sync.stages.pull import Intake
from sync.stages.run import Run
from sync.stages.score import score_people
from sync.store import ats, crm, lease, links, people, touches, work
from sync.store.db import open_mirror
from tests.integration.conftest import MONDAY, ZONE

PEOPLE = 5000
NOW = MONDAY
Row = tuple[str, Any]
Readings = dict[str, Counters]
Scored = tuple[int | None, float, str]
KNOWN_ROW = lambda record: record["row"]  # noqa: E731 -- the mapping of rows that are mapped already
SITE = SitePages(touch_kinds.Pages({}).kind_of, hubspot.page_of, touch_kinds.plain)
INTAKES: dict[str, Intake] = {noun: AtsIntake("ats", noun, KNOWN_ROW, "1") for noun in ("applications", "attendance")}
INTAKES |= {
    noun: EngagementIntake(noun, KNOWN_ROW, "1", SITE, touch_kinds.suspect_rules(), reach_days=360)
    for noun in ("events", "email_events", "forms")
}
PAGES = (
    "example.org/vacatures/kok-7",
    "example.org/vacatures/kok-7/solliciteren",
    "example.org/werken-bij",
    "example.org/over-ons",
)


@dataclass
class Pool:
    """A mirror of everybody, and how its scores are computed."""

    run: Run
    scorer: Scorer

    @classmethod
    def make(cls, path: Path) -> Pool:
        """A mirror with everybody's contact and candidate, still apart."""
        environ = {"WARMLINE_AUDIENCE__INCLUDE": "all"}
        db = open_mirror(path)
        policy = load(None, environ).policy("1", frozenset(), local_day(NOW, ZONE))
        held = lease.acquire(
            db, name="run", token="t", host="h", pid=1, now=NOW, real_time=0.0, is_alive=lambda _: True
        )
        made = cls(Run(db, held, "run", NOW, policy), Scorer(policy.score))
        with db.write():
            crm.save_contacts(db, [Contact(str(n), seen=n % 3 > 0, tracking_consent=True) for n in range(PEOPLE)], NOW)
            ats.save_candidates(db, "ats", [Candidate(f"c{n}") for n in range(PEOPLE)], NOW)
            links.ensure_people(db, [RecordRef(HUBSPOT, str(n)) for n in range(PEOPLE)], NOW)
        return made

    def link(self, numbers: Sequence[int]) -> None:
        """Every candidate, with the sign-in lines of it, belongs to its contact's person."""
        with self.run.db.write():
            found = links.links_of(self.run.db, [RecordRef(HUBSPOT, str(n)) for n in numbers])
            for n in numbers:
                person_id = found[RecordRef(HUBSPOT, str(n))][0]
                for ref in (RecordRef("ats", f"c{n}"), RecordRef("ats.attendance", f"s{n}")):
                    links.set_link(self.run.db, ref, person_id, "email", {}, 1, NOW)

    def unlink(self, numbers: Sequence[int]) -> None:
        """What `link` did is undone."""
        refs = [RecordRef("ats", f"c{n}") for n in numbers] + [RecordRef("ats.attendance", f"s{n}") for n in numbers]
        with self.run.db.write():
            for ref in refs:
                links.unlink(self.run.db, ref)
            links.ensure_people(self.run.db, refs, NOW)

    def take(self, rows: Sequence[Row], readings: Sequence[Readings] = ()) -> None:
        """Rows as one page a noun, then readings of contacts in their order."""
        with self.run.db.write():
            for noun, intake in INTAKES.items():
                records = [{"id": str(at), "row": row} for at, (kind, row) in enumerate(rows) if kind == noun]
                intake.store(self.run.db, Page(records, None), self.run)
            for reading in readings:
                self._read(reading)

    def _read(self, reading: Readings) -> None:
        before = touches.load_counters(self.run.db, list(reading))
        kinds, found = self.run.policy.score.kinds, []
        for contact_id, now in reading.items():
            old = before.get(contact_id)
            seen = (
                first_sight(now, now=NOW, zone=ZONE, kinds=kinds)
                if old is None
                else delta(old, now, now=NOW, zone=ZONE)
            )
            found += [(RecordRef(HUBSPOT, contact_id), touch) for touch in seen]
        touches.add_touch_days(self.run.db, found)
        touches.save_counters(self.run.db, reading)

    def score(self) -> None:
        """Compute everybody."""
        with self.run.db.write():
            everyone = [row[0] for row in self.run.db.rows("SELECT id FROM person")]
            work.enqueue_people(self.run.db, "score", everyone, NOW)
        score_people(self.run)

    def touch_days(self) -> list[tuple[Any, ...]]:
        """All touch days, their counts apart: a count says how often a reading was taken too."""
        sql = "SELECT source, remote_id, kind, job_id, day, suspect FROM touch_day ORDER BY 1, 2, 3, 4, 5"
        return self.run.db.rows(sql)

    def scores(self) -> dict[str, Scored]:
        """Value, raw and band by contact."""
        sql = (
            "SELECT link.remote_id, score.value, score.raw, score.band FROM score "
            "JOIN person_link AS link USING (person_id) WHERE link.source = 'hubspot'"
        )
        return {contact: (value, raw, band) for contact, value, raw, band in self.run.db.rows(sql)}


def events_of(seed: int) -> tuple[list[Row], list[Readings]]:
    """A year of everybody: rows and events in any order, and two readings of contacts in their order."""
    chance = random.Random(seed)
    rows: list[Row] = []
    first: Readings = {}
    second: Readings = {}
    for n in range(PEOPLE):
        for made in range(chance.choice((0, 0, 1, 1, 2, 3))):
            job = f"j{chance.randrange(30)}"
            rows.append(("applications", Application(f"a{n}-{made}", f"c{n}", job, "active", _ago(chance))))
        if chance.random() < 0.3:
            kind = chance.choice(("attended", "registered", "no_show"))
            rows.append(("attendance", Attendance(f"s{n}", "Open dag", kind, _ago(chance))))
        if chance.random() < 0.7:
            first[str(n)] = Counters(3, _ago(chance, 40), 1, _ago(chance, 40), 0, None, 0, None, _ago(chance, 60))
            second[str(n)] = Counters(4, NOW - timedelta(days=3), 2, NOW - timedelta(days=2), 1, NOW, 1, NOW)
        else:  # where single events are read, their counters are not
            rows += _single_events(n, chance)
    return rows, [first, second]


def _single_events(n: int, chance: random.Random) -> list[Row]:
    """Pages seen, a mailing whose two links a person follows apart or a machine at once, and a form."""
    who, sent = str(n), _ago(chance)
    rows: list[Row] = [
        ("events", SeenEvent(f"v{n}-{one}", "site_visit", _ago(chance), who, page=chance.choice(PAGES)))
        for one in range(chance.randrange(5))
    ]
    gap = timedelta(seconds=chance.choice((0, 90)))
    for link in range(2):
        at = min(sent + timedelta(minutes=5) + link * gap, NOW)
        rows.append(("email_events", SeenEvent(f"k{n}-{link}", "mail_click", at, who, mail=f"m{n}", link=f"l{link}")))
    return [*rows, ("forms", SeenEvent(f"f{n}", "form", _ago(chance), who))]


def _ago(chance: random.Random, least: int = 0) -> datetime:
    return NOW - timedelta(days=least, minutes=int(chance.expovariate(1 / 72_000)))


def close(left: dict[str, Scored], right: dict[str, Scored]) -> bool:
    return left.keys() == right.keys() and all(
        left[who][0] == right[who][0] and math.isclose(left[who][1], right[who][1], abs_tol=1e-9) for who in left
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("many")


@pytest.fixture(scope="module")
def straight(folder: Path) -> Iterator[Pool]:
    """Everything once, in order, in one run."""
    made = Pool.make(folder / "straight.db")
    rows, readings = events_of(1)
    made.take(rows, readings)
    made.link(range(PEOPLE))
    made.score()
    yield made
    made.run.db.close()


def test_the_points_of_everyone_sum_to_raw_and_give_the_stored_score(straight: Pool) -> None:
    run, stored = straight.run, straight.scores()
    facts = people.load_facts(run.db, [row[0] for row in run.db.rows("SELECT person_id FROM score")])

    for one in facts.values():
        score = person_score(one, straight.scorer, run.today)
        value, raw, band = stored[one.contact.remote_id]
        assert (score.value, score.band.value) == (value, band)
        assert math.isclose(sum(point.points for point in score.points), raw, abs_tol=1e-9)
        assert value is None or value == round(100 * (1 - math.exp(-raw / 3)))
    assert len(facts) == len(stored) == PEOPLE
    kinds = {row[0] for row in run.db.rows("SELECT DISTINCT kind FROM touch_day")}
    assert {
        "application_submitted",
        "application_started",
        "event_attended",
        "site_visit",
        "vacancy_visit",
        "mail_click",
        "form",
    } <= kinds
    assert run.db.row("SELECT 1 FROM touch_day WHERE suspect = 1")


def test_shuffled_doubled_split_and_late_events_give_the_same_touch_days_and_scores(
    straight: Pool, folder: Path
) -> None:
    chance = random.Random(2)
    made = Pool.make(folder / "shuffled.db")
    rows, readings = events_of(1)
    rows += chance.sample(rows, len(rows) // 5)
    chance.shuffle(rows)

    made.link(range(0, PEOPLE, 2))
    made.take(rows[::2], [readings[0], readings[0]])  # a reading may be taken twice
    made.score()
    made.take(rows[1::2])
    made.link(range(1, PEOPLE, 2))
    made.score()
    made.take(rows[:500], [readings[1]])
    made.score()

    assert made.touch_days() == straight.touch_days()
    assert close(made.scores(), straight.scores())
    made.run.db.close()


def test_links_undone_give_the_scores_and_bands_of_never_having_linked(straight: Pool, folder: Path) -> None:
    never = Pool.make(folder / "never.db")
    rows, readings = events_of(1)
    never.take(rows, readings)
    never.score()
    linked = straight.scores()

    straight.unlink(range(PEOPLE))
    straight.score()
    apart = straight.scores()
    straight.link(range(PEOPLE))
    straight.score()

    assert apart == never.scores() != linked
    assert close(straight.scores(), linked)
    never.run.db.close()


def test_only_who_is_due_is_computed(straight: Pool) -> None:
    with straight.run.db.write():
        work.enqueue_people(straight.run.db, "score", [7, 8, 9], NOW)

    again = (score_people(straight.run), score_people(straight.run))

    assert [(one.computed, one.changed) for one in again] == [(3, 0), (0, 0)]


def test_the_pool_holds_everyone_once_in_every_figure(straight: Pool) -> None:
    found = pool(View(straight.run.db, straight.run.policy, NOW))

    values = [value for value, *_ in straight.scores().values()]
    scored = [value for value in values if value is not None]
    assert (found.people, found.unscored) == (len(scored), values.count(None))
    assert found.steps == {
        lowest: sum(1 for value in scored if lowest <= min(value, 99) < lowest + 5) for lowest in range(0, 100, 5)
    }
    assert {band: found.weeks[-1].sizes[band] for band in found.bands} == found.bands
    assert found.weeks[-1].until == date(2026, 11, 23)
