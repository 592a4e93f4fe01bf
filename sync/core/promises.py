"""Which promises an applicant's applications make, and how far each is kept (docs/promise.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sync.core.activity import MEETING, Activity, is_act, is_planned
from sync.core.applications import newest_application, stage_kind
from sync.core.facts import LinkedApplication, PersonFacts
from sync.core.policy import Policy
from sync.core.promise import DECISION, FIRST_REACTION, INTERVIEW, Promise
from sync.core.promise_moves import with_moves
from sync.core.promise_terms import internal_due_at, public_due_at
from sync.core.reactions import TICKED, Reaction, reactions

WITHDRAWN, REJECTED = "withdrawn", "rejected"

_SETTLED = timedelta(days=14)  # a promise kept longer ago stays kept, though its evidence may have aged away


@dataclass(frozen=True, slots=True)
class _View:
    """One application of a person at one moment."""

    facts: PersonFacts
    one: LinkedApplication
    policy: Policy
    now: datetime

    def stored(self, kind: str) -> Promise | None:
        """The promise as last kept in the mirror."""
        application_id = self.one.application.remote_id
        return next(
            (
                promise
                for promise in self.facts.promises
                if (promise.source, promise.application_id, promise.kind) == (self.one.source, application_id, kind)
            ),
            None,
        )


def promises_of(facts: PersonFacts, policy: Policy, now: datetime) -> tuple[Promise, ...]:
    """Every promise to a person, by application and kind; () while the play is off. Applications that nobody sent in
    (prospects), or of which it is not known when they came, promise nothing.
    """
    if not policy.plays.promise.enabled:
        return ()
    found: list[Promise] = []
    for one in facts.applications:
        if one.application.status != "prospect":
            found += _of_application(_View(facts, one, policy, now))
    return with_moves(found, facts)


def _of_application(view: _View) -> Iterator[Promise]:
    heard = sorted(reactions(view.facts, view.one, view.policy.plays.promise, view.now))
    begins = {FIRST_REACTION: _applied_at(view), INTERVIEW: _interviewed_at(view), DECISION: _decided_at(view)}
    for kind, began_at in begins.items():
        stored = view.stored(kind)
        began = began_at or (stored.began_at if stored else None)
        ahead = kind == INTERVIEW and began_at is None and _is_meeting_ahead(view)
        if began is not None and not (ahead and stored is not None and stored.waits):
            yield _promise(view, kind, began, heard)


def _applied_at(view: _View) -> datetime | None:
    """When the application came in; where the source does not tell, when it was first seen."""
    application_id = view.one.application.remote_id
    seen = [
        move.at
        for move in view.facts.moves
        if (move.source, move.application_id, move.from_stage_id) == (view.one.source, application_id, None)
    ]
    return view.one.application.applied_at or min(seen, default=None)


def _interviewed_at(view: _View) -> datetime | None:
    """When the last interview was: the stage was entered, or a meeting since was held. None: none, or one that is still
    to come. Without a stage for it, a meeting held is one of the newest application.
    """
    application, kind = view.one.application, stage_kind(view.one)
    if application.status not in ("active", "unknown") or kind in ("offer", "hired"):
        return None
    entered_at = _entered_at(view) if kind == "interview" else None
    if entered_at is None and (kind == "interview" or newest_application(view.facts) != view.one):
        return None
    since = entered_at or application.applied_at
    meetings = [one for one in view.facts.activities if _is_meeting(one) and (since is None or one.at > since)]
    if _is_meeting_ahead(view):
        return None
    return max([one.at for one in meetings] + ([entered_at] if entered_at else []), default=None)


def _is_meeting_ahead(view: _View) -> bool:
    return any(_is_meeting(one) and is_planned(one, view.now) for one in view.facts.activities)


def _is_meeting(activity: Activity) -> bool:
    return activity.channel == MEETING and is_act(activity) and not activity.archived


def _entered_at(view: _View) -> datetime | None:
    application = view.one.application
    key = (view.one.source, application.remote_id, application.stage_id)
    moves = [one.at for one in view.facts.moves if (one.source, one.application_id, one.to_stage_id) == key]
    return application.stage_entered_at or max(moves, default=None)


def _decided_at(view: _View) -> datetime | None:
    """When a rejection was decided, where its telling can be seen; elsewhere nothing is promised about it."""
    application = view.one.application
    if application.status != "rejected" or not view.policy.plays.promise.sight(view.one.source).told:
        return None
    stored = view.stored(DECISION)
    at = application.rejected_at or (stored.began_at if stored else None) or application.updated_at or view.now
    return min(at, application.told_at) if application.told_at else at


def _promise(view: _View, kind: str, began_at: datetime, heard: list[Reaction]) -> Promise:
    policy, working, stored = view.policy.plays.promise, view.policy.time, view.stored(kind)
    job_id = view.one.application.job_id or ""
    made = Promise(
        source=view.one.source,
        application_id=view.one.application.remote_id,
        kind=kind,
        began_at=began_at,
        internal_due_at=internal_due_at(began_at, policy, working),
        public_due_at=public_due_at(began_at, policy.days_of(view.one.source, job_id), working),
    )
    if stored is not None:
        made = _with_memory(made, stored)
    kept = _kept(view, made, stored, heard)
    if kept is not None:
        made = replace(made, kept_at=kept.at, evidence=kept.evidence)
    else:
        made = replace(made, ended=_ended(view))
    watched = view.facts.watched_since
    unheard = made.kept_at is None or (watched is not None and made.kept_at > watched)
    late_before = watched is not None and made.public_due_at <= watched and made.moved_at is None
    return replace(made, backlog=late_before and unheard)


def _with_memory(made: Promise, stored: Promise) -> Promise:
    """What only the mirror knows of it. A promise that began anew (another interview) was not moved and not ticked."""
    is_same = made.began_at == stored.began_at
    if not is_same and made.began_at > stored.began_at:
        return replace(made, was_due_at=stored.due_at)
    was = stored.was_due_at if made.public_due_at == stored.public_due_at else stored.public_due_at
    return replace(made, moved_at=stored.moved_at, was_due_at=was, ticked_at=stored.ticked_at, group_id=stored.group_id)


def _kept(view: _View, made: Promise, stored: Promise | None, heard: list[Reaction]) -> Reaction | None:
    own = [Reaction(made.ticked_at, TICKED)] if made.ticked_at else []
    at_once = made.kind == DECISION  # it may be told in the moment it is made
    found = min((one for one in (*heard, *own) if _follows(one.at, made.began_at, at_once=at_once)), default=None)
    if found is None and made.kind == FIRST_REACTION:
        found = _invited(view, stored)
    if stored is None or stored.kept_at is None or stored.began_at != made.began_at:
        return found
    if stored.kept_at < view.now - _SETTLED and (found is None or found.at > stored.kept_at):
        return Reaction(stored.kept_at, stored.evidence)
    return found


def _follows(at: datetime, began_at: datetime, *, at_once: bool) -> bool:
    return at > began_at or (at_once and at == began_at)


def _invited(view: _View, stored: Promise | None) -> Reaction | None:
    """Who has a meeting ahead has heard from somebody; since when is not known, so it is when it was first seen."""
    if not any(one.channel == MEETING and is_planned(one, view.now) for one in view.facts.activities):
        return None
    seen_at = stored.kept_at if stored and stored.kept_at and stored.evidence == MEETING else view.now
    return Reaction(seen_at, MEETING)


def _ended(view: _View) -> str:
    """Why nobody waits for this any more; '' while somebody does. Where telling a rejection cannot be seen, whether the
    person knows is not known, and warmline does not claim that they wait."""
    status = view.one.application.status
    if status == "withdrawn":
        return WITHDRAWN
    told = view.policy.plays.promise.sight(view.one.source).told
    if status == "rejected" and not told:
        return REJECTED
    return "hired" if status == "hired" else ""
