"""The sandbox's Homerun is as strict as the vendor (docs/vendor-facts.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from sandbox.clock import SandboxClock
from sandbox.dialects.homerun.company import Company
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
    found: Any = running.state.dialect("homerun")
    return found  # type: ignore[no-any-return]


def get(running: RunningSandbox, path: str, query: Any = (), key: str = "homerun-key") -> requests.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return requests.get(f"{running.ats_url('homerun')}/v2{path}", headers=headers, params=query, timeout=5)


def test_another_key_is_unauthenticated(running: RunningSandbox, company: Company) -> None:
    answer = get(running, "/ping", key="nobody")

    assert (answer.status_code, answer.json()) == (401, {"code": 401, "error": True, "message": "Unauthenticated"})


def test_a_plan_without_the_api_is_a_402(running: RunningSandbox, company: Company) -> None:
    company.has_api = False
    answer = get(running, "/vacancies")

    assert answer.status_code == 402
    assert answer.json()["message"] == "Your plan does not include public api access"


@pytest.mark.parametrize(
    ("param", "value"), [("perPage", 101), ("perPage", 0), ("page", 0), ("include[]", "notes"), ("updated_after", NOW)]
)
def test_what_may_not_be_asked_is_named(running: RunningSandbox, company: Company, param: str, value: object) -> None:
    answer = get(running, "/job-applications", {param: value})

    assert answer.status_code == 400
    assert answer.json()["details"] == [{"param": param, "message": "is not valid"}]


def test_a_page_has_fifteen_rows_and_tells_how_many_there_are(running: RunningSandbox, company: Company) -> None:
    answer = get(running, "/job-applications", {"page": 2}).json()

    assert len(answer["data"]) == 15
    meta = {key: answer["meta"][key] for key in ("current_page", "from", "to", "per_page", "total")}
    assert meta == {"current_page": 2, "from": 16, "to": 30, "per_page": 15, "total": len(company.applications)}


def test_stage_and_sources_show_only_when_included(running: RunningSandbox, company: Company) -> None:
    [bare] = get(running, "/job-applications", {"perPage": 1}).json()["data"]
    both = [("include[]", "stage"), ("include[]", "sources"), ("perPage", "1")]
    [full] = get(running, "/job-applications", both).json()["data"]

    assert full.keys() - bare.keys() == {"stage", "sources"}


def test_a_deleted_application_is_a_404_by_id(running: RunningSandbox, company: Company) -> None:
    gone = min(company.applications)
    company.delete(gone)

    assert get(running, f"/job-applications/{gone}").status_code == 404


def test_a_key_sees_what_its_scopes_say(running: RunningSandbox, company: Company) -> None:
    company.scopes = ["vacancies:read"]

    assert get(running, "/vacancies").status_code == 200
    assert get(running, "/job-applications").status_code == 403


def test_sixty_requests_a_minute_and_no_header(running: RunningSandbox, company: Company) -> None:
    company.window.limit = 1
    get(running, "/ping")
    answer = get(running, "/ping")

    assert answer.status_code == 429
    assert not [name for name in answer.headers if "limit" in name.lower() or name == "Retry-After"]


def test_an_open_application_has_no_vacancy_and_no_stage(running: RunningSandbox, company: Company) -> None:
    made = company.apply("Nova", "Nieuw", "nova@example.org", None)

    shown = get(running, f"/job-applications/{made['id']}").json()["data"]
    assert (shown["vacancy_id"], shown["stage"]) == (None, None)
