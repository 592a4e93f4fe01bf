"""The same invented world through files and through each vendor: the same mirror, links, scores and plan.

What a vendor does not have is the table in docs/<kind>.md, as code in tests/integration/dialects; nothing else may
differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from config.kinds import KINDS
from sync.bootstrap import open_view
from tests.conftest import ROOT
from tests.integration.dialects import differences_of
from tests.integration.same_world import Differences, Told, planned, without


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The world as files."""
    plan, stage = planned("filedrop", tmp_path_factory.mktemp("filedrop"))
    with open_view(stage.app()) as view:
        yield Told(view.db, plan)


@pytest.fixture(scope="module", params=sorted(KINDS.keys() - {"filedrop"}))
def differences(request: pytest.FixtureRequest) -> Differences:
    return differences_of(request.param)


@pytest.fixture(scope="module")
def vendor(differences: Differences, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The world as the vendor shows it."""
    plan, stage = planned(differences.kind, tmp_path_factory.mktemp(differences.kind))
    with open_view(stage.app()) as view:
        yield Told(view.db, plan)


def test_people_are_the_same_but_for_what_the_table_says(files: Told, vendor: Told, differences: Differences) -> None:
    wanted = {key: differences.candidate(files, key, row) for key, row in files.candidates.items()}

    assert len(wanted) > 250
    assert vendor.candidates == wanted


def test_applications_are_the_same_but_for_what_the_table_says(
    files: Told, vendor: Told, differences: Differences
) -> None:
    of_files = files.applications(differences.application_key)
    wanted = {key: differences.application(files, key, row) for key, row in of_files.items()}

    assert len(wanted) > 250
    assert {row["status"] for row in of_files.values()} == {"active", "hired", "rejected", "withdrawn", "prospect"}
    assert vendor.applications(differences.application_key) == wanted


def test_vacancies_and_their_stages_are_the_same_but_for_what_the_table_says(
    files: Told, vendor: Told, differences: Differences
) -> None:
    of_files = {name: differences.job(files, name, row) for name, row in files.jobs().items()}
    of_vendor = {name: row for name, row in vendor.jobs().items() if name not in differences.own_jobs}
    stages = {key: row for key, row in vendor.stages().items() if key[0] not in differences.own_jobs}

    assert vendor.jobs().keys() - of_files.keys() == differences.own_jobs
    assert _seen(of_vendor, differences) == _seen(of_files, differences)
    assert stages == {key: differences.stage(row) for key, row in files.stages().items()}


def _seen(jobs: dict[str, Any], differences: Differences) -> dict[str, Any]:
    return {name: without(row, *differences.blind_to) for name, row in jobs.items()}


def test_users_and_the_open_day_are_the_same(files: Told, vendor: Told, differences: Differences) -> None:
    assert vendor.users() == differences.users(files)
    assert vendor.table("attendance") == files.table("attendance")


def test_stages_are_entered_exactly_or_when_first_seen(files: Told, vendor: Told, differences: Differences) -> None:
    exact, seen = ({(row["at"], row["exact"]) for row in one.table("stage_transition")} for one in (files, vendor))

    assert {flag for _, flag in exact} == {1}
    assert seen == differences.moves(files)


MADE: dict[str, Callable[[Told], Any]] = {
    "links": lambda told: set(told.people().values()),
    "reviews": Told.reviews,
    "touches": Told.touches,
    "scores": lambda told: told.of_people("score"),
}


@pytest.mark.parametrize("what", MADE)
def test_what_warmline_makes_of_both_is_the_same(
    files: Told, vendor: Told, differences: Differences, what: str
) -> None:
    of_files, of_vendor = MADE[what](files), MADE[what](vendor)

    assert len(of_files) > 5
    differences.check_made(what, of_files, of_vendor)


def test_decisions_are_the_same_but_for_what_the_table_says(
    files: Told, vendor: Told, differences: Differences
) -> None:
    assert len(files.of_people("decision")) > 15
    differences.check_decisions(files, vendor)


def test_the_plan_is_the_same_but_for_what_the_table_says(files: Told, vendor: Told, differences: Differences) -> None:
    assert len(files.actions()) > 200
    differences.check_plan(files, vendor)


def test_the_differences_are_those_of_the_page(differences: Differences) -> None:
    page = (ROOT / "docs" / f"{differences.kind}.md").read_text(encoding="utf-8").partition("## What differs")[2]
    told = re.findall(r"^\| (`.+?`) \|", page.partition("\n## ")[0], re.MULTILINE)

    assert {one.replace("`", "") for one in told} == differences.documented
