"""Play `event_follow_up`: somebody came to an open day, and nobody of the team was in touch since. Go on with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sync.core.activity import is_act
from sync.core.calendar import add_working_minutes, day_start, local_day, next_opening
from sync.core.facts import PersonFacts
from sync.core.model import Decision
from sync.core.plays.spell import backlog_end, stands
from sync.core.plays.wish import Case, Wish
from sync.core.touches import EVENT_ATTENDED
from sync.core.wording_say import Say

PLAY = "event_follow_up"
ATTENDED, MISSED = "attended", "missed"


def wish(case: Case) -> Wish | None:
    """A call after the last open day they came to (or, where that is set, were noted as having missed); None without
    one lately, and once the team was in touch.

    The occasion is its day. A task that stands is wanted until the team was in touch.
    """
    last = max(_events(case), default=None)
    if last is None:
        return None
    day, what = last
    ends = day_start(day + timedelta(days=1), case.policy.time.zone)
    occasion = day.isoformat()
    if not (_is_new(case, day, ends) or stands(case, PLAY, occasion)):
        return None
    working = case.policy.time
    due_at = add_working_minutes(ends, case.policy.plays.event_follow_up.due_working_minutes, working)
    return Wish(PLAY, occasion, (f"{what}:{occasion}",), max(due_at, next_opening(case.now, working)))


def next_at(case: Case) -> datetime | None:
    """When the day of the event is over."""
    ends = day_start(case.today + timedelta(days=1), case.policy.time.zone)
    return ends if any(day == case.today for day, _ in _events(case)) else None


def told(_: PersonFacts, decision: Decision, say: Say) -> Mapping[str, object]:
    """The day of the event, and whether they came."""
    what, day = next(iter(decision.why), ":").split(":")
    return {"came_on": say.day(date.fromisoformat(day)) if day else "", "missed": what == MISSED}


def _events(case: Case) -> list[tuple[date, str]]:
    """The days of open days up to today, each with whether they came; who came to one did not miss it."""
    came = {one.day for one in case.facts.touches if one.kind == EVENT_ATTENDED and not one.suspect}
    noted = {local_day(at, case.policy.time.zone) for at in case.facts.missed_events}
    missed = noted - came if case.policy.plays.event_follow_up.no_shows else set[date]()
    found = [(day, ATTENDED) for day in came] + [(day, MISSED) for day in missed]
    return [one for one in found if one[0] <= case.today]


def _is_new(case: Case, day: date, ends: datetime) -> bool:
    """Whether it is over, not too long ago, and nobody of the team was in touch since. At the open day itself everybody
    was: what was done that day does not count.
    """
    too_old = day + timedelta(days=case.policy.plays.event_follow_up.within_days) < case.today
    if too_old or case.now < ends or ends <= backlog_end(case):
        return False
    return not any(ends <= one.at <= case.now and is_act(one) for one in case.facts.activities)
