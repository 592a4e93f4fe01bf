"""What is Salesforce's own: keys, sessions, hidden fields, the daily limit, the log of deletions, jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import load
from connectors.protocols import Window
from sandbox.server import RunningSandbox
from sync.bootstrap import App
from sync.bootstrap.sources import connect_sources
from sync.clock import Clock
from sync.errors import AuthError, DailyLimitReached
from tests.contract.ats_dialect import served
from tests.contract.ats_harness import changes, everything, ids_of
from tests.contract.salesforce_org import BynerHarness, SalesforceHarness, byner_mapper


class QuickClock(Clock):
    """A clock that does not wait."""

    def sleep(self, seconds: float) -> None:
        """Time does not pass."""


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


@pytest.fixture
def ats(running: RunningSandbox) -> SalesforceHarness:
    return SalesforceHarness(running)


def count(ats: SalesforceHarness, path: str) -> int:
    """Requests to one path of the API that were answered."""
    return int(ats.company.stats.count("GET", f"/services/data/v{{version}}{path}", 200))


def test_a_first_read_costs_the_pages_there_are_and_a_token(ats: SalesforceHarness) -> None:
    source, nouns = ats.connect(), ("users", "jobs", "candidates", "applications")
    floor = sum(-(-len(ats.ids(noun)) // 30) for noun in nouns)

    for noun in nouns:
        list(source.fetch_pages(noun, Window(None, ats.now), None))

    assert ats.count_requests() == floor + 2  # the token, and the stages


def test_no_news_costs_a_token_a_query_a_stream_and_a_look_at_each_log(ats: SalesforceHarness) -> None:
    since, source = ats.now, ats.connect()
    ats.advance(30)

    for spec in source.streams:
        list(source.fetch_pages(spec.noun, Window(since + timedelta(minutes=1), ats.now), None))

    assert ats.count_requests() == 1 + 4 + 3


def test_hundreds_of_rows_of_one_second_all_come_also_after_a_kill(ats: SalesforceHarness) -> None:
    for row in ats.rows("candidates").values():
        row["SystemModstamp"] = "2026-11-24T08:00:00.000+0000"
    pages = everything(ats, "candidates")

    rest = list(ats.connect().fetch_pages("candidates", Window(None, ats.now), pages[2].token))

    assert sorted(ids_of(pages)) == sorted(ats.ids("candidates"))
    assert ids_of(rest) == ids_of(pages[3:])


def test_milliseconds_of_a_stamp_are_kept_in_the_key(ats: SalesforceHarness) -> None:
    for place, row in enumerate(ats.rows("candidates").values()):
        row["SystemModstamp"] = f"2026-11-24T07:00:00.{place % 1000:03d}+0000"
    pages = everything(ats, "candidates")

    rest = list(ats.connect().fetch_pages("candidates", Window(None, ats.now), pages[0].token))

    assert ids_of(rest) == ids_of(pages[1:])


def test_lost_cursors_are_made_up_for_by_the_key(ats: SalesforceHarness) -> None:
    ats.between_pages(ats.company.lose_cursors)

    found = ids_of(everything(ats, "candidates"))

    assert sorted(found) == sorted(ats.ids("candidates"))


def test_an_ended_session_is_renewed_once_and_goes_on(ats: SalesforceHarness) -> None:
    ats.between_pages(ats.company.expire)

    found = ids_of(everything(ats, "candidates"))

    assert set(found) == ats.ids("candidates")
    assert ats.company.logins == 2


def test_a_session_that_is_refused_again_and_again_ends_the_read(ats: SalesforceHarness) -> None:
    body = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
    ats.fail("status", times=100, status=401, body=body)

    with pytest.raises(AuthError):
        everything(ats, "candidates")

    assert ats.company.logins == 2


def test_fields_the_user_may_not_see_are_left_out(ats: SalesforceHarness) -> None:
    ats.company.hidden = ["cxsrec__cxsCandidate__c.cxsrec__mobilePhone__c", "User.Email"]

    rows = [ats.mappers["candidates"](one) for page in everything(ats, "candidates") for one in page.records]

    assert {row.remote_id for row in rows} == ats.ids("candidates")
    assert {(row.phone_numbers, row.owner_email) for row in rows} == {((), None)}
    assert all(row.email_addresses for row in rows)


def test_a_lookup_of_another_name_is_found_by_where_it_points(running: RunningSandbox, tmp_path: Path) -> None:
    byner = byner_mapper(tmp_path)
    ats = BynerHarness(running, byner)

    rows = [byner.to_application(one) for page in everything(ats, "applications") for one in page.records]

    assert {row.candidate_id for row in rows} == ats.ids("candidates")


def test_an_address_of_another_host_in_the_answer_is_not_followed(ats: SalesforceHarness) -> None:
    ats.company.instance_url = "https://elsewhere.example.com"

    found = ids_of(everything(ats, "users"))

    assert set(found) == ats.ids("users")


def test_a_link_to_a_further_page_on_another_host_is_not_followed(ats: SalesforceHarness) -> None:
    row = {"Id": min(ats.ids("candidates")), "SystemModstamp": "2020-01-01T00:00:00.000+0000"}
    link = "https://elsewhere.example.com/services/data/v62.0/query/01gAAA-2000"
    body = {"totalSize": 2, "done": False, "nextRecordsUrl": link, "records": [row]}
    ats.fail("status", status=200, body=body)

    found = ids_of(everything(ats, "candidates"))

    assert set(found) == ats.ids("candidates")


def test_an_org_that_knows_other_versions_is_asked_for_its_newest(ats: SalesforceHarness) -> None:
    ats.company.versions = ["66.0", "67.0"]

    found = ids_of(everything(ats, "users"))

    assert set(found) == ats.ids("users")


class TestDailyLimit:
    """The org's requests of 24 hours are not only ours."""

    def test_a_tenth_is_left_to_others(self, ats: SalesforceHarness) -> None:
        ats.company.daily_limit, ats.company.used = 1_000, 895

        with pytest.raises(DailyLimitReached):
            everything(ats, "candidates")

        assert ats.company.used == 900

    def test_a_limit_that_is_reached_is_not_tried_again(self, ats: SalesforceHarness) -> None:
        ats.company.daily_limit = 0

        with pytest.raises(DailyLimitReached):
            everything(ats, "candidates")

        assert ats.count_requests() == 2  # the token, and one refusal
        assert ats.time.slept == []


class TestDeletions:
    """What the org's log says, and what it cannot say."""

    def test_a_window_names_what_is_gone_for_good(self, ats: SalesforceHarness) -> None:
        binned, emptied, back, *_ = sorted(ats.ids("candidates"))
        since = ats.now
        ats.advance(20)
        ats.company.delete(binned)
        ats.company.delete(emptied, hard=True)
        ats.company.delete(back)
        ats.company.undelete(back)
        ats.advance(10)

        pages = changes(ats, "candidates", since)

        assert [page.gone for page in pages] == [[binned, emptied]]
        assert ids_of(pages) == [back]

    @pytest.mark.parametrize("days", [16, 40])
    def test_beyond_the_reach_of_the_log_everything_is_read(self, ats: SalesforceHarness, days: int) -> None:
        since = ats.now
        ats.company.delete(min(ats.ids("candidates")), hard=True)
        ats.advance(days * 24 * 60)

        pages = changes(ats, "candidates", since)

        assert (pages[0].snapshot_begin, pages[-1].snapshot_end) == (True, True)
        assert set(ids_of(pages)) == ats.ids("candidates")

    def test_an_emptied_log_is_no_log(self, ats: SalesforceHarness) -> None:
        since = ats.now
        ats.advance(60)
        ats.company.log_from = "2026-11-24T08:30:00+00:00"

        pages = changes(ats, "candidates", since)

        assert (pages[0].snapshot_begin, pages[-1].snapshot_end) == (True, True)

    def test_an_object_without_a_log_is_looked_up_in_the_bin(self, ats: SalesforceHarness) -> None:
        ats.company.unlogged = ["cxsrec__cxsCandidate__c"]
        gone, since = min(ats.ids("candidates")), ats.now
        ats.advance(20)
        ats.company.delete(gone)
        ats.advance(10)

        pages = changes(ats, "candidates", since)

        assert [page.gone for page in pages] == [[gone]]


class TestJobs:
    """Whole reads by the Bulk API."""

    def test_a_job_costs_its_own_requests_and_waits_between_looks(self, ats: SalesforceHarness) -> None:
        list(ats.connect(bulk_above=100).fetch_pages("candidates", Window(None, ats.now), None))

        assert count(ats, "/jobs/query/{job}/results") == 1
        assert ats.time.slept == [2.0, 4.0]

    def test_the_settings_say_from_how_many_rows_on(self, ats: SalesforceHarness, running: RunningSandbox) -> None:
        given = {"kind": "salesforce", "bulk_above": "100", **running.ats_settings("salesforce")}
        environ = {f"WARMLINE_SOURCES__ATS__{name.upper()}": value for name, value in given.items()}
        app = App(load(None, environ), QuickClock())
        [connected] = connect_sources(app, lambda *_: False)

        list(connected.source.fetch_pages("candidates", Window(None, ats.now), None))

        assert count(ats, "/jobs/query/{job}/results") == 1

    def test_a_job_gives_the_rows_that_queries_give(self, ats: SalesforceHarness) -> None:
        window = Window(None, ats.now)
        by_job, by_query = (
            {
                row.remote_id: row
                for page in ats.connect(bulk_above=limit).fetch_pages("candidates", window, None)
                for row in map(ats.mappers["candidates"], page.records)
            }
            for limit in (100, 100_000)
        )

        assert by_job == by_query

    @pytest.mark.parametrize("state", ["Failed", "Aborted"])
    def test_a_job_that_fails_is_made_up_for_by_queries(self, ats: SalesforceHarness, state: str) -> None:
        ats.company.bulk_state = state

        pages = list(ats.connect(bulk_above=100).fetch_pages("candidates", Window(None, ats.now), None))

        assert set(ids_of(pages)) == ats.ids("candidates")
        assert pages[-1].snapshot_end

    def test_a_job_that_was_lost_is_begun_anew(self, ats: SalesforceHarness) -> None:
        ats.company.bulk_rows = 40
        window = Window(None, ats.now)
        first = next(iter(ats.connect(bulk_above=100).fetch_pages("candidates", window, None)))
        ats.company.jobs.clear()

        pages = list(ats.connect(bulk_above=100).fetch_pages("candidates", window, first.token))

        assert (pages[0].snapshot_begin, pages[-1].snapshot_end) == (True, True)
        assert set(ids_of(pages)) == ats.ids("candidates")
