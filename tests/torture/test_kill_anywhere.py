"""A worker that is killed at any request or commit, and started again, leaves the portal as if nothing had happened."""

from __future__ import annotations

import pytest

from tests.system.portal import Reaper
from tests.torture.story import KILLED, NAMES, SYNCS, Damage, Stage, Step, recovered
from tests.torture.tally import spread, tally

pytestmark = pytest.mark.timeout(900)

POINTS = tally("Killed anywhere", "moment", "points", "lost", "duplicate", "lost properties", "runs")
WHEN = pytest.mark.parametrize("after", [False, True], ids=["before", "after"])


def book(what: str, found: dict[int, Damage]) -> dict[int, list[str]]:
    """Count the points; what each of them found, empty where nothing is wrong."""
    for one in found.values():
        POINTS.add(what, 1, one.lost_tasks, one.duplicate_tasks, one.lost_properties, one.runs)
    return {nth: one.said for nth, one in found.items() if one.said}


def after_kill(stage: Stage, step: Step, code: int) -> Damage:
    """What is left of a kill once a run exits 0 again."""
    damage = recovered(stage, step)
    if code != KILLED:
        damage.said.append(f"was not killed but ended with {code}")
    return damage


def test_the_story_has_at_least_three_hundred_moments_to_be_killed_at(story: dict[str, Step]) -> None:
    points = {name: 2 * (step.writes + step.commits) for name, step in story.items()}

    assert sum(points.values()) >= 300, points
    assert all(step.end["tasks"] for name, step in story.items() if name != "provision")


@WHEN
@pytest.mark.parametrize("name", NAMES)
def test_a_kill_at_any_write_ends_as_an_undisturbed_run(
    stage: Stage, story: dict[str, Step], name: str, after: bool
) -> None:
    step, found = story[name], dict[int, Damage]()

    for nth in spread(step.writes, 1):
        stage.place(step)
        found[nth] = after_kill(stage, step, stage.run(step, Reaper(nth, applied=after)))

    assert found
    assert book(f"{'after' if after else 'before'} a write", found) == {}


@WHEN
@pytest.mark.parametrize("name", SYNCS)
def test_a_kill_at_any_commit_ends_as_an_undisturbed_run(
    stage: Stage, story: dict[str, Step], name: str, after: bool
) -> None:
    step, found = story[name], dict[int, Damage]()

    for nth in spread(step.commits, 1):
        stage.place(step)
        found[nth] = after_kill(stage, step, stage.run(step, commits=stage.at_commit(nth, after=after)))

    assert found
    assert book(f"{'after' if after else 'before'} a commit", found) == {}


def test_a_kill_at_a_read_ends_as_an_undisturbed_run(stage: Stage, story: dict[str, Step]) -> None:
    step, found = story["first sync"], dict[int, Damage]()

    for nth in spread(step.reads, 1):
        stage.place(step)
        found[nth] = after_kill(stage, step, stage.run(step, Reaper(nth, writes=False)))

    assert found
    assert book("at a read", found) == {}
