"""Homerun keeps the promises of every ATS connector, against the sandbox over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.homerun import CAPABILITIES, HomerunOptions, connect
from connectors.homerun.people import candidate_id
from connectors.protocols import Source, Window
from mappings import homerun as mapping
from sandbox.dialects.homerun import people
from sandbox.server import RunningSandbox
from sync.errors import MissingScope
from sync.store.db import Mirror
from tests.contract.ats_dialect import DialectHarness, mappers_of, opened, pull, served
from tests.contract.ats_harness import everything, ids_of
from tests.contract.ats_reads import ShiftingRows, WholeReads
from tests.contract.ats_suite import AtsSuite, Interruptions

VACANCY = people.ref("job", "j01")
UNREADABLE = ("city", "country", "date_of_birth", "photo", "pronouns")


class HomerunHarness(DialectHarness):
    """The sandbox's Homerun; its limit runs on the connector's fake time."""

    kind = "homerun"
    capabilities = CAPABILITIES
    mappers = mappers_of(mapping)

    def connect(self, **options: Any) -> Source:
        given = {"token": lambda: self.token, "fields": mapping.field_lists(), "page_size": 60, **options}
        return self.made(connect, HomerunOptions, **given)

    def ids(self, noun: str) -> set[str]:
        rows = self.company.applications.values()
        found: dict[str, set[str]] = {"users": set(), "jobs": set(self.company.vacancies)}
        found |= {"applications": set(self.company.applications), "candidates": {candidate_id(row) for row in rows}}
        return found[noun]

    def of(self, record_id: str) -> list[str]:
        """The applications of a candidate."""
        return [row["id"] for row in self.company.applications.values() if candidate_id(row) == record_id]

    def edit(self, record_id: str) -> None:
        for application_id in self.of(record_id):
            self.company.edit(application_id, {"phone_number": "+31 6 00000000"})

    def add(self) -> str:
        email = f"nova{len(self.company.applications)}@example.org"
        return candidate_id(self.company.apply("Nova", "Nieuwpoort", email, VACANCY))

    def delete(self, record_id: str) -> None:
        for application_id in self.of(record_id):
            self.company.delete(application_id)

    def reject(self, application_id: str, reason: str) -> None:
        self.company.disqualify(application_id)

    def plant(self, marker: str) -> None:
        for row in self.company.applications.values():
            row["personal_info"] |= dict.fromkeys(UNREADABLE, marker)
            row |= {"notes": [{"note": marker}], "homerun_url": marker, "custom_data": {"key": marker}}
        for row in self.company.vacancies.values():
            row |= {"description": marker, "share_image_url": marker}

    def repeat_pages(self) -> None:
        self.company.ignores_paging = True


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


class TestHomerun(AtsSuite):
    @pytest.fixture
    def ats(self, running: RunningSandbox) -> HomerunHarness:
        return HomerunHarness(running)


class TestHomerunOfSmallPages(WholeReads, ShiftingRows, Interruptions):
    """Pages are smaller than asked for, cut without a word."""

    @pytest.fixture
    def ats(self, running: RunningSandbox) -> HomerunHarness:
        found = HomerunHarness(running)
        found.company.largest_page, found.company.clamps = 20, True
        return found


@pytest.fixture
def ats(running: RunningSandbox) -> HomerunHarness:
    return HomerunHarness(running)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Mirror]:
    yield from opened(tmp_path)


def test_a_run_lists_applications_once_for_both_streams(ats: HomerunHarness) -> None:
    source, window = ats.connect(page_size=100), Window(None, ats.now)
    floor = -(-len(ats.company.applications) // 100) + 1  # and one page of vacancies

    for spec in source.streams:
        list(source.fetch_pages(spec.noun, window, None))

    assert ats.count_requests() == floor


def test_pages_of_a_size_that_is_refused_are_left_to_homerun(ats: HomerunHarness) -> None:
    ats.company.largest_page = 50

    assert set(ids_of(everything(ats, "applications"))) == ats.ids("applications")
    assert ats.company.stats.count(status=400) == 1


def test_sixty_requests_a_minute_are_never_met(ats: HomerunHarness) -> None:
    ats.company.largest_page, ats.company.clamps = 4, True

    everything(ats, "applications")

    assert ats.company.stats.count(status=429) == 0
    assert ats.count_requests() > 60


def test_a_refused_request_without_a_word_on_when_is_asked_again(ats: HomerunHarness) -> None:
    ats.fail("status", status=429, times=4)

    assert set(ids_of(everything(ats, "jobs"))) == ats.ids("jobs")
    assert ats.time.slept == [15, 15, 15, 15]  # a minute goes by


def test_a_plan_without_the_api_is_told_as_such(ats: HomerunHarness) -> None:
    ats.company.has_api = False

    with pytest.raises(MissingScope, match="plan of this company does not include the public API") as caught:
        everything(ats, "candidates")

    assert "filedrop" in caught.value.fix


def test_a_key_without_a_scope_is_told_which_ones_it_needs(ats: HomerunHarness) -> None:
    ats.company.scopes = ["vacancies:read"]

    with pytest.raises(MissingScope, match="job-applications:read"):
        everything(ats, "candidates")


def test_a_listing_that_gives_less_than_it_counts_marks_nobody(ats: HomerunHarness) -> None:
    row = next(iter(ats.company.applications.values()))
    body = {"data": [row], "meta": {"current_page": 1, "last_page": 1, "per_page": 60, "total": 3}}
    ats.fail("status", status=200, body=body)

    pages = everything(ats, "applications")

    assert pages[-1].shortage is not None
    assert (pages[-1].shortage.came, pages[-1].shortage.counted) == (1, 3)


def test_a_row_that_cannot_be_read_ends_no_snapshot(ats: HomerunHarness) -> None:
    row = next(iter(ats.company.applications.values()))
    body = {"data": [row, {"id": None}], "meta": {"current_page": 1, "last_page": 1, "per_page": 60, "total": 2}}
    ats.fail("status", status=200, body=body, times=2)

    ends = [everything(ats, noun)[-1] for noun in ("candidates", "applications")]

    assert [(end.snapshot_end, len(end.rejected)) for end in ends] == [(False, 0), (False, 1)]


def test_jobs_come_with_stages_by_name_and_the_address_of_the_form(ats: HomerunHarness) -> None:
    records = [record for page in everything(ats, "jobs") for record in page.records]

    job = ats.mappers["jobs"](next(one for one in records if one["id"] == VACANCY))

    assert [(stage.remote_id, stage.kind) for stage in job.stages][:2] == [
        (f"{VACANCY}:Nieuw", "applied"),
        (f"{VACANCY}:Telefonisch gesprek", "screening"),
    ]
    assert job.apply_url.endswith("/vacature/j01/solliciteren")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ({"name": "Locatie Utrecht", "country": "NL", "city": "Utrecht"}, "Utrecht"),
        ({"name": "Thuis in de wijk", "country": "NL", "city": None}, "Thuis in de wijk"),
        (None, None),
        ("Utrecht", None),
    ],
)
def test_a_vacancy_is_in_its_city_or_at_the_place_it_names(
    ats: HomerunHarness, location: object, expected: str | None
) -> None:
    ats.company.vacancies[VACANCY]["location"] = location

    records = [record for page in everything(ats, "jobs") for record in page.records]

    assert ats.mappers["jobs"](next(one for one in records if one["id"] == VACANCY)).location == expected


class TestHomerunInTheMirror:
    """What a whole pull makes of it."""

    def test_a_second_pull_stores_nothing(self, ats: HomerunHarness, db: Mirror) -> None:
        pull(ats, db)
        ats.advance(60)

        assert pull(ats, db) == {"users": 0, "jobs": 0, "candidates": 0, "applications": 0}

    def test_a_second_application_is_the_same_candidates(self, ats: HomerunHarness, db: Mirror) -> None:
        pull(ats, db)
        row = next(iter(ats.company.applications.values()))
        info = row["personal_info"]
        ats.company.apply(info["first_name"], info["last_name"], info["email"].upper(), VACANCY)
        ats.advance(60)

        assert pull(ats, db)["applications"] == 1
        sql = "SELECT count(*) FROM application WHERE candidate_id = ?"
        assert db.rows(sql, (candidate_id(row),))[0][0] >= 2

    def test_a_move_shows_when_it_was_first_seen(self, ats: HomerunHarness, db: Mirror) -> None:
        pull(ats, db)
        made = ats.company.apply("Nova", "Nieuwpoort", "nova@example.org", VACANCY)
        ats.advance(60)
        pull(ats, db)
        ats.company.move(made["id"], "Kennismaking")
        ats.advance(60)
        pull(ats, db)

        sql = "SELECT to_stage_id, at, exact FROM stage_transition WHERE application_id = ? ORDER BY at"
        assert db.rows(sql, (made["id"],)) == [
            (f"{VACANCY}:Nieuw", "2026-11-24T09:00:00.000Z", 0),
            (f"{VACANCY}:Kennismaking", "2026-11-24T10:00:00.000Z", 0),
        ]

    def test_no_address_stands_in_an_id(self, ats: HomerunHarness, db: Mirror) -> None:
        pull(ats, db)

        ids = [row[0] for row in db.rows("SELECT remote_id FROM candidate")]
        assert ids and not any("@" in one for one in ids)

    def test_who_is_gone_from_the_listing_is_deleted(self, ats: HomerunHarness, db: Mirror) -> None:
        pull(ats, db)
        gone = min(ats.ids("candidates"))
        ats.delete(gone)
        ats.advance(60)
        pull(ats, db)

        assert db.rows("SELECT remote_id FROM candidate WHERE deleted_at IS NOT NULL") == [(gone,)]
