"""The sandbox sends webhooks as HubSpot does: signed by v3, to one address, a list of events a delivery."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from urllib.request import Request, urlopen

ALWAYS_DECODED = ["%3A", "%2F", "%3F", "%40", "%21", "%24", "%27", "%28", "%29", "%2A", "%2C", "%3B"]
TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where events go. `url`: posted to. `public_url`: what is signed; by default the same. `secret`: of the app."""

    url: str
    secret: str
    public_url: str = ""


def sign(secret: str, url: str, body: bytes, timestamp: int) -> str:
    """The v3 signature of a POST. `timestamp`: epoch milliseconds."""
    decoded = re.sub("|".join(ALWAYS_DECODED), lambda found: unquote(found.group()), url, flags=re.IGNORECASE)
    signed = f"POST{decoded}".encode() + body + str(timestamp).encode()
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def event(kind: str, object_id: str, *, portal_id: str, at_ms: int, number: int, **more: Any) -> dict[str, Any]:
    """One event as HubSpot spells it. `kind`: such as contact.propertyChange."""
    return {
        "eventId": number,
        "subscriptionId": 25,
        "portalId": int(portal_id),
        "appId": 54_321,
        "occurredAt": at_ms,
        "subscriptionType": kind,
        "attemptNumber": 0,
        "objectId": int(object_id),
        "changeSource": "CRM_UI",
        **more,
    }


def deliver(to: Subscription, events: Sequence[Mapping[str, Any]], now_s: Callable[[], float] = time.time) -> int:
    """Post events; the status of the answer."""
    body, timestamp = json.dumps(list(events)).encode(), int(now_s() * 1000)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "HubSpot Webhooks",
        "X-HubSpot-Signature-Version": "v1",
        "X-HubSpot-Signature": hashlib.sha256(to.secret.encode() + body).hexdigest(),
        "X-HubSpot-Request-Timestamp": str(timestamp),
        "X-HubSpot-Signature-v3": sign(to.secret, to.public_url or to.url, body, timestamp),
    }
    request = Request(to.url, body, headers, method="POST")  # noqa: S310
    with urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
        return int(answer.status)
