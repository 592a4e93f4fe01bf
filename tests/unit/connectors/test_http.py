"""What the transport repeats, what it never repeats, where a token may go, and what it never says."""

from __future__ import annotations

import contextlib
import itertools
import logging
from collections.abc import Callable

import pytest
import requests
import responses
from urllib3.exceptions import MaxRetryError, NewConnectionError

from connectors.credentials import BearerToken
from connectors.http import NotSent, Patience, Request, Transport, Waits, checked_base_url, retry_after_s
from connectors.protocols import RequestCounts
from connectors.ratelimit import OpenGate
from connectors.retry import FIRST_RETRIES, RETRIES_AN_ANSWER
from sync.errors import (
    AuthError,
    BadAnswer,
    Busy,
    LeaseLost,
    NetworkFault,
    RateLimited,
    RetriableError,
    ServerFault,
    WarmlineError,
)
from tests.unit.connectors.conftest import BASE, FakeTime

READ = Request("GET", "/things", query=(("email", "jan@example.org"),))
WRITE = Request("POST", "/things", body=b'{"name":"Jan"}', is_read=False)
Tokens = Callable[[], str]


def transport(fake_time: FakeTime, token: Tokens = lambda: "pat-1", attempts: int = 3) -> Transport:
    patience = Patience(attempts=attempts)
    return Transport(BASE, BearerToken(token), OpenGate(), patience, Waits(fake_time.sleep, lambda: 0.0))


@pytest.mark.parametrize("status", [423, 429, 477, 408, 500, 502, 503, 504, 520, 521, 523, 524])
def test_a_read_is_asked_again(web: responses.RequestsMock, fake_time: FakeTime, status: int) -> None:
    web.get(f"{BASE}/things", status=status)
    web.get(f"{BASE}/things", json={"ok": True})
    sender = transport(fake_time)

    answer = sender.send(READ)

    assert answer.json() == {"ok": True}
    assert sender.counts == RequestCounts(reads=2, retried=1, throttled=int(status == 429))


@pytest.mark.parametrize("status", [423, 429, 477])
def test_a_write_that_was_refused_is_sent_again(web: responses.RequestsMock, fake_time: FakeTime, status: int) -> None:
    web.post(f"{BASE}/things", status=status)
    web.post(f"{BASE}/things", status=201, json={"id": "1"})
    sender = transport(fake_time)

    assert sender.send(WRITE).status == 201
    assert sender.counts == RequestCounts(writes=2, retried=1, throttled=int(status == 429))


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        ({"status": 500}, ServerFault),
        ({"status": 503, "headers": {"Retry-After": "1"}}, ServerFault),
        ({"body": requests.ReadTimeout("jan@example.org")}, NetworkFault),
        ({"body": requests.ConnectionError("reset")}, NetworkFault),
        ({"body": requests.exceptions.SSLError("EOF while reading")}, NetworkFault),  # may come after sending
        ({"status": 302, "headers": {"Location": "https://elsewhere.example.org/"}}, BadAnswer),
    ],
)
def test_a_write_that_may_have_been_done_is_never_sent_again(
    web: responses.RequestsMock, fake_time: FakeTime, failure: dict[str, object], error: type[RetriableError]
) -> None:
    web.post(f"{BASE}/things", **failure)

    with pytest.raises(error):
        transport(fake_time).send(WRITE)

    assert len(web.calls) == 1


def test_a_write_that_never_left_is_sent_again_and_says_so(web: responses.RequestsMock, fake_time: FakeTime) -> None:
    cause = MaxRetryError(None, "/things", NewConnectionError(None, "refused"))  # type: ignore[arg-type]
    web.post(f"{BASE}/things", body=requests.ConnectionError(cause))

    with pytest.raises(NotSent):
        transport(fake_time).send(WRITE)

    assert len(web.calls) == 3


def test_after_a_write_that_failed_the_next_request_waits_as_long_as_the_vendor_asked(
    web: responses.RequestsMock, fake_time: FakeTime
) -> None:
    web.post(f"{BASE}/things", status=503, headers={"Retry-After": "4"})
    web.get(f"{BASE}/things", json={})
    sender = transport(fake_time)

    with pytest.raises(ServerFault):
        sender.send(WRITE)
    before = list(fake_time.slept)
    sender.send(READ)
    sender.send(READ)

    assert (before, fake_time.slept) == ([], [4.0])


def test_a_write_is_asked_whether_it_may_leave_each_time_and_a_read_never(
    web: responses.RequestsMock, fake_time: FakeTime
) -> None:
    asked = iter([None, LeaseLost("This worker was away.")])

    def check() -> None:
        if error := next(asked):
            raise error

    web.get(f"{BASE}/things", json={})
    web.post(f"{BASE}/things", status=429)
    sender = transport(fake_time)
    sender.before_write = check

    sender.send(READ)
    with pytest.raises(LeaseLost):
        sender.send(WRITE)

    assert [call.request.method for call in web.calls] == ["GET", "POST"]


@pytest.mark.parametrize(("status", "error"), [(429, RateLimited), (423, Busy), (503, ServerFault)])
def test_patience_ends(
    web: responses.RequestsMock, fake_time: FakeTime, status: int, error: type[RetriableError]
) -> None:
    web.get(f"{BASE}/things", status=status)

    with pytest.raises(error):
        transport(fake_time).send(READ)

    assert len(web.calls) == 3


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({}, [0.25, 0.5]),  # half of 0.5 and 1.0, the jitter being 0
        ({"Retry-After": "7"}, [7.0, 7.0]),
        ({"Retry-After": "86400"}, [30.0, 30.0]),  # clamped
        ({"Retry-After": "0"}, [0.0, 0.0]),
        ({"Retry-After": "soon"}, [0.25, 0.5]),
    ],
)
def test_waits_grow_or_follow_retry_after(
    web: responses.RequestsMock, fake_time: FakeTime, headers: dict[str, str], waits: list[float]
) -> None:
    web.get(f"{BASE}/things", status=503, headers=headers)

    with pytest.raises(ServerFault):
        transport(fake_time).send(READ)

    assert fake_time.slept == waits


@pytest.mark.parametrize("status", [522, 525, 526, 530])
def test_a_gateway_that_cannot_reach_the_vendor_is_asked_once(
    web: responses.RequestsMock, fake_time: FakeTime, status: int
) -> None:
    web.get(f"{BASE}/things", status=status)

    with pytest.raises(ServerFault):
        transport(fake_time).send(READ)

    assert (len(web.calls), fake_time.slept) == (1, [])


def test_too_many_properties_are_never_asked_for_twice(web: responses.RequestsMock, fake_time: FakeTime) -> None:
    web.get(f"{BASE}/things", status=414)

    assert transport(fake_time).send(READ).status == 414
    assert len(web.calls) == 1


@pytest.mark.parametrize(("asked", "waits"), [("45", [45.0]), ("86400", [60.0])])
def test_a_429_is_waited_for_as_long_as_it_asks_and_at_most_a_minute(
    web: responses.RequestsMock, fake_time: FakeTime, asked: str, waits: list[float]
) -> None:
    web.get(f"{BASE}/things", status=429, headers={"Retry-After": asked})
    web.get(f"{BASE}/things", json={})

    transport(fake_time).send(READ)

    assert fake_time.slept == waits


def test_after_a_request_without_an_answer_the_next_one_is_tried_once(
    web: responses.RequestsMock, fake_time: FakeTime
) -> None:
    web.get(f"{BASE}/things", status=503)
    sender = transport(fake_time)
    for _ in range(2):
        with pytest.raises(ServerFault):
            sender.send(READ)

    assert len(web.calls) == 3 + 1


def test_a_vendor_that_answers_again_is_tried_as_often_as_before(
    web: responses.RequestsMock, fake_time: FakeTime
) -> None:
    for _ in range(3):
        web.get(f"{BASE}/things", status=503)
    web.get(f"{BASE}/things", json={})
    web.get(f"{BASE}/things", status=503)
    web.get(f"{BASE}/things", json={"back": True})
    sender = transport(fake_time)
    with pytest.raises(ServerFault):
        sender.send(READ)
    sender.send(READ)

    assert sender.send(READ).json() == {"back": True}


def test_a_vendor_that_mostly_fails_is_asked_a_bounded_number_of_times(
    web: responses.RequestsMock, fake_time: FakeTime
) -> None:
    replies = itertools.cycle([503, 503, 503, 200])
    web.add_callback("GET", f"{BASE}/things", lambda _: (next(replies), {}, "{}"))
    sender = transport(fake_time, attempts=6)

    answered = 0
    for _ in range(200):
        with contextlib.suppress(ServerFault):
            answered += sender.send(READ).status == 200

    assert sender.counts.retried <= FIRST_RETRIES + RETRIES_AN_ANSWER * answered


def test_an_account_that_moves_for_hours_is_not_waited_for(web: responses.RequestsMock, fake_time: FakeTime) -> None:
    web.get(f"{BASE}/things", status=477, headers={"Retry-After": "7200"})

    with pytest.raises(Busy) as caught:
        transport(fake_time).send(READ)

    assert (caught.value.retry_after_s, fake_time.slept) == (7200.0, [])


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "12"}, 12.0),
        (
            {"Retry-After": "Tue, 24 Nov 2026 08:00:30 GMT", "Date": "Tue, 24 Nov 2026 08:00:00 GMT"},
            30.0,
        ),
        ({"Retry-After": "Tue, 24 Nov 2026 07:59:00 GMT", "Date": "Tue, 24 Nov 2026 08:00:00 GMT"}, 0.0),
        ({"Retry-After": "Tue, 24 Nov 2026 08:00:30 GMT"}, None),  # no Date to count from
        ({"Retry-After": "-5"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


def test_a_rotated_token_is_read_again_once(web: responses.RequestsMock, fake_time: FakeTime) -> None:
    tokens = iter(["pat-old", "pat-new\n"])
    sent: list[str] = []
    web.get(f"{BASE}/things", status=401)
    web.get(f"{BASE}/things", json={})

    transport(fake_time, lambda: next(tokens)).send(READ)
    sent = [call.request.headers["Authorization"] for call in web.calls]

    assert sent == ["Bearer pat-old", "Bearer pat-new"]


def test_a_refused_token_that_did_not_change_ends_the_run(web: responses.RequestsMock, fake_time: FakeTime) -> None:
    web.get(f"{BASE}/things", status=401)

    with pytest.raises(AuthError) as caught:
        transport(fake_time).send(READ)

    assert len(web.calls) == 1
    assert "pat-1" not in str(caught.value)


@pytest.mark.parametrize("token", ["", "  ", "pat 1", "pat-1\r\nX: y", "pat-é"])
def test_a_token_that_cannot_be_one_is_not_sent(fake_time: FakeTime, token: str) -> None:
    with pytest.raises(AuthError) as caught:
        transport(fake_time, lambda: token).send(READ)

    assert not token.strip() or token not in str(caught.value)


def test_redirects_are_not_followed(web: responses.RequestsMock, fake_time: FakeTime) -> None:
    web.get(f"{BASE}/things", status=307, headers={"Location": "https://elsewhere.example.org/"})

    with pytest.raises(BadAnswer):
        transport(fake_time).send(READ)

    assert [call.request.url.split("?")[0] for call in web.calls] == [f"{BASE}/things"]


@pytest.mark.parametrize("path", ["things", "@elsewhere.example.org/", ".elsewhere.example.org/", ""])
def test_a_path_cannot_name_another_host(fake_time: FakeTime, path: str) -> None:
    with pytest.raises(ValueError, match="starts with /"):
        transport(fake_time).send(Request("GET", path))


@pytest.mark.parametrize(
    "url", ["api.hubapi.com", "ftp://x.example.org", "https://u:p@x.example.org", "https://x.example.org?a=1"]
)
def test_a_base_url_is_scheme_host_and_port(url: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        checked_base_url(url)


def test_netrc_is_never_asked(
    web: responses.RequestsMock, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("requests.sessions.get_netrc_auth", lambda *_: ("other", "secret"))
    web.get(f"{BASE}/things", json={})

    transport(fake_time).send(READ)

    assert web.calls[0].request.headers["Authorization"] == "Bearer pat-1"


def test_half_an_answer_is_read_again(web: responses.RequestsMock, fake_time: FakeTime) -> None:
    web.get(f"{BASE}/things", body=b'{"results": [')
    web.get(f"{BASE}/things", body=b"<html>busy</html>")
    web.get(f"{BASE}/things", body=b' {"results": []}\n')

    assert transport(fake_time).send(READ).json() == {"results": []}


@pytest.mark.parametrize(
    "failure",
    [
        {"status": 500, "body": "jan@example.org"},
        {"body": requests.ConnectionError("https://api.hubapi.com/things?email=jan@example.org")},
        {"status": 302, "headers": {"Location": "https://x.example.org/?email=jan@example.org"}},
        {"status": 200, "body": "jan@example.org"},
        {"status": 429, "body": "jan@example.org"},
    ],
)
def test_no_error_or_log_line_holds_a_value(
    web: responses.RequestsMock,
    fake_time: FakeTime,
    caplog: pytest.LogCaptureFixture,
    failure: dict[str, object],
) -> None:
    caplog.set_level(logging.DEBUG)
    web.get(f"{BASE}/things", **failure)

    with pytest.raises(WarmlineError) as caught:
        transport(fake_time).send(READ)

    said = f"{caught.value!r} {caught.value} {caught.value.__context__} {caplog.text}"
    assert "jan@" not in said
    assert "pat-1" not in said
    assert logging.getLogger("urllib3.connectionpool").getEffectiveLevel() >= logging.WARNING
