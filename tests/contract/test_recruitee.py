"""Recruitee keeps the promises of every ATS connector, against the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.protocols import Source
from connectors.recruitee import CAPABILITIES, RecruiteeOptions, connect
from mappings import recruitee as mapping
from sandbox.dialects.recruitee.people import POOL_ID
from sandbox.server import RunningSandbox
from sync.store.db import Mirror
from tests.contract.ats_dialect import DialectHarness, mappers_of, opened, pull, served
from tests.contract.ats_harness import Harness
from tests.contract.ats_reads import ShiftingRows, WholeReads, Windows
from tests.contract.ats_suite import AtsSuite, Interruptions

OFFER = 1_209_001
UNREADABLE = ("photo_thumb_url", "referrer", "cover_letter", "notes", "custom_fields", "birth_date", "gender", "cv_url")


class RecruiteeHarness(DialectHarness):
    """The sandbox's Recruitee."""

    kind = "recruitee"
    capabilities = CAPABILITIES
    mappers = mappers_of(mapping)

    def connect(self, **options: Any) -> Source:
        given = {"token": lambda: self.token, "fields": mapping.field_lists(), "page_size": 60, **options}
        return self.made(connect, RecruiteeOptions, company="4242", **given)

    def ids(self, noun: str) -> set[str]:
        own = self.company
        placements = [placement for row in own.candidates.values() for placement in row["placements"]]
        rows = {"users": own.admins, "jobs": own.offers.values(), "candidates": own.candidates.values()}
        return {str(row["id"]) for row in {**rows, "applications": placements}[noun]}

    def edit(self, candidate_id: str) -> None:
        self.company.edit_candidate(candidate_id, phones=["+31 6 00000000"])

    def add(self) -> str:
        row = self.company.add_candidate("Nova Nieuwpoort", emails=["nova@example.org"])
        self.company.add_placement(row["id"], OFFER)
        return str(row["id"])

    def reject(self, application_id: str, reason: str) -> None:
        self.company.disqualify(application_id, reason)

    def plant(self, marker: str) -> None:
        planted = dict.fromkeys(UNREADABLE, marker) | {"fields": [{"kind": "text", "value": marker}]}
        for row in self.company.candidates.values():
            row |= planted
            for placement in row["placements"]:
                placement |= planted
        for row in [*self.company.offers.values(), *self.company.admins]:
            row |= planted | {"description": marker, "requirements": marker}

    def repeat_pages(self) -> None:
        self.company.ignores_offset = True


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


class TestRecruitee(AtsSuite):
    @pytest.fixture
    def ats(self, running: RunningSandbox) -> RecruiteeHarness:
        return RecruiteeHarness(running)


class TestRecruiteeWithoutSearch(WholeReads, Windows, ShiftingRows):
    """A Recruitee whose search drops the updated_at filter: every pull lists everybody, and loses nobody."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> RecruiteeHarness:
        found = RecruiteeHarness(running)
        found.company.honours_updated_at = False
        return found

    @pytest.fixture
    def incremental(self, ats: Harness) -> Harness:
        pytest.skip("lists everybody")


class TestRecruiteeThatCapsPages(WholeReads, ShiftingRows, Interruptions):
    """A Recruitee that gives fewer rows than asked for, and counts its listing."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> RecruiteeHarness:
        found = RecruiteeHarness(running)
        found.company.most_rows, found.company.counts_listing = 40, True
        return found


class TestRecruiteeThatListsByActivity(ShiftingRows):
    """A Recruitee whose listing puts the latest change first: an edit moves a row to where the walk has been."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> RecruiteeHarness:
        found = RecruiteeHarness(running)
        found.company.lists_by_activity = True
        return found


class TestRecruiteeInTheMirror:
    """What a whole pull makes of it."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> RecruiteeHarness:
        return RecruiteeHarness(running)

    @pytest.fixture
    def db(self, tmp_path: Path) -> Iterator[Mirror]:
        yield from opened(tmp_path)

    def test_a_move_is_a_transition_seen_when_it_was_pulled(self, ats: RecruiteeHarness, db: Mirror) -> None:
        placement = dict(_active(ats))
        pull(ats, db)
        ats.advance(5)
        ats.company.move(placement["id"], placement["stage_id"] + 1)
        ats.advance(1)
        pull(ats, db)

        sql = "SELECT from_stage_id, to_stage_id, at, exact FROM stage_transition WHERE application_id = ? ORDER BY at"
        stages = (str(placement["stage_id"]), str(placement["stage_id"] + 1))
        assert db.rows(sql, (str(placement["id"]),))[-1] == (*stages, "2026-11-24T08:06:00.000Z", 0)

    def test_a_second_pull_stores_nothing(self, ats: RecruiteeHarness, db: Mirror) -> None:
        pull(ats, db)
        ats.advance(20)

        assert pull(ats, db) == {"users": 0, "jobs": 0, "candidates": 0, "applications": 0}

    def test_the_nightly_sweep_finds_the_deleted_with_their_applications(
        self, ats: RecruiteeHarness, db: Mirror
    ) -> None:
        pull(ats, db)
        gone = str(_active(ats)["candidate_id"])
        ats.delete(gone)
        ats.advance(24 * 60)
        pull(ats, db)

        deleted = "SELECT DISTINCT {} FROM {} WHERE deleted_at IS NOT NULL"
        assert db.rows(deleted.format("remote_id", "candidate")) == [(gone,)]
        assert db.rows(deleted.format("candidate_id", "application")) == [(gone,)]

    def test_an_anonymised_candidate_is_nobody_in_the_mirror(self, ats: RecruiteeHarness, db: Mirror) -> None:
        pull(ats, db)
        ats.advance(5)
        candidate_id = str(_active(ats)["candidate_id"])
        ats.company.anonymise(candidate_id)
        ats.advance(1)
        pull(ats, db)

        kept = "SELECT first_name, last_name, email_addresses, phone_numbers FROM candidate WHERE anonymised_at > ''"
        assert db.rows(kept) == [(None, None, "[]", "[]")]

    def test_a_pull_cut_off_between_candidates_and_applications_is_made_up(
        self, ats: RecruiteeHarness, db: Mirror
    ) -> None:
        pull(ats, db, nouns=("users", "jobs", "candidates"))
        ats.advance(2)

        assert pull(ats, db)["applications"] == len(ats.ids("applications"))


def _active(ats: RecruiteeHarness) -> dict[str, Any]:
    """A placement that is still undecided, in a pipeline's first stage."""
    placements = [one for row in ats.company.candidates.values() for one in row["placements"]]
    return next(one for one in placements if one["stage_id"] % 10 == 0 and one["offer_id"] != POOL_ID)
