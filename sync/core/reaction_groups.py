"""Grouped tasks: everybody who waits for a first reaction to one vacancy, in one to-do of one recruiter
(docs/decisions/0054).

In `task` and `outbox` a grouped task has no person: its `person_id` is minus the group's id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sync.core.keys import action_key
from sync.core.promise import FIRST_REACTION

PLAY = "promise"
TODO = "TODO"
_NOT_THERE = frozenset({"", "PENDING", "DEFERRED", "WITHDRAWN", "DEAD"})

Place = tuple[str, str, str]  # source, job id, owner id


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a first reaction. `aim_at`: by when the team wants to react; `told_at`: by when they were
    told. `group_id`: the grouped task they are in."""

    source: str
    application_id: str
    job_id: str
    owner_id: str
    person_id: int
    contact_id: str
    began_at: datetime
    aim_at: datetime
    told_at: datetime
    group_id: int | None = None

    @property
    def place(self) -> Place:
        """The vacancy and the recruiter whose task holds them."""
        return self.source, self.job_id, self.owner_id


@dataclass(frozen=True, slots=True)
class Group:
    """A grouped task. `id` 0: not kept yet. `task_id` '': HubSpot has none that is known. `wanted`: hash of what it was
    last planned to show. `made`: state of the outbox row that makes it; '': none. `changing`: a change of it is
    still to be confirmed. `by_us`: warmline ended it."""

    id: int
    source: str
    job_id: str
    owner_id: str
    key: str
    wanted: str = ""
    task_id: str = ""
    is_open: bool = True
    untouched: bool = True
    by_us: bool = False
    completed: bool = False
    closed_at: datetime | None = None
    contact_ids: tuple[str, ...] = ()
    due_at: datetime | None = None
    revision: int = 0
    made: str = ""
    changing: bool = False

    @property
    def place(self) -> Place:
        """The vacancy and the recruiter it belongs to."""
        return self.source, self.job_id, self.owner_id

    @property
    def at_hand(self) -> bool:
        """Whether warmline may still change it: nobody edited, reassigned, took up or closed it."""
        return self.is_open and self.untouched

    @property
    def is_sent(self) -> bool:
        """Whether HubSpot may have it."""
        return bool(self.task_id) or self.made not in _NOT_THERE

    @property
    def ticked(self) -> bool:
        """Whether a person completed it."""
        return self.completed and not self.by_us


@dataclass(slots=True)
class Sharing:
    """Who is in which grouped task. `joined`: those who were not in it yet, by group id."""

    members: dict[int, list[Waiting]] = field(default_factory=dict)
    joined: dict[int, list[Waiting]] = field(default_factory=dict)
    without: dict[Place, list[Waiting]] = field(default_factory=dict)


def share_out(waiting: Sequence[Waiting], groups: Sequence[Group]) -> Sharing:
    """Everybody who waits in a grouped task: the one they are in, as long as it is the right recruiter's, else the one
    of their vacancy and recruiter. `without`: those who need a new one. Who is in a task that a person took or ended
    stays there: they were seen.
    """
    by_id = {group.id: group for group in groups}
    open_at = {group.place: group.id for group in reversed(groups) if group.at_hand}
    shared = Sharing({group.id: [] for group in groups if group.at_hand})
    for one in waiting:
        group = by_id.get(one.group_id or 0)
        if one.group_id is not None and (group is None or not group.at_hand):
            continue
        if group is not None and group.place == one.place:
            shared.members[group.id].append(one)
        elif one.place in open_at:
            shared.members[open_at[one.place]].append(one)
            shared.joined.setdefault(open_at[one.place], []).append(one)
        else:
            shared.without.setdefault(one.place, []).append(one)
    return shared


def group_key(portal_id: str, place: Place, application_id: str, again: int = 0) -> str:
    """The action key of a grouped task: vacancy, recruiter, and the application that waited longest when it was made.
    `again`: how often there was one by that name before."""
    source, job_id, owner_id = place
    often = (str(again),) if again else ()
    return action_key(portal_id, PLAY, FIRST_REACTION, f"{source}:{job_id}", owner_id, application_id, *often)


def due_at(waiting: Sequence[Waiting], group: Group, late_due_at: datetime, now: datetime) -> datetime:
    """When the task is due: with the first who is to hear something. When that is past, it keeps the moment it has; a
    new one is due at `late_due_at`."""
    first = min(one.aim_at for one in waiting)
    return first if first > now else group.due_at or late_due_at
