"""On what ground a person may be called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sync.core.applications import has_running_application
from sync.core.consent import PHONE, TALENT_POOL, Standing, Verdict, verdict
from sync.core.consent_said import GATED
from sync.core.facts import PersonFacts
from sync.core.policy import ContactPolicy

APPLICATION, REQUEST, CONSENT, INTEREST = "application", "request", "consent", "legitimate_interest"
GROUNDS = (APPLICATION, REQUEST, CONSENT, INTEREST)  # in the order they are looked for

# What the person's own record takes away of what the team attests for everybody.
_TAKEN: Mapping[Standing, frozenset[str]] = {
    Standing.REFUSED: frozenset(GROUNDS),
    Standing.ENDED: frozenset({CONSENT}),
}


def call_ground(facts: PersonFacts, policy: ContactPolicy, now: datetime) -> str | None:
    """The ground a call rests on: a running application first, then the person's own recorded consent, then the other
    attested grounds, then 'application' all the same (the team attests it for its whole audience). None: no ground
    holds, so nobody is called before the person was asked.

    The record of a person is stricter than what the team attests: a consent that ended is none, and who refused is
    called about a running application only.
    """
    if APPLICATION in policy.grounds and has_running_application(facts):
        return APPLICATION
    recorded = channel_consent(facts, PHONE, now)
    if recorded.standing is Standing.GIVEN:
        return CONSENT
    left = policy.grounds - _TAKEN.get(recorded.standing, frozenset())
    return next((ground for ground in (*GROUNDS[1:], APPLICATION) if ground in left), None)


def channel_consent(facts: PersonFacts, channel: str, now: datetime) -> Verdict:
    """How the person's consent to be approached by a channel stands, objections with a gate of their own apart."""
    return verdict([one for one in facts.consents if one.said.field not in GATED], TALENT_POOL, channel, now)
