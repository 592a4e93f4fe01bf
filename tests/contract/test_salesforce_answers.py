"""Salesforce answers that are strange, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from connectors.protocols import Page, Window
from sandbox.server import RunningSandbox
from sync.errors import (
    BadAnswer,
    DailyLimitReached,
    MissingScope,
    NotServed,
    RateLimited,
    ServerFault,
    WarmlineError,
)
from tests.contract.ats_dialect import served
from tests.contract.ats_harness import changes, everything, ids_of
from tests.contract.salesforce_org import SalesforceHarness

TOKEN, DESCRIBE, LOG, RESULTS = "/oauth2/token", "/describe", "/deleted", "/results"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    yield from served()


@pytest.fixture
def ats(running: RunningSandbox) -> SalesforceHarness:
    return SalesforceHarness(running)


def told(code: str, message: str = "x") -> list[dict[str, str]]:
    """The body of a refusal."""
    return [{"message": message, "errorCode": code}]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, told("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), DailyLimitReached),
        (403, told("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (…) Limit exceeded."), RateLimited),
        (403, told("API_DISABLED_FOR_ORG"), MissingScope),
        (400, told("INVALID_TYPE"), NotServed),
        (404, told("NOT_FOUND"), NotServed),
        (400, told("MALFORMED_QUERY"), BadAnswer),
        (414, told("URI_TOO_LONG"), BadAnswer),
        (503, told("SERVER_UNAVAILABLE"), ServerFault),
        (200, {"totalSize": 3, "done": True}, BadAnswer),
        (200, {"totalSize": 3, "done": False, "records": []}, BadAnswer),
    ],
)
def test_each_refusal_of_a_query_has_its_class(
    ats: SalesforceHarness, status: int, body: Any, error: type[WarmlineError]
) -> None:
    ats.fail("status", status=status, body=body, times=100, path_regex="/query")

    with pytest.raises(WarmlineError) as caught:
        everything(ats, "candidates")

    assert type(caught.value) is error or (error is BadAnswer and isinstance(caught.value, BadAnswer))


def test_the_code_of_a_refusal_is_told_and_its_message_not(ats: SalesforceHarness) -> None:
    ats.fail("status", status=400, body=told("MALFORMED_QUERY", "Zwanenmeer-marker"), times=100, path_regex="/query")

    with pytest.raises(BadAnswer) as caught:
        everything(ats, "candidates")

    assert str(caught.value) == "Salesforce refused /query (400, MALFORMED_QUERY)."


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"status": 500, "body": {}}, ServerFault),
        ({"status": 429, "body": {}}, RateLimited),
        ({"status": 200, "body": {"token_type": "Bearer"}}, BadAnswer),
    ],
)
def test_a_token_endpoint_that_fails_has_its_class(
    ats: SalesforceHarness, how: dict[str, Any], error: type[WarmlineError]
) -> None:
    ats.fail("status", times=100, path_regex=TOKEN, **how)

    with pytest.raises(error):
        everything(ats, "users")


def test_a_row_without_an_id_is_told_and_nobody_is_missed_for_it(ats: SalesforceHarness) -> None:
    rows = [{"Id": None, "SystemModstamp": "2026-11-24T07:00:00.000+0000"}]
    ats.fail("status", status=200, body={"totalSize": 1, "done": True, "records": rows})

    [page] = everything(ats, "candidates")

    assert (page.records, [(one.ref, one.field) for one in page.rejected]) == ([], [("row 0", "Id")])
    assert page.snapshot_end is False


@pytest.mark.parametrize("status", [403, 404])
def test_a_user_who_may_describe_nothing_gets_the_fields_of_the_object_itself(
    ats: SalesforceHarness, status: int
) -> None:
    ats.company.hidden = ["User.Email"]
    ats.fail("status", status=status, body=told("NOT_FOUND"), times=100, path_regex=DESCRIBE)

    rows = [ats.mappers["candidates"](one) for page in everything(ats, "candidates") for one in page.records]

    assert {row.remote_id for row in rows} == ats.ids("candidates")
    assert all(row.email_addresses and row.owner_email is None for row in rows)


class TestLog:
    """The log of deletions."""

    @pytest.mark.parametrize("status", [403, 404])
    def test_where_it_is_not_served_the_bin_is_looked_up(self, ats: SalesforceHarness, status: int) -> None:
        gone = min(ats.ids("candidates"))

        pages = self._read(ats, gone, status=status, body=told("NOT_FOUND"))

        assert [page.gone for page in pages] == [[gone]]

    @pytest.mark.parametrize("code", ["EXCEEDED_ID_LIMIT", "INVALID_REPLICATION_DATE"])
    def test_where_it_cannot_tell_all_everything_is_read(self, ats: SalesforceHarness, code: str) -> None:
        pages = self._read(ats, min(ats.ids("candidates")), status=400, body=told(code))

        assert (pages[0].snapshot_begin, pages[-1].snapshot_end) == (True, True)
        assert set(ids_of(pages)) == ats.ids("candidates")

    def test_ids_of_fifteen_characters_are_the_same_records(self, ats: SalesforceHarness) -> None:
        gone = min(ats.ids("candidates"))
        body = {"deletedRecords": [{"id": gone[:15], "deletedDate": "2026-11-24T08:20:00.000+0000"}]}

        pages = self._read(ats, gone, status=200, body=body)

        assert [page.gone for page in pages] == [[gone]]

    def test_without_a_list_of_deletions_the_window_is_not_closed(self, ats: SalesforceHarness) -> None:
        with pytest.raises(BadAnswer):
            self._read(ats, min(ats.ids("candidates")), status=200, body={"deletedRecords": None})

    def test_where_ids_cannot_be_asked_for_the_log_is_believed(self, ats: SalesforceHarness) -> None:
        gone = min(ats.ids("candidates"))
        ats.fail("status", status=400, body=told("MALFORMED_QUERY"), times=1, path_regex="/query")

        pages = self._read(ats, gone)

        assert [page.gone for page in pages] == [[gone]]

    def _read(self, ats: SalesforceHarness, gone: str, **answer: Any) -> list[Page]:
        """The window in which a candidate was deleted, with this answer in place of the log."""
        since = ats.now
        ats.advance(20)
        ats.company.delete(gone)
        ats.advance(10)
        if answer:
            ats.fail("status", times=100, path_regex=LOG, **answer)
        return changes(ats, "candidates", since)


class TestPagesOfJobs:
    """Pages of a Bulk API job that are not what they say."""

    @pytest.mark.parametrize(
        ("body", "headers"),
        [
            ("Id,SystemModstamp\na,b,c\n", {}),
            ("Name\nNoor\n", {}),
            ('Id\n"a', {}),
            ("Id\na\n", {"Sforce-NumberOfRecords": "2"}),
            ("Id\na\n", {"Sforce-Locator": "0"}),  # the page it came from
        ],
    )
    def test_a_page_that_cannot_be_right_ends_the_read(
        self, ats: SalesforceHarness, body: str, headers: dict[str, str]
    ) -> None:
        ats.fail("status", status=200, times=100, path_regex=RESULTS, body=body, headers=headers)

        with pytest.raises(BadAnswer):
            list(ats.connect(bulk_above=0).fetch_pages("candidates", Window(None, ats.now), None))

    def test_a_job_that_does_not_end_is_left_for_the_next_run(self, ats: SalesforceHarness) -> None:
        ats.company.bulk_looks = 10_000

        with pytest.raises(WarmlineError, match="did not end in 18"):
            list(ats.connect(bulk_above=0).fetch_pages("candidates", Window(None, ats.now), None))

        assert timedelta(seconds=sum(ats.time.slept)) < timedelta(minutes=31)


@pytest.mark.parametrize("token", ["x|y", "c|yesterday,1", "b|job'1|0", "|"])
def test_a_token_of_another_connector_is_refused(ats: SalesforceHarness, token: str) -> None:
    with pytest.raises(BadAnswer):
        list(ats.connect().fetch_pages("candidates", Window(None, ats.now), token))
