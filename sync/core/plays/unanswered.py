"""Play `unanswered`: the person turned to the team, and nobody has answered. Answer.

HubSpot keeps no direction of messages such as WhatsApp, so only mails and calls can be seen to come in
(docs/decisions/0057).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sync.core.activity import CALL, EMAIL, Activity, is_act, is_waiting
from sync.core.calendar import add_working_minutes, local_day, next_opening
from sync.core.facts import OwnTask, PersonFacts
from sync.core.keys import known_markers
from sync.core.model import Decision
from sync.core.plays.spell import backlog_end
from sync.core.plays.wish import Case, Wish
from sync.core.wording_say import Say

PLAY = "unanswered"

_MOST_REASONS = 5


def wish(case: Case) -> Wish | None:
    """An answer to the mails and missed calls since the team last did something; None without any.

    The occasion is the first of them. What came in before an earlier task of this play ended was in that task. The
    answer goes by the channel of the last: a call for a call, a mail for a mail, else as it came.
    """
    waiting = _waiting(case)
    if not waiting or case.now < _wanted_at(case, waiting[0]):
        return None
    working = case.policy.time
    due_at = add_working_minutes(waiting[0].at, case.policy.plays.unanswered.due_working_minutes, working)
    return Wish(
        PLAY,
        activity_ref(waiting[0]),
        tuple(f"in:{one.channel}:{local_day(one.at, working.zone)}" for one in waiting[-_MOST_REASONS:]),
        max(due_at, next_opening(case.now, working)),
        type={CALL: "CALL", EMAIL: "EMAIL"}.get(waiting[-1].channel, "TODO"),
    )


def next_at(case: Case) -> datetime | None:
    """When what came in has waited long enough to be a task."""
    waiting = _waiting(case)
    moment = _wanted_at(case, waiting[0]) if waiting else case.now
    return moment if moment > case.now else None


def counts(case: Case, task: OwnTask, activity: Activity) -> bool:
    """Any act since the mail or call the task is about, also one warmline saw late."""
    return activity.at > _asked_at(case, task) and is_act(activity)


def told(_: PersonFacts, decision: Decision, say: Say) -> Mapping[str, object]:
    """The days of what came in: mails, calls and messages apart."""
    came: dict[str, list[date]] = {}
    for channel, day in (reason.split(":")[1:] for reason in decision.why):
        came.setdefault(channel, []).append(date.fromisoformat(day))
    messages = [day for channel, days in came.items() if channel not in (CALL, EMAIL) for day in days]
    return {
        "mails": say.days(came.get(EMAIL, ())),
        "calls": say.days(came.get(CALL, ())),
        "messages": say.days(messages),
    }


def activity_ref(activity: Activity) -> str:
    """'<channel>:<id>': HubSpot numbers each kind of activity by itself."""
    return f"{activity.channel}:{activity.remote_id}"


def _waiting(case: Case) -> list[Activity]:
    """What came in and waits, oldest first."""
    if not any(is_waiting(one) for one in case.facts.activities):
        return []  # nearly everybody: the days are counted for the others only
    ended = [task.closed_at or task.made_at for task in case.facts.tasks if task.play == PLAY and not task.open]
    since = max([_oldest(case), *ended])
    found: list[Activity] = []
    for one in case.facts.activities:
        if since < one.at <= case.now:
            found = [] if is_act(one) else [*found, one] if is_waiting(one) else found
    return found


def _oldest(case: Case) -> datetime:
    """Before then nothing is asked: it lies too far back, or it was old when warmline began and is told in a report."""
    return max(backlog_end(case), case.now - timedelta(days=case.policy.plays.unanswered.within_days))


def _wanted_at(case: Case, first: Activity) -> datetime:
    minutes = case.policy.plays.unanswered.wait_working_minutes
    return add_working_minutes(first.at, minutes, case.policy.time) if minutes else first.at


def _asked_at(case: Case, task: OwnTask) -> datetime:
    about = (
        one.at
        for one in case.facts.activities
        if is_waiting(one) and task.marker in known_markers(case.facts, case.policy.portal_id, PLAY, activity_ref(one))
    )
    return next(about, task.made_at)
