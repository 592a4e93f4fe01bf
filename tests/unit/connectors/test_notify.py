"""Messages by apprise: what it says of a message, and what it keeps to itself."""

from __future__ import annotations

import importlib.util
import socket

import pytest
import requests
import responses

from connectors.messages import Delivery
from connectors.notify import AppriseNotifier

HOST = "http://127.0.0.1:8"
ADDRESS = "json://user:geheim-woord@127.0.0.1:8"


def send() -> Delivery:
    return AppriseNotifier().send(ADDRESS, "Titel", "Bel Lia")


@pytest.mark.parametrize(
    ("answer", "delivery"),
    [
        ({"status": 200}, Delivery.DONE),
        ({"status": 403}, Delivery.REFUSED),
        ({"status": 503}, Delivery.REFUSED),
        ({"body": requests.ReadTimeout("Read timed out. (read timeout=4)")}, Delivery.LOST),
        ({"body": requests.ConnectionError("('Connection aborted.', RemoteDisconnected())")}, Delivery.LOST),
        ({"body": requests.ConnectTimeout("ConnectTimeoutError: timed out. (connect timeout=4)")}, Delivery.REFUSED),
        ({"body": requests.ConnectionError("NameResolutionError: Name or service not known")}, Delivery.REFUSED),
    ],
    ids=["taken", "refused", "unavailable", "read timeout", "hung up", "connect timeout", "no such host"],
)
@responses.activate
def test_only_what_may_have_arrived_counts_as_lost(answer: dict[str, object], delivery: Delivery) -> None:
    responses.add(responses.POST, f"{HOST}/", **answer)  # type: ignore[arg-type]

    assert send() is delivery


def test_a_service_that_is_down_took_nothing() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"json://127.0.0.1:{free.getsockname()[1]}"

    assert AppriseNotifier().send(address, "Titel", "Bel Lia") is Delivery.REFUSED


@responses.activate
def test_nothing_of_a_message_or_its_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    responses.add(responses.POST, f"{HOST}/", status=403)

    send()

    assert "geheim" not in caplog.text and "Lia" not in caplog.text


def test_an_address_of_no_known_kind_and_a_missing_apprise_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    notifier = AppriseNotifier()
    known = [notifier.flaw(one) for one in (ADDRESS, "nonsense://geheim", "")]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    assert known == ["", *["apprise does not know this kind of address"] * 2]
    assert notifier.flaw(ADDRESS) == 'apprise is not installed: pip install "warmline[notify]"'
    assert send() is Delivery.REFUSED
