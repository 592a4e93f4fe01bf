"""Greenhouse keeps the promises of every ATS connector, against the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.protocols import Window
from sandbox.server import RunningSandbox
from sync.store.db import Mirror
from tests.contract.ats_dialect import opened, pull, served
from tests.contract.ats_harness import everything, ids_of
from tests.contract.ats_suite import AtsSuite
from tests.contract.greenhouse import JOB, GreenhouseHarness


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


class TestGreenhouse(AtsSuite):
    @pytest.fixture
    def ats(self, running: RunningSandbox) -> GreenhouseHarness:
        return GreenhouseHarness(running)


@pytest.fixture
def ats(running: RunningSandbox) -> GreenhouseHarness:
    return GreenhouseHarness(running)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Mirror]:
    yield from opened(tmp_path)


class TestRequests:
    """What reading costs."""

    def test_a_first_read_costs_the_pages_there_are_and_one_request_a_list_of_fifty_jobs(
        self, ats: GreenhouseHarness
    ) -> None:
        lists = ("users", "jobs", "candidates", "applications", "application_stages", "sources", "rejection_reasons")
        floor = sum(-(-len(ats.company.lists[name]) // 500) for name in lists)
        source = ats.connect(page_size=500)

        for spec in source.streams:
            list(source.fetch_pages(spec.noun, Window(None, ats.now), None))

        assert ats.count_requests() == floor + 1 + 3  # a token; stages, owners and posts of the jobs

    def test_the_limit_is_never_met(self, ats: GreenhouseHarness) -> None:
        ats.company.window.limit = 4

        everything(ats, "candidates")

        assert ats.company.stats.count(status=429) == 0
        assert max(ats.time.slept) <= 30

    def test_a_refused_request_waits_as_long_as_it_is_told(self, ats: GreenhouseHarness) -> None:
        ats.fail("status", status=429, headers={"Retry-After": "11"})

        everything(ats, "users")

        assert ats.time.slept == [11]


class TestTokens:
    """Access tokens are asked for when needed."""

    def test_one_token_serves_a_whole_read(self, ats: GreenhouseHarness) -> None:
        everything(ats, "candidates")

        assert ats.company.stats.count("POST", "/token") == 1

    @pytest.mark.parametrize("tells", ["expires_at", "expires_in"])
    def test_a_token_about_to_end_is_renewed_before_it_is_refused(self, ats: GreenhouseHarness, tells: str) -> None:
        ats.company.token_lives_s, ats.company.tells_lifetime = 600.0, tells
        ats.between_pages(lambda: ats.time.sleep(560))

        everything(ats, "candidates")

        assert ats.company.stats.count(status=401) == 0
        assert ats.company.stats.count("POST", "/token") == 2

    def test_a_token_whose_end_is_not_told_is_renewed_when_it_is_refused(self, ats: GreenhouseHarness) -> None:
        ats.company.token_lives_s, ats.company.tells_lifetime = 600.0, "nothing"
        ats.between_pages(lambda: ats.time.sleep(700))

        assert set(ids_of(everything(ats, "candidates"))) == ats.ids("candidates")
        assert ats.company.stats.count(status=401) == 1


class TestCursors:
    """Cursors go alone, name another host, and end."""

    def test_a_stored_cursor_that_ran_out_starts_the_read_again(self, ats: GreenhouseHarness) -> None:
        first = next(iter(ats.connect().fetch_pages("candidates", Window(None, ats.now), None)))
        ats.company.cursors_from += 1

        pages = list(ats.connect().fetch_pages("candidates", Window(None, ats.now), first.token))

        assert set(ids_of(pages)) == ats.ids("candidates")
        assert (pages[0].snapshot_begin, pages[-1].snapshot_end) == (True, True)

    def test_a_cursor_that_runs_out_under_way_does_the_same(self, ats: GreenhouseHarness) -> None:
        ats.between_pages(lambda: setattr(ats.company, "cursors_from", 1))

        assert set(ids_of(everything(ats, "candidates"))) == ats.ids("candidates")

    def test_a_link_to_another_host_leads_the_token_nowhere(self, ats: GreenhouseHarness) -> None:
        link = {"Link": '<https://elsewhere.example.com/v3/users?cursor=abc&per_page=60>; rel="next"'}
        ats.fail("status", status=200, body=[{"id": 1, "name": "A"}], headers=link)
        ats.fail("status", status=200, body=[{"id": 2, "name": "B"}])

        assert ids_of(everything(ats, "users")) == ["1", "2"]

    def test_a_window_is_asked_with_both_ends(self, ats: GreenhouseHarness) -> None:
        since = ats.now
        ats.advance(30)
        later = ats.add()
        until = ats.now
        ats.advance(30)
        ats.add()

        pages = list(ats.connect().fetch_pages("candidates", Window(since + timedelta(seconds=1), until), None))

        assert ids_of(pages) == [later]


class TestGreenhouseInTheMirror:
    """What a whole pull makes of it."""

    def test_a_second_pull_stores_nothing(self, ats: GreenhouseHarness, db: Mirror) -> None:
        pull(ats, db)
        ats.advance(20)

        assert pull(ats, db) == {"users": 0, "jobs": 0, "candidates": 0, "applications": 0}

    def test_every_stage_is_kept_with_the_vendors_own_moment(self, ats: GreenhouseHarness, db: Mirror) -> None:
        made = ats.company.apply(ats.company.add_candidate("Nova", "Nieuwpoort", "nova@example.org")["id"], JOB)
        for minutes, stage in ((5, 767_011), (10, 767_012)):
            ats.advance(minutes)
            ats.company.move(made["id"], stage)
        ats.advance(10)
        pull(ats, db)
        ats.company.move(made["id"], 767_011)
        ats.advance(10)
        pull(ats, db)

        sql = "SELECT from_stage_id, to_stage_id, at, exact FROM stage_transition WHERE application_id = ? ORDER BY at"
        assert db.rows(sql, (str(made["id"]),)) == [
            (None, "767010", "2026-11-24T08:00:00.000Z", 1),
            ("767010", "767011", "2026-11-24T08:05:00.000Z", 1),
            ("767011", "767012", "2026-11-24T08:15:00.000Z", 1),
            ("767012", "767011", "2026-11-24T08:25:00.000Z", 1),
        ]

    def test_the_nightly_sweep_finds_the_merged_and_their_applications_follow(
        self, ats: GreenhouseHarness, db: Mirror
    ) -> None:
        pull(ats, db)
        gone, kept = sorted(ats.ids("candidates"))[:2]
        ats.company.merge(gone, kept)
        ats.advance(24 * 60)
        pull(ats, db)

        assert db.rows("SELECT remote_id FROM candidate WHERE deleted_at IS NOT NULL") == [(gone,)]
        assert db.rows("SELECT count(*) FROM application WHERE candidate_id = ?", (gone,)) == [(0,)]
