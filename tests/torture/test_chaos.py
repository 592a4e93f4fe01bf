"""Many contacts, tight limits, and a tenth of all requests failing on both sides: it ends as in fair weather."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.clock import to_moment
from sandbox.server import start
from sandbox.world import portal
from tests.conftest import NOW
from tests.system.portal import markers
from tests.torture.chaos import BATCHES, HUBSPOT, THROTTLED, Outlived, crowd, outlive, scene
from tests.torture.tally import EVERYTHING, tally

CONTACTS = 2000 if EVERYTHING else 200
SEEDS = range(12 if EVERYTHING else 1)
PERCENT = 10.0
STORM = 1.5
HALF_A_RUN = 15  # requests to HubSpot: what is read in a first run of 200 contacts, and some of what is written
WEATHER = tally(
    f"Weather over {CONTACTS} contacts, {PERCENT:.0f} % faults",
    "seed", "runs", "faults", "429", "while throttled", "requests", "calm", "duplicate", "different",
)  # fmt: skip
KINDS = tally("Faults suffered", "fault", "times")


def different(one: Outlived, calm: Outlived) -> list[str]:
    """The parts of the portal that are not as in fair weather."""
    return [part for part in calm.end if one.end[part] != calm.end[part]]


@pytest.mark.timeout(900)
def test_bad_weather_on_both_sides_changes_nothing_but_the_time_it_takes(tmp_path: Path) -> None:
    world = crowd(CONTACTS)
    with start(portal(world)) as running:
        calm = outlive(scene(running, world, tmp_path / "calm.db"))
        outlived = {
            seed: outlive(scene(running, world, tmp_path / f"{seed}.db", percent=PERCENT, seed=seed)) for seed in SEEDS
        }

    assert (calm.codes, calm.impatient, calm.doubled) == ([0], 0, 0)
    assert len(calm.end["contacts"]) >= CONTACTS and len(calm.end["tasks"]) >= CONTACTS / 50
    for seed, one in outlived.items():
        WEATHER.add(
            str(seed), len(one.codes), one.faults.total(), one.throttled, one.impatient, one.requests, calm.requests,
            one.doubled, len(different(one, calm)),
        )  # fmt: skip
        for name, count in one.faults.items():
            KINDS.add(name, count)
        assert (seed, different(one, calm), one.doubled, one.impatient) == (seed, [], 0, 0)
        assert one.codes[-1] == 0 and set(one.codes) <= {0, 3}
        assert one.requests <= STORM * calm.requests, (seed, one.requests, calm.requests)
    named = {name for name, _ in (*HUBSPOT, *THROTTLED, *BATCHES)}
    assert not EVERYTHING or set(KINDS.rows) == named


def test_a_spent_day_is_left_alone_until_the_portals_midnight(tmp_path: Path) -> None:
    world, at = crowd(200), to_moment(NOW)
    with start(portal(world)) as running:
        quiet = scene(running, world, tmp_path / "calm.db")
        quiet.env["PLAYS__PROMISE__ENABLED"] = "false"  # a day later more answers are owed
        calm = outlive(quiet)
        spent = scene(running, world, tmp_path / "spent.db")
        spent.env |= {"HUBSPOT__DAILY_RESERVE": "0", "PLAYS__PROMISE__ENABLED": "false"}
        spent.state.limits.daily = spent.state.limits.daily_used + HALF_A_RUN

        codes = [spent.run(at)]
        seen = spent.hubspot.seen
        codes.append(spent.run(at + timedelta(hours=12)))
        waited = spent.hubspot.seen - seen
        spent.state.limits.daily = 650_000
        codes += [spent.run(datetime(2026, 11, 25, 0, 1, tzinfo=UTC)), spent.run(datetime(2026, 11, 25, 8, tzinfo=UTC))]

    marked = markers(spent.state)
    assert (codes, waited) == ([3, 3, 0, 0], 0)
    assert spent.state.stats.throttled["DAILY"] == 0  # its headers said so in time
    assert spent.state.limits.impatient.total() == 0
    assert len(set(marked)) == len(marked) == len(calm.end["tasks"])
