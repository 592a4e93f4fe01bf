"""Deliveries over real HTTP that are believed, refused, or put off."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from sandbox.webhooks import sign
from sync.store import hints
from sync.store.db import open_mirror
from tests.integration.web.conftest import PUBLIC, Web, contact, served


def test_a_signed_delivery_becomes_hints_of_ids_only(web: Web) -> None:
    private = {"propertyName": "email", "propertyValue": "anna@example.org"}

    status = web.hubspot({**contact("501"), **private}, contact("502", kind="contact.privacyDeletion"))

    stored = web.db.rows("SELECT source, noun, remote_id, at, times FROM hint ORDER BY remote_id")
    at = "2025-11-24T08:00:00.000Z"
    assert status == 200
    assert stored == [("hubspot", "contacts", "501", at, 1), ("hubspot", "contacts", "502", at, 1)]


def test_duplicates_replays_and_disorder_stand_once(web: Web) -> None:
    late, early = contact("501", at_ms=1_763_971_260_000), contact("501", at_ms=1_763_971_200_000)

    statuses = [web.hubspot(late), web.hubspot(early), web.hubspot(late, late)]

    [(at, times)] = web.db.rows("SELECT at, times FROM hint")
    assert (statuses, at, times) == ([200, 200, 200], "2025-11-24T08:01:00.000Z", 3)


def refusals() -> dict[str, Callable[[Web], int]]:
    body = b'[{"subscriptionType": "contact.creation", "objectId": 1}]'
    old = {"X-HubSpot-Signature": hashlib.sha256(b"app-secret" + body).hexdigest()}
    return {
        "unsigned": lambda web: web.post("hubspot", body, {}).status_code,
        "signed with another secret": lambda web: web.hubspot(contact("1"), secret="forged"),
        "signed with no secret": lambda web: web.hubspot(contact("1"), secret=""),
        "six minutes old": lambda web: web.hubspot(contact("1"), late_s=-360),
        "six minutes ahead": lambda web: web.hubspot(contact("1"), late_s=360),
        "signature of version one": lambda web: web.post("hubspot", body, old).status_code,
        "no secret set": lambda web: web.post("deaf", body, {"TT-Signature": "dD0x"}).status_code,
        "an unknown source": lambda web: web.post("elsewhere", body, {}).status_code,
        "the greeting of Recruitee at HubSpot's door": lambda web: (
            web.post("hubspot", b'{"test":true}', {}).status_code
        ),
        "an ATS body unsigned": lambda web: web.post("ats", b'{"payload":{"candidate":{"id":1}}}', {}).status_code,
    }


@pytest.mark.parametrize("how", refusals())
def test_what_is_not_signed_as_it_should_is_refused_and_leaves_nothing(web: Web, how: str) -> None:
    status = refusals()[how](web)

    assert (status, web.waiting()) == (401, {})


def test_the_address_is_signed_with_its_query(web: Web) -> None:
    assert web.hubspot(contact("1"), query="?from=a%2Fb%20c&again=%3F") == 200


def test_recruitees_greeting_is_answered_and_its_signed_body_believed(web: Web) -> None:
    body = json.dumps({"event_type": "candidate_moved", "payload": {"candidate": {"id": 9, "name": "Anna"}}}).encode()
    signature = hmac.new(b"ats-secret", body, hashlib.sha256).hexdigest()

    greeting = web.post("ats", b'{"test":true}', {}).status_code
    moved = web.post("ats", body, {"X-Recruitee-Signature": signature}).status_code

    assert (greeting, moved) == (200, 200)
    assert web.waiting() == {("ats", "candidates"): {"9": 1}, ("ats", "applications"): {"9": 1}}


def test_events_of_another_portal_are_not_ours(web: Web) -> None:
    status = web.hubspot(contact("1", portal_id="99"))

    assert (status, web.waiting()) == (200, {})


def test_a_signed_body_that_is_no_json_is_refused(web: Web) -> None:
    for body in (b"{", b"[" * 15_000, b"\xff"):
        signature = hmac.new(b"ats-secret", body, hashlib.sha256).hexdigest()

        assert web.post("ats", body, {"X-Recruitee-Signature": signature}).status_code == 400


def test_a_body_that_is_too_large_is_refused_told_or_untold(web: Web) -> None:
    large = b"x" * (16 * 1024 + 1)
    chunks = (b"x" * 1024 for _ in range(17))

    told = web.post("hubspot", large, {}).status_code
    untold = requests.post(f"{web.base_url}/webhooks/hubspot", data=chunks, timeout=10).status_code

    assert (told, untold) == (413, 413)


def test_a_body_that_ends_early_stores_nothing(web: Web) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(web.base_url.rpartition(":")[2]), timeout=10)
    connection.putrequest("POST", "/webhooks/hubspot")
    connection.putheader("Content-Length", "100")
    connection.endheaders()
    connection.send(b"[")

    connection.close()

    assert web.waiting() == {}
    assert web.hubspot(contact("1")) == 200


def test_a_flood_of_one_stream_becomes_its_next_increment(web: Web) -> None:
    events = [contact(str(number)) for number in range(1, hints.MOST + 2)]

    statuses = {web.hubspot(*events[at : at + 50]) for at in range(0, len(events), 50)}

    assert (statuses, web.waiting()) == ({200}, {("hubspot", "contacts"): {hints.WHOLE: 1}})


def test_many_deliveries_at_once_are_kept_or_put_off_and_answered_in_time(web: Web) -> None:
    def post(number: int) -> tuple[int, float]:
        began = time.perf_counter()
        return web.hubspot(contact(str(number))), time.perf_counter() - began

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(1, 101)))

    kept = len(web.waiting()["hubspot", "contacts"])
    assert {status for status, _ in answers} <= {200, 503}
    assert kept == sum(status == 200 for status, _ in answers)
    assert kept >= 80


def test_while_the_mirror_is_busy_the_vendor_is_asked_to_send_again(web: Web) -> None:
    with web.db.write():
        busy = web.hubspot(contact("1"))
    after = web.hubspot(contact("1"))

    assert (busy, after) == (503, 200)
    assert web.waiting() == {("hubspot", "contacts"): {"1": 1}}


def test_without_a_public_address_the_one_asked_for_is_signed(folder: Path) -> None:
    running = served(folder, "direct", WARMLINE_WEB__PUBLIC_URL="")
    web = next(running)
    body, at_ms = json.dumps([contact("1")]).encode(), int(time.time() * 1000)
    signed = [f"{web.base_url}/webhooks/hubspot", f"{web.base_url.replace('http', 'https')}/webhooks/hubspot", PUBLIC]

    statuses = [
        web.post(
            "hubspot",
            body,
            {"X-HubSpot-Signature-v3": sign("app-secret", one, body, at_ms), "X-HubSpot-Request-Timestamp": str(at_ms)},
        ).status_code
        for one in signed
    ]

    assert statuses == [200, 200, 401]
    running.close()


def test_teamtailor_and_greenhouse_are_taken_under_the_names_of_their_sources(folder: Path) -> None:
    more = {
        "WARMLINE_SOURCES__DEAF__WEBHOOK_SECRET": "tt",
        "WARMLINE_SOURCES__GH__KIND": "greenhouse",
        "WARMLINE_SOURCES__GH__CLIENT_ID": "1",
        "WARMLINE_SOURCES__GH__WEBHOOK_SECRET": "gh",
    }
    running = served(folder, "several", **more)
    web = next(running)
    teamtailor = b'{"payload":{"event_name":"candidate.update","data":{"id":"4"}},"signature":"x"}'
    greenhouse = b'{"action":"update_candidate","payload":{"candidate":{"id":5}}}'
    at = int(time.time())
    signed = hmac.new(b"tt", f"{at}.".encode() + teamtailor, hashlib.sha256).hexdigest()

    statuses = [
        web.post("deaf", teamtailor, {"TT-Signature": base64.b64encode(f"t={at},v2={signed}".encode()).decode()}),
        web.post("gh", greenhouse, {"Signature": f"sha256 {hmac.new(b'gh', greenhouse, hashlib.sha256).hexdigest()}"}),
        web.post("gh", teamtailor, {"TT-Signature": base64.b64encode(f"t={at},v2={signed}".encode()).decode()}),
    ]

    assert [one.status_code for one in statuses] == [200, 200, 401]
    assert web.waiting() == {("deaf", "candidates"): {"4": 1}, ("gh", "candidates"): {"5": 1}}
    running.close()


def test_the_mirror_can_be_opened_while_it_is_served(web: Web) -> None:
    assert web.hubspot(contact("1")) == 200

    other = open_mirror(web.app.settings.mirror.path)

    assert hints.any_waiting(other)
    other.close()
