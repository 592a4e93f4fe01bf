"""The values every stage speaks in. Words: docs/glossary.md. All datetimes are aware UTC; `day` values are local
dates of the team."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple, NewType

from sync.core.consent import Stated

HUBSPOT = "hubspot"

PersonId = NewType("PersonId", int)


class RecordRef(NamedTuple):
    """A record at its source: ('hubspot', contact id), ('<ats>', candidate id), ('<ats>.attendance', row id)."""

    source: str
    remote_id: str


def person_ref(person_id: int) -> str:
    """How a person id is shown and typed: `p` and the number, so that it is never taken for a contact id."""
    return f"p{person_id}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate as the ATS has it. `owner_email`: the candidate's recruiter. None means unknown."""

    remote_id: str
    first_name: str | None = None
    name_infix: str | None = None
    last_name: str | None = None
    email_addresses: tuple[str, ...] = ()
    phone_numbers: tuple[str, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    origin: str | None = None
    owner_email: str | None = None
    can_email: bool | None = None
    consent_expires_at: datetime | None = None
    deleted_at: datetime | None = None
    anonymised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobStage:
    """A stage of a job's pipeline. `kind`: applied, screening, interview, offer, hired, other."""

    remote_id: str
    job_id: str
    name: str | None = None
    kind: str = "other"
    position: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """A vacancy. `status`: open, closed, draft, archived, unknown."""

    remote_id: str
    name: str | None = None
    status: str = "unknown"
    confidential: bool = False
    recruiter_email: str | None = None
    post_url: str | None = None
    apply_url: str | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    stages: tuple[JobStage, ...] = ()
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """An application. `status`: active, hired, rejected, withdrawn, prospect, unknown. `told_at`: when the person was
    told a rejection. `stage_entries`: every stage it was in and when it was entered, where the vendor tells."""

    remote_id: str
    candidate_id: str | None = None
    job_id: str | None = None
    status: str = "unknown"
    applied_at: datetime | None = None
    stage_id: str | None = None
    stage_entered_at: datetime | None = None
    rejected_at: datetime | None = None
    reject_reason: str | None = None
    told_at: datetime | None = None
    hired_at: datetime | None = None
    first_reply_at: datetime | None = None
    origin: str | None = None
    updated_at: datetime | None = None
    stage_entries: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class AtsUser:
    """A user of the ATS: a recruiter or hiring manager."""

    remote_id: str
    name: str | None = None
    email: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Attendance:
    """A line of an open day's sign-in sheet. `kind`: registered, attended, no_show. `remote_id`: hash of event and
    person."""

    remote_id: str
    event: str
    kind: str
    at: datetime | None = None
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    name_infix: str | None = None
    last_name: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A HubSpot contact. `stored_candidate_id`: its `warmline_candidate_id`. `seen`: identified on the site, mailed
    or met. `consents`: what the team's own properties and the legal basis say, as HubSpot showed it; empty on a contact
    of the mirror, which keeps it apart."""

    remote_id: str
    email: str | None = None
    additional_emails: tuple[str, ...] = ()
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    mobile_phone: str | None = None
    owner_id: str | None = None
    lifecycle_stage: str | None = None
    deals: int = 0
    opted_out: bool = False
    seen: bool = False
    stored_candidate_id: str | None = None
    band_in_crm: str | None = None
    call_back_at: datetime | None = None
    reply_due_at: datetime | None = None
    do_not_call: bool = False
    channel_preference: str | None = None
    no_profiling: bool = False
    tracking_consent: bool | None = None
    consents: tuple[Stated, ...] = ()
    merged_ids: tuple[str, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counters:
    """A contact's engagement totals and last moments as HubSpot shows them. 0 and None: nothing seen.

    `page_kind`, `page_job`: touch kind and vacancy of the last page seen; "": it tells nothing.
    """

    visits: int = 0
    last_visit_at: datetime | None = None
    clicks: int = 0
    last_click_at: datetime | None = None
    replies: int = 0
    last_reply_at: datetime | None = None
    forms: int = 0
    last_form_at: datetime | None = None
    last_meeting_at: datetime | None = None
    last_page_at: datetime | None = None
    page_kind: str = ""
    page_job: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A HubSpot owner."""

    remote_id: str
    email: str | None = None
    name: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """A HubSpot task of a person warmline follows. `marker`: the 12 hex of `[wl:…]` in its body, None when it is not
    ours.

    `visible_hash`: hash of subject, body, due moment, owner and type; a person's edit shows as another hash.
    """

    remote_id: str
    contact_ids: tuple[str, ...] = ()
    marker: str | None = None
    status: str | None = None
    type: str | None = None
    owner_id: str | None = None
    due_at: datetime | None = None
    visible_hash: str = ""
    created_at: datetime | None = None
    completed_at: datetime | None = None
    archived: bool = False
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TouchDay:
    """At least one valid touch of a kind on a local day. `count` touches, the last at `last_at`; `suspect` days weigh
    nothing."""

    kind: str
    day: date
    count: int = 1
    last_at: datetime | None = None
    job_id: str = ""
    suspect: bool = False


class Band(Enum):
    """How warm a person is. UNSCORED: no source can see the person; COLD: seen, but quiet."""

    HOT = "hot"
    WARM = "warm"
    COOL = "cool"
    COLD = "cold"
    UNSCORED = "unscored"


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a score's breakdown: a touch day and what it is worth today. `points` is after decay and the kind's
    cap."""

    kind: str
    day: date
    count: int
    age_days: int
    weight: float
    points: float
    job_id: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """A person's engagement. `value` None and band UNSCORED: no source can see the person. The points sum to `raw`."""

    value: int | None
    raw: float
    band: Band
    points: tuple[Point, ...]


class Refusal(Enum):
    """Why a wish does not become a task. The value is the stable name in JSON and in the mirror."""

    NOT_IN_AUDIENCE = "not_in_audience"
    NO_CONTACT = "no_contact"  # nothing in HubSpot to attach a task to
    CUSTOMER = "customer"
    OPEN_DEAL = "open_deal"
    INTERNAL = "internal"  # the team's own domain
    DO_NOT_CALL = "do_not_call"
    OPTED_OUT = "opted_out"
    NO_PROFILING = "no_profiling"
    CHANNEL = "channel_preference"
    NO_GROUND = "no_call_ground"
    NO_RECRUITER = "no_recruiter"
    NOT_PILOT = "not_pilot_owner"
    OPEN_TASK = "open_task"
    REST = "rest"  # a task for this person was made or closed too recently
    CAP_DAY = "cap_day"  # the recruiter's new tasks of today are used up
    CAP_OPEN = "cap_open"  # the recruiter has enough open tasks
    ALREADY_DONE = "already_done"  # this occasion had its task
    ERASED = "erased"  # anonymised at every source that had the person as a candidate
    RETENTION_ENDED = "retention_ended"
    AWAITING_REACTION = "awaiting_reaction"  # applied, and nobody reacted yet
    IN_PROCESS = "in_process"  # an application runs
    HIRED = "hired"
    REJECTED_LATELY = "rejected_lately"
    CAP_MAILS = "cap_mails"
    CAP_CONTACTS = "cap_contacts"
    GAP = "gap"  # in touch too recently
    REST_MISSED = "rest_missed"  # several calls in a row nobody took
    REST_NO = "rest_no"  # the person said no
    HOLDOUT = "holdout"  # left out on purpose, to know what calls bring


@dataclass(frozen=True, slots=True)
class Decision:
    """What a play wants for a person and whether policy lets it. `occasion`: the outside fact that names the wish.

    `until`: when a refusal ends, None when only a change ends it. `due_at`: when the task is due, for a granted wish.
    `type`: CALL, EMAIL or TODO. `application`: the one it is about, as '<source>:<id>'; '': none.
    """

    play: str
    occasion: str
    wanted: bool
    refused: Refusal | None = None
    until: datetime | None = None
    owner_id: str | None = None
    due_at: datetime | None = None
    ground: str | None = None
    why: tuple[str, ...] = ()
    type: str = "CALL"
    priority: str = "MEDIUM"
    application: str = ""


class ActionKind(Enum):
    """The kinds of write, as in `plan --json`."""

    CREATE_CONTACT = "create_contact"
    UPDATE_CONTACT = "update_contact"
    CREATE_TASK = "create_task"
    UPDATE_TASK = "update_task"
    COMPLETE_TASK = "complete_task"
    ARCHIVE_TASK = "archive_task"


class OutboxState(Enum):
    """The life of an outbox row."""

    PENDING = "PENDING"  # planned, nothing sent
    SENT = "SENT"  # handed to the network under a lease token; no answer recorded yet
    UNKNOWN = "UNKNOWN"  # no answer, or one that did not confirm it: looked up before any retry
    DONE = "DONE"  # confirmed
    DEFERRED = "DEFERRED"  # certainly not done; tried again after `not_before`
    DEAD = "DEAD"  # refused for good
    WITHDRAWN = "WITHDRAWN"  # no longer wanted, or a person's edit stands in its way


@dataclass(frozen=True, slots=True)
class Action:
    """A planned write: one outbox row. `key`: the action key. `before`/`after`: property values as HubSpot spells
    them. `contact_ids`: all that a grouped task is associated with; its `person_id` is below 0."""

    kind: ActionKind
    key: str
    person_id: PersonId
    contact_id: str | None
    after: dict[str, str]
    before: dict[str, str] = field(default_factory=dict)
    object_id: str | None = None
    play: str | None = None
    reason: str = ""
    contact_ids: tuple[str, ...] = ()
