"""Bullhorn keeps the promises of every ATS connector, against the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.server import RunningSandbox
from tests.contract.ats_dialect import served
from tests.contract.ats_harness import Harness
from tests.contract.ats_reads import ShiftingRows, WholeReads, Windows
from tests.contract.ats_suite import AtsSuite, Interruptions
from tests.contract.bullhorn import BullhornHarness


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


class TestBullhorn(AtsSuite):
    @pytest.fixture
    def ats(self, running: RunningSandbox) -> BullhornHarness:
        return BullhornHarness(running)


class TestBullhornThatTakesNoDates(ShiftingRows):
    """A Bullhorn whose search drops dates without a word: every pull lists everybody, and loses nobody."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> BullhornHarness:
        found = BullhornHarness(running)
        found.company.date_form = "refused"
        return found

    @pytest.fixture
    def incremental(self, ats: Harness) -> Harness:
        pytest.skip("lists everybody")


class TestBullhornOfOtherHabits(WholeReads, Windows, ShiftingRows, Interruptions):
    """Digits in New York, fewer rows than asked for, and fields the company does not have."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> BullhornHarness:
        found = BullhornHarness(running)
        found.company.date_form, found.company.most_rows = "new-york", 40
        found.company.lacks = ["Candidate.email2", "JobSubmission.dateWebResponse", "JobOrder.isPublic"]
        return found

    def test_no_news_costs_ten_requests_at_most(self, incremental: Harness) -> None:
        pytest.skip("missing fields and forms of dates cost requests of their own")
