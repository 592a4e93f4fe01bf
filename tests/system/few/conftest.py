"""The same portal with a fifth of the people: for tests that need many first syncs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.filedrop_export import export
from sandbox.server import RunningSandbox, start
from sandbox.world import World, build, portal
from tests.conftest import NOW


def few_of(world: World) -> World:
    """Every fifth person of the world with what belongs to them: as varied, five times as quick."""
    people = world.people[::5]
    keys = {one.key for one in people}
    applications = [one for one in world.applications if one.person.key in keys]
    addresses = {one.ats_email for one in people}
    attendance = [one for one in world.attendance if one.email in addresses]
    return replace(world, people=people, applications=applications, attendance=attendance, contact_ids={})


@pytest.fixture(scope="package")
def world() -> World:
    return few_of(build(NOW))


@pytest.fixture(scope="package")
def sandbox_server(world: World) -> Iterator[RunningSandbox]:
    with start(portal(world)) as running:
        yield running


@pytest.fixture(scope="package")
def exported(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    export(world, folder)
    return folder
