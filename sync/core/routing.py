"""Whose task it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sync.core.applications import newest_application
from sync.core.calendar import day_start, local_day
from sync.core.facts import Owners, PersonFacts
from sync.core.keys import live_candidates
from sync.core.model import Owner
from sync.core.policy import Absence, RoutingPolicy


def recruiter(facts: PersonFacts, policy: RoutingPolicy, owners: Owners, on: date) -> Owner | None:
    """Whose task it is that is due on the local day `on`: the newest application's recruiter, the candidate's, the
    contact's owner, the fallback.

    An ATS recruiter is the owner with the same e-mail, else the one the table `policy.owners` names. Only active
    owners listed as recruiters; the fallback counts as listed. Who is away that day is passed over for the stand-in,
    else the next; with everybody away the first has it all the same. None: nobody can take it.
    """
    found = [owner for email in _recruiter_emails(facts, policy, owners) if (owner := _listed(email, policy, owners))]
    for owner in found:
        away = _absence(owner, policy, on)
        stand_in = _listed(away.stand_in or "", policy, owners) if away else owner
        if stand_in and _absence(stand_in, policy, on) is None:
            return stand_in
    return found[0] if found else None


def routing_day(facts: PersonFacts, today: date, zone: ZoneInfo) -> date:
    """The local day the person's work falls on: that of the first open task still to come, else today."""
    days = [local_day(task.due_at, zone) for task in facts.tasks if task.open and task.due_at]
    return max(today, min(days, default=today))


def next_change(policy: RoutingPolicy, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When somebody next leaves or is back, aware UTC; None: nobody does."""
    days = {day for one in policy.absent for day in (one.first, one.last + timedelta(days=1))}
    return min((moment for day in days if (moment := day_start(day, zone)) > now), default=None)


def _listed(email: str, policy: RoutingPolicy, owners: Owners) -> Owner | None:
    is_listed = email in policy.recruiters or (policy.fallback is not None and email == policy.fallback.lower())
    owner = owners.by_email.get(email) if is_listed else None
    return owner if owner and owner.active else None


def _absence(owner: Owner, policy: RoutingPolicy, on: date) -> Absence | None:
    email = (owner.email or "").lower()
    return next((one for one in policy.absent if one.owner == email and one.first <= on <= one.last), None)


def _recruiter_emails(facts: PersonFacts, policy: RoutingPolicy, owners: Owners) -> Iterator[str]:
    for email in _ats_emails(facts):
        yield email
        if email in policy.owners:
            yield policy.owners[email]
    owner = owners.by_id.get(facts.contact.owner_id or "") if facts.contact else None
    if owner and owner.email:
        yield owner.email.lower()
    if policy.fallback:
        yield policy.fallback.lower()


def _ats_emails(facts: PersonFacts) -> Iterator[str]:
    newest = newest_application(facts)
    if newest and newest.job and newest.job.recruiter_email:
        yield newest.job.recruiter_email.lower()
    for one in sorted(live_candidates(facts), key=lambda one: (one.source, one.candidate.remote_id)):
        if one.candidate.owner_email:
            yield one.candidate.owner_email.lower()
