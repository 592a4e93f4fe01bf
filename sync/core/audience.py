"""Who is scored, and may be called, at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sync.core.facts import PersonFacts
from sync.core.keys import live_candidates
from sync.core.model import Job, Refusal
from sync.core.policy import AudiencePolicy


def audience(facts: PersonFacts, policy: AudiencePolicy) -> Refusal | None:
    """Why the person is left out of scoring and calling; None when in the audience.

    In: a live candidate, a member of a named list, or everyone. Out, unless the policy says otherwise:
    customers, the team's own e-mail domains, and contacts with deals. `Contact.deals` is HubSpot's
    num_associated_deals, which counts closed deals too: a person whose only deal was lost stays out until
    `open_deals` is set.
    """
    if not (policy.everyone or live_candidates(facts) or facts.list_ids & policy.lists):
        return Refusal.NOT_IN_AUDIENCE
    contact = facts.contact
    if contact and not policy.customers and (contact.lifecycle_stage or "").casefold() == "customer":
        return Refusal.CUSTOMER
    if contact and not policy.open_deals and contact.deals > 0:
        return Refusal.OPEN_DEAL
    if not policy.internal and is_colleague(facts, policy):
        return Refusal.INTERNAL
    return None


def is_colleague(facts: PersonFacts, policy: AudiencePolicy) -> bool:
    """Whether one of the person's addresses is of the team's own domains."""
    return bool(policy.internal_domains) and any(is_internal(email, policy) for email in _emails(facts))


def discreet(facts: PersonFacts, policy: AudiencePolicy) -> PersonFacts:
    """The facts as HubSpot may show them: a colleague's vacancies are confidential, whatever the ATS says."""
    if not is_colleague(facts, policy):
        return facts
    applied = tuple(
        replace(one, job=_secret(one.job or Job(one.application.job_id or ""))) for one in facts.applications
    )
    return replace(facts, applications=applied, viewed=tuple(_secret(job) for job in facts.viewed))


def _secret(job: Job) -> Job:
    return replace(job, confidential=True)


def is_internal(email: str, policy: AudiencePolicy) -> bool:
    """Whether an address is of the team's own domains, or of a part of one."""
    host = email.rpartition("@")[2].strip().lower()
    return any(host == domain or host.endswith("." + domain) for domain in policy.internal_domains)


def _emails(facts: PersonFacts) -> Iterator[str]:
    if facts.contact:
        yield from (facts.contact.email or "", *facts.contact.additional_emails)
    for one in live_candidates(facts):
        yield from one.candidate.email_addresses
