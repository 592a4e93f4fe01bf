"""The sandbox's Greenhouse is as strict as the vendor (docs/vendor-facts.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.clock import SandboxClock
from sandbox.dialects.greenhouse.company import Company
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.world import build

NOW = "2026-11-24T08:00:00.000Z"


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with start(SandboxState(SandboxClock(NOW, running=False), build(NOW).load_ats_into)) as sandbox:
        yield sandbox


@pytest.fixture
def company(running: RunningSandbox) -> Company:
    running.state.reset()
    found: Any = running.state.dialect("greenhouse")
    return found  # type: ignore[no-any-return]


def token(running: RunningSandbox, secret: str = "greenhouse-secret", grant: str = "client_credentials") -> Any:
    url = f"{running.ats_url('greenhouse')}/token"
    return requests.post(url, auth=("greenhouse-client", secret), data={"grant_type": grant}, timeout=5)


def get(running: RunningSandbox, path: str, bearer: str | None = None, **query: Any) -> requests.Response:
    bearer = token(running).json()["access_token"] if bearer is None else bearer
    headers = {"Authorization": f"Bearer {bearer}"}
    return requests.get(f"{running.ats_url('greenhouse')}/v3{path}", headers=headers, params=query, timeout=5)


def test_a_token_says_when_it_ends(running: RunningSandbox, company: Company) -> None:
    assert token(running).json() == {
        "access_token": "harvest-1",
        "token_type": "Bearer",
        "expires_at": "2026-11-24T09:00:00.000Z",
    }


def test_other_credentials_and_other_grants_get_none(running: RunningSandbox, company: Company) -> None:
    wrong, other = token(running, secret="wrong"), token(running, grant="password")

    assert (wrong.status_code, wrong.json()) == (401, {"error": "invalid_client"})
    assert (other.status_code, other.json()) == (400, {"error": "unsupported_grant_type"})


def test_an_unknown_token_is_refused(running: RunningSandbox, company: Company) -> None:
    assert get(running, "/candidates", bearer="nobody").status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {"per_page": 501},
        {"per_page": 0},
        {"page": 2},
        {"updated_at": "2026-11-24"},
        {"updated_at": "gte|2026-11-24T08:00:00"},
        {"created_at": f"gte|{NOW}", "updated_at": f"gte|{NOW}"},
        {"ids": ",".join(map(str, range(51)))},
        {"cursor": "nonsense"},
    ],
)
def test_what_may_not_be_asked_is_unprocessable(running: RunningSandbox, company: Company, query: Any) -> None:
    answer = get(running, "/candidates", **query)

    assert (answer.status_code, list(answer.json())) == (422, ["errors"])


def test_a_cursor_goes_alone(running: RunningSandbox, company: Company) -> None:
    first = get(running, "/candidates", per_page=500)
    following = get(running, "/candidates", per_page=10).links["next"]["url"]
    answer = requests.get(
        following, headers={"Authorization": "Bearer harvest-1"}, params={"per_page": "10"}, timeout=5
    )
    alone = requests.get(following, headers={"Authorization": "Bearer harvest-1"}, timeout=5)

    assert answer.json() == {"errors": ["When passing a cursor, do not include other query params."]}
    assert alone.json() == first.json()[10:20]
    assert "next" not in first.links


def test_ids_descend_whatever_the_filter(running: RunningSandbox, company: Company) -> None:
    rows = get(running, "/applications", per_page=500, updated_at="gte|2026-10-01T00:00:00.000Z").json()

    ids = [row["id"] for row in rows]
    assert ids == sorted(ids, reverse=True)
    assert [row["updated_at"] for row in rows] != sorted((row["updated_at"] for row in rows), reverse=True)


def test_both_ends_of_a_window_belong_to_it(running: RunningSandbox, company: Company) -> None:
    moment = company.add_candidate("Nova", "Nieuw", "nova@example.org")["updated_at"]

    rows = get(running, "/candidates", updated_at=f"gte|{moment}|lte|{moment}").json()

    assert [row["first_name"] for row in rows] == ["Nova"]


def test_history_has_one_entry_a_stage_and_one_that_is_current(running: RunningSandbox, company: Company) -> None:
    made = company.add_candidate("Nova", "Nieuw", "nova@example.org")
    application = company.apply(made["id"], 107_001)
    company.move(application["id"], 767_012)

    rows = get(running, "/application_stages", application_ids=application["id"]).json()

    assert [(row["job_interview_stage_id"], row["current"], row["exited_at"]) for row in rows] == [
        (767_012, True, None),
        (767_010, False, NOW),
    ]
    assert company.get("applications", application["id"])["stage_id"] == rows[0]["id"]


def test_active_is_asked_for_and_in_process_told(running: RunningSandbox, company: Company) -> None:
    rows = get(running, "/applications", per_page=500, status="active").json()

    assert {row["status"] for row in rows} == {"in_process"}


def test_a_429_says_how_long_to_wait_and_when_the_window_ends(running: RunningSandbox, company: Company) -> None:
    company.window.limit = 1
    bearer = token(running).json()["access_token"]
    get(running, "/users", bearer)
    answer = get(running, "/users", bearer)

    left = int(answer.headers["Retry-After"])
    assert (answer.status_code, answer.headers["X-RateLimit-Remaining"]) == (429, "0")
    assert 0 < left <= 30
    assert int(answer.headers["X-RateLimit-Reset"]) == company.clock.now().timestamp() + left


def test_an_anonymised_candidate_is_a_row_without_a_person(running: RunningSandbox, company: Company) -> None:
    made = company.add_candidate("Nova", "Nieuw", "nova@example.org")
    company.anonymise(made["id"])

    [row] = get(running, "/candidates", ids=made["id"]).json()
    assert (row["first_name"], row["last_name"], row["email_addresses"]) == ("Anonymized", str(made["id"]), [])
