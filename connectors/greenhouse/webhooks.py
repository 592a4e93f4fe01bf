"""Greenhouse's webhooks: `Signature: sha256 <hex>` over the raw body (docs/vendor-facts.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.webhooks import Dialect, Named, Posted, equal, hmac_sha256, inside, listed, named

SIGNATURE = "signature"
_CANDIDATES = ("candidate_id", "person_id", "new_candidate_id", "old_candidate_id", "merged_candidate_id")


def is_genuine(posted: Posted, secret: str) -> bool:
    """Whether the webhook's secret signed it. There is no moment in it: a replay names the same record again."""
    algorithm, _, given = posted.headers.get(SIGNATURE, "").strip().partition(" ")
    return algorithm.lower() == "sha256" and equal(given.strip().lower(), hmac_sha256(secret, posted.body).hex())


def records(told: Any) -> Iterator[Named]:
    """The candidates, applications and the vacancy of a delivery; of a ping nothing."""
    action, payload = inside(told, "action"), inside(told, "payload")
    people = [inside(payload, key) for key in _CANDIDATES]
    people += [inside(payload, "candidate", "id"), inside(payload, "application", "candidate", "id")]
    people += [inside(payload, "id")] if action == "delete_candidate" else []
    for one in people:
        yield from named("candidates", one)
    applications = [inside(payload, "application", "id"), inside(payload, "application_id")]
    applications += listed(inside(payload, "deleted_application_ids"))
    applications += [inside(one, "id") for one in listed(inside(payload, "candidate", "applications"))]
    applications += [inside(payload, "id")] if action == "delete_application" else []
    for one in applications:
        yield from named("applications", one)
    for one in (inside(payload, "job", "id"), inside(payload, "job_id")):
        yield from named("jobs", one)


DIALECT = Dialect(is_genuine, records)
