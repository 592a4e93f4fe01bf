"""Recruitee's webhooks: X-Recruitee-Signature over the raw body (docs/vendor-facts.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from connectors.webhooks import Dialect, Named, Posted, equal, hmac_sha256, inside, named

SIGNATURE = "x-recruitee-signature"
LONGEST_GREETING = 64


def is_genuine(posted: Posted, secret: str) -> bool:
    """Whether the webhook's secret signed it. There is no moment in it: a replay names the same record again."""
    given = posted.headers.get(SIGNATURE, "")
    return bool(given) and equal(given.lower(), hmac_sha256(secret, posted.body).hex())


def is_greeting(body: bytes) -> bool:
    """Whether it is the unsigned `{"test": true}` by which Recruitee tries an address: it says nothing."""
    if len(body) > LONGEST_GREETING:
        return False
    try:
        return bool(json.loads(body) == {"test": True})
    except (ValueError, RecursionError):
        return False


def records(told: Any) -> Iterator[Named]:
    """The candidate of a delivery, whose applications come with it, and the vacancy."""
    payload = inside(told, "payload")
    for one in (inside(payload, "candidate", "id"), inside(payload, "candidate_id")):
        yield from named("candidates", one)
        # Placements have no address of their own: the stream is read, whichever id is named.
        yield from named("applications", one)
    for one in (inside(payload, "offer", "id"), inside(payload, "job", "id")):
        yield from named("jobs", one)


DIALECT = Dialect(is_genuine, records, is_greeting)
