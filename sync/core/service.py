"""What is told of the service to applicants: who heard in time, late and never, and how long it took
(docs/reports.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from sync.core.calendar import local_day
from sync.core.disclosure import FEWEST, Hidden
from sync.core.promise import Promise
from sync.core.promises import WITHDRAWN
from sync.core.spans import Times


class Answer(Enum):
    """What became of a promise to an applicant. The value is the key in JSON."""

    IN_TIME = "in_time"
    LATE = "late"
    NEVER = "never"  # the date passed, and nothing was seen until now
    WAITING = "waiting"  # the date is still to come
    WITHDRAWN = "withdrawn"  # by the applicant
    UNSEEN = "not_visible"  # the source does not show whether the person was told


@dataclass(frozen=True, slots=True)
class Served:
    """An application as service is measured. `began_at`: when it came in. `person`: whose; one key a person.
    `owner_id`: whose task an answer is. `decided_at`: when the person was rejected or hired. `promises`: any order."""

    source: str
    application_id: str
    person: str
    began_at: datetime
    job_id: str | None = None
    owner_id: str | None = None
    status: str = "active"
    decided_at: datetime | None = None
    has_reason: bool = False
    promises: tuple[Promise, ...] = ()

    def promise(self, kind: str) -> Promise | None:
        """The promise of a kind that counts; None: there is none, or it was overdue before the first run."""
        return next((one for one in self.promises if one.kind == kind and not one.backlog), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """What sources show: `told` rejections, `reasons` of rejections. Names of sources."""

    told: AbstractSet[str] = frozenset()
    reasons: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of one kind of promise. `within_norm`: of those in time or late, who heard within the team's own
    norm. `hours`: working hours until they heard, of those who did. `not_counted`: overdue before the first run, or not
    followed."""

    answers: Mapping[Answer, int] = field(default_factory=dict)
    within_norm: int = 0
    not_counted: int = 0
    hours: Times = Times()

    def count(self, answer: Answer) -> int:
        """How many."""
        return self.answers.get(answer, 0)

    @property
    def due(self) -> int:
        """How many could have heard: they did, or their date passed."""
        return self.count(Answer.IN_TIME) + self.count(Answer.LATE) + self.count(Answer.NEVER)

    @property
    def is_visible(self) -> bool:
        """False: there were some, and of none can be seen whether they heard."""
        return self.count(Answer.UNSEEN) == 0 or sum(self.answers.values()) > self.count(Answer.UNSEEN)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Rejections. `with_reason`: the source holds why; `days`: working days from applying until such a one. `told`: of
    those, who is known to have been told, and after how many working `hours`. `not_visible`: the source shows no
    reasons."""

    all: int = 0
    with_reason: int = 0
    told: int = 0
    not_visible: int = 0
    days: Times = Times()
    hours: Times = Times()


@dataclass(frozen=True, slots=True)
class Figures:
    """The service to a group of applicants. `decision`: working days from applying until hired or rejected.
    `promises`: how many of all kinds are kept, broken, open or ended, and `moved` of them."""

    people: int = 0
    applications: int = 0
    reaction: Heard = Heard()
    interview: Heard = Heard()
    answer: Heard = Heard()
    decision: Times = Times()
    rejected: Rejected = Rejected()
    promises: Mapping[str, int] = field(default_factory=dict)
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the report: `figures` None where they are `hidden`."""

    key: str
    figures: Figures | None
    hidden: Hidden | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """`total` None: it is of fewer than five people. `groups`: by key."""

    total: Figures | None
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Overdue:
    """A promise that was overdue before the first run. `waits`: the applicant still does; `answered`: somebody reacted
    since."""

    person_id: int
    waits: bool
    answered: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    """What was overdue before the first run, whenever that was: promises, of how many people."""

    people: int
    waiting: int
    answered: int


def backlog(found: Iterable[Overdue]) -> Backlog | None:
    """What was overdue before the first run. None: of fewer than five people, but of some."""
    overdue = list(found)
    people = {one.person_id for one in overdue}
    if 0 < len(people) < FEWEST:
        return None
    return Backlog(len(people), sum(one.waits for one in overdue), sum(one.answered for one in overdue))


def answer(promise: Promise, now: datetime) -> Answer:
    """What became of a promise by `now`. The date that counts is the one a recruiter moved it to."""
    if promise.kept_at is not None:
        return Answer.IN_TIME if promise.kept_at <= promise.due_at else Answer.LATE
    if promise.ended:
        return Answer.WITHDRAWN if promise.ended == WITHDRAWN else Answer.UNSEEN
    return Answer.NEVER if now > promise.due_at else Answer.WAITING


def month(one: Served, zone: ZoneInfo) -> str:
    """The local month an application came in, as 2026-11."""
    return f"{local_day(one.began_at, zone):%Y-%m}"
