"""What to write for one person, from the mirror alone: contact properties, a new contact, tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sync.core.calendar import local_day
from sync.core.contact_policy import audience
from sync.core.engagement import last_touch
from sync.core.facts import PersonFacts
from sync.core.keys import action_key, candidate_id, marker, primary_candidate, task_key
from sync.core.model import Action, ActionKind, Candidate, Owner, Score
from sync.core.names import email_key, full_name
from sync.core.policy import Policy, WritePolicy
from sync.core.task_actions import Desk, task_actions, task_body
from sync.core.wording import why
from sync.core.writes import Verdict, after_history, hubspot_datetime, next_state, three_way, written_since

CANDIDATE_ID = "warmline_candidate_id"
SCORE = "warmline_score"
BAND = "warmline_band"
WHY = "warmline_why"
LAST_TOUCH_AT = "warmline_last_touch_at"
ENGAGEMENT = (SCORE, BAND, WHY, LAST_TOUCH_AT)  # written together

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


def plan_person(
    facts: PersonFacts, policy: Policy, *, now: datetime, score: Score | None, owner: Owner | None = None
) -> tuple[Action, ...]:
    """The writes a person needs at `now`: at most one of the contact, then those of tasks. Nothing to do → ().

    A person outside the audience gets nothing new; open tasks are seen to all the same. `facts.previous`: the decisions
    as just made. `score`: as last computed, with its points; None: not computed, so no engagement properties and no new
    task. `owner`: whose tasks the person's are. Nothing is read from HubSpot: whether a value may be written over is
    decided by `three_way`.
    """
    tasks = tuple(task_actions(facts, Desk(policy, now, score, owner)))
    if audience(facts, policy.audience) is not None:
        return tasks
    if facts.contact is None:
        return (*_create_contact(facts, policy), *tasks)
    return (*_update_contact(facts, policy, now, score), *tasks)


def _update_contact(facts: PersonFacts, policy: Policy, now: datetime, score: Score | None) -> Iterator[Action]:
    if facts.contact is None:
        return
    written = dict(facts.written)
    wanted = _candidate_id(facts, written)
    if score is not None:
        wanted |= _engagement(facts, policy, now, score)
    after = {name: value for name, value in wanted.items() if name in policy.write.properties}
    if not facts.owed & after.keys() and all(written.get(name, "") == value for name, value in after.items()):
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


def _candidate_id(facts: PersonFacts, written: dict[str, str]) -> dict[str, str]:
    """The contact's candidate id, unless it is written already, the contact shows it, or a person's edit is known to
    stand there."""
    primary = primary_candidate(facts)
    if primary is None or facts.contact is None:
        return {}
    wanted, shown = candidate_id(primary), facts.contact.stored_candidate_id
    if CANDIDATE_ID in facts.owed:
        return {CANDIDATE_ID: wanted}
    is_known = bool(shown) and dict(facts.contested).get(CANDIDATE_ID) == wanted
    return {} if is_known or written.get(CANDIDATE_ID, shown) == wanted else {CANDIDATE_ID: wanted}


def _engagement(facts: PersonFacts, policy: Policy, now: datetime, score: Score) -> dict[str, str]:
    """The engagement properties, all or none: on a first write, another band, a rise worth writing, or when one of them
    was handed back.

    A person who objects to profiling gets none, and those written before are cleared.
    """
    written = dict(facts.written)
    if facts.contact and facts.contact.no_profiling:
        return {name: "" for name in ENGAGEMENT if written.get(name)}
    if facts.owed.isdisjoint(ENGAGEMENT) and not _is_news(score, written | dict(facts.contested), policy.write):
        return {}
    today = local_day(now, policy.time.zone)
    touched_at = last_touch(facts.touches, today)
    return {
        SCORE: "" if score.value is None else str(score.value),
        BAND: score.band.value,
        WHY: why(score, facts, language=policy.write.language, today=today),
        LAST_TOUCH_AT: hubspot_datetime(touched_at) if touched_at else "",
    }


def _is_news(score: Score, written: dict[str, str], policy: WritePolicy) -> bool:
    """Whether the engagement properties must be written: nothing was yet, another band, or a rise worth it.

    Compared is what was last written, or wanted where a person's edit stands, so that an edit makes no news every day.
    """
    if not any(name in written for name in ENGAGEMENT):
        return True
    if BAND in written and written[BAND] != score.band.value:
        return True
    last = written.get(SCORE)
    if not last or score.value is None:
        return False
    return score.value - float(last) >= policy.rise


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
