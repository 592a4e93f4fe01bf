"""All that is known about one person at the moment of deciding: read once by the store, handed to every pure
function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sync.core.activity import Activity
from sync.core.consent import Consent
from sync.core.model import Application, Band, Candidate, Contact, Decision, Job, Owner, PersonId, RecordRef, TouchDay
from sync.core.promise import Promise, StageMove
from sync.core.trigger import Trigger


@dataclass(frozen=True, slots=True)
class LinkedCandidate:
    """A candidate with the source it comes from."""

    source: str
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class LinkedApplication:
    """An application with its job, where the job is known."""

    source: str
    application: Application
    job: Job | None


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task warmline made for the person, sent or confirmed. `open`: not completed, archived or expired.

    `made_at`: when it was sent. `marker`: first 12 hex of its action key; `first_marker`: of the one it was made with,
    where a stronger play rewrote it since. `untouched`: it stands as warmline wrote it. `lost`: none of its contacts is
    the person's any more. `revision`: how often warmline changed it. `type`: CALL, EMAIL or TODO. `withdrawn`: warmline
    archived it itself. An empty `remote_id`: not confirmed yet.
    """

    remote_id: str
    marker: str
    play: str | None
    owner_id: str | None
    open: bool
    made_at: datetime
    closed_at: datetime | None = None
    due_at: datetime | None = None
    untouched: bool = True
    lost: bool = False
    first_marker: str = ""
    revision: int = 0
    type: str = "CALL"
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class StoredScore:
    """The score as last computed. `band_since`: the local day the band was entered."""

    value: int | None
    raw: float
    band: Band
    band_since: date


@dataclass(frozen=True, slots=True)
class Beside:
    """A contact of a person who is written on another one. `written`: warmline's properties that stand on it.
    `contested`: those that a person's edit keeps.
    """

    contact_id: str
    written: tuple[tuple[str, str], ...] = ()
    contested: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """`contact` is the person's primary contact (None: not in HubSpot); `beside`: their others. `touches` cover all
    linked records, any order.

    `tasks`: warmline's own, newest first. `previous`: the last decision of each play, by play. `list_ids`: HubSpot
    lists in the audience that hold the contact. `written`: baseline of the contact's warmline properties.
    `contested`: what was last wanted of those a person's edit stands in the way of; `owed`: those of them that go back
    to warmline's value. `review_open`: a link review
    waits. `mailbox_taken`: the person has no contact, and a contact of somebody else has one of their addresses.
    `activities`: contact of anyone of the team with the person, by any channel, oldest first, planned ones too; it goes
    back as far as HubSpot is read (hubspot.activities_days). `erased`: a candidate of theirs was anonymised, and
    none is left. `viewed`: the vacancies their touches may be about, of every source that has the id.
    `moves`: of their applications through stages, any order. `promises`: as last kept. `watched_since`: when warmline
    first decided anything here; None: it has not yet. `triggers`: of all their contacts, ended ones too.
    `consents`: what all their records say now, any order.
    `call_rank`: their place on the list of the day, as it was made last; None: they are not on it.
    `missed_events`: the moments of open days they registered for and were noted as not having come to.
    """

    person_id: PersonId
    links: tuple[tuple[RecordRef, str], ...] = ()
    candidates: tuple[LinkedCandidate, ...] = ()
    contact: Contact | None = None
    beside: tuple[Beside, ...] = ()
    applications: tuple[LinkedApplication, ...] = ()
    touches: tuple[TouchDay, ...] = ()
    score: StoredScore | None = None
    tasks: tuple[OwnTask, ...] = ()
    previous: tuple[Decision, ...] = ()
    list_ids: frozenset[str] = frozenset()
    written: tuple[tuple[str, str], ...] = ()
    review_open: bool = False
    contested: tuple[tuple[str, str], ...] = ()
    owed: frozenset[str] = frozenset()
    mailbox_taken: bool = False
    activities: tuple[Activity, ...] = ()
    erased: bool = False
    viewed: tuple[Job, ...] = ()
    moves: tuple[StageMove, ...] = ()
    promises: tuple[Promise, ...] = ()
    watched_since: datetime | None = None
    triggers: tuple[Trigger, ...] = ()
    consents: tuple[Consent, ...] = ()
    missed_events: tuple[datetime, ...] = ()
    call_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Owners:
    """Active HubSpot owners both ways. E-mails lower case."""

    by_email: dict[str, Owner]
    by_id: dict[str, Owner]


@dataclass(frozen=True, slots=True)
class Load:
    """How many tasks a recruiter has: `new_today` planned or sent today, `open` now."""

    new_today: int = 0
    open: int = 0
