"""The sandbox's Recruitee over HTTP: what it shows, and what its control plane does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import requests

from sandbox.clock import SandboxClock
from sandbox.dialects.recruitee.people import POOL_ID
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.world import World, build

NOW = "2026-11-24T08:00:00.000Z"
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def world() -> World:
    return build(NOW)


@pytest.fixture(scope="module")
def running(world: World) -> Iterator[RunningSandbox]:
    state = SandboxState(SandboxClock(NOW, running=False), world.load_ats_into)
    with start(state) as sandbox:
        yield sandbox


@pytest.fixture
def get(running: RunningSandbox) -> Call:
    running.state.reset()

    def call(path: str, token: str = "recruitee-token", company: str = "4242", **query: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(
            f"{running.ats_url('recruitee')}/c/{company}{path}", headers=headers, params=query, timeout=5
        )

    return call


@pytest.fixture
def act(running: RunningSandbox) -> Call:
    def call(action: str, **body: Any) -> Any:
        answer = requests.post(f"{running.base_url}/sandbox/recruitee/{action}", json=body, timeout=5)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return call


def test_it_holds_the_worlds_candidates_and_applications(get: Call, world: World) -> None:
    rows = get("/candidates").json()["candidates"]

    assert len(rows) == sum(person.in_ats for person in world.people)
    assert sum(len(row["placements"]) for row in rows) == len(world.applications)


@pytest.mark.parametrize(
    ("token", "company", "status"),
    [
        ("recruitee-token", "4242", 200),
        ("recruitee-token", "voorbeeldzorg", 200),
        ("x", "4242", 401),
        ("recruitee-token", "1", 404),
    ],
)
def test_token_and_company_must_be_right(get: Call, token: str, company: str, status: int) -> None:
    assert get("/offers", token, company).status_code == status


def test_prospects_are_placed_on_the_talent_pool(get: Call, world: World) -> None:
    placements = [one for row in get("/candidates").json()["candidates"] for one in row["placements"]]

    prospects = sum(one.status == "prospect" for one in world.applications)
    assert sum(one["offer_id"] == POOL_ID for one in placements) == prospects


def test_search_pages_by_sixty_and_breaks_above_ten_thousand(get: Call) -> None:
    assert len(get("/search/new/candidates").json()["hits"]) == 60
    assert get("/search/new/candidates", limit=10_001).status_code == 500


@pytest.mark.parametrize("honours", [True, False])
def test_search_honours_updated_at_or_says_nothing(get: Call, act: Call, honours: bool) -> None:
    act("settings", honours_updated_at=honours)
    filters = json.dumps([{"field": "updated_at", "gte": int(datetime.fromisoformat(NOW).timestamp()) + 60}])

    assert (get("/search/new/candidates", filters_json=filters).json()["total"] == 0) is honours


def test_people_act(get: Call, act: Call) -> None:
    candidate = act("add-candidate", name="Nova Nieuwpoort", emails=["nova@example.org"])
    placement = act("add-placement", candidate_id=candidate["id"], offer_id=1_209_001)
    act("move", placement_id=placement["id"], stage_id=90_012)
    act("disqualify", placement_id=placement["id"], reason="Te ver weg")
    act("message", candidate_id=candidate["id"])

    shown = get(f"/candidates/{candidate['id']}").json()["candidate"]

    own = shown["placements"][0]
    assert (own["stage_id"], own["disqualify_reason"]) == (90_012, "Te ver weg")
    assert shown["updated_at"] == shown["last_message_at"] == own["disqualified_at"] == "2026-11-24T08:00:00.000000Z"


def test_a_hire_ends_in_the_last_stage(get: Call, act: Call) -> None:
    candidate = act("add-candidate", name="Nova Nieuwpoort")
    placement = act("add-placement", candidate_id=candidate["id"], offer_id=1_209_001)

    assert act("hire", placement_id=placement["id"])["stage_id"] == 90_014


def test_the_deleted_are_gone_and_the_anonymised_are_nobody(get: Call, act: Call) -> None:
    act("delete", candidate_id=47_000_230)
    other = get("/candidates", limit=1).json()["candidates"][0]["id"]
    act("anonymise", candidate_id=other)

    assert get("/candidates/47000230").status_code == 404
    assert get(f"/candidates/{other}").json()["candidate"]["emails"] == []


def test_changes_are_made_between_pages(get: Call, act: Call) -> None:
    last = get("/candidates").json()["candidates"][-1]["id"]
    act("between-pages", changes=[{"action": "delete", "candidate_id": last}])
    get("/candidates", limit=60)

    assert get(f"/candidates/{last}").status_code == 404


def test_an_unknown_action_is_refused(get: Call, running: RunningSandbox) -> None:
    answer = requests.post(f"{running.base_url}/sandbox/recruitee/dance", json={}, timeout=5)

    assert answer.status_code == 400
