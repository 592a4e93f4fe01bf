"""Who is owed an answer: promises of the people being decided about, with whom a task about them would be."""

from __future__ import annotations

from dataclasses import replace

from sync.core.audience import audience
from sync.core.calendar import local_day
from sync.core.facts import LinkedApplication, Owners, PersonFacts
from sync.core.person_gates import is_erased
from sync.core.promises import promises_of
from sync.core.routing import recruiter
from sync.stages.run import Run
from sync.store.promises import Owed


def owed_to(run: Run, facts: PersonFacts, owners: Owners) -> list[Owed]:
    """Every promise to a person. No task can be about one who is outside the audience, erased, or not in HubSpot, nor
    while only pilot recruiters get tasks and theirs is none."""
    applications = {(one.source, one.application.remote_id): one for one in facts.applications}
    can_have = audience(facts, run.policy.audience) is None and not is_erased(facts)
    contact_id = facts.contact.remote_id if facts.contact and can_have else None
    found = []
    for promise in promises_of(facts, run.policy, run.now):
        one = applications[promise.source, promise.application_id]
        owner_id = _owner_id(run, facts, one, owners)
        found.append(Owed(promise, facts.person_id, contact_id, one.application.job_id or "", owner_id))
    return found


def _owner_id(run: Run, facts: PersonFacts, one: LinkedApplication, owners: Owners) -> str | None:
    routing = run.policy.routing
    about = replace(facts, applications=(one,))
    owner = recruiter(about, routing, owners, local_day(run.now, run.policy.time.zone))
    if owner is None or (routing.pilots and (owner.email or "").lower() not in routing.pilots):
        return None
    return owner.remote_id
