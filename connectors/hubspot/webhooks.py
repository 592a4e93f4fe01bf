"""HubSpot's webhooks: signature v3, and the contacts, tasks and activities that events name (docs/vendor-facts.md).

The SDK's helper is not used: it decodes nothing, lets any future moment pass, and fails on a header that is not ASCII.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from connectors.webhooks import Dialect, Named, Posted, equal, hmac_sha256, is_near, listed, moment, named, seconds

SIGNATURE, TIMESTAMP = "x-hubspot-signature-v3", "x-hubspot-request-timestamp"
# The characters HubSpot signs decoded, and no others: : / ? @ ! $ ' ( ) * , ;
_DECODED = re.compile(r"%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)
_NOUNS = {
    "contact": "contacts",
    "0-1": "contacts",
    "task": "tasks",
    "0-27": "tasks",
    "call": "calls",
    "0-48": "calls",
    "meeting": "meetings",
    "0-47": "meetings",
    "email": "emails",
    "0-49": "emails",
    "communication": "communications",
    "0-18": "communications",
}


def signed_address(address: str) -> str:
    """An address as HubSpot signs it."""
    return _DECODED.sub(lambda found: unquote(found.group()), address)


def signature(secret: str, method: str, address: str, body: bytes, timestamp: str) -> str:
    """base64(HMAC-SHA256(method + address + body + timestamp)). `timestamp`: epoch milliseconds, as in the header."""
    signed = b"".join(
        (method.encode(), signed_address(address).encode("utf-8", "surrogateescape"), body, timestamp.encode())
    )
    return base64.b64encode(hmac_sha256(secret, signed)).decode()


def is_genuine(posted: Posted, secret: str) -> bool:
    """Whether the app's secret signed it within the last five minutes, or the next five."""
    given, timestamp = posted.headers.get(SIGNATURE, ""), posted.headers.get(TIMESTAMP, "")
    sent_ms = seconds(timestamp)
    if not given or sent_ms is None or not is_near(sent_ms / 1000, posted.moments):
        return False
    found = [signature(secret, posted.method, one, posted.body, timestamp) for one in posted.addresses]
    return [equal(given, one) for one in found].count(True) > 0


def records(told: Any) -> Iterator[Named]:
    """What the events of a delivery are about; for a merge every id it names."""
    for event in listed(told):
        if not isinstance(event, Mapping):
            continue
        kind = str(event.get("subscriptionType", "")).partition(".")[0]
        noun = _NOUNS.get(str(event.get("objectTypeId")) if kind == "object" else kind)
        if noun is None:
            continue
        at = event.get("occurredAt")
        when = moment(at / 1000) if isinstance(at, int) else None
        account = None if event.get("portalId") is None else str(event["portalId"])
        merged = listed(event.get("mergedObjectIds"))
        for one in (event.get("objectId"), event.get("primaryObjectId"), event.get("newObjectId"), *merged):
            yield from named(noun, one, when, account)


DIALECT = Dialect(is_genuine, records)
