"""Who takes part in open days and fairs, as HubSpot's marketing events have it, and who is on its lists → touch days.

One participation is one touch: an attendance takes the place of its registration, a cancellation or a no-show takes
the registration back (docs/decisions/0044).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sync.core.calendar import local_day
from sync.core.model import TouchDay

REGISTERED, ATTENDED, CANCELLED, NO_SHOW = "registered", "attended", "cancelled", "no_show"
STATES = (REGISTERED, NO_SHOW, CANCELLED, ATTENDED)  # of two at the same moment the later in this order holds
KINDS = {REGISTERED: "event_registered", ATTENDED: "event_attended"}
LIST_JOINED = "list_joined"

_CAME_TO_IT = frozenset({ATTENDED, NO_SHOW})
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Participation:
    """How a contact stands to an event. `state`: one of STATES. `at`: aware UTC, None when nothing says when."""

    event_id: str
    contact_id: str
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class MarketingEvent:
    """An event with all its participations, at most one a contact. `mark`: changes when the event or the number of
    its participants does; "" is no mark. `repeated`: entries about a contact that has another one."""

    remote_id: str
    name: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    mark: str
    participations: tuple[Participation, ...]
    repeated: int = 0


def present_state(entries: Iterable[Participation]) -> Participation:
    """Of all that is told about one contact at one event, what holds: the latest word; but who attended or did not show
    up is past registering, whenever the registration was booked. Raises ValueError for no entries."""
    told = list(entries)
    if any(one.state in _CAME_TO_IT for one in told):
        told = [one for one in told if one.state != REGISTERED]
    return max(told, key=lambda one: (one.at or _LONG_AGO, STATES.index(one.state)))


def participation_touches(participations: Sequence[Participation], zone: ZoneInfo) -> tuple[TouchDay, ...]:
    """The touch days of one contact's participations, by kind and day; a state that is no touch or has no moment gives
    none."""
    moments: dict[tuple[str, date], list[datetime]] = defaultdict(list)
    for one in participations:
        if one.state in KINDS and one.at is not None:
            moments[KINDS[one.state], local_day(one.at, zone)].append(one.at)
    return tuple(TouchDay(kind, day, len(at), max(at)) for (kind, day), at in sorted(moments.items()))


def list_touches(moments: Iterable[datetime], zone: ZoneInfo) -> tuple[TouchDay, ...]:
    """The touch days of a contact's lists, from since when it is on each."""
    days: dict[date, list[datetime]] = defaultdict(list)
    for at in moments:
        days[local_day(at, zone)].append(at)
    return tuple(TouchDay(LIST_JOINED, day, len(at), max(at)) for day, at in sorted(days.items()))
