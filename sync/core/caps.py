"""How often people are in touch with the team: contacts counted over all channels, whoever made them, and when there is
room again. Pure counting; moments are aware UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sync.core.activity import CALL, IN, MEETING, TASK, Activity, is_act, is_missed_attempt
from sync.core.calendar import local_day

NOT_INTERESTED = "not_interested"
_SPOKEN = frozenset({"connected", NOT_INTERESTED})


def contacts(activities: Iterable[Activity], now: datetime, zone: ZoneInfo) -> list[Activity]:
    """What the team did with the person until `now`, newest first: of each channel the last of each local day.

    Attempts count, and meetings that took place; what the person sends does not, nor mail put in HubSpot by hand. A
    completed task counts where nothing else of that day shows what was done.
    """
    last: dict[tuple[str, object], Activity] = {}
    for one in activities:
        if one.at <= now and not one.archived and is_contact(one):
            key = one.channel, local_day(one.at, zone)
            last[key] = max(last.get(key, one), one, key=lambda other: other.at)
    seen = {day for channel, day in last if channel != TASK}
    found = [one for (channel, day), one in last.items() if channel != TASK or day not in seen]
    return sorted(found, key=lambda one: one.at, reverse=True)


def is_contact(one: Activity) -> bool:
    """Whether the team was in touch with the person by this, or tried; not what the person began."""
    return is_act(one) and one.direction != IN


def window_end(moments: Sequence[datetime], most: int, window: timedelta) -> datetime | None:
    """When fewer than `most` of these moments lie within the window again; None: that is so already, or never was.

    `moments`: newest first; `most` at least 1. A moment leaves the window when it is exactly as old as the window.
    """
    return moments[most - 1] + window if len(moments) >= most else None


def missed_until(activities: Iterable[Activity], now: datetime, *, attempts: int, rest: timedelta) -> datetime | None:
    """Until when there is rest after `attempts` calls in a row that nobody took; None: fewer were missed.

    The row is broken by being in touch: a call that was taken, a meeting, anything from the person; and by a pause as
    long as the rest. 0 attempts: never.
    """
    missed: list[datetime] = []
    for one in sorted(activities, key=lambda one: one.at, reverse=True):
        if one.at > now or one.archived:
            continue
        if is_missed_attempt(one):
            if missed and missed[-1] - one.at >= rest:
                break
            missed.append(one.at)
        elif _was_in_touch(one):
            break
    return missed[0] + rest if 0 < attempts <= len(missed) else None


def no_until(activities: Iterable[Activity], now: datetime, *, rest: timedelta) -> datetime | None:
    """Until when there is rest after the person's last no; None: they never said it."""
    said = [one.at for one in activities if one.at <= now and not one.archived and one.outcome == NOT_INTERESTED]
    return max(said) + rest if said else None


def _was_in_touch(one: Activity) -> bool:
    """Whether both took part, or the person turned to the team."""
    if one.channel == MEETING:
        return is_act(one)
    return one.direction == IN or (one.channel == CALL and one.outcome in _SPOKEN)
