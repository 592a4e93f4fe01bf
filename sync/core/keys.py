"""Action keys: the name of one effect, made of outside facts only, so that a plan made twice asks for the
same thing.
"""

from __future__ import annotations

import hashlib

from sync.core.facts import LinkedCandidate, PersonFacts
from sync.core.model import HUBSPOT, RecordRef

MARKER_HEX = 12


def action_key(portal_id: str, play: str, *occasion: str) -> str:
    """The idempotency key of one effect: sha256 hex of portal, play and the outside fact that names it."""
    return hashlib.sha256("\x1f".join((portal_id, play, *occasion)).encode()).hexdigest()


def marker(key: str) -> str:
    """The last line of a task's body: '[wl:<12 hex>]'."""
    return f"[wl:{key[:MARKER_HEX]}]"


def primary_candidate(facts: PersonFacts) -> LinkedCandidate | None:
    """The candidate whose id the contact carries: of those not deleted or anonymised the lowest (source, id).
    None without any.
    """
    return min(live_candidates(facts), key=lambda one: (one.source, one.candidate.remote_id), default=None)


def live_candidates(facts: PersonFacts) -> tuple[LinkedCandidate, ...]:
    """The person's candidates that still exist at their source."""
    return tuple(
        one for one in facts.candidates if one.candidate.deleted_at is None and one.candidate.anonymised_at is None
    )


def candidate_id(linked: LinkedCandidate) -> str:
    """`warmline_candidate_id`: '<source>:<id>'."""
    return f"{linked.source}:{linked.candidate.remote_id}"


def task_key(facts: PersonFacts, portal_id: str, play: str, occasion: str) -> str:
    """The key of a play's task for a person: by its primary candidate, else by its contact."""
    primary = primary_candidate(facts)
    contact_id = facts.contact.remote_id if facts.contact else ""
    whom = candidate_id(primary) if primary else f"{HUBSPOT}:{contact_id}"
    return action_key(portal_id, play, occasion, whom)


def known_markers(facts: PersonFacts, portal_id: str, play: str, occasion: str) -> frozenset[str]:
    """First 12 hex of every key this occasion may have had: by each linked record, former ids of a merged
    contact included.

    A person who was a contact only, or had another primary candidate, when the task was made is still
    recognised.
    """
    refs = {ref for ref, _ in facts.links}
    refs |= {RecordRef(one.source, one.candidate.remote_id) for one in facts.candidates}
    if facts.contact:
        refs |= {RecordRef(HUBSPOT, one) for one in (facts.contact.remote_id, *facts.contact.merged_ids)}
    whom = {f"{ref.source}:{ref.remote_id}" for ref in refs}
    return frozenset(action_key(portal_id, play, occasion, one)[:MARKER_HEX] for one in whom)
