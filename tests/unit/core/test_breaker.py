"""When a source is left alone, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sync.core.breaker import (
    Breaker,
    Moment,
    after_failure,
    after_last_of_quota,
    after_request_to_wait,
    is_shut,
    quota_returns,
    sentence,
)

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
REAL = 1_000_000.0
AT = Moment(NOW, REAL)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def failed(times: int, trips_after: int = 3) -> Breaker:
    """The breaker after that many runs without an answer, two minutes apart."""
    breaker = None
    for number in range(times):
        at = Moment(NOW + timedelta(minutes=2 * number), REAL)
        breaker = after_failure(breaker, "no answer", trips_after=trips_after, at=at)
    assert breaker is not None
    return breaker


@pytest.mark.parametrize(
    ("failures", "trips_after", "minutes"),
    [
        (1, 3, None),  # once is a hiccup
        (2, 3, None),
        (3, 3, 2),
        (4, 3, 4),
        (5, 3, 8),
        (6, 3, 16),
        (7, 3, 30),  # the longest
        (50, 3, 30),
        (1, 1, 2),
        (50, 0, None),  # switched off
    ],
)
def test_pauses_grow_with_the_runs_that_failed_in_a_row(failures: int, trips_after: int, minutes: int | None) -> None:
    breaker = failed(failures, trips_after)

    assert (breaker.failures, breaker.since) == (failures, NOW)
    assert breaker.retry_at == (None if minutes is None else REAL + 60 * minutes)


@pytest.mark.parametrize(
    ("breaker", "at", "shut"),
    [
        (failed(2), AT, False),
        (failed(3), AT, True),
        (failed(3), Moment(NOW, REAL + 119), True),
        (failed(3), Moment(NOW, REAL + 120), False),  # then one run tries again
        (failed(3), Moment(NOW, REAL - 90_000), False),  # the machine's clock was put back by more than a day
        (after_last_of_quota("spent", zone="Europe/Amsterdam", at=AT), Moment(NOW, REAL + 1e9), True),
        (
            after_last_of_quota("spent", zone="Europe/Amsterdam", at=AT),
            Moment(datetime(2026, 11, 24, 23, tzinfo=UTC), REAL),
            False,
        ),
        (after_request_to_wait(None, "moves", wait_s=7_200, at=AT), Moment(NOW, REAL + 7_199), True),
        (after_request_to_wait(None, "moves", wait_s=7_200, at=AT), Moment(NOW, REAL + 7_200), False),
        (after_request_to_wait(None, "moves", wait_s=1e9, at=AT), Moment(NOW, REAL + 86_400), False),  # clamped
    ],
)
def test_a_source_is_left_alone_until_its_moment(breaker: Breaker, at: Moment, shut: bool) -> None:
    assert is_shut(breaker, at) is shut


@pytest.mark.parametrize(
    ("breaker", "shut"),
    [
        (failed(3), False),  # warmline's own pause
        (after_request_to_wait(failed(3), "moves", wait_s=7_200, at=AT), True),
        (after_last_of_quota("spent", zone="Europe/Amsterdam", at=AT), True),
    ],
)
def test_a_run_asked_for_by_itself_minds_only_the_vendors_wish(breaker: Breaker, shut: bool) -> None:
    assert is_shut(breaker, AT, tries_anyway=True) is shut


@pytest.mark.parametrize(
    ("now", "zone", "returns"),
    [
        ("2026-11-24T08:00:00Z", "Europe/Amsterdam", "2026-11-24T23:00:00Z"),
        ("2026-11-24T08:00:00Z", "US/Eastern", "2026-11-25T05:00:00Z"),
        ("2026-11-24T23:05:00Z", "Europe/Amsterdam", "2026-11-24T23:20:00Z"),  # its midnight by our clock only
        ("2026-11-24T23:15:00Z", "Europe/Amsterdam", "2026-11-25T23:00:00Z"),
        ("2026-10-24T20:00:00Z", "Europe/Amsterdam", "2026-10-24T22:00:00Z"),  # the night the clock goes back
        ("2026-10-25T20:00:00Z", "Europe/Amsterdam", "2026-10-25T23:00:00Z"),
        ("2026-11-24T08:00:00Z", "", "2026-11-24T09:00:00Z"),  # the account could not be asked
        ("2026-11-24T08:00:00Z", "Mars/Olympus", "2026-11-24T09:00:00Z"),
        ("2026-11-24T08:00:00Z", "../etc/passwd", "2026-11-24T09:00:00Z"),
    ],
)
def test_the_days_quota_returns_at_the_portals_midnight(now: str, zone: str, returns: str) -> None:
    assert quota_returns(datetime.fromisoformat(now), zone) == datetime.fromisoformat(returns)


@pytest.mark.parametrize(
    ("breaker", "told"),
    [
        (failed(1), "ats has not answered since 2026-11-24 09:00: no answer"),
        (
            failed(3),
            "ats has not answered since 2026-11-24 09:00 and is left alone until 1970-01-12 14:48: no answer",
        ),
        (
            after_last_of_quota("spent.", zone="US/Eastern", at=AT),
            "ats is parked until 2026-11-25 00:00 (US/Eastern): spent.",
        ),
        (
            after_last_of_quota("spent.", zone="", at=AT),
            "ats is parked until 2026-11-24 10:00 (Europe/Amsterdam): spent.",
        ),
    ],
)
def test_a_sentence_says_since_when_and_until_when(breaker: Breaker, told: str) -> None:
    assert sentence("ats", breaker, AMSTERDAM) == told
