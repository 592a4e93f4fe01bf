"""Weeks in which nothing happens to the people of the demo: only decay changes scores, and little is written."""

from __future__ import annotations

from datetime import datetime

import pytest

from sandbox.server import start
from sandbox.world import build, portal
from sync.bootstrap import open_view
from tests.integration.conftest import ZONE, Stage

START = datetime(2026, 11, 24, 9, tzinfo=ZONE)
QUIET = 12  # days until the first people are five points below the edge of their band
DAYS = 6
MOST_WRITTEN = 0.03  # of the people who score above 0, a day


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, int, int]]:
    """By day without news: contacts written, people scored above 0, and writes of a second run that day."""
    world = build(START)
    state = portal(world)
    state.limits.burst = state.limits.search = None  # their windows run on real time
    with start(state) as sandbox:
        stage = Stage(sandbox, tmp_path_factory.mktemp("decay"))
        stage.at(START)
        stage.env = {
            "MIRROR__PATH": str(stage.mirror),
            "HUBSPOT__BASE_URL": sandbox.base_url,
            "HUBSPOT__TOKEN": state.token,
            "SOURCES__ATS__KIND": "recruitee",
            **{f"SOURCES__ATS__{key.upper()}": value for key, value in sandbox.ats_settings("recruitee").items()},
            "CONTACT__TRACKING_CONSENT": "portal",
            "WRITES__ENABLED": "true",
            "PLAYS__FAN__ENABLED": "false",
        }
        stage.provision()
        stage.sync(share=1.0)
        stage.later(days=QUIET)
        stage.sync()
        found = []
        for _ in range(DAYS):
            stage.later(days=1)
            written = stage.sync()["actions"]["update_contact"]["applied"]
            stage.writes()
            stage.sync()
            with open_view(stage.app()) as view:
                [(scored,)] = view.db.rows("SELECT count(*) FROM score WHERE value > 0")
            found.append((written, scored, stage.writes()))
    return found


def test_decay_alone_writes_at_most_three_in_a_hundred_a_day(days: list[tuple[int, int, int]]) -> None:
    written, scored = sum(one[0] for one in days), sum(one[1] for one in days)

    assert scored > 150 * DAYS
    assert 0 < written <= MOST_WRITTEN * scored


def test_a_second_run_of_a_day_writes_nothing(days: list[tuple[int, int, int]]) -> None:
    assert [one[2] for one in days] == [0] * DAYS
