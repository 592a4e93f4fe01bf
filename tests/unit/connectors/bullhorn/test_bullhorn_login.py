"""Logging in to Bullhorn: where secrets may go, and tokens that work once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import responses

from connectors.bullhorn import BullhornOptions, connect
from connectors.bullhorn.connector import Bullhorn
from connectors.bullhorn.wires import Places
from connectors.protocols import Source, Window
from sync.errors import AuthError, BadAnswer, RetriableError
from tests.unit.connectors.conftest import FakeTime

START = "https://rest.bullhornstaffing.com/rest-services/loginInfo"
OAUTH = "https://auth-emea.bullhornstaffing.com/oauth"
REST = "https://rest-emea.bullhornstaffing.com/rest-services"
OWN = "https://rest91.bullhornstaffing.com/rest-services/abc12"  # the company's own address
WINDOW = Window(None, datetime(2026, 11, 24, tzinfo=UTC))
SECRETS = ("the-secret", "the-password", "access-1", "refresh-1", "session-1")


@pytest.fixture
def bullhorn(fake_time: FakeTime) -> Bullhorn:
    options = BullhornOptions(
        name="ats",
        client_id="the-client",
        client_secret=lambda: "the-secret",
        username="api.user",
        password=lambda: "the-password",
        fields={"users": ("name", "email")},
    )
    return connect(options, sleep=fake_time.sleep, jitter=lambda: 0.0)


def lay_the_way(web: responses.RequestsMock, **changes: Any) -> None:
    """Answers from the data centre to the session; `changes`: another answer for a step."""
    steps: dict[str, Any] = {
        "info": {"json": {"oauthUrl": OAUTH, "restUrl": REST}},
        "code": {"status": 302, "headers": {"Location": "https://www.example.com/?code=25%3Aabc&x=1"}},
        "token": {"json": {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 600}},
        "session": {"json": {"BhRestToken": "session-1", "restUrl": f"{OWN}/"}},
        **changes,
    }
    calls = {
        "info": ("GET", START),
        "code": ("GET", f"{OAUTH}/authorize"),
        "token": ("POST", f"{OAUTH}/token"),
        "session": ("GET", f"{REST}/login"),
    }
    for step, answer in steps.items():
        web.add(*calls[step], **answer)


def asked(web: responses.RequestsMock, place: int) -> dict[str, str]:
    """The query of a request."""
    url = str(web.calls[place].request.url)
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def users(source: Source) -> list[str]:
    return [record["id"] for page in source.fetch_pages("users", WINDOW, None) for record in page.records]


@pytest.fixture
def web() -> Any:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def test_the_way_leads_from_the_data_centre_to_the_session(bullhorn: Bullhorn, web: responses.RequestsMock) -> None:
    lay_the_way(web)
    web.add("GET", f"{OWN}/query/CorporateUser", json={"data": [{"id": 7, "name": "Eva", "email": "e@example.com"}]})

    found = users(bullhorn)

    assert found == ["7"]
    assert asked(web, 0) == {"username": "api.user"}
    assert asked(web, 1)["password"] == "the-password"
    assert asked(web, 2) == {
        "grant_type": "authorization_code",
        "code": "25:abc",
        "client_id": "the-client",
        "client_secret": "the-secret",
    }
    assert asked(web, 3) == {"version": "*", "access_token": "access-1", "ttl": "10"}
    assert web.calls[4].request.headers["BhRestToken"] == "session-1"
    assert bullhorn.requests.reads == 5


def test_a_refresh_token_is_sent_once_and_the_new_one_the_next_time(
    bullhorn: Bullhorn, web: responses.RequestsMock
) -> None:
    lay_the_way(web)
    web.add("POST", f"{OAUTH}/token", json={"access_token": "access-2", "refresh_token": "refresh-2"})
    web.add("POST", f"{OAUTH}/token", json={"access_token": "access-3", "refresh_token": "refresh-3"})
    for status in (401, 200, 401, 200):
        web.add("GET", f"{OWN}/query/CorporateUser", status=status, json={"data": []})

    users(bullhorn)
    users(bullhorn)

    tokens = [asked(web, place) for place, call in enumerate(web.calls) if "/token" in str(call.request.url)]
    assert [one.get("refresh_token") for one in tokens] == [None, "refresh-1", "refresh-2"]


def test_a_lost_answer_to_the_refresh_token_costs_a_new_code(bullhorn: Bullhorn, web: responses.RequestsMock) -> None:
    lay_the_way(web)
    web.add("POST", f"{OAUTH}/token", status=502)
    web.add("POST", f"{OAUTH}/token", json={"access_token": "access-3"})
    for status in (401, 200):
        web.add("GET", f"{OWN}/query/CorporateUser", status=status, json={"data": []})

    users(bullhorn)

    grants = [
        asked(web, place)["grant_type"] for place, one in enumerate(web.calls) if "/token" in str(one.request.url)
    ]
    assert grants == ["authorization_code", "refresh_token", "authorization_code"]


def test_a_session_refused_twice_stops_the_run(bullhorn: Bullhorn, web: responses.RequestsMock) -> None:
    lay_the_way(web)
    web.add("GET", f"{OWN}/query/CorporateUser", status=401, json={})

    with pytest.raises(AuthError, match="in a new session"):
        users(bullhorn)


@pytest.mark.parametrize(
    "step",
    [
        {"info": {"json": {"oauthUrl": "https://auth.example.com/oauth", "restUrl": REST}}},
        {"info": {"json": {"oauthUrl": OAUTH, "restUrl": "http://rest.bullhornstaffing.com/rest-services"}}},
        {"session": {"json": {"BhRestToken": "session-1", "restUrl": "https://bullhornstaffing.com.example.com/r"}}},
        {"session": {"json": {"BhRestToken": "session-1", "restUrl": "https://a@rest.bullhornstaffing.com/r"}}},
    ],
)
def test_secrets_follow_no_address_that_is_not_bullhorns(
    bullhorn: Bullhorn, web: responses.RequestsMock, step: dict[str, Any]
) -> None:
    lay_the_way(web, **step)

    with pytest.raises(BadAnswer, match=r"not below bullhornstaffing\.com"):
        users(bullhorn)


@pytest.mark.parametrize(
    ("step", "named"),
    [
        ({"info": {"status": 400, "json": {}}}, "username"),
        ({"code": {"status": 200, "body": "<html><form></form>", "content_type": "text/html"}}, "username"),
        ({"code": {"status": 302, "headers": {"Location": "https://x.example.com/?error=access_denied"}}}, "username"),
        ({"code": {"status": 401, "json": {}}}, "username"),
        ({"token": {"status": 400, "json": {"error": "invalid_client"}}}, "client_secret"),
        ({"session": {"status": 401, "json": {}}}, "REST API"),
    ],
)
def test_a_refusal_names_the_setting_to_check_and_no_secret(
    bullhorn: Bullhorn, web: responses.RequestsMock, step: dict[str, Any], named: str
) -> None:
    lay_the_way(web, **step)

    with pytest.raises(AuthError) as caught:
        users(bullhorn)

    assert named in caught.value.fix
    assert not any(secret in f"{caught.value!r} {caught.value.__cause__!r}" for secret in SECRETS)


@pytest.mark.parametrize(
    "step",
    [
        {"code": {"status": 302, "headers": {"Location": "https://x.example.com/"}}},
        {"token": {"json": {"token_type": "Bearer"}}},
        {"session": {"json": {"BhRestToken": "two words"}}},
        {"session": {"json": []}},
        {"info": {"json": {}}},
    ],
)
def test_an_answer_without_what_was_asked_for_ends_the_stream(
    bullhorn: Bullhorn, web: responses.RequestsMock, step: dict[str, Any]
) -> None:
    lay_the_way(web, **step)

    with pytest.raises(RetriableError):
        users(bullhorn)


def test_with_a_base_url_every_address_is_there() -> None:
    places = Places("http://127.0.0.1:8123")

    found = [places.of(f"{REST}/"), places.of("http://elsewhere.example.com/oauth")]

    assert found == ["http://127.0.0.1:8123/rest-services", "http://127.0.0.1:8123/oauth"]


def test_a_base_url_with_a_name_in_it_is_refused() -> None:
    with pytest.raises(ValueError, match="base URL"):
        Places("https://user@rest.bullhornstaffing.com")


def test_no_secret_shows_in_the_options() -> None:
    options = BullhornOptions("ats", "c", lambda: "the-secret", "u", lambda: "the-password", {})

    assert "secret" not in repr(options)
