"""Teamtailor's webhooks: `TT-Signature` v2 (docs/vendor-facts.md). Teamtailor sends each delivery once, never again."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

from connectors.webhooks import Dialect, Named, Posted, equal, hmac_sha256, inside, is_near, named, seconds

SIGNATURE = "tt-signature"
_NOUNS = {"candidate": "candidates", "job": "jobs", "job_application": "applications"}


def signature(key: str, body: bytes, timestamp: str) -> str:
    """base64 of `t=<epoch seconds>,v2=<hex>`."""
    signed = hmac_sha256(key, timestamp.encode() + b"." + body).hex()
    return base64.b64encode(f"t={timestamp},v2={signed}".encode()).decode()


def is_genuine(posted: Posted, secret: str) -> bool:
    """Whether the key signed it within the last five minutes, or the next five. v1 covers no more than an id: not
    enough."""
    parts = _parts(posted.headers.get(SIGNATURE, ""))
    timestamp, given = parts.get("t", ""), parts.get("v2", "")
    sent_s = seconds(timestamp)
    if not given or sent_s is None or not is_near(sent_s, posted.moments):
        return False
    return equal(given.lower(), hmac_sha256(secret, timestamp.encode() + b"." + posted.body).hex())


def _parts(header: str) -> dict[str, str]:
    try:
        text = base64.b64decode(header.encode(), validate=True).decode()
    except (binascii.Error, ValueError):
        return {}
    return {key.strip(): value for key, _, value in (part.partition("=") for part in text.split(","))}


def records(told: Any) -> Iterator[Named]:
    """The record of a delivery."""
    payload = inside(told, "payload") or told
    kind = str(inside(payload, "event_name") or "").partition(".")[0]
    if kind in _NOUNS:
        yield from named(_NOUNS[kind], inside(payload, "data", "id"))


DIALECT = Dialect(is_genuine, records)
