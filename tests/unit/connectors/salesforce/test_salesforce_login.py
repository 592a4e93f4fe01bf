"""How a Salesforce token is asked for, against the sandbox's token endpoint over HTTP."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest

from config.sources import SourceSettings
from connectors.protocols import Window
from connectors.salesforce import SalesforceOptions, connect
from connectors.salesforce.login import ClientCredentials, JwtBearer, audience_of, sign_rs256
from mappings.salesforce import Mapper
from sandbox.clock import SandboxClock
from sandbox.dialects.salesforce.login import PREFIX
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sandbox.world import build
from sync.bootstrap.kinds import Site
from sync.bootstrap.kinds.salesforce import connect as wire
from sync.errors import AuthError, ConfigError

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
EXPONENT = 65_537
MAPPER = Mapper("connexys")
Key = tuple[int, int]


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with start(SandboxState(SandboxClock(NOW, running=False), build(NOW).load_ats_into)) as sandbox:
        yield sandbox


@pytest.fixture
def org(running: RunningSandbox) -> Any:
    running.state.reset()
    return running.state.dialect("salesforce")


@pytest.fixture(scope="module")
def key() -> Key:
    """Modulus and private exponent of an RSA key."""
    chance = random.Random(7)
    first, second = _prime(chance), _prime(chance)
    return first * second, pow(EXPONENT, -1, (first - 1) * (second - 1))


@pytest.fixture
def read(running: RunningSandbox) -> Callable[[Any], int]:
    """How many users come with a grant."""

    def call(grant: Any) -> int:
        options = SalesforceOptions(
            "ats", running.ats_url("salesforce"), grant, MAPPER.objects(), MAPPER.field_lists(), attempts=1
        )
        pages = connect(options).fetch_pages("users", Window(None, NOW), None)
        return sum(len(page.records) for page in pages)

    return call


def asserted(numbers: Key, **changes: Any) -> JwtBearer:
    given = {"client_id": "3MVG9sandbox", "username": "sync@example.org", "audience": "https://login.salesforce.com"}
    made: dict[str, Any] = {
        **given,
        "key": lambda: "",
        "now": lambda: NOW,
        "sign": lambda _, text: _signed(numbers, text),
    }
    return JwtBearer(**{**made, **changes})


def test_an_id_and_a_secret_get_a_session(org: Any, read: Callable[[Any], int]) -> None:
    assert read(ClientCredentials(org.client_id, lambda: org.client_secret)) == len(org.sobjects["User"].rows)


def test_a_wrong_secret_is_told_without_it(org: Any, read: Callable[[Any], int]) -> None:
    with pytest.raises(AuthError) as caught:
        read(ClientCredentials(org.client_id, lambda: "Zwanenmeer-marker"))

    assert "invalid_client" in str(caught.value)
    assert "Zwanenmeer-marker" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_a_signed_assertion_gets_a_session(org: Any, read: Callable[[Any], int], key: Key) -> None:
    org.certificate = (key[0], EXPONENT)

    assert read(asserted(key)) == len(org.sobjects["User"].rows)


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "another@example.org"},
        {"client_id": "another"},
        {"audience": "https://example.org"},
        {"now": lambda: NOW - timedelta(minutes=4)},  # ended a minute ago
        {"now": lambda: NOW + timedelta(minutes=3)},  # ends too far ahead
        {"sign": lambda _, text: sha256(text).digest()},
    ],
)
def test_an_assertion_that_is_not_right_is_refused(
    org: Any, read: Callable[[Any], int], key: Key, changes: dict[str, Any]
) -> None:
    org.certificate = (key[0], EXPONENT)

    with pytest.raises(AuthError):
        read(asserted(key, **changes))


def test_the_package_signs_what_salesforce_takes(org: Any, read: Callable[[Any], int], key: Key) -> None:
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    made = rsa.generate_private_key(public_exponent=EXPONENT, key_size=2048)
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    org.certificate = (made.public_key().public_numbers().n, EXPONENT)

    assert read(asserted(key, key=lambda: pem, sign=sign_rs256)) == len(org.sobjects["User"].rows)
    with pytest.raises(AuthError, match="no RSA key"):
        sign_rs256("no key at all", b"")


@pytest.mark.parametrize(
    ("base_url", "audience"),
    [
        ("https://voorbeeld.my.salesforce.com", "https://login.salesforce.com"),
        ("https://voorbeeld--test.sandbox.my.salesforce.com", "https://test.salesforce.com"),
        ("https://test.salesforce.com", "https://test.salesforce.com"),
        ("http://127.0.0.1:8080", "https://login.salesforce.com"),
    ],
)
def test_an_assertion_is_meant_for_the_login_host_of_its_kind_of_org(base_url: str, audience: str) -> None:
    assert audience_of(base_url) == audience


class TestSettings:
    """What is wrong with the settings is said before anything is asked."""

    def test_an_unknown_preset_is_told_with_those_there_are(self) -> None:
        told = _wrong(preset="mysolution", client_secret="x")

        assert (
            told
            == "sources.ats.preset: there is no preset mysolution. Known: byner, connexys, tigris, bullhorn_rc; "
            + ("for another package set sources.ats.mapping.")
        )

    def test_a_key_needs_a_user(self) -> None:
        assert _wrong(preset="connexys", token="-----").startswith("sources.ats.username: is not set.")

    def test_a_key_needs_the_package_that_signs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "cryptography", None)

        told = _wrong(preset="connexys", token="-----", username="sync@example.org")

        assert "needs the package cryptography, which is missing. Run `pip install 'warmline[jwt]'`" in told


def _wrong(**settings: str) -> str:
    given = {"kind": "salesforce", "base_url": "https://voorbeeld.my.salesforce.com", "client_id": "id", **settings}
    app: Any = SimpleNamespace(clock=SimpleNamespace(monotonic=None, sleep=None, real_time=None))
    with pytest.raises(ConfigError) as caught:
        wire(Site(app, "ats", SourceSettings(**given), lambda *_: False))
    return str(caught.value)


def _signed(key: Key, text: bytes) -> bytes:
    modulus, exponent = key
    size = (modulus.bit_length() + 7) // 8
    tail = PREFIX + sha256(text).digest()
    padded = b"\0\1" + b"\xff" * (size - len(tail) - 3) + b"\0" + tail
    return pow(int.from_bytes(padded, "big"), exponent, modulus).to_bytes(size, "big")


def _prime(chance: random.Random) -> int:
    while True:
        found = chance.getrandbits(512) | (3 << 510) | 1
        if found % EXPONENT != 1 and all(pow(base, found - 1, found) == 1 for base in (2, 3, 5, 7)):
            return found
