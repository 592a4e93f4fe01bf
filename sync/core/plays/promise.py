"""Play `promise`: news after an interview and the answer to a decision, in time. First reactions are grouped
(`sync/core/reaction_groups.py`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sync.core.activity import Activity, is_planned
from sync.core.applications import application_ref
from sync.core.calendar import add_working_minutes, local_day
from sync.core.facts import OwnTask, PersonFacts
from sync.core.keys import known_markers
from sync.core.model import Decision
from sync.core.plays.wish import Case, Wish
from sync.core.promise import FIRST_REACTION, INTERVIEW, Promise
from sync.core.promise_terms import before
from sync.core.promises import promises_of
from sync.core.reactions import is_reaction
from sync.core.wording_say import Say

PLAY = "promise"


@dataclass(frozen=True, slots=True)
class _Step:
    """A date the team is held to: from `starts_at` on there is a task about it."""

    promise: Promise
    due_at: datetime
    starts_at: datetime

    def occasion(self, case: Case) -> str:
        """The application, what is promised about it, and by when."""
        one, day = self.promise, local_day(self.due_at, case.policy.time.zone)
        return f"{one.kind}:{one.source}:{one.application_id}:{day.isoformat()}"


def wish(case: Case) -> Wish | None:
    """A call about the promise that breaks first: from some time before the team's own norm ends, and once more before
    the date the applicant was told. None: nothing is about to break.

    What was past the norm before the first run waits for the date the applicant was told.
    """
    begun = [step for step in _steps(case) if step.starts_at <= case.now]
    if not begun:
        return None
    latest = {(one.promise.source, one.promise.application_id, one.promise.kind): one for one in begun}
    first = min(latest.values(), key=lambda one: (one.due_at, one.occasion(case)))
    promise, policy = first.promise, case.policy
    margin = policy.plays.promise.margin_working_minutes
    due_at = before(first.due_at, margin, policy.time)
    if due_at <= case.now:
        due_at = add_working_minutes(case.now, margin, policy.time)
    began_on = local_day(promise.began_at, policy.time.zone).isoformat()
    return Wish(
        PLAY,
        first.occasion(case),
        (
            f"{promise.kind}:{promise.source}:{promise.application_id}:{began_on}",
            f"due:{first.due_at.isoformat()}",
            f"sees:{policy.plays.promise.sight(promise.source).title}",
        ),
        due_at,
        priority="HIGH",
        application=f"{promise.source}:{promise.application_id}",
    )


def next_at(case: Case) -> datetime | None:
    """When the next task about a promise is to be made, or a meeting that is planned is over."""
    moments = [step.starts_at for step in _steps(case)]
    moments += [one.at for one in case.facts.activities if is_planned(one, case.now)]
    return min((moment for moment in moments if moment > case.now), default=None)


def counts(case: Case, task: OwnTask, activity: Activity) -> bool:
    """A reaction to the applicant ends the task; a call nobody took does not."""
    return activity.at > task.made_at and is_reaction(activity, None, case.policy.plays.promise)


def done_by(case: Case, task: OwnTask) -> str | None:
    """The evidence by which the promise behind a task was kept since it was made; None: it still stands."""
    kept = [
        one
        for one in promises_of(case.facts, case.policy, case.now)
        if one.kept_at is not None and one.kept_at > task.made_at and _is_about(case, task, one)
    ]
    return next((one.evidence for one in kept), None)


def told(facts: PersonFacts, decision: Decision, say: Say) -> Mapping[str, object]:
    """What was promised, since when and by when, and where it would show."""
    codes = {code: rest for code, _, rest in (one.partition(":") for one in decision.why)}
    kind = decision.occasion.partition(":")[0]
    due_at = datetime.fromisoformat(codes["due"]) if "due" in codes else decision.due_at
    one = next((one for one in facts.applications if application_ref(one) == decision.application), None)
    promise = next((one for one in facts.promises if _ref(one) == decision.application and one.kind == kind), None)
    applied_at = one.application.applied_at if one else None
    since = promise.began_at if promise and kind == INTERVIEW else applied_at
    told_by = promise.due_at if promise else None
    return {
        "promised_by": say.moment(due_at) if due_at else "",
        "promised_job": say.job(one),
        "after_interview": kind == INTERVIEW,
        "promised_on": say.weekday(since) if since else "",
        "told_by": say.weekday(told_by) if told_by and due_at and told_by > due_at else "",
        "ats": codes.get("sees", ""),
    }


def _steps(case: Case) -> Iterator[_Step]:
    """The dates of every promise that stands, the earlier date of one first."""
    policy = case.policy.plays.promise
    for one in promises_of(case.facts, case.policy, case.now):
        if one.kind != FIRST_REACTION and one.waits:
            for due_at in _dates(case, one):
                yield _Step(one, due_at, before(due_at, policy.ahead_working_minutes, case.policy.time))


def _dates(case: Case, one: Promise) -> list[datetime]:
    if one.moved_at is not None:
        return [one.moved_at]
    if one.backlog:
        return [due_at for due_at in (one.internal_due_at, one.public_due_at) if _has_task(case, one, due_at)]
    watched = case.facts.watched_since
    norm = [] if watched is not None and one.internal_due_at <= watched else [one.internal_due_at]
    return sorted({*norm, one.public_due_at})


def _has_task(case: Case, one: Promise, due_at: datetime) -> bool:
    """Whether a task about it stands open: a rebuilt mirror does not know any more that it was made in time."""
    occasion = _Step(one, due_at, due_at).occasion(case)
    markers = known_markers(case.facts, case.policy.portal_id, PLAY, occasion)
    return any(task.open and task.marker in markers for task in case.facts.tasks)


def _is_about(case: Case, task: OwnTask, one: Promise) -> bool:
    dates = {one.internal_due_at, one.public_due_at, one.due_at} | ({one.was_due_at} if one.was_due_at else set())
    occasions = {_Step(one, due_at, due_at).occasion(case) for due_at in dates}
    return any(
        task.marker in known_markers(case.facts, case.policy.portal_id, PLAY, occasion) for occasion in occasions
    )


def _ref(one: Promise) -> str:
    return f"{one.source}:{one.application_id}"
