"""HubSpot as an installed OAuth app: tokens by time, refresh tokens that change, and what is said when they fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from connectors.hubspot import HubSpotOptions, OAuthApp, connect
from connectors.protocols import Crm
from sandbox.server import RunningSandbox, start
from sandbox.state import SandboxState
from sync.errors import AuthError
from tests.unit.connectors.conftest import FakeTime


@dataclass
class Vault:
    """Where the refresh token is kept. `writable`: another one can be."""

    token: str = "sandbox-refresh-1"
    writable: bool = True
    kept: list[str] = field(default_factory=list)

    def keep(self, token: str) -> bool:
        if self.writable:
            self.token = token
            self.kept.append(token)
        return self.writable


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with start(SandboxState()) as started:
        yield started


@pytest.fixture
def clock(running: RunningSandbox) -> FakeTime:
    running.state.reset()
    time = FakeTime()
    running.state.limits.monotonic = time.clock
    return time


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture(params=["2026-09", "v3"])
def connected(
    request: pytest.FixtureRequest, running: RunningSandbox, clock: FakeTime, vault: Vault
) -> Callable[..., Crm]:
    def make(**changed: Any) -> Crm:
        app = OAuthApp("sandbox-client", lambda: "sandbox-secret", lambda: vault.token, vault.keep)
        options = HubSpotOptions(
            token=lambda: "", app=replace(app, **changed), base_url=running.base_url, api_version=request.param
        )
        return connect(options, clock=clock.clock, sleep=clock.sleep, jitter=lambda: 0.0)

    return make


def test_one_token_serves_until_five_minutes_before_its_end(
    connected: Callable[..., Crm], running: RunningSandbox, clock: FakeTime
) -> None:
    crm = connected()
    asked = []

    for seconds in (0, 1499, 2, 1499):
        clock.sleep(seconds)
        crm.fetch_account()
        asked.append(running.state.oauth.asked)

    assert asked == [1, 1, 2, 2]


def test_a_token_that_ended_early_is_asked_for_anew_once(
    connected: Callable[..., Crm], running: RunningSandbox
) -> None:
    crm = connected()
    crm.fetch_account()
    running.state.oauth.issued = dict.fromkeys(running.state.oauth.issued, 0.0)

    account = crm.fetch_account()

    assert (account.portal_id, running.state.oauth.asked) == ("4242", 2)


def test_a_new_refresh_token_is_kept_and_used(
    connected: Callable[..., Crm], running: RunningSandbox, clock: FakeTime, vault: Vault
) -> None:
    running.state.oauth.rotates = True
    crm = connected()

    crm.fetch_account()
    clock.sleep(1800)
    crm.fetch_account()

    assert vault.kept == ["sandbox-refresh-2", "sandbox-refresh-3"]


def test_a_new_refresh_token_that_cannot_be_kept_serves_this_process(
    connected: Callable[..., Crm], running: RunningSandbox, clock: FakeTime, vault: Vault
) -> None:
    running.state.oauth.rotates = True
    vault.writable = False
    crm = connected()
    crm.fetch_account()
    clock.sleep(1800)

    account = crm.fetch_account()

    assert (account.portal_id, vault.token) == ("4242", "sandbox-refresh-1")


@pytest.mark.parametrize("wrong", [{"client_id": "another"}, {"refresh_token": lambda: "spent-refresh-token"}])
def test_a_refused_app_says_what_to_do_and_shows_no_secret(
    connected: Callable[..., Crm], wrong: dict[str, Any]
) -> None:
    with pytest.raises(AuthError) as refusal:
        connected(**wrong).fetch_account()

    told = f"{refusal.value} {refusal.value.fix}"
    assert "install the app in the portal again" in told
    assert not any(secret in told for secret in ("sandbox-secret", "refresh-1", "spent-refresh-token"))
