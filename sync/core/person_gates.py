"""What stands in the way of being in touch with a person at all, whatever the occasion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sync.core.activity import asked_not_to_be_called
from sync.core.audience import audience
from sync.core.facts import PersonFacts
from sync.core.grounds import call_ground
from sync.core.keys import live_candidates
from sync.core.model import Contact, Refusal
from sync.core.plays.wish import No
from sync.core.policy import Policy
from sync.core.retention import retention_end

CALL, EMAIL = "CALL", "EMAIL"
_ANY = frozenset({"any", "all", "no_preference"})
_WORDS = {
    CALL: _ANY | {"phone", "call", "telephone", "telefoon", "bellen", "mobile"},
    EMAIL: _ANY | {"email", "e-mail", "mail", "e_mail"},
}


def person_bars(facts: PersonFacts, policy: Policy, now: datetime, channel: str = CALL) -> Iterator[No]:
    """Every gate that is shut, in their order: audience, contact, erasure, objections, ground, retention, channel.

    `channel`: CALL, EMAIL, or TODO, which the person does not notice.
    """
    refusal = audience(facts, policy.audience)
    if refusal:
        yield No(refusal)
    if is_erased(facts):
        yield No(Refusal.ERASED)
    if facts.contact is None:
        yield No(Refusal.NO_CONTACT)
        return
    yield from (No(one) for one in objections(facts))
    if call_ground(facts, policy.contact, now) is None:
        yield No(Refusal.NO_GROUND)
    ends = retention_end(facts, policy.retention)
    if ends is not None and ends <= now:
        yield No(Refusal.RETENTION_ENDED)
    if _prefers_another(facts.contact, channel) or (channel == EMAIL and _declined_mail(facts)):
        yield No(Refusal.CHANNEL)


def is_erased(facts: PersonFacts) -> bool:
    """Whether every source that had the person as a candidate made them anonymous or lost them."""
    return facts.erased and not live_candidates(facts)


def objections(facts: PersonFacts) -> Iterator[Refusal]:
    """What the person objects to, gravest first: being called, being addressed, being profiled."""
    contact = facts.contact
    if (contact and contact.do_not_call) or asked_not_to_be_called(facts.activities):
        yield Refusal.DO_NOT_CALL
    if contact and contact.opted_out:
        yield Refusal.OPTED_OUT
    if contact and contact.no_profiling:
        yield Refusal.NO_PROFILING


def _prefers_another(contact: Contact, channel: str) -> bool:
    """A preference that names other channels only. HubSpot joins several choices with ';'."""
    wanted = {part.strip().casefold() for part in (contact.channel_preference or "").split(";")} - {""}
    return channel in _WORDS and bool(wanted) and wanted.isdisjoint(_WORDS[channel])


def _declined_mail(facts: PersonFacts) -> bool:
    return any(one.candidate.can_email is False for one in live_candidates(facts))
