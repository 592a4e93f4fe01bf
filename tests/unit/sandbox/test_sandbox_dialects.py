"""ATSs on ports of their own: the same people, faults and counts apart, and each as strict as its vendor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from config.kinds import KINDS
from sandbox.clock import SandboxClock
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.world import build

NOW = "2026-11-24T08:00:00.000Z"
KEY = {"Authorization": "Token token=teamtailor-key", "X-Api-Version": "20240404"}
Call = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with start(SandboxState(SandboxClock(NOW, running=False), build(NOW).load_ats_into)) as sandbox:
        yield sandbox


@pytest.fixture
def get(running: RunningSandbox) -> Call:
    running.state.reset()

    def call(path: str, headers: dict[str, str] = KEY, **query: Any) -> requests.Response:
        pages = {f"page[{name.removeprefix('page_')}]": query.pop(name) for name in list(query) if "page_" in name}
        url = f"{running.ats_url('teamtailor')}/v1{path}"
        return requests.get(url, headers=headers, params={**query, **pages}, timeout=5)

    return call


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"filedrop"}))
def test_candidates_of_every_dialect_can_be_nudged_and_its_pages_have_a_size(
    running: RunningSandbox, kind: str
) -> None:
    running.state.reset()
    company = running.state.dialect(kind)

    company.nudge(2)

    assert company.page_size > 0


@pytest.fixture
def act(running: RunningSandbox) -> Call:
    def call(kind: str, action: str, **body: Any) -> requests.Response:
        return requests.post(f"{running.base_url}/sandbox/{kind}/{action}", json=body, timeout=5)

    return call


def test_each_ats_answers_on_a_port_of_its_own(running: RunningSandbox) -> None:
    urls = {running.base_url, running.ats_url("recruitee"), running.ats_url("teamtailor")}

    assert len(urls) == 3
    assert running.ats_url("recruitee") in urls


def test_all_show_the_same_people(running: RunningSandbox) -> None:
    running.state.reset()
    teamtailor, recruitee = running.state.dialect("teamtailor"), running.state.dialect("recruitee")

    mails = {one.attributes["email"] for one in teamtailor.resources["candidates"].values()}

    assert mails == {mail for one in recruitee.candidates.values() for mail in one["emails"]}


def test_faults_and_counts_are_the_vendors_own(running: RunningSandbox, get: Call, act: Call) -> None:
    act("teamtailor", "faults", faults=[{"kind": "status", "status": 503}])

    assert [get("/users").status_code for _ in range(2)] == [503, 200]
    assert act("teamtailor", "stats").json()["total"] == 2
    assert (act("recruitee", "stats").json()["total"], running.state.stats.total) == (0, 0)


def test_a_reset_brings_an_ats_back_as_it_was(running: RunningSandbox, get: Call, act: Call) -> None:
    act("teamtailor", "delete", candidate_id="500002")
    gone = get("/candidates/500002").status_code
    running.state.reset()

    assert (gone, get("/candidates/500002").status_code) == (404, 200)


@pytest.mark.parametrize(
    ("kind", "action", "body"),
    [("teamtailor", "dance", {}), ("teamtailor", "move", {}), ("teamtailor", "settings", {"colour": "red"})],
)
def test_what_cannot_be_done_is_refused(act: Call, kind: str, action: str, body: dict[str, Any]) -> None:
    assert act(kind, action, **body).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (KEY, 200),
        ({**KEY, "Authorization": "Bearer teamtailor-key"}, 401),
        ({**KEY, "Authorization": "Token token=x"}, 401),
        ({"Authorization": KEY["Authorization"]}, 400),
    ],
)
def test_key_and_version_must_be_right(get: Call, headers: dict[str, str], status: int) -> None:
    assert get("/users", headers).status_code == status


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/candidates", {"page_size": 31}),
        ("/candidates", {"page_number": 0}),
        ("/candidates", {"filter[name]": "Sanne"}),
        ("/candidates", {"include": "notes"}),
        ("/jobs", {"sort": "title"}),
        ("/users", {"filter[updated-at][from]": NOW}),
    ],
)
def test_what_teamtailor_does_not_have_is_refused(get: Call, path: str, query: dict[str, Any]) -> None:
    assert get(path, **query).status_code == 400


def test_an_unknown_path_is_not_found_as_the_vendor_says_it(get: Call) -> None:
    answer = get("/invoices")

    assert (answer.status_code, list(answer.json())) == (404, ["errors"])


def test_a_relation_shows_its_ids_only_when_it_is_included(get: Call) -> None:
    bare = get("/job-applications", page_size=1).json()["data"][0]["relationships"]["candidate"]
    told = get("/job-applications", page_size=1, include="candidate").json()

    assert "data" not in bare
    assert told["data"][0]["relationships"]["candidate"]["data"]["id"] == told["included"][0]["id"]


def test_only_published_jobs_are_shown_unless_all_are_asked_for(get: Call) -> None:
    shown = [get("/jobs", **query).json()["meta"]["record-count"] for query in ({}, {"filter[status]": "all"})]

    assert shown == [10, 12]


def test_links_are_absolute_and_of_the_host_that_was_asked(running: RunningSandbox, get: Call) -> None:
    links = get("/candidates", page_size=30).json()["links"]

    assert links["next"].startswith(f"{running.ats_url('teamtailor')}/v1/candidates?")
    assert "prev" not in links


def test_the_limit_counts_down_in_seconds_left_and_refuses(running: RunningSandbox, get: Call) -> None:
    window = running.state.dialect("teamtailor").window
    window.limit, window.monotonic = 2, lambda: 100.25

    answers = [get("/users") for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one.headers["X-Rate-Limit-Remaining"] for one in answers] == ["1", "0", "0"]
    assert answers[-1].headers["X-Rate-Limit-Reset"] == "10"
