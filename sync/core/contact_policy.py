"""Whether, by whom and on what ground a person may be called. Every no has a reason and, where time ends it,
a moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sync.core.applications import has_running_application, newest_application
from sync.core.calendar import local_day, opening_after
from sync.core.facts import Load, Owners, PersonFacts
from sync.core.keys import known_markers, live_candidates
from sync.core.model import Contact, Decision, Owner, Refusal
from sync.core.plays import PLAYS
from sync.core.plays.precedence import may_rewrite
from sync.core.plays.wish import Case, No, Wish
from sync.core.policy import AudiencePolicy, ContactPolicy, Policy, RoutingPolicy, WorkingTime

GROUNDS = ("application", "request", "consent", "legitimate_interest")  # in the order they are looked for

_PHONE = frozenset({"phone", "call", "telephone", "telefoon", "bellen", "mobile", "any", "all", "no_preference"})
_NO_LOAD = Load()


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
    if not policy.internal and any(is_internal(email, policy) for email in _emails(facts)):
        return Refusal.INTERNAL
    return None


def recruiter(facts: PersonFacts, policy: RoutingPolicy, owners: Owners) -> Owner | None:
    """Whose task it is: the newest application's recruiter, the candidate's, the contact's owner, the
    fallback.

    An ATS recruiter is the owner with the same e-mail, else the one the table `policy.owners` names. Only active
    owners listed as recruiters; the fallback counts as listed. None: nobody can take it.
    """
    listed = policy.recruiters | ({policy.fallback.lower()} if policy.fallback else frozenset())
    for email in _recruiter_emails(facts, policy, owners):
        owner = owners.by_email.get(email)
        if owner and owner.active and email in listed:
            return owner
    return None


def allow(
    wish: Wish, facts: PersonFacts, policy: Policy, *, owners: Owners, load: Mapping[str, Load], now: datetime
) -> Decision:
    """The decision on a wish: granted with owner, due moment and ground, or refused with the first reason
    that holds.

    Order of the gates: audience, contact, objections, channel, ground, the play's own, recruiter, this occasion's own
    task, an open task, rest, the recruiter's caps. The last two hold only plays that may wait. An open review does not
    stop a call: it says who else the person may be. `load` by owner id.
    """
    ground = call_ground(facts, policy.contact)
    owner = recruiter(facts, policy.routing, owners)
    play = PLAYS[wish.play]
    no = (
        _about_the_person(facts, policy)
        or (None if ground else No(Refusal.NO_GROUND))
        or play.gate(Case(facts, policy, now))
        or _about_the_recruiter(owner, policy.routing)
        or _about_earlier_tasks(wish, facts, policy)
        or (_about_load(facts, policy, owner, load, now) if play.is_held and not rewrites(wish, facts) else None)
    )
    if no or owner is None:
        refused, until = (no.refusal, no.until) if no else (Refusal.NO_RECRUITER, None)
        return Decision(wish.play, wish.occasion, wanted=True, refused=refused, until=until, why=wish.reasons)
    return Decision(
        wish.play,
        wish.occasion,
        wanted=True,
        owner_id=owner.remote_id,
        due_at=wish.due_at,
        ground=ground,
        why=wish.reasons,
        type=wish.type,
        priority=wish.priority,
        application=wish.application,
    )


def rewrites(wish: Wish, facts: PersonFacts) -> bool:
    """Whether a wish takes over the person's open task: no new task comes of it, so neither rest nor caps hold it."""
    waiting = [task for task in facts.tasks if task.open]
    return bool(waiting) and all(may_rewrite(wish.play, task) for task in waiting)


def may_call(facts: PersonFacts, policy: Policy) -> Refusal | None:
    """Why nobody may call the person, whatever the occasion; None when one may. Tasks, rest and caps are not
    looked at.
    """
    no = _about_the_person(facts, policy)
    if no:
        return no.refusal
    return None if call_ground(facts, policy.contact) else Refusal.NO_GROUND


def call_ground(facts: PersonFacts, policy: ContactPolicy) -> str | None:
    """The ground a call rests on: a running application first, then the other attested grounds, then
    'application' all the same (the team attests it for its whole audience). None: no ground is set, so nobody
    is called.
    """
    if "application" in policy.grounds and has_running_application(facts):
        return "application"
    return next((ground for ground in (*GROUNDS[1:], GROUNDS[0]) if ground in policy.grounds), None)


def _about_the_person(facts: PersonFacts, policy: Policy) -> No | None:
    refusal = audience(facts, policy.audience)
    if refusal:
        return No(refusal)
    contact = facts.contact
    if contact is None:
        return No(Refusal.NO_CONTACT)
    gates = (
        (contact.do_not_call, Refusal.DO_NOT_CALL),
        (contact.opted_out, Refusal.OPTED_OUT),
        (contact.no_profiling, Refusal.NO_PROFILING),
        (_prefers_no_phone(contact), Refusal.CHANNEL),
    )
    return next((No(refusal) for shut, refusal in gates if shut), None)


def _about_the_recruiter(owner: Owner | None, policy: RoutingPolicy) -> No | None:
    if owner is None:
        return No(Refusal.NO_RECRUITER)
    if policy.pilots and (owner.email or "").lower() not in policy.pilots:
        return No(Refusal.NOT_PILOT)
    return None


def _about_earlier_tasks(wish: Wish, facts: PersonFacts, policy: Policy) -> No | None:
    markers = known_markers(facts, policy.portal_id, wish.play, wish.occasion)
    if any({task.marker, task.first_marker} & markers for task in facts.tasks):
        return No(Refusal.ALREADY_DONE)
    if any(task.open for task in facts.tasks):
        return None if rewrites(wish, facts) else No(Refusal.OPEN_TASK)
    return None


def _about_load(
    facts: PersonFacts, policy: Policy, owner: Owner | None, load: Mapping[str, Load], now: datetime
) -> No | None:
    return _about_rest(facts, policy, now) or _about_room(owner, policy, load, now)


def _about_rest(facts: PersonFacts, policy: Policy, now: datetime) -> No | None:
    made = sorted((task.made_at for task in facts.tasks), reverse=True)
    caps = (
        (policy.contact.tasks_per_7_days, timedelta(days=7)),
        (policy.contact.tasks_per_30_days, timedelta(days=30)),
    )
    if any(most <= 0 for most, _ in caps):
        return No(Refusal.REST)
    free_at = [made[most - 1] + window for most, window in caps if len(made) >= most]
    until = max(free_at, default=now)
    return No(Refusal.REST, until) if until > now else None


def _about_room(owner: Owner | None, policy: Policy, load: Mapping[str, Load], now: datetime) -> No | None:
    busy = load.get(owner.remote_id, _NO_LOAD) if owner else _NO_LOAD
    if busy.new_today >= policy.contact.new_tasks_a_day:
        return No(Refusal.CAP_DAY, _next_working_day(now, policy.time))
    if busy.open >= policy.contact.open_tasks:
        return No(Refusal.CAP_OPEN, _next_working_day(now, policy.time))
    return None


def _next_working_day(now: datetime, working: WorkingTime) -> datetime:
    return opening_after(local_day(now, working.zone), working)


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


def _prefers_no_phone(contact: Contact) -> bool:
    """A preference that names no phone. HubSpot joins several choices with ';'."""
    wanted = {part.strip().casefold() for part in (contact.channel_preference or "").split(";")} - {""}
    return bool(wanted) and wanted.isdisjoint(_PHONE)


def _emails(facts: PersonFacts) -> Iterator[str]:
    if facts.contact:
        yield from (facts.contact.email or "", *facts.contact.additional_emails)
    for one in live_candidates(facts):
        yield from one.candidate.email_addresses


def is_internal(email: str, policy: AudiencePolicy) -> bool:
    """Whether an address is of the team's own domains, or of a part of one."""
    host = email.rpartition("@")[2].strip().lower()
    return any(host == domain or host.endswith("." + domain) for domain in policy.internal_domains)
