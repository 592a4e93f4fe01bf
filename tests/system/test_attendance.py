"""A sign-in sheet into HubSpot, as ops do it."""

from __future__ import annotations

import json
from collections.abc import Callable

from sandbox.server import RunningSandbox
from sandbox.world import World
from tests.conftest import Ended, Env

Cli = Callable[..., Ended]


def test_a_sheet_is_put_into_hubspot_by_one_flag_and_once(
    cli: Cli, env: Env, sandbox: RunningSandbox, world: World
) -> None:
    name = next(line.event for line in world.attendance if line.kind == "attended")
    event = sandbox.state.marketing_events.add(name, "2026-11-14T10:00:00Z", "2026-11-14T14:00:00Z")
    env |= {"WARMLINE_ATTENDANCE__EVENTS": f"{name}={event}"}
    people = set(sandbox.state.stores["contacts"].records)

    named = cli("sync", env=env)
    before = len(sandbox.state.marketing_events.event(event).told)
    wrote = cli("sync", "--write-attendance", env=env)
    again = cli("sync", "--write-attendance", env=env)

    told = sandbox.state.marketing_events.event(event).told
    status = json.loads(cli("status", "--json", env=env).stdout)["attendance"]
    assert [one.code for one in (named, wrote, again)] == [0, 0, 0], [one.stderr for one in (named, wrote, again)]
    assert f"{len(told)} attendances of sign-in sheets are not in HubSpot" in named.stdout
    assert f"{len(told)} attendances of sign-in sheets were put into HubSpot" in wrote.stdout
    assert (before, sandbox.state.stats.count("POST", "/attendance/")) == (0, 1)
    assert 0 < len(told) == len({contact for contact, _, _ in told}) == status["written"]
    assert set(sandbox.state.stores["contacts"].records) == people
    assert name not in wrote.stderr
