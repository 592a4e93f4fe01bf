"""Whether a wish becomes a task. Every no has a reason and, where time ends it, its exact moment.

The gates in order: the person's own (`person_gates`), the play's own and the holdout, the recruiter, this occasion's
task and an open one, caps over all channels, rest, the recruiter's desk. Quiet hours refuse nothing: they move the due
moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from sync.core.activity import EMAIL
from sync.core.calendar import local_day, opening_after, within_hours
from sync.core.caps import contacts, missed_until, no_until, window_end
from sync.core.facts import Load, Owners, PersonFacts
from sync.core.grounds import REQUEST, call_ground
from sync.core.keys import candidate_id, known_markers, primary_candidate
from sync.core.model import Decision, Owner, Refusal
from sync.core.person_gates import person_bars
from sync.core.plays import PLAYS, Play
from sync.core.plays.precedence import may_rewrite
from sync.core.plays.wish import Case, No, Wish
from sync.core.policy import ContactPolicy, Policy, RoutingPolicy
from sync.core.routing import recruiter

_NOT_BY_PHONE = frozenset({Refusal.DO_NOT_CALL, Refusal.CHANNEL, Refusal.NO_GROUND})
_ASKED_FOR = frozenset({Refusal.NO_GROUND, Refusal.CHANNEL})  # who asks to be called chose the phone, and may be called
_NO_LOAD = Load()
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A wish with all that is looked at to answer it."""

    wish: Wish
    play: Play
    case: Case
    owner: Owner | None
    load: Mapping[str, Load]


def allow(
    wish: Wish, facts: PersonFacts, policy: Policy, *, owners: Owners, load: Mapping[str, Load], now: datetime
) -> Decision:
    """The decision on a wish: granted with owner, due moment and ground, or refused with the first reason
    that holds and that the play may not look past.

    Caps, rest and a full desk hold only plays that may wait. An answer owed to somebody who may not be called becomes a
    mail. An open review does not stop a call: it says who else the person may be. `load` by owner id.
    """
    play = PLAYS[wish.play]
    due_at = within_hours(wish.due_at, policy.time) if play.is_held else wish.due_at
    owner = recruiter(facts, policy.routing, owners, local_day(max(due_at, now), policy.time.zone))
    asked = _Asked(wish, play, Case(facts, policy, now), owner, load)
    bars = list(person_bars(facts, policy, now, wish.type))
    if play.ground == REQUEST:
        bars = [bar for bar in bars if bar.refusal not in _ASKED_FOR]
    no = next((bar for bar in (*bars, *_bars(asked)) if bar.refusal not in play.ignores), None)
    decision = Decision(wish.play, wish.occasion, wanted=True, why=wish.reasons)
    if no or owner is None:
        refused, until = (no.refusal, no.until) if no else (Refusal.NO_RECRUITER, None)
        return replace(decision, refused=refused, until=until)
    is_barred = wish.type == "CALL" and any(bar.refusal in _NOT_BY_PHONE for bar in bars)
    return replace(
        decision,
        owner_id=owner.remote_id,
        due_at=due_at,
        ground=play.ground or call_ground(facts, policy.contact, now),
        type="EMAIL" if is_barred else wish.type,
        priority=wish.priority,
        application=wish.application,
    )


def rewrites(wish: Wish, facts: PersonFacts) -> bool:
    """Whether a wish takes over the person's open task: no new task comes of it, so neither rest nor caps hold it."""
    waiting = [task for task in facts.tasks if task.open]
    return bool(waiting) and all(may_rewrite(wish.play, task) for task in waiting)


def may_call(
    facts: PersonFacts, policy: Policy, now: datetime, play: str | None = None, channel: str = "CALL"
) -> Refusal | None:
    """Why nobody may call the person, whatever the occasion; None when one may. Tasks, rest and caps are not
    looked at. `play`, `channel`: play and type of a task that stands; what that play may look past is no reason.
    """
    known = PLAYS.get(play or "")
    passed = known.ignores if known else frozenset()
    if known and known.ground == REQUEST:
        passed |= _ASKED_FOR
    return next((bar.refusal for bar in person_bars(facts, policy, now, channel) if bar.refusal not in passed), None)


def call_bar(facts: PersonFacts, policy: Policy, now: datetime, play: str | None = None) -> No | None:
    """Why nobody should call the person now, with its end: as `may_call`, then caps over all channels and rest. `play`:
    what the call is for; what that play may look past is no reason, unless it would make a mail of the call.
    """
    known = PLAYS.get(play or "")
    passed = known.ignores - _NOT_BY_PHONE if known else frozenset()
    if known and known.ground == REQUEST:
        passed |= _ASKED_FOR
    held = known is None or known.is_held
    bars = chain(person_bars(facts, policy, now), _about_contacts("CALL", facts, policy, now) if held else ())
    return next((bar for bar in bars if bar.refusal not in passed), None)


def mail_bars(facts: PersonFacts, policy: Policy, now: datetime) -> Iterator[No]:
    """Why nobody should mail the person now: their own gates, then caps over all channels and rest."""
    return chain(person_bars(facts, policy, now, "EMAIL"), _about_contacts("EMAIL", facts, policy, now))


def _bars(asked: _Asked) -> Iterator[No]:
    wish, play, case = asked.wish, asked.play, asked.case
    facts, policy = case.facts, case.policy
    own = play.gate(case)
    if own:
        yield own
    if play.profiles and is_held_out(facts, policy):
        yield No(Refusal.HOLDOUT)
    yield from _about_the_recruiter(asked.owner, policy.routing)
    yield from _about_earlier_tasks(wish, facts, policy)
    if play.is_held and not rewrites(wish, facts):
        yield from _about_tasks(facts, policy.contact, case.now)
        yield from _about_contacts(wish.type, facts, policy, case.now)
        yield from _about_room(asked)


def is_held_out(facts: PersonFacts, policy: Policy) -> bool:
    """Whether the person is in the share that gets no task from plays that rest on behaviour, for ever the same: by a
    hash of the candidate's id, or the contact's of who is no candidate.
    """
    primary = primary_candidate(facts)
    whom = candidate_id(primary) if primary else (facts.contact.remote_id if facts.contact else "")
    digest = hashlib.sha256(f"holdout\x1f{policy.portal_id}\x1f{whom}".encode()).digest()
    return int.from_bytes(digest[:6]) < policy.plays.holdout * 2**48


def _about_the_recruiter(owner: Owner | None, policy: RoutingPolicy) -> Iterator[No]:
    if owner is None:
        yield No(Refusal.NO_RECRUITER)
    elif policy.pilots and (owner.email or "").lower() not in policy.pilots:
        yield No(Refusal.NOT_PILOT)


def _about_earlier_tasks(wish: Wish, facts: PersonFacts, policy: Policy) -> Iterator[No]:
    markers = known_markers(facts, policy.portal_id, wish.play, wish.occasion)
    # a play that moves its own task has left the occasion it was made for
    if any({task.marker, task.first_marker if task.play != wish.play else ""} & markers for task in facts.tasks):
        yield No(Refusal.ALREADY_DONE)
    elif any(task.open for task in facts.tasks) and not rewrites(wish, facts):
        yield No(Refusal.OPEN_TASK)


def _about_tasks(facts: PersonFacts, policy: ContactPolicy, now: datetime) -> Iterator[No]:
    made = sorted((task.made_at for task in facts.tasks), reverse=True)
    caps = ((policy.tasks_per_7_days, _WEEK), (policy.tasks_per_30_days, _MONTH))
    if any(most <= 0 for most, _ in caps):
        yield No(Refusal.REST)
        return
    until = max((end for most, window in caps if (end := window_end(made, most, window))), default=now)
    if until > now:
        yield No(Refusal.REST, until)


def _about_contacts(channel: str, facts: PersonFacts, policy: Policy, now: datetime) -> Iterator[No]:
    """Caps over all channels, whoever was in touch, then rest after misses and after a no."""
    own = policy.contact
    known = contacts(facts.activities, now, policy.time.zone)
    every, mails = [one.at for one in known], [one.at for one in known if one.channel == EMAIL]
    if channel == "EMAIL":
        yield from _capped(Refusal.CAP_MAILS, mails, own.mails_per_7_days, _WEEK, now)
    yield from _capped(Refusal.CAP_CONTACTS, every, own.contacts_per_30_days, _MONTH, now)
    ends = (
        (Refusal.GAP, every[0] + timedelta(hours=own.gap_hours) if every else None),
        (
            Refusal.REST_MISSED,
            missed_until(
                facts.activities,
                now,
                attempts=own.missed_attempts,
                rest=timedelta(days=own.rest_after_misses_days),
            ),
        ),
        (Refusal.REST_NO, no_until(facts.activities, now, rest=timedelta(days=own.rest_after_no_days))),
    )
    yield from (No(refusal, until) for refusal, until in ends if until is not None and until > now)


def _capped(refusal: Refusal, moments: list[datetime], most: int, window: timedelta, now: datetime) -> Iterator[No]:
    if most <= 0:
        yield No(refusal)
        return
    until = window_end(moments, most, window)
    if until is not None and until > now:
        yield No(refusal, until)


def _about_room(asked: _Asked) -> Iterator[No]:
    policy, now = asked.case.policy, asked.case.now
    busy = asked.load.get(asked.owner.remote_id, _NO_LOAD) if asked.owner else _NO_LOAD
    opens = opening_after(local_day(now, policy.time.zone), policy.time)
    if busy.new_today >= policy.contact.new_tasks_a_day:
        yield No(Refusal.CAP_DAY, opens)
    elif busy.open >= policy.contact.open_tasks:
        yield No(Refusal.CAP_OPEN, opens)
