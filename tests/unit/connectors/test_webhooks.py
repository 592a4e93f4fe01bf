"""Signatures by vectors computed from the vendors' documents, and which records a delivery names."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.greenhouse import webhooks as greenhouse
from connectors.hubspot import webhooks as hubspot
from connectors.recruitee import webhooks as recruitee
from connectors.teamtailor import webhooks as teamtailor
from connectors.webhooks import Dialect, Named, Posted
from sandbox.webhooks import sign

SECRET = "a-secret"
NOW_S = 1_763_971_200.0
ADDRESS = "https://warmline.example.org/webhooks/hubspot"
BODY = b'[{"objectId": 1}]'


def mac(secret: str, signed: bytes) -> bytes:
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def hubspot_post(
    *, at_s: float = NOW_S, address: str = ADDRESS, signed: str | None = None, body: bytes = BODY, secret: str = SECRET
) -> Posted:
    """Posted to `address`, signed over `signed` (by default the same)."""
    timestamp = str(int(at_s * 1000))
    signature = base64.b64encode(mac(secret, f"POST{signed or address}".encode() + body + timestamp.encode()))
    headers = {"x-hubspot-signature-v3": signature.decode(), "x-hubspot-request-timestamp": timestamp}
    return Posted("POST", [address], headers, body, [NOW_S])


def test_a_known_vector_of_hubspot() -> None:
    # echo -n 'POSThttps://warmline.example.org/webhooks/hubspot[{"objectId": 1}]1763971200000' |
    # openssl dgst -sha256 -hmac a-secret -binary | base64
    assert hubspot.signature(SECRET, "POST", ADDRESS, BODY, "1763971200000") == (
        "4Ce1t5GxR78A/AUrkd0MHNemKIIOQWf3MZsIbEAprPw="
    )


@pytest.mark.parametrize(
    ("posted", "genuine"),
    [
        (hubspot_post(), True),
        (hubspot_post(at_s=NOW_S - 299), True),
        (hubspot_post(at_s=NOW_S + 299), True),  # a clock that runs ahead
        (hubspot_post(at_s=NOW_S - 301), False),  # a replay
        (hubspot_post(at_s=NOW_S + 301), False),  # a moment chosen so that it can be replayed for long
        (hubspot_post(secret="another"), False),
        (hubspot_post(secret=""), False),
        (hubspot_post(signed="https://elsewhere.example.org/webhooks/hubspot"), False),
        (hubspot_post(signed="http://warmline.example.org/webhooks/hubspot"), False),
        (hubspot_post(address=f"{ADDRESS}?a=1%202", signed=f"{ADDRESS}?a=1%202"), True),  # a space is not decoded
        (hubspot_post(address=f"{ADDRESS}?a=%3a%2F%40", signed=f"{ADDRESS}?a=:/@"), True),
        (hubspot_post(address=f"{ADDRESS}?a=%2525", signed=f"{ADDRESS}?a=%2525"), True),  # and a percent sign is not
        (Posted("POST", [ADDRESS], {}, BODY, [NOW_S]), False),
        (Posted("PUT", [ADDRESS], hubspot_post().headers, BODY, [NOW_S]), False),
        (Posted("POST", [ADDRESS], hubspot_post().headers, BODY + b" ", [NOW_S]), False),
        (
            Posted("POST", [ADDRESS], {**hubspot_post().headers, "x-hubspot-signature-v3": "é\udcff"}, BODY, [NOW_S]),
            False,
        ),
        (
            Posted("POST", [ADDRESS], {**hubspot_post().headers, "x-hubspot-request-timestamp": "²"}, BODY, [NOW_S]),
            False,
        ),
    ],
)
def test_hubspot_signs_method_address_body_and_moment(posted: Posted, genuine: bool) -> None:
    found = hubspot.is_genuine(posted, SECRET)

    assert found is genuine


def test_a_signature_of_version_one_alone_is_not_enough() -> None:
    headers = {"x-hubspot-signature": hashlib.sha256(SECRET.encode() + BODY).hexdigest()}

    assert not hubspot.is_genuine(Posted("POST", [ADDRESS], headers, BODY, [NOW_S]), SECRET)


@given(
    body=st.binary(max_size=200),
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30),
    change=st.integers(0, 7),
)
def test_whatever_body_and_address_hubspot_signs_is_genuine_and_one_other_bit_is_not(
    body: bytes, text: str, change: int
) -> None:
    address = f"{ADDRESS}?q={quote(text, safe='')}"
    timestamp = int(NOW_S * 1000)
    headers = {
        "x-hubspot-signature-v3": sign(SECRET, address, body, timestamp),
        "x-hubspot-request-timestamp": str(timestamp),
    }
    other = bytes([body[0] ^ (1 << change)]) + body[1:] if body else b"x"

    assert hubspot.is_genuine(Posted("POST", [address], headers, body, [NOW_S]), SECRET)
    assert not hubspot.is_genuine(Posted("POST", [address], headers, other, [NOW_S]), SECRET)


def plain(header: str, value: Callable[[bytes, str], str]) -> Callable[[bytes, str, float], dict[str, str]]:
    return lambda body, secret, _: {header: value(body, secret)}


SIGNERS: dict[str, tuple[Dialect, Callable[[bytes, str, float], dict[str, str]]]] = {
    "recruitee": (recruitee.DIALECT, plain("x-recruitee-signature", lambda body, key: mac(key, body).hex())),
    "greenhouse": (greenhouse.DIALECT, plain("signature", lambda body, key: f"sha256 {mac(key, body).hex()}")),
    "teamtailor": (
        teamtailor.DIALECT,
        lambda body, key, at: {
            "tt-signature": base64.b64encode(
                f"t={int(at)},v2={mac(key, f'{int(at)}.'.encode() + body).hex()}".encode()
            ).decode()
        },
    ),
}


@pytest.mark.parametrize("kind", SIGNERS)
@given(body=st.binary(max_size=200))
def test_each_ats_is_believed_only_with_its_own_secret_and_body(kind: str, body: bytes) -> None:
    dialect, headers = SIGNERS[kind]
    posted = Posted("POST", [ADDRESS], headers(body, SECRET, NOW_S), body, [NOW_S])

    assert dialect.is_genuine(posted, SECRET)
    assert not dialect.is_genuine(posted, "another")
    assert not dialect.is_genuine(Posted("POST", [ADDRESS], posted.headers, body + b"x", [NOW_S]), SECRET)


@pytest.mark.parametrize("kind", SIGNERS)
@given(header=st.text(max_size=60))
def test_no_header_breaks_the_check(kind: str, header: str) -> None:
    dialect, headers = SIGNERS[kind]
    name = next(iter(headers(b"", SECRET, NOW_S)))

    assert not dialect.is_genuine(Posted("POST", [ADDRESS], {name: header}, BODY, [NOW_S]), SECRET)
    assert not dialect.is_genuine(Posted("POST", [ADDRESS], {}, BODY, [NOW_S]), SECRET)


@pytest.mark.parametrize(("late_s", "genuine"), [(-301, False), (-299, True), (299, True), (301, False)])
def test_teamtailors_moment_is_kept_within_five_minutes(late_s: float, genuine: bool) -> None:
    _, headers = SIGNERS["teamtailor"]
    posted = Posted("POST", [ADDRESS], headers(BODY, SECRET, NOW_S + late_s), BODY, [NOW_S])

    assert teamtailor.is_genuine(posted, SECRET) is genuine


def test_greenhouse_names_its_algorithm() -> None:
    for header in (f"sha1 {mac(SECRET, BODY).hex()}", mac(SECRET, BODY).hex(), "sha256", "sha256 "):
        assert not greenhouse.is_genuine(Posted("POST", [ADDRESS], {"signature": header}, BODY, [NOW_S]), SECRET)


@pytest.mark.parametrize(
    ("body", "is_greeting"),
    [
        (b'{"test":true}', True),
        (b'{ "test" : true }', True),
        (b'{"test":true,"payload":{"candidate":{"id":1}}}', False),
        (b'{"test":1}', True),  # equal in JSON's eyes here; it names nothing either
        (b"[" * 60, False),
        (b'{"test":true}' + b" " * 60, False),
    ],
)
def test_recruitee_tries_an_address_unsigned(body: bytes, is_greeting: bool) -> None:
    assert recruitee.DIALECT.is_greeting(body) is is_greeting


AT = datetime(2025, 11, 24, 8, 0, tzinfo=UTC)
AT_MS = int(NOW_S * 1000)


def contact(remote_id: str) -> Named:
    return Named("contacts", remote_id, AT, "4242")


@pytest.mark.parametrize(
    ("dialect", "told", "named"),
    [
        (
            hubspot.DIALECT,
            [
                {"subscriptionType": "contact.creation", "objectId": 7, "portalId": 4242, "occurredAt": AT_MS},
                {"subscriptionType": "contact.privacyDeletion", "objectId": 8, "portalId": 4242, "occurredAt": AT_MS},
                {"subscriptionType": "object.propertyChange", "objectTypeId": "0-1", "objectId": 9, "portalId": 4242,
                 "occurredAt": AT_MS},
                {"subscriptionType": "contact.merge", "objectId": 10, "primaryObjectId": 10, "newObjectId": 12,
                 "mergedObjectIds": [10, 11], "portalId": 4242, "occurredAt": AT_MS},
                {"subscriptionType": "deal.creation", "objectId": 13, "portalId": 4242},
                {"subscriptionType": "object.creation", "objectTypeId": "2-555", "objectId": 14},
                {"subscriptionType": "contact.creation", "objectId": "7; DROP TABLE hint"},
                {"subscriptionType": "contact.creation", "objectId": True},
                "no event",
            ],
            [contact("7"), contact("8"), contact("9"), contact("10"), contact("10"), contact("12"), contact("10"),
             contact("11")],
        ),
        (
            recruitee.DIALECT,
            {"event_type": "candidate_moved", "payload": {"candidate": {"id": 5, "name": "X"}, "offer": {"id": 6}}},
            [Named("candidates", "5"), Named("applications", "5"), Named("jobs", "6")],
        ),
        (
            greenhouse.DIALECT,
            {"action": "new_candidate_application",
             "payload": {"application": {"id": 1, "candidate": {"id": 2, "first_name": "X"}}}},
            [Named("candidates", "2"), Named("applications", "1")],
        ),
        (
            greenhouse.DIALECT,
            {"action": "delete_candidate", "payload": {"person_id": 3, "deleted_application_ids": [4, 5]}},
            [Named("candidates", "3"), Named("applications", "4"), Named("applications", "5")],
        ),
        (greenhouse.DIALECT, {"action": "candidate_anonymized", "payload": {"candidate_id": 37}},
         [Named("candidates", "37")]),
        (greenhouse.DIALECT, {"action": "job_updated", "payload": {"job": {"id": 9}}}, [Named("jobs", "9")]),
        (greenhouse.DIALECT, {"action": "ping", "payload": {"web_hook": {"id": 9}}}, []),
        (
            teamtailor.DIALECT,
            {"payload": {"event_name": "job_application.update", "data": {"id": "77", "type": "job_application"}}},
            [Named("applications", "77")],
        ),
        (teamtailor.DIALECT, {"payload": {"event_name": "nps.create", "data": {"id": "77"}}}, []),
    ],
)  # fmt: skip
def test_a_delivery_names_records_and_nothing_else(dialect: Dialect, told: Any, named: list[Named]) -> None:
    assert list(dialect.records(told)) == named


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "payload",
                    "candidate",
                    "id",
                    "subscriptionType",
                    "objectId",
                    "data",
                    "event_name",
                    "application",
                    "occurredAt",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("dialect", [hubspot.DIALECT, recruitee.DIALECT, greenhouse.DIALECT, teamtailor.DIALECT])
@given(told=JSON)
def test_whatever_json_comes_only_ids_of_digits_leave(dialect: Dialect, told: Any) -> None:
    found = list(dialect.records(json.loads(json.dumps(told))))

    assert all(one.remote_id.isdigit() and len(one.remote_id) <= 20 for one in found)
