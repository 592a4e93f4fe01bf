"""What to write for one person, from the mirror alone: contact properties, a new contact, tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sync.core.audience import audience, discreet
from sync.core.facts import Owners, PersonFacts
from sync.core.keys import action_key, candidate_id, marker, primary_candidate, task_key
from sync.core.model import Action, ActionKind, Candidate, Owner, Score
from sync.core.names import email_key, full_name
from sync.core.policy import Policy, WritePolicy
from sync.core.promise_moves import REPLY_DUE_AT, is_emptied
from sync.core.properties import GROUPS, Subject
from sync.core.properties.identity import CANDIDATE_ID
from sync.core.task_actions import Desk, task_actions, task_body
from sync.core.writes import Verdict, after_history, hubspot_datetime, next_state, three_way, written_since

__all__ = [
    "Verdict",
    "action_key",
    "after_history",
    "hubspot_datetime",
    "marker",
    "next_state",
    "plan_person",
    "task_body",
    "task_key",
    "three_way",
    "written_since",
]

NOBODY = Owners({}, {})


def plan_person(
    facts: PersonFacts,
    policy: Policy,
    *,
    now: datetime,
    score: Score | None,
    owner: Owner | None = None,
    owners: Owners = NOBODY,
) -> tuple[Action, ...]:
    """The writes a person needs at `now`: at most one of each contact, then those of tasks. Nothing to do → ().

    A person outside the audience gets nothing new; open tasks are seen to all the same. `facts.previous`: the decisions
    as just made. `score`: as last computed, with its points; None: not computed, so no engagement properties and no new
    task. `owner`: whose tasks the person's are. `owners`: whose languages and names texts use. Nothing is read from
    HubSpot: whether a value may be written over is decided by `three_way`.
    """
    facts = discreet(facts, policy.audience)
    tasks = tuple(task_actions(facts, Desk(policy, now, score, owner, owners)))
    if audience(facts, policy.audience) is not None:
        return tasks
    if facts.contact is None:
        return (*_create_contact(facts, policy), *tasks)
    return (*_update_contact(Subject(facts, policy, now, score, owner)), *_clear_beside(facts, policy, now), *tasks)


def _update_contact(subject: Subject) -> Iterator[Action]:
    facts, policy, now = subject.facts, subject.policy, subject.now
    if facts.contact is None:
        return
    written = subject.written
    wanted = {name: value for group in GROUPS for name, value in group(subject).items()}
    after = {name: value for name, value in wanted.items() if name in policy.write.properties}
    again = facts.owed | ({REPLY_DUE_AT} if is_emptied(facts) else frozenset())
    if not again & after.keys() and all(written.get(name, "") == value for name, value in after.items()):
        return
    contact_id = facts.contact.remote_id
    changes = [f"{name}: {written.get(name, '')} > {value}" for name, value in sorted(after.items())]
    yield Action(
        kind=ActionKind.UPDATE_CONTACT,
        key=action_key(policy.portal_id, ActionKind.UPDATE_CONTACT.value, contact_id, now.isoformat(), *changes),
        person_id=facts.person_id,
        contact_id=contact_id,
        object_id=contact_id,
        after=after,
        before={name: written.get(name, "") for name in after},
        reason=", ".join(sorted(after)),
    )


def _clear_beside(facts: PersonFacts, policy: Policy, now: datetime) -> Iterator[Action]:
    """What warmline wrote on other contacts of the person is cleared: one of them is written."""
    for other in facts.beside:
        before = {
            name: value
            for name, value in other.written
            if name in policy.write.properties and name not in other.contested
        }
        if before:
            changes = [f"{name}: {value} > " for name, value in before.items()]
            kind, contact_id = ActionKind.UPDATE_CONTACT, other.contact_id
            yield Action(
                kind=kind,
                key=action_key(policy.portal_id, kind.value, contact_id, now.isoformat(), *changes),
                person_id=facts.person_id,
                contact_id=contact_id,
                object_id=contact_id,
                after=dict.fromkeys(before, ""),
                before=before,
                reason="the person is written on another contact",
            )


def _create_contact(facts: PersonFacts, policy: Policy) -> Iterator[Action]:
    primary = primary_candidate(facts)
    if primary is None or facts.review_open or facts.mailbox_taken or not _may_create(facts, policy.write):
        return
    email = next((email.strip() for email in primary.candidate.email_addresses if email_key(email)), "")
    if not email:
        return
    wanted = {"email": email, **_standard_properties(primary.candidate)}
    if CANDIDATE_ID in policy.write.properties:
        wanted[CANDIDATE_ID] = candidate_id(primary)
    yield Action(
        kind=ActionKind.CREATE_CONTACT,
        key=action_key(policy.portal_id, ActionKind.CREATE_CONTACT.value, candidate_id(primary)),
        person_id=facts.person_id,
        contact_id=None,
        after=wanted,
        reason="no contact in HubSpot",
    )


def _may_create(facts: PersonFacts, policy: WritePolicy) -> bool:
    applied = any(one.application.status != "prospect" for one in facts.applications)
    return policy.create_contacts == "all" or (policy.create_contacts == "applicants" and applied)


def _standard_properties(candidate: Candidate) -> dict[str, str]:
    """Names as registered and the first number; unknown ones left out."""
    wanted = {
        "firstname": full_name(candidate.first_name, None, None),
        "lastname": full_name(None, candidate.name_infix, candidate.last_name),
        "phone": next((number.strip() for number in candidate.phone_numbers if number.strip()), ""),
    }
    return {name: value for name, value in wanted.items() if value}
