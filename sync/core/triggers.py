"""What `warmline_trigger` tells workflows in HubSpot, once for a person and vacancy: that an application was begun and
not finished, for a reminder mail (docs/decisions/0060).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sync.core.activity import asked_not_to_be_called
from sync.core.contact_policy import mail_bars
from sync.core.facts import PersonFacts
from sync.core.model import Refusal
from sync.core.person_gates import EMAIL, person_bars
from sync.core.plays import PLAYS
from sync.core.plays.abandoned_application import PLAY as ABANDONED
from sync.core.plays.abandoned_application import Start, fresh_starts, is_open, too_old_at, unfinished
from sync.core.plays.candidacy import candidacy
from sync.core.plays.wish import Case, No
from sync.core.touches import APPLICATION_STARTED
from sync.core.trigger import Trigger
from sync.core.wording_reasons import known_jobs

TRIGGER, TRIGGER_AT = "warmline_trigger", "warmline_trigger_at"
APPLIED, VACANCY_CLOSED, OVER, PLAY_OFF = "applied", "vacancy_closed", "over", "play_off"

_ABOUT_CALLS = frozenset({Refusal.DO_NOT_CALL, Refusal.NO_GROUND, Refusal.GAP})  # a mail may be sent all the same


@dataclass(frozen=True, slots=True)
class Triggered:
    """A person's triggers as they are now, and when to look again though nothing new comes in (None: never)."""

    triggers: tuple[Trigger, ...] = ()
    next_at: datetime | None = None


def triggered(case: Case) -> Triggered:
    """The person's triggers: one that stands ends when they applied, the vacancy closed, they may not be mailed, or it
    was long enough; where none stands, one may begin. About a vacancy none ever begins again.
    """
    facts = case.facts
    if not facts.triggers and not any(one.kind == APPLICATION_STARTED for one in facts.touches):
        return Triggered()
    known = tuple(_now(case, one) for one in facts.triggers)
    until = [one.until for one in known if one.stands]
    if until:
        return Triggered(known, min(until))
    start = _due(case, {one.job_id for one in known})
    if start is None or facts.contact is None:
        return Triggered(known)
    bar = _bar(case)
    if bar is not None:
        return Triggered(known, bar.until)
    made = Trigger(facts.contact.remote_id, ABANDONED, start.job_id, start.ripe_at, too_old_at(start.at, case))
    return Triggered((*known, made), made.until)


def standing(facts: PersonFacts) -> Trigger | None:
    """The trigger that the person's contact is to show."""
    contact_id = facts.contact.remote_id if facts.contact else None
    return next((one for one in facts.triggers if one.stands and one.contact_id == contact_id), None)


def _due(case: Case, told: set[str]) -> Start | None:
    """What was begun first of what nobody was told about yet; None: nothing, or the portal has no property for it."""
    if TRIGGER not in case.policy.write.properties or not PLAYS[ABANDONED].is_on(case.policy):
        return None
    due = (one for one in fresh_starts(case) if one.ripe_at <= case.now and one.job_id not in told)
    return next(due, None)


def _now(case: Case, one: Trigger) -> Trigger:
    ended_by = _ended_by(case, one) if one.stands else ""
    return replace(one, ended_at=case.now, ended_by=ended_by) if ended_by else one


def _ended_by(case: Case, one: Trigger) -> str:
    if not PLAYS[ABANDONED].is_on(case.policy):
        return PLAY_OFF
    if one.job_id not in {start.job_id for start in unfinished(case)}:
        return APPLIED if is_open(known_jobs(case.facts).get(one.job_id), case) else VACANCY_CLOSED
    bar = _objection(case)
    if bar is not None:
        return f"refused:{bar.refusal.value}"
    return OVER if case.now >= one.until else ""


def _bar(case: Case) -> No | None:
    """Why no reminder may begin now: what bars mail, or too much contact, or a rest."""
    every = mail_bars(case.facts, case.policy, case.now)
    return _objection(case) or next((bar for bar in every if bar.refusal not in _ABOUT_CALLS), None)


def _objection(case: Case) -> No | None:
    """Why the person may not be mailed about an application at all, however rarely they hear from the team."""
    facts = case.facts
    if asked_not_to_be_called(facts.activities):
        return No(Refusal.DO_NOT_CALL)
    bars = person_bars(facts, case.policy, case.now, EMAIL)
    return next((bar for bar in bars if bar.refusal not in _ABOUT_CALLS), None) or candidacy(case)
