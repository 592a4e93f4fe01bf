"""Salesforce keeps the promises of every ATS connector, against the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.protocols import Window
from mappings.salesforce import Mapper
from sandbox.server import RunningSandbox
from sync.store.db import Mirror
from tests.contract.ats_dialect import opened, pull, served
from tests.contract.ats_harness import Harness, everything
from tests.contract.ats_reads import WholeReads, Windows
from tests.contract.ats_suite import AtsSuite, Interruptions
from tests.contract.salesforce_org import BynerHarness, JobsHarness, SalesforceHarness, byner_mapper


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


@pytest.fixture(scope="module")
def byner(tmp_path_factory: pytest.TempPathFactory) -> Mapper:
    return byner_mapper(tmp_path_factory.mktemp("mapping"))


class TestSalesforce(AtsSuite):
    @pytest.fixture
    def ats(self, running: RunningSandbox) -> SalesforceHarness:
        return SalesforceHarness(running)


class TestBynerOnSalesforce(WholeReads, Windows, Interruptions):
    """Byner's objects in the same org: candidates are contacts, and the lookup to them is not called as expected."""

    @pytest.fixture
    def ats(self, running: RunningSandbox, byner: Mapper) -> BynerHarness:
        return BynerHarness(running, byner)


class TestSalesforceThroughJobs(WholeReads, Interruptions):
    """An org so large that whole reads are jobs, whose pages are small."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> SalesforceHarness:
        found = JobsHarness(running)
        found.company.bulk_rows = 40
        return found

    def test_reading_twice_gives_the_same(self, ats: Harness) -> None:
        """But for the tokens: each read is a job of its own."""
        twice = [[page.records for page in everything(ats, "candidates")] for _ in range(2)]

        assert twice[0] == twice[1]

    def test_applications_read_behind_candidates_are_as_if_read_alone(self, ats: Harness) -> None:
        source, window = ats.connect(), Window(None, ats.now)
        list(source.fetch_pages("candidates", window, None))

        behind = [page.records for page in source.fetch_pages("applications", window, None)]

        assert behind == [page.records for page in everything(ats, "applications")]


@pytest.fixture
def ats(running: RunningSandbox) -> SalesforceHarness:
    return SalesforceHarness(running)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Mirror]:
    yield from opened(tmp_path)


class TestSalesforceInTheMirror:
    """What a whole pull makes of it."""

    def test_a_second_pull_stores_nothing(self, ats: SalesforceHarness, db: Mirror) -> None:
        pull(ats, db)
        ats.advance(20)

        assert pull(ats, db) == {"users": 0, "jobs": 0, "candidates": 0, "applications": 0}

    def test_a_deletion_shows_within_one_window_and_its_undoing_too(self, ats: SalesforceHarness, db: Mirror) -> None:
        pull(ats, db)
        gone = min(ats.ids("candidates"))
        told = []
        for act in (ats.delete, ats.company.undelete):
            ats.advance(20)
            act(gone)
            ats.advance(10)
            pull(ats, db)
            told.append(db.rows("SELECT remote_id FROM candidate WHERE deleted_at IS NOT NULL"))

        assert told == [[(gone,)], []]

    def test_a_rejection_is_not_told_to_anybody(self, ats: SalesforceHarness, db: Mirror) -> None:
        pull(ats, db)
        application_id = next(one.remote_id for one in _applications(ats) if one.status == "active")
        ats.advance(20)
        ats.reject(application_id, "Te ver weg")
        ats.advance(10)
        pull(ats, db)

        sql = "SELECT status, told_at, stage_id FROM application WHERE remote_id = ?"
        assert db.rows(sql, (application_id,)) == [("rejected", None, None)]


def _applications(ats: SalesforceHarness) -> list[Any]:
    return [ats.mappers["applications"](one) for page in everything(ats, "applications") for one in page.records]
