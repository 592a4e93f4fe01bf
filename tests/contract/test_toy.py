"""A toy ATS added as CONTRIBUTING.md says keeps the promises of every connector, and costs little."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from config import kinds
from config.settings import load
from connectors.protocols import Source
from sandbox import dialects
from sandbox.clock import SandboxClock, to_iso
from sandbox.dialects.base import Asked, Dialect, Endpoint
from sandbox.errors import ApiError
from sandbox.filedrop_export import rows
from sandbox.server import RunningSandbox
from sync.bootstrap import App
from sync.bootstrap.sources import connect_sources
from sync.clock import Clock
from tests.contract.ats_dialect import DialectHarness, served
from tests.contract.ats_suite import AtsSuite
from tests.contract.toy import connector, mapping
from tests.contract.toy import kind as wiring

HERE = Path(__file__).with_name("toy")
STATES = {"open": "open", "closed": "done", "active": "running", "hired": "won", "rejected": "no"}


class Company(Dialect):
    """Lists of plain rows."""

    def __init__(self, clock: SandboxClock) -> None:
        super().__init__(clock)
        self.token, self.repeats = "toy-token", False
        self.lists: dict[str, dict[str, dict[str, Any]]] = {path: {} for path in connector.PATHS.values()}

    def fill(self, world: Any) -> None:
        """The world's rows, cut short."""
        given = rows(world)
        for row in given["users"]:
            self.put("/users", {"id": row["id"], "name": row["name"], "mail": row["email"]})
        for row in given["jobs"]:
            known = {"title": row["name"], "state": STATES.get(row["status"]), "stages": row["stages"]}
            self.put("/jobs", {"id": row["id"], "owner": row["recruiter_email"], **known})
        for row in given["candidates"]:
            names = {"first": row["first_name"], "last": row["last_name"], "mail": row["email_addresses"]}
            self.put("/people", {"id": row["id"], **names, "changed": to_iso(row["updated_at"])})
        for row in given["applications"]:
            keys = {"person": row["candidate_id"], "job": row["job_id"], "stage": row["stage_id"]}
            moments = {"on": to_iso(row["applied_at"]), "changed": to_iso(row["updated_at"])}
            self.put("/applications", {"id": row["id"], **keys, **moments, "state": STATES.get(row["status"])})

    def settings(self) -> dict[str, str]:
        """A token."""
        return {"token": self.token}

    def admit(self, asked: Asked) -> None:
        """The token."""
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            raise ApiError(401, "no", None)

    def put(self, path: str, row: dict[str, Any]) -> None:
        """Keep a row."""
        self.lists[path][row["id"]] = row


def page(path: str) -> Endpoint:
    def listed(company: Company, asked: Asked) -> dict[str, Any]:
        number = 1 if company.repeats else int(asked.query["page"])
        given = list(company.lists[path].values())
        return {"items": given[(number - 1) * connector.SIZE : number * connector.SIZE], "total": len(given)}

    return Endpoint("GET", path, listed, paged=True)


class ToyHarness(DialectHarness):
    kind = "toy"
    capabilities = connector.CAPABILITIES
    mappers = wiring.TO_ROW

    def __init__(self, running: RunningSandbox) -> None:
        super().__init__(running)
        self.token = self.company.token

    def connect(self, **options: Any) -> Source:
        waits = connector.Waits(self.time.sleep, lambda: 0.0)
        fields = mapping.MAPPING.field_lists()
        return connector.Toy("toy", self.base_url, lambda: self.token, fields, waits)

    def ids(self, noun: str) -> set[str]:
        return set(self.company.lists[connector.PATHS[noun]])

    def edit(self, candidate_id: str) -> None:
        self.company.lists["/people"][candidate_id] |= {"phone": "+31 6 00000000"}

    def add(self) -> str:
        made = f"new{len(self.company.lists['/people'])}"
        self.company.put("/people", {"id": made, "first": "Nova", "last": "Nieuwpoort"})
        return made

    def delete(self, candidate_id: str) -> None:
        del self.company.lists["/people"][candidate_id]
        own = [one["id"] for one in self.company.lists["/applications"].values() if one["person"] == candidate_id]
        for application_id in own:
            del self.company.lists["/applications"][application_id]

    def reject(self, application_id: str, reason: str) -> None:
        self.company.lists["/applications"][application_id] |= {"state": "no", "why": reason}

    def plant(self, marker: str) -> None:
        for given in self.company.lists.values():
            for row in given.values():
                row |= {"notes": marker, "photo": marker}

    def rotate_token(self) -> None:
        self.company.token = self.token = "toy-token-2"

    def revoke_token(self) -> None:
        self.company.token = "another"

    def repeat_pages(self) -> None:
        self.company.repeats = True


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    """The sandbox with one kind more."""
    endpoints = [page(path) for path in connector.PATHS.values()]
    made, known = dialects.make, dialects.endpoints_of

    def make(kind: str, clock: SandboxClock) -> Dialect:
        return Company(clock) if kind == "toy" else made(kind, clock)

    def endpoints_of(kind: str) -> Sequence[Endpoint]:
        return endpoints if kind == "toy" else known(kind)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialects, "make", make)
        patch.setattr("sandbox.dialects.serving.endpoints_of", endpoints_of)
        yield from served()


class TestToy(AtsSuite):
    @pytest.fixture
    def ats(self, running: RunningSandbox) -> ToyHarness:
        return ToyHarness(running)


def test_a_toy_costs_less_than_150_lines_and_one_mapping_file() -> None:
    code = [path.read_text(encoding="utf-8").splitlines() for path in HERE.glob("*.py")]

    assert sum(map(len, code)) < 150
    assert [path.name for path in HERE.iterdir() if path.is_file() and path.suffix != ".py"] == ["toy.toml"]


def test_its_line_among_the_kinds_is_all_the_settings_need(
    running: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = kinds.Kind("Toy", needs=["base_url"], secrets=["token|token_file"])
    monkeypatch.setitem(kinds.KINDS, "toy", line)  # type: ignore[misc]
    monkeypatch.setitem(sys.modules, "sync.bootstrap.kinds.toy", wiring)
    running.state.reset()
    env = {"KIND": "toy", **{name.upper(): value for name, value in running.ats_settings("toy").items()}}
    settings = load(None, {f"WARMLINE_SOURCES__ATS__{name}": value for name, value in env.items()})

    [connected] = connect_sources(App(settings, Clock()), lambda *_: False)

    assert connected.check() == "people readable"
    assert set(connected.intakes) == {"users", "jobs", "candidates", "applications"}
