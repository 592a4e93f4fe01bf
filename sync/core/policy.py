"""The settings the core decides by, as plain values. `config` builds them; defaults and reasons stand in
config/default.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from zoneinfo import ZoneInfo

from sync.core.play_policy import PlaysPolicy
from sync.core.wording_templates import Templates


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """What a touch kind is worth: points a touch day, half-life in days, most points the kind can give."""

    weight: float
    half_life_days: float
    cap: float


@dataclass(frozen=True, slots=True)
class ScorePolicy:
    """How points become a score (docs/scoring.md).

    `scale`: raw points at which the score is 63. Band edges are lowest scores; `hysteresis` in points.
    """

    kinds: Mapping[str, KindPolicy]
    scale: float = 3.0
    hot: int = 60
    warm: int = 35
    cool: int = 15
    hysteresis: int = 5
    enabled: bool = True  # False: nobody is scored
    version: str = ""  # hash of all of the above: stored with each score


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When recruiters work. `zone`: the team's. `weekdays`: 0 = Monday. `holidays`: local dates without work.

    `early_days`: (month, day) on which work ends at `early_closes` when that is earlier."""

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(18)
    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    early_days: frozenset[tuple[int, int]] = frozenset()
    early_closes: time = time.max


@dataclass(frozen=True, slots=True)
class AudiencePolicy:
    """Who is scored at all. `lists`: HubSpot list ids whose members join; `everyone`: every contact joins."""

    lists: frozenset[str] = frozenset()
    everyone: bool = False
    customers: bool = False
    open_deals: bool = False
    internal: bool = False
    internal_domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Absence:
    """An owner, by e-mail, who is away from the local day `first` to `last`. `stand_in`: who takes their tasks; None:
    whoever is next."""

    owner: str
    first: date
    last: date
    stand_in: str | None = None


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """Whose task it is. E-mails lower case. Only owners in `recruiters` get tasks; `pilots` empty: all of them.

    `owners`: an ATS recruiter's e-mail to the HubSpot owner's, where they differ. `absent`: who is away when.
    """

    recruiters: frozenset[str] = frozenset()
    owners: Mapping[str, str] = field(default_factory=dict)
    fallback: str | None = None
    pilots: frozenset[str] = frozenset()
    absent: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactPolicy:
    """When a person may be called, and how many tasks people get. `grounds`: application, request, consent,
    legitimate_interest.

    `mails_…`, `contacts_…`: of anyone of the team. `gap_hours`: between two contacts. `missed_attempts`: calls in a row
    nobody took, after which there is rest (0: never)."""

    grounds: frozenset[str] = frozenset()
    new_tasks_a_day: int = 8
    open_tasks: int = 15
    tasks_per_7_days: int = 1
    tasks_per_30_days: int = 3
    mails_per_7_days: int = 2
    contacts_per_30_days: int = 4
    gap_hours: int = 72
    missed_attempts: int = 3
    rest_after_misses_days: int = 30
    rest_after_no_days: int = 180
    rest_after_rejection_days: int = 28


@dataclass(frozen=True, slots=True)
class CallListPolicy:
    """The list of the day: `capacity` people a recruiter, made at `at` (local) on working days. `is_told`: recruiters
    get it as a message."""

    capacity: int = 8
    at: time = time(7, 30)
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """How long people may be kept after their procedures ended; `consent_days`: at most, with their consent.

    `silent_days`: who never applied, after anything was seen of them last; 0: no end. `erase`: the full read erases who
    is due."""

    days: int = 28
    consent_days: int = 365
    silent_days: int = 0
    erase: bool = True


@dataclass(frozen=True, slots=True)
class WritePolicy:
    """What may be written. `properties`: contact properties that exist in the portal and may be written; `rise`:
    score points since the last write that make a new one. `language`: nl or en; `languages`: of the owners who read
    another, by e-mail."""

    properties: frozenset[str]
    create_contacts: str = "never"
    rise: int = 5
    language: str = "nl"
    languages: Mapping[str, str] = field(default_factory=dict)
    templates: Templates = field(default_factory=Templates)


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything the core decides by."""

    portal_id: str
    score: ScorePolicy
    time: WorkingTime
    audience: AudiencePolicy
    routing: RoutingPolicy
    contact: ContactPolicy
    plays: PlaysPolicy = PlaysPolicy()
    call_list: CallListPolicy = CallListPolicy()
    retention: RetentionPolicy = RetentionPolicy()
    write: WritePolicy = field(default_factory=lambda: WritePolicy(properties=frozenset()))
