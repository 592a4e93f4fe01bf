"""Play `retention`: asked in the last week somebody may be kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sync.core.facts import PersonFacts
from sync.core.model import Job
from sync.core.plays import PLAYS, Case
from sync.core.plays.retention import PLAY, next_at, wish
from sync.core.retention import retention_term
from tests.unit.core.make import CONTACT, NOW, POLICY, applied, moment, person

DAY = timedelta(days=1)
CLOSED = Job("9", "Kok", status="closed", closed_at=moment("2026-11-01 12:00"))
ENDS = moment("2026-11-01 12:00") + 28 * DAY
REJECTED = person(applications=(applied(CLOSED, status="rejected", at="2026-10-01 10:00"),))


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (ENDS - 8 * DAY, False),
        (ENDS - 7 * DAY, True),
        (ENDS - timedelta(seconds=1), True),
        (ENDS, False),
    ],
)
def test_it_is_wanted_from_a_week_before_until_the_end(now: datetime, wanted: bool) -> None:
    found = wish(Case(REJECTED, POLICY, now))

    assert (found is not None) is wanted
    if found:
        assert (found.occasion, found.type) == ("2026-11-29", "TODO")
        assert found.reasons == ("ends:2026-11-29", "because:procedure")


@pytest.mark.parametrize(
    "facts",
    [
        person(),
        person(applications=(applied(None),)),
        replace(REJECTED, contact=replace(CONTACT, call_back_at=ENDS + DAY)),  # they are called anyhow
    ],
)
def test_nobody_without_an_end_is_asked_about(facts: PersonFacts) -> None:
    case = Case(facts, POLICY, ENDS - DAY)

    assert wish(case) is None


def test_it_looks_again_when_the_week_begins() -> None:
    assert next_at(Case(REJECTED, POLICY, NOW - 5 * DAY)) == ENDS - 7 * DAY
    assert next_at(Case(REJECTED, POLICY, ENDS - DAY)) is None


def test_who_never_applied_is_kept_without_an_end_unless_the_team_sets_one() -> None:
    quiet = person(contact=replace(CONTACT, created_at=NOW - 400 * DAY))
    policy = replace(POLICY.retention, silent_days=365)

    term = retention_term(quiet, policy)

    assert retention_term(quiet, POLICY.retention) is None
    assert term is not None
    assert (term.until, term.because, term.since) == (NOW - 35 * DAY, "silence", NOW - 400 * DAY)


def test_it_takes_no_room_of_calls_and_asks_also_who_may_not_be_called() -> None:
    play = PLAYS[PLAY]

    assert play.apart and not play.profiles
    assert {one.value for one in play.ignores} == {"no_call_ground", "do_not_call", "no_profiling"}
