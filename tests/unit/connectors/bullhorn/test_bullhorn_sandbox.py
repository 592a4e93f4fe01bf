"""The sandbox's Bullhorn over HTTP: as strict as the vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sandbox.clock import SandboxClock
from sandbox.dialects.bullhorn import people
from sandbox.dialects.bullhorn.company import Company
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.world import build

NOW = "2026-11-24T08:00:00.000Z"
Call = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with start(SandboxState(SandboxClock(NOW, running=False), build(NOW).load_ats_into)) as sandbox:
        yield sandbox


@pytest.fixture
def company(running: RunningSandbox) -> Any:
    running.state.reset()
    running.state.clock.set(NOW)
    return running.state.dialect("bullhorn")


@pytest.fixture
def call(running: RunningSandbox, company: Company) -> Call:
    """A request below the company's address with a session, unless `session` says another."""
    doors = company.doors
    given = doors.session(doors.tokens("authorization_code", doors.code())[0], 10)

    def ask(path: str, method: str = "GET", session: str | None = given, body: Any = None, **query: Any) -> Any:
        headers = {"BhRestToken": session} if session else {}
        url = f"{running.ats_url('bullhorn')}/rest-services/e999{path}"
        return requests.request(method, url, headers=headers, params=query, json=body, timeout=5)

    return ask


@pytest.mark.parametrize(("session", "status"), [(None, 412), ("session-9", 401)])
def test_a_call_without_a_session_is_refused(call: Call, session: str | None, status: int) -> None:
    assert call("/search/Candidate", session=session, query="isDeleted:0", fields="id").status_code == status


def test_a_session_ends_after_its_time(company: Company, call: Call) -> None:
    before = call("/ping").status_code
    company.clock.advance(601)

    assert (before, call("/ping").status_code) == (200, 401)


def test_a_code_and_a_refresh_token_work_once(running: RunningSandbox, company: Company) -> None:
    base, doors = running.ats_url("bullhorn"), company.doors
    user = {"username": doors.username, "password": doors.password, "action": "Login"}
    client = {"client_id": doors.client_id, "client_secret": doors.client_secret}
    asked = {**user, "client_id": doors.client_id, "response_type": "code"}
    answer = requests.get(f"{base}/oauth/authorize", params=asked, allow_redirects=False, timeout=5)
    code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def redeem(grant: str, **what: str) -> requests.Response:
        return requests.post(f"{base}/oauth/token", params={"grant_type": grant, **what, **client}, timeout=5)

    first = redeem("authorization_code", code=code)
    refreshed = [redeem("refresh_token", refresh_token=first.json()["refresh_token"]) for _ in range(2)]

    assert answer.status_code == 302
    assert redeem("authorization_code", code=code).status_code == 400
    assert [one.status_code for one in refreshed] == [200, 400]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/search/Candidate", {"query": "isDeleted:0"}, 400),  # no fields
        ("/search/Candidate", {"query": "isDeleted:0", "fields": "shoeSize"}, 404),
        ("/search/Candidate", {"query": "isDeleted:0", "fields": "id", "count": "501"}, 400),
        ("/search/Candidate", {"query": "isDeleted:0", "fields": "id", "orderBy": "id"}, 400),  # query's word
        ("/search/Candidate", {"query": "shoeSize:43", "fields": "id"}, 400),
        ("/search/Candidate", {"query": "all of them", "fields": "id"}, 400),
        ("/search/Candidate", {"query": "isDeleted:0 AND " * 500 + "isDeleted:0", "fields": "id"}, 400),  # too long
        ("/search/JobSubmission", {"query": "isDeleted:0", "fields": "id"}, 404),
        ("/query/JobSubmission", {"where": "name LIKE 'x'", "fields": "id"}, 400),
        ("/query/Candidate", {"where": "id > 0", "fields": "id"}, 404),
        ("/settings/everything", {}, 400),
    ],
)
def test_what_bullhorn_does_not_take_is_refused(call: Call, path: str, query: dict[str, str], status: int) -> None:
    answer = call(path, **query)

    assert answer.status_code == status
    assert answer.json()["errorCode"] == status


def test_a_page_has_twenty_rows_unless_more_are_asked_for(call: Call) -> None:
    answer = call("/search/Candidate", query="isDeleted:0", fields="id,firstName").json()

    assert (answer["start"], answer["count"], len(answer["data"])) == (0, 20, 20)
    assert answer["total"] > 250
    assert sorted(answer["data"][0]) == ["_score", "firstName", "id"]


def test_a_long_query_goes_in_the_body(call: Call) -> None:
    where = f"id IN ({','.join(str(200_001 + number) for number in range(1_000))})"

    answer = call("/query/JobSubmission", "POST", body={"where": where}, fields="id", count="500")

    assert answer.json()["count"] > 250


def test_a_list_within_a_record_is_cut_without_a_word(company: Company, call: Call) -> None:
    for number in range(7):
        company.submit(people.CANDIDATES_FROM + 1, people.JOBS_FROM + 1 + number)

    [row] = call("/search/Candidate", query="id:5000001", fields="submissions").json()["data"]

    assert row["submissions"]["total"] > len(row["submissions"]["data"]) == 5


@pytest.mark.parametrize(
    ("form", "text", "found"),
    [
        ("utc", "[20261124080000 TO *]", 1),
        ("utc", "[20261124080001 TO *]", 0),
        ("utc", "[1795507200000 TO *]", 0),
        ("new-york", "[20261124030000 TO *]", 1),
        ("new-york", "[20261124030001 TO *]", 0),
        ("ms", "[1795507200000 TO *]", 1),
    ],
)
def test_the_index_takes_dates_in_one_form_and_finds_nothing_by_another(
    company: Company, call: Call, form: str, text: str, found: int
) -> None:
    company.date_form, company.index_lag_s = form, 0
    company.edit_candidate(people.CANDIDATES_FROM + 1, {})

    answer = call("/search/Candidate", query=f"dateLastModified:{text}", fields="id").json()

    assert answer["total"] == found


def test_the_index_is_behind_the_database(company: Company, call: Call) -> None:
    company.edit_candidate(people.CANDIDATES_FROM + 1, {})
    query = {"query": "dateLastModified:[20261124080000 TO *]", "fields": "id"}
    before = call("/search/Candidate", **query).json()["total"]
    company.clock.advance(31)

    assert (before, call("/search/Candidate", **query).json()["total"]) == (0, 1)


def test_the_fifty_first_call_in_a_second_is_refused(company: Company, call: Call) -> None:
    company.window.monotonic = lambda: 0.0

    statuses = [call("/ping").status_code for _ in range(51)]

    assert statuses == [200] * 50 + [429]
