"""Tokens that are asked for: once, again when refused or about to end, and never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import responses

from connectors.http import Patience, Request, Transport, Waits
from connectors.oauth import BasicAuth, Grant, GrantedToken, NoCredentials, ask_token
from connectors.ratelimit import OpenGate
from sync.errors import AuthError, BadAnswer
from tests.unit.connectors.conftest import FakeTime

BASE = "https://ats.example.com"
FORM = {"grant_type": "client_credentials", "client_id": "warm", "client_secret": "geheim"}
Make = Callable[..., Transport]


@pytest.fixture
def make(fake_time: FakeTime) -> Make:
    def transport(credentials: Any = None) -> Transport:
        waits = Waits(fake_time.sleep, lambda: 0.0)
        return Transport(BASE, credentials or NoCredentials(), OpenGate(), Patience(attempts=2), waits)

    return transport


def test_a_token_is_asked_for_once_and_sent_as_the_vendor_wants(
    make: Make, web: responses.RequestsMock, fake_time: FakeTime
) -> None:
    web.post(f"{BASE}/token", json={"access_token": "t1"})
    web.get(f"{BASE}/rows", json=[])
    own = GrantedToken(lambda: ask_token(make(), "/token", FORM), fake_time.clock, header="BhRestToken", scheme="")
    transport = make(own)

    for _ in range(3):
        transport.send(Request("GET", "/rows"))

    assert [call.request.headers.get("BhRestToken") for call in web.calls] == [None, "t1", "t1", "t1"]
    assert web.calls[0].request.body == b"grant_type=client_credentials&client_id=warm&client_secret=geheim"


def test_a_refused_token_is_asked_for_again_once(make: Make, web: responses.RequestsMock) -> None:
    web.post(f"{BASE}/token", json={"access_token": "old"})
    web.post(f"{BASE}/token", json={"access_token": "new"})
    web.get(f"{BASE}/rows", status=401)
    web.get(f"{BASE}/rows", json=[])

    make(GrantedToken(lambda: ask_token(make(), "/token", FORM))).send(Request("GET", "/rows"))

    assert web.calls[-1].request.headers["Authorization"] == "Bearer new"


def test_a_token_that_stays_refused_stops_the_run(make: Make, web: responses.RequestsMock) -> None:
    web.post(f"{BASE}/token", json={"access_token": "same"})
    web.get(f"{BASE}/rows", status=401)

    with pytest.raises(AuthError):
        make(GrantedToken(lambda: ask_token(make(), "/token", FORM))).send(Request("GET", "/rows"))


@pytest.mark.parametrize(("lives_s", "asked"), [(600.0, 2), (80.0, 3), (None, 1)])
def test_a_token_is_renewed_before_it_ends(fake_time: FakeTime, lives_s: float | None, asked: int) -> None:
    grants: list[Grant] = []

    def ask() -> Grant:
        grants.append(Grant(f"t{len(grants)}", lives_s))
        return grants[-1]

    own = GrantedToken(ask, fake_time.clock)
    for now in (0.0, 30.0, 50.0, 545.0):
        fake_time.now = now
        own.headers()

    assert len(grants) == asked


@pytest.mark.parametrize(
    ("told", "headers", "lives_s"),
    [
        ({"expires_in": 600}, {}, 600.0),
        ({"expires_at": "2026-11-24T09:00:00Z"}, {"Date": "Tue, 24 Nov 2026 08:50:00 GMT"}, 600.0),
        ({"expires_at": "2026-11-24T09:00:00Z"}, {}, None),
        ({"expires_at": "2026-11-24T08:00:00Z"}, {"Date": "Tue, 24 Nov 2026 08:50:00 GMT"}, None),
        ({"expires_in": "soon"}, {}, None),
        ({}, {}, None),
    ],
)
def test_how_long_a_token_lives_is_as_told(
    make: Make, web: responses.RequestsMock, told: dict[str, Any], headers: dict[str, str], lives_s: float | None
) -> None:
    web.post(f"{BASE}/token", json={"access_token": "t", **told}, headers=headers)

    assert ask_token(make(), "/token", FORM).lives_s == lives_s


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "invalid_client", "error_description": "geheim is wrong"}, AuthError),
        (401, {"error": "geheim"}, AuthError),
        (403, {}, AuthError),
        (200, {"token": "geheim"}, BadAnswer),
        (200, {"access_token": "geheim\nof niet"}, BadAnswer),
        (200, ["geheim"], BadAnswer),
    ],
)
def test_a_refusal_quotes_nothing_of_the_answer(
    make: Make, web: responses.RequestsMock, status: int, body: Any, error: type[Exception]
) -> None:
    web.post(f"{BASE}/token", json=body, status=status)

    with pytest.raises(error) as caught:
        ask_token(make(), "/token", FORM)

    assert "geheim" not in f"{caught.value!r}{caught.value}"


def test_a_grant_shows_no_token_when_printed() -> None:
    assert "geheim" not in repr(Grant("geheim", 1.0, {"access_token": "geheim"}))


def test_a_secret_that_was_rotated_is_read_again(make: Make, web: responses.RequestsMock) -> None:
    secrets = iter(["old", "new", "new"])
    web.post(f"{BASE}/token", status=401)
    web.post(f"{BASE}/token", json={"access_token": "t"})

    found = ask_token(make(BasicAuth("warm", lambda: next(secrets))), "/token", FORM)

    assert found.token == "t"
    assert web.calls[-1].request.headers["Authorization"] == "Basic d2FybTpuZXc="
