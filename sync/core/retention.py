"""Until when a person may be approached and kept: a while after their last procedure ended, longer with their consent
(docs/decisions/0067).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sync.core.consent import Kept, consent_to_keep
from sync.core.facts import LinkedApplication, PersonFacts
from sync.core.keys import live_candidates
from sync.core.policy import RetentionPolicy

PROCEDURE, CONSENT, SILENCE, CALL_BACK = "procedure", "consent", "silence", "call_back"

_OVER = frozenset({"rejected", "withdrawn"})
_CLOSED = frozenset({"closed", "archived"})


@dataclass(frozen=True, slots=True)
class Term:
    """How long a person is kept. `because`: what sets the end: procedure, consent, silence, call_back. `since`: when
    the last procedure ended, or anything was seen last; None: neither is known.
    """

    until: datetime
    because: str
    since: datetime | None = None


def retention_end(facts: PersonFacts, policy: RetentionPolicy) -> datetime | None:
    """When the person's retention ends or ended, aware UTC; None: no end is known."""
    term = retention_term(facts, policy)
    return term.until if term else None


def retention_term(facts: PersonFacts, policy: RetentionPolicy) -> Term | None:
    """How long the person is kept, and why; None: no end is known.

    A procedure ends when its vacancy closes, not with the rejection; one that runs, or ended in a hire, keeps the
    person. Then `policy.days`, or consent until it ends, at most `policy.consent_days` after the procedure or after it
    was given. Who applied for nothing is kept until their consent ends, or for `policy.silent_days`. Never erased
    before a call-back that was agreed.
    """
    consent = consent_to_keep(facts.consents)
    applied = [one for one in facts.applications if one.application.status != "prospect"]
    if applied:
        ends = [procedure_ended_at(one) for one in applied]
        if any(end is None for end in ends):
            return None
        term = _after_procedure(max(end for end in ends if end is not None), consent, policy)
    else:
        found = _never_applied(facts, consent, policy)
        if found is None:
            return None
        term = found
    agreed = facts.contact.call_back_at if facts.contact else None
    return Term(agreed, CALL_BACK, term.since) if agreed and agreed > term.until else term


def procedure_ended_at(one: LinkedApplication) -> datetime | None:
    """When the procedure of an application ended, aware UTC; None: it goes on, ended in a hire, or nothing says when.

    Where the vacancy is closed and no moment of it is known, the application's own last moment counts.
    """
    application, job = one.application, one.job
    if application.status not in _OVER or job is None or job.status not in _CLOSED:
        return None
    known = (application.told_at, application.rejected_at, application.stage_entered_at, application.applied_at)
    own = max((moment for moment in known if moment is not None), default=None)
    if job.closed_at is None or own is None:
        return job.closed_at or own
    return max(job.closed_at, own)


def _after_procedure(ended: datetime, consent: Kept | None, policy: RetentionPolicy) -> Term:
    until = ended + timedelta(days=policy.days)
    if consent is None:
        return Term(until, PROCEDURE, ended)
    most = max(ended, consent.at or ended) + timedelta(days=policy.consent_days)
    longer = min(consent.until, most) if consent.until else most
    return Term(longer, CONSENT, ended) if longer > until else Term(until, PROCEDURE, ended)


def _never_applied(facts: PersonFacts, consent: Kept | None, policy: RetentionPolicy) -> Term | None:
    since = max(_moments(facts), default=None)
    quiet = since + timedelta(days=policy.silent_days) if since and policy.silent_days and _is_pool(facts) else None
    if consent is None:
        return Term(quiet, SILENCE, since) if quiet else None
    until = consent.until or (consent.at + timedelta(days=policy.consent_days) if consent.at else None)
    if until is None:
        return None
    return Term(quiet, SILENCE, since) if quiet and quiet > until else Term(until, CONSENT, since)


def _is_pool(facts: PersonFacts) -> bool:
    """In a pool of the team's: a candidate, or on a list of the audience. Others are HubSpot's own contacts."""
    return bool(live_candidates(facts) or facts.list_ids)


def _moments(facts: PersonFacts) -> Iterator[datetime]:
    """When anything was seen of the person."""
    yield from (one.last_at or datetime.combine(one.day, time.max, UTC) for one in facts.touches)
    yield from (one.at for one in facts.activities if not one.archived)
    known = [facts.contact.created_at] if facts.contact else []
    known += [one.candidate.created_at for one in live_candidates(facts)]
    yield from (moment for moment in known if moment is not None)
