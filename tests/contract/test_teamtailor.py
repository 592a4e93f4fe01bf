"""Teamtailor keeps the promises of every ATS connector, against the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.protocols import Source, Window
from connectors.teamtailor import CAPABILITIES, TeamtailorOptions, connect
from mappings import teamtailor as mapping
from sandbox.dialects.teamtailor import people
from sandbox.server import RunningSandbox
from sync.store.db import Mirror
from tests.contract.ats_dialect import DialectHarness, mappers_of, opened, pull, served
from tests.contract.ats_harness import Harness, everything, ids_of
from tests.contract.ats_reads import ShiftingRows, WholeReads, Windows
from tests.contract.ats_suite import AtsSuite, Interruptions

TYPES = {"users": "users", "jobs": "jobs", "candidates": "candidates", "applications": "job-applications"}
UNREADABLE = (
    "picture",
    "pitch",
    "resume",
    "cover-letter",
    "linkedin-url",
    "referring-url",
    "body",
    "tags",
    "title-text",
)


class TeamtailorHarness(DialectHarness):
    """The sandbox's Teamtailor; its limit runs on the connector's fake time."""

    kind = "teamtailor"
    capabilities = CAPABILITIES
    mappers = mappers_of(mapping)

    def connect(self, **options: Any) -> Source:
        given = {"token": lambda: self.token, "fields": mapping.field_lists(), **options}
        return self.made(connect, TeamtailorOptions, **given)

    def ids(self, noun: str) -> set[str]:
        return set(self.company.resources[TYPES[noun]])

    def of(self, candidate_id: str) -> list[str]:
        """The applications of a candidate."""
        own = people.pointer("candidates", candidate_id)
        rows = self.company.resources["job-applications"].values()
        return [one.id for one in rows if one.relations["candidate"] == own]

    def edit(self, candidate_id: str) -> None:
        self.company.edit_candidate(candidate_id, {"phone": "+31 6 00000000"})
        for application_id in self.of(candidate_id):
            self.company.touch(application_id, {"cover-letter": "…"})

    def add(self) -> str:
        made = self.company.add_candidate("Nova", "Nieuwpoort", "nova@example.org")
        self.company.apply(made["id"], "7001")
        return str(made["id"])

    def plant(self, marker: str) -> None:
        for kept in self.company.resources.values():
            for one in kept.values():
                one.attributes |= dict.fromkeys(UNREADABLE, marker) | {"tags": [marker]}

    def repeat_pages(self) -> None:
        self.company.ignores_paging = True


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


class TestTeamtailor(AtsSuite):
    @pytest.fixture
    def ats(self, running: RunningSandbox) -> TeamtailorHarness:
        return TeamtailorHarness(running)


class TestTeamtailorThatDoesNotSort(WholeReads, Windows, ShiftingRows, Interruptions):
    """A Teamtailor that drops the order without a word: pages are walked by number, and the count is watched."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> TeamtailorHarness:
        found = TeamtailorHarness(running)
        found.company.sorts = False
        return found


class TestTeamtailorOfOtherHabits(WholeReads, Windows, ShiftingRows, Interruptions):
    """`from` leaves out its own moment, pages are smaller than asked for, and jobs come without their stages."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> TeamtailorHarness:
        found = TeamtailorHarness(running)
        found.company.from_is_exclusive, found.company.largest_page = True, 20
        found.company.stages_of_jobs = False
        return found


@pytest.fixture
def ats(running: RunningSandbox) -> TeamtailorHarness:
    return TeamtailorHarness(running)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Mirror]:
    yield from opened(tmp_path)


def test_a_first_read_costs_little_more_than_the_pages_there_are(ats: TeamtailorHarness) -> None:
    floor = sum(-(-len(ats.ids(noun)) // 30) for noun in TYPES)

    for noun in TYPES:
        everything(ats, noun)

    assert floor <= ats.count_requests() <= floor + 2


def test_five_hundred_rows_of_one_moment_all_come(ats: TeamtailorHarness) -> None:
    for one in ats.company.resources["candidates"].values():
        one.attributes["updated-at"] = "2026-11-24T09:00:00.000+01:00"

    found = ids_of(everything(ats, "candidates"))

    assert sorted(found) == sorted(ats.ids("candidates"))


def test_the_connector_waits_when_the_window_is_used_up_and_for_as_long_as_it_says(ats: TeamtailorHarness) -> None:
    ats.company.window.limit = 5

    everything(ats, "candidates")

    assert ats.company.stats.count(status=429) == 0
    assert max(ats.time.slept) <= 10


def test_a_refused_request_waits_the_seconds_that_are_left(ats: TeamtailorHarness) -> None:
    ats.fail("status", status=429, headers={"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": "7"})

    everything(ats, "users")

    assert ats.time.slept == [7]


def test_absolute_links_lead_the_key_nowhere(ats: TeamtailorHarness) -> None:
    body = {
        "data": [{"id": "1", "type": "users", "attributes": {}}],
        "meta": {"record-count": 4, "page-count": 3},
        "links": {"next": "http://elsewhere.example.com"},
    }
    ats.fail("status", status=200, body=body)

    everything(ats, "users")

    assert ats.company.stats.count("GET", "/v1/users", 200) == 2


@pytest.mark.parametrize("stages_of_jobs", [True, False])
def test_jobs_come_with_their_stages_in_order(ats: TeamtailorHarness, stages_of_jobs: bool) -> None:
    ats.company.stages_of_jobs = stages_of_jobs
    records = [record for page in everything(ats, "jobs") for record in page.records]

    job = ats.mappers["jobs"](next(one for one in records if one["id"] == "7001"))

    assert [(stage.position, stage.kind) for stage in job.stages] == [
        (0, "applied"),
        (1, "screening"),
        (2, "interview"),
        (3, "offer"),
        (4, "hired"),
    ]


def test_a_window_that_gives_less_than_it_counts_says_so(ats: TeamtailorHarness) -> None:
    since = ats.now
    ats.advance(30)
    ats.edit(min(ats.ids("candidates")))
    ats.advance(1)
    row = {"id": "1", "type": "candidates", "attributes": {"updated-at": ats.company.now()}}
    body = {"data": [row], "meta": {"record-count": 4, "page-count": 1}, "links": {"first": "x"}}
    ats.fail("status", status=200, times=2, body=body)

    pages = list(ats.connect().fetch_pages("candidates", Window(since + timedelta(minutes=1), ats.now), None))

    assert pages[-1].shortage is not None
    assert (pages[-1].shortage.came, pages[-1].shortage.counted) == (1, 4)


class TestTeamtailorInTheMirror:
    """What a whole pull makes of it."""

    def test_a_second_pull_stores_nothing(self, ats: TeamtailorHarness, db: Mirror) -> None:
        pull(ats, db)
        ats.advance(20)

        assert pull(ats, db) == {"users": 0, "jobs": 0, "candidates": 0, "applications": 0}

    def test_a_move_has_the_vendors_own_moment(self, ats: TeamtailorHarness, db: Mirror) -> None:
        application_id = _active(ats)
        pull(ats, db)
        ats.advance(5)
        stage = ats.company.get("job-applications", application_id).relations["stage"]["id"]
        ats.company.move(application_id, str(int(stage) + 1))
        ats.advance(10)
        pull(ats, db)

        sql = "SELECT from_stage_id, to_stage_id, at, exact FROM stage_transition WHERE application_id = ? ORDER BY at"
        assert db.rows(sql, (application_id,))[-1] == (stage, str(int(stage) + 1), "2026-11-24T08:05:00.000Z", 1)

    def test_a_rejection_is_told_only_when_it_may_show(self, ats: TeamtailorHarness, db: Mirror) -> None:
        application_id = _active(ats)
        ats.company.reject(application_id, "Te ver weg", visible_at="2026-11-26T09:00:00.000+01:00")
        told = []
        for minutes in (1, 24 * 60, 24 * 60):
            ats.advance(minutes)
            pull(ats, db)
            told.append(db.rows("SELECT told_at FROM application WHERE remote_id = ?", (application_id,)))

        assert told == [[(None,)], [(None,)], [("2026-11-26T08:00:00.000Z",)]]

    def test_the_nightly_sweep_finds_the_deleted_with_their_applications(
        self, ats: TeamtailorHarness, db: Mirror
    ) -> None:
        pull(ats, db)
        gone = min(ats.ids("candidates"))
        ats.delete(gone)
        ats.advance(24 * 60)
        pull(ats, db)

        deleted = "SELECT DISTINCT {} FROM {} WHERE deleted_at IS NOT NULL"
        assert db.rows(deleted.format("remote_id", "candidate")) == [(gone,)]
        assert db.rows(deleted.format("candidate_id", "application")) == [(gone,)]


def _active(ats: Harness) -> str:
    """An application that is still undecided, in a pipeline's first stage."""
    found = [ats.mappers["applications"](one) for page in everything(ats, "applications") for one in page.records]
    return str(next(one.remote_id for one in found if one.status == "active" and str(one.stage_id).endswith("0")))
