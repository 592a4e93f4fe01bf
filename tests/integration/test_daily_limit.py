"""The day's quota: at its end, or at the share kept for other apps, HubSpot is parked until the portal's midnight."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Stage, candidate


@pytest.fixture
def at_work(stage: Stage) -> Stage:
    """After a first run, with somebody to call and a plan that is not written yet."""
    stage.portal.limits.daily_used = 0
    stage.fan_signs(stage.person(1, "Jan", "de Vries"))
    stage.sync(writes=False)
    return stage


def spend(stage: Stage, *, left: int) -> None:
    """The other apps of the account use the day up, all but so many requests."""
    assert stage.portal.limits.daily is not None
    stage.portal.limits.daily_used = stage.portal.limits.daily - left


def reasons(stage: Stage) -> list[str]:
    """One run; why it was not complete."""
    stage.sync()
    assert stage.outcome is not None
    return stage.outcome.reasons


def asked(stage: Stage) -> int:
    """Requests HubSpot got since the last time this was asked."""
    total = stage.portal.stats.total
    stage.portal.stats.__init__()  # type: ignore[misc]
    return total


@pytest.mark.parametrize("left", [0, 1, 100_000])  # used up, nearly, at the share kept for other apps
def test_a_spent_day_parks_hubspot_until_the_portals_midnight(at_work: Stage, left: int) -> None:
    spend(at_work, left=left)
    planned = at_work.tables("outbox")

    told = reasons(at_work)

    assert "hubspot is parked until 2026-11-24 00:00 (Europe/Amsterdam): The portal's daily quota" in told[-1]
    assert (at_work.writes(), at_work.tables("outbox")) == (0, planned)


def test_until_then_runs_ask_hubspot_nothing_and_read_the_ats(at_work: Stage) -> None:
    spend(at_work, left=0)
    at_work.sync()
    asked(at_work)
    at_work.at("2026-11-23T23:50")
    at_work.drop("candidates", candidate("c9", "Nel", "Vos"))

    [told] = reasons(at_work)

    assert told.startswith("hubspot is parked until 2026-11-24 00:00 (Europe/Amsterdam)")
    assert asked(at_work) == 0
    assert "c9" in [row[1] for row in at_work.tables("candidate")["candidate"]]


def test_after_midnight_the_plan_is_written_by_itself(at_work: Stage) -> None:
    spend(at_work, left=0)
    at_work.sync()
    at_work.at("2026-11-24T09:00")

    assert reasons(at_work) == []
    assert len(at_work.tasks()) == 1
    assert at_work.tables("breaker") == {"breaker": []}


def test_a_day_that_is_spent_between_two_writes_loses_none_and_repeats_none(at_work: Stage) -> None:
    for number in range(2, 8):
        at_work.fan_signs(at_work.person(number, f"Naam{number}x", "Vos"))
    at_work.sync(writes=False)
    used = at_work.portal.limits.daily_used
    at_work.sync(writes=False)
    reading = at_work.portal.limits.daily_used - used
    at_work.set(HUBSPOT__DAILY_RESERVE="0")
    spend(at_work, left=reading + 2)

    told = reasons(at_work)
    at_work.at("2026-11-24T09:00")
    after = reasons(at_work)

    assert any("parked until 2026-11-24 00:00" in one for one in told)
    assert after == []
    assert len(at_work.tasks()) == 7


def test_a_smaller_reserve_is_tried_at_once(at_work: Stage) -> None:
    spend(at_work, left=100_000)
    at_work.sync()

    at_work.set(HUBSPOT__DAILY_RESERVE="0.1")

    assert reasons(at_work) == []
    assert len(at_work.tasks()) == 1
