"""The limiter is never throttled by a limit it knows, and reads a 429 it did not foresee."""

from __future__ import annotations

import json

import pytest

from connectors.http import Answer
from connectors.ratelimit import ASSOCIATIONS, BURST, SEARCH, Limiter
from sync.errors import DailyLimitReached, RateLimited
from tests.unit.connectors.conftest import FakeTime


def limiter(fake_time: FakeTime, **options: float) -> Limiter:
    return Limiter(fake_time.clock, fake_time.sleep, **options)


def burst_headers(maximum: int, remaining: int) -> dict[str, str]:
    return {
        "X-HubSpot-RateLimit-Max": str(maximum),
        "X-HubSpot-RateLimit-Remaining": str(remaining),
        "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
    }


def daily_headers(limit: int, remaining: int) -> dict[str, str]:
    return {"X-HubSpot-RateLimit-Daily": str(limit), "X-HubSpot-RateLimit-Daily-Remaining": str(remaining)}


def moments(gate: Limiter, fake_time: FakeTime, bucket: str, count: int) -> list[float]:
    sent = []
    for _ in range(count):
        gate.acquire(bucket)
        sent.append(fake_time.now)
    return sent


def most_within(sent: list[float], window_s: float) -> int:
    return max(sum(1 for other in sent if start <= other < start + window_s) for start in sent)


@pytest.mark.parametrize(
    ("bucket", "most", "window_s"),
    [(BURST, 80, 10.0), (ASSOCIATIONS, 80, 10.0), (SEARCH, 4, 1.0)],
)
def test_no_window_ever_holds_more_than_the_share(fake_time: FakeTime, bucket: str, most: int, window_s: float) -> None:
    sent = moments(limiter(fake_time), fake_time, bucket, 3 * most)

    assert most_within(sent, window_s) == most


def test_a_header_sets_the_burst(fake_time: FakeTime) -> None:
    gate = limiter(fake_time)
    gate.acquire(BURST)
    gate.learn(BURST, burst_headers(190, 189))

    sent = moments(gate, fake_time, BURST, 400)

    assert most_within(sent, 10.0) == 152


def test_what_another_process_used_counts_too(fake_time: FakeTime) -> None:
    gate = limiter(fake_time)
    gate.acquire(BURST)
    gate.learn(BURST, burst_headers(100, 25))

    sent = moments(gate, fake_time, BURST, 10)

    assert sum(1 for moment in sent if moment < 1_010.0) == 5  # 80 allowed, 75 used


@pytest.mark.parametrize("bucket", [SEARCH, ASSOCIATIONS])
def test_burst_headers_on_exempt_answers_are_not_counted(fake_time: FakeTime, bucket: str) -> None:
    gate = limiter(fake_time)
    gate.learn(bucket, burst_headers(100, 0))

    assert moments(gate, fake_time, BURST, 80) == [1_000.0] * 80


@pytest.mark.parametrize("headers", [{}, {"X-HubSpot-RateLimit-Max": "many"}, {"X-HubSpot-RateLimit-Max": "0"}])
def test_headers_are_optional(fake_time: FakeTime, headers: dict[str, str]) -> None:
    gate = limiter(fake_time)
    gate.learn(BURST, headers)

    assert most_within(moments(gate, fake_time, BURST, 100), 10.0) == 80


def test_the_reserve_of_the_day_is_left_to_others(fake_time: FakeTime) -> None:
    gate = limiter(fake_time, daily_reserve=0.2)
    gate.learn(SEARCH, daily_headers(1_000, 201))
    gate.acquire(BURST)
    gate.learn(BURST, daily_headers(1_000, 200))

    with pytest.raises(DailyLimitReached):
        gate.acquire(BURST)


def test_a_spent_day_stays_spent_however_long_a_run_takes(fake_time: FakeTime) -> None:
    gate = limiter(fake_time)
    gate.learn(BURST, daily_headers(1_000, 0))
    fake_time.now += 3_600

    with pytest.raises(DailyLimitReached):
        gate.acquire(BURST)


DAILY = {"message": "You have reached your daily limit.", "policyName": "DAILY", "errorType": "RATE_LIMIT"}
ROLLING = {
    "message": "You have reached your ten_secondly_rolling limit.",
    "policyName": "TEN_SECONDLY_ROLLING",
    "groupName": "publicapi:x",
}
SECONDLY = {"message": "You have reached your secondly limit.", "category": "RATE_LIMITS"}


@pytest.mark.parametrize(
    ("body", "headers", "error", "wait_s"),
    [
        (DAILY, {}, DailyLimitReached, None),
        ({"message": "You have reached your daily limit."}, {}, DailyLimitReached, None),
        (ROLLING, {}, RateLimited, 10.0),
        (ROLLING, {"Retry-After": "3"}, RateLimited, 3.0),
        (ROLLING, {"Retry-After": "600"}, RateLimited, 10.0),  # the window cannot take longer
        (SECONDLY, {}, RateLimited, 1.0),
        ({"message": "You have reached your rate limit."}, {}, RateLimited, None),  # then: exponential
        ({"message": "You have reached your rate limit."}, {"Retry-After": "4"}, RateLimited, 4.0),
        ("error code: 1015", {}, RateLimited, None),  # Cloudflare, plain text
        ([], {}, RateLimited, None),
    ],
)
def test_a_429_is_read_by_its_policy(
    fake_time: FakeTime,
    body: object,
    headers: dict[str, str],
    error: type[RateLimited],
    wait_s: float | None,
) -> None:
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()

    refused = limiter(fake_time).refused(SEARCH, Answer(429, headers, raw))

    assert (type(refused), refused.retry_after_s) == (error, wait_s)


@pytest.mark.parametrize(
    ("body", "headers", "wait_s"),
    [
        (ROLLING, {}, 10.0),
        (ROLLING, {"Retry-After": "3"}, 3.0),
        (SECONDLY, {}, 1.0),
        ({"message": "You have reached your rate limit."}, {"Retry-After": "45"}, 45.0),
        ({"message": "You have reached your rate limit."}, {"Retry-After": "86400"}, 60.0),  # clamped
        ("error code: 1015", {}, 1.0),  # tells nothing
    ],
)
def test_who_waits_already_when_a_429_comes_is_held_back_too(
    fake_time: FakeTime, body: object, headers: dict[str, str], wait_s: float
) -> None:
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    came_at: list[float] = []

    def sleep(seconds: float) -> None:
        fake_time.sleep(seconds)
        if not came_at:
            came_at.append(fake_time.now)
            gate.refused(BURST, Answer(429, headers, raw))

    gate = Limiter(fake_time.clock, sleep)
    moments(gate, fake_time, BURST, 80)  # the window is full: the next one waits

    gate.acquire(BURST)

    assert fake_time.now - came_at[0] == wait_s


def test_a_429_about_the_burst_holds_back_the_burst_whoever_met_it(fake_time: FakeTime) -> None:
    gate = limiter(fake_time)
    gate.refused(ASSOCIATIONS, Answer(429, {}, json.dumps(ROLLING).encode()))

    assert moments(gate, fake_time, BURST, 1) == [1_010.0]


def test_a_429_on_search_leaves_more_room_to_others(fake_time: FakeTime) -> None:
    gate = limiter(fake_time)
    gate.refused(SEARCH, Answer(429, {}, json.dumps(SECONDLY).encode()))

    assert most_within(moments(gate, fake_time, SEARCH, 20), 1.0) == 3


def test_after_a_429_the_whole_bucket_waits_and_no_other(fake_time: FakeTime) -> None:
    gate = limiter(fake_time)
    gate.refused(BURST, Answer(429, {}, json.dumps(ROLLING).encode()))

    gate.acquire(SEARCH)
    searched_at = fake_time.now
    gate.acquire(BURST)

    assert (searched_at, fake_time.now) == (1_000.0, 1_010.0)


def test_a_daily_429_stops_every_bucket(fake_time: FakeTime) -> None:
    gate = limiter(fake_time)
    gate.refused(SEARCH, Answer(429, {}, json.dumps(DAILY).encode()))

    for bucket in (BURST, SEARCH, ASSOCIATIONS):
        with pytest.raises(DailyLimitReached):
            gate.acquire(bucket)
