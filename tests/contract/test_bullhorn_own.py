"""What is Bullhorn's own: sessions, dates of the index, statuses, and what a pull makes of it, over real HTTP."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.protocols import Shortage, Window
from sandbox.dialects.bullhorn import people
from sandbox.server import RunningSandbox
from sync.errors import AuthError
from sync.store.db import Mirror
from tests.contract.ats_dialect import opened, pull, served
from tests.contract.ats_harness import changes, everything, ids_of
from tests.contract.bullhorn import ENTITIES, JOB_ID, BullhornHarness

LOGIN = 4  # requests: data centre, code, token, session


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


@pytest.fixture
def ats(running: RunningSandbox) -> BullhornHarness:
    return BullhornHarness(running)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Mirror]:
    yield from opened(tmp_path)


@pytest.mark.parametrize("form", ["utc", "ms", "new-york", "amsterdam"])
def test_a_window_is_asked_for_in_the_form_search_takes(ats: BullhornHarness, form: str) -> None:
    ats.company.date_form = form
    since = ats.now
    ats.advance(30)
    changed = min(ats.ids("candidates"))
    ats.edit(changed)
    ats.advance(1)

    assert ids_of(changes(ats, "candidates", since + timedelta(minutes=1))) == [changed]


@pytest.mark.parametrize("form", ["ignored", "refused"])
def test_dates_that_search_does_not_honour_lead_to_a_listing_of_everybody(ats: BullhornHarness, form: str) -> None:
    ats.company.date_form = form
    since = ats.now
    ats.advance(30)

    pages = changes(ats, "candidates", since + timedelta(minutes=1))

    assert set(ids_of(pages)) == ats.ids("candidates")
    assert pages[-1].snapshot_end


def test_doctor_says_how_search_takes_dates(ats: BullhornHarness) -> None:
    ats.company.date_form = "new-york"

    told = ats.connect().check()

    assert told == "candidates, submissions and jobs readable; search takes dates as 14 digits in America/New_York"


def test_doctor_says_what_is_not_there(ats: BullhornHarness) -> None:
    ats.company.date_form, ats.company.hides = "refused", [people.HISTORY]

    told = ats.connect().check()

    assert told.split("; ")[1:] == [
        "search takes no dates, so every pull lists all",
        "the history of submissions is not readable: moments stay unknown",
    ]


def test_a_first_read_costs_the_login_and_little_more_than_the_pages_there_are(ats: BullhornHarness) -> None:
    rows = ats.company.rows
    floor = sum(-(-len(rows[entity]) // 500) for entity in people.TEMPLATES)
    source = ats.connect(page_size=500)

    for noun in ENTITIES:
        list(source.fetch_pages(noun, Window(None, ats.now), None))

    assert floor + LOGIN <= ats.count_requests() <= floor + LOGIN + 2


def test_a_session_that_ends_in_the_middle_is_renewed_without_the_password(ats: BullhornHarness) -> None:
    ats.between_pages(ats.company.end_sessions)

    found = ids_of(everything(ats, "candidates"))

    assert set(found) == ats.ids("candidates")
    assert ats.company.stats.count("GET", "/oauth/authorize") == 1
    assert ats.company.stats.count("POST", "/oauth/token") == 2


def test_sessions_that_last_only_minutes_are_renewed_time_and_again(ats: BullhornHarness) -> None:
    for _ in range(4):
        ats.between_pages(lambda: ats.advance(61))

    found = ids_of(everything(ats, "candidates"))

    assert set(found) == ats.ids("candidates")
    assert ats.company.stats.count("GET", "/oauth/authorize") == 1
    assert ats.company.doors.refresh_tokens == {f"refresh:{ats.company.doors.given - 1:06d}"}


def test_a_company_that_moves_in_the_middle_is_followed(ats: BullhornHarness) -> None:
    ats.between_pages(lambda: ats.company.move_company("e1000"))

    found = ids_of(everything(ats, "candidates"))

    assert set(found) == ats.ids("candidates")


def test_with_a_base_url_no_secret_follows_a_data_centre_elsewhere(ats: BullhornHarness) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        ats.company.data_centre = f"http://127.0.0.1:{elsewhere.getsockname()[1]}"

        found = ids_of(everything(ats, "users"))

        assert set(found) == ats.ids("users")
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_a_wrong_password_is_tried_once_and_says_what_to_check(ats: BullhornHarness) -> None:
    ats.password = "wrong"

    with pytest.raises(AuthError, match="Check username and password"):
        everything(ats, "users")

    assert ats.company.stats.count("GET", "/oauth/authorize") == 1


def test_a_429_waits_a_second(ats: BullhornHarness) -> None:
    ats.fail("status", status=429, path_regex="/query/")

    everything(ats, "users")

    assert ats.time.slept == [1.0]


def test_a_thousand_ids_go_in_the_body(ats: BullhornHarness) -> None:
    job_id = max(ats.company.rows[people.JOB])
    for number in range(900):
        row = ats.company.add_candidate("Nova", "Nieuwpoort", f"nova{number}@example.org")
        ats.company.submit(row["id"], job_id)
        moved = ats.company.rows[people.SUBMISSION].pop(ats.company.last_id)
        ats.company.put(people.SUBMISSION, **{**moved, "record_id": moved["id"] * 10**9})
    pages = list(ats.connect(page_size=500).fetch_pages("applications", Window(None, ats.now), None))

    assert sum(len(page.records) for page in pages) == len(ats.ids("applications"))
    assert ats.company.stats.count("POST", "/rest-services/{corp}/query/{entity}", 200) >= 1


def test_a_history_that_is_not_shown_leaves_moments_unknown(ats: BullhornHarness) -> None:
    ats.company.hides = [people.HISTORY]

    found = [ats.mappers["applications"](one) for page in everything(ats, "applications") for one in page.records]

    assert {one.stage_entered_at for one in found} == {one.rejected_at for one in found} == {None}
    assert {one.status for one in found} == {"active", "rejected", "withdrawn", "hired", "prospect"}


def test_a_server_that_takes_no_lists_of_ids_is_asked_for_all_of_the_history(ats: BullhornHarness) -> None:
    wanted = everything(ats, "applications")
    ats.fail("status", status=400, path_regex="/query/JobSubmissionHistory")

    assert everything(ats, "applications") == wanted


def test_a_window_that_gives_less_than_it_counts_says_so(ats: BullhornHarness) -> None:
    since = ats.now
    ats.advance(30)
    ats.edit(min(ats.ids("candidates")))
    ats.advance(1)
    ats.company.counts_more = 3

    pages = changes(ats, "candidates", since + timedelta(minutes=1))

    assert len(ids_of(pages)) == 1
    assert pages[-1].shortage == Shortage(1, 4)


class TestBullhornInTheMirror:
    """What a whole pull makes of it."""

    def test_a_second_pull_stores_nothing(self, ats: BullhornHarness, db: Mirror) -> None:
        pull(ats, db)
        ats.advance(20)

        assert pull(ats, db) == {"users": 0, "jobs": 0, "candidates": 0, "applications": 0}

    def test_a_move_has_the_vendors_own_moment(self, ats: BullhornHarness, db: Mirror) -> None:
        submission_id = _undecided(ats)
        pull(ats, db)
        ats.advance(5)
        ats.company.set_status(submission_id, "Telefonisch gesprek")
        ats.advance(10)
        pull(ats, db)

        sql = "SELECT from_stage_id, to_stage_id, at, exact FROM stage_transition WHERE application_id = ? ORDER BY at"
        moved = ("new_lead", "telefonisch_gesprek", "2026-11-24T08:05:00.000Z", 1)
        assert db.rows(sql, (str(submission_id),))[-1] == moved

    def test_from_longlist_to_web_response_to_placement(self, ats: BullhornHarness, db: Mirror) -> None:
        candidate = ats.company.add_candidate("Nova", "Nieuwpoort", "nova@example.org")
        submission = ats.company.submit(candidate["id"], JOB_ID, people.LONGLIST)
        told = []
        for change in (
            lambda: None,
            lambda: ats.company.set_status(submission["id"], people.NEW_LEAD),
            lambda: ats.company.set_status(submission["id"], "Aanbod"),
            lambda: ats.company.place(submission["id"]),
        ):
            ats.advance(5)
            change()
            pull(ats, db)
            sql = "SELECT status, stage_id, applied_at, hired_at FROM application WHERE remote_id = ?"
            told += db.rows(sql, (str(submission["id"]),))

        applied, hired = "2026-11-24T08:10:00.000Z", "2026-11-24T08:20:00.000Z"
        assert told == [
            ("prospect", None, None, None),
            ("active", "new_lead", applied, None),
            ("active", "aanbod", applied, None),
            ("hired", "aanbod", applied, hired),
        ]

    def test_a_rejection_is_never_told(self, ats: BullhornHarness, db: Mirror) -> None:
        submission_id = _undecided(ats)
        pull(ats, db)
        ats.advance(5)
        ats.company.set_status(submission_id, people.REJECTED)
        ats.advance(24 * 60)
        pull(ats, db)

        sql = "SELECT status, stage_id, rejected_at, told_at FROM application WHERE remote_id = ?"
        assert db.rows(sql, (str(submission_id),)) == [("rejected", "new_lead", "2026-11-24T08:05:00.000Z", None)]

    def test_a_deletion_shows_with_the_next_changes(self, ats: BullhornHarness, db: Mirror) -> None:
        pull(ats, db)
        gone = min(ats.ids("candidates"))
        ats.advance(5)
        ats.delete(gone)
        ats.advance(5)
        pull(ats, db)

        deleted = "SELECT remote_id, deleted_at FROM candidate WHERE deleted_at IS NOT NULL"
        assert db.rows(deleted) == [(gone, "2026-11-24T08:05:00.000Z")]
        kept = "SELECT DISTINCT status, applied_at, stage_id FROM application WHERE candidate_id = ?"
        assert db.rows(kept, (gone,)) == [("unknown", None, None)]

    def test_the_daily_listing_finds_what_was_removed_for_good(self, ats: BullhornHarness, db: Mirror) -> None:
        pull(ats, db)
        gone = min(ats.ids("candidates"))
        ats.company.purge(gone)
        ats.advance(24 * 60)
        pull(ats, db)

        deleted = "SELECT DISTINCT {} FROM {} WHERE deleted_at IS NOT NULL"
        assert db.rows(deleted.format("remote_id", "candidate")) == [(gone,)]
        assert db.rows(deleted.format("candidate_id", "application")) == [(gone,)]

    def test_an_anonymised_candidate_is_nobody_in_the_mirror(self, ats: BullhornHarness, db: Mirror) -> None:
        pull(ats, db)
        ats.advance(5)
        ats.company.anonymise(min(ats.ids("candidates")))
        ats.advance(5)
        pull(ats, db)

        kept = "SELECT first_name, last_name, email_addresses, phone_numbers FROM candidate WHERE anonymised_at > ''"
        assert db.rows(kept) == [(None, None, "[]", "[]")]


def _undecided(ats: BullhornHarness) -> int:
    """A submission nobody has looked at yet."""
    rows = ats.company.rows[people.SUBMISSION].values()
    return int(next(row["id"] for row in rows if row["status"] == people.NEW_LEAD))
