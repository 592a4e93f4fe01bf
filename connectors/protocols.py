"""The ports between stages and connectors. Stages know these shapes and nothing else of a vendor.

A connector yields vendor JSON (or file rows) cut down to the fields it was handed; `mappings` turns them into the
model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Protocol, runtime_checkable

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StreamSpec:
    """What a stream is and what the puller may expect of it.

    `noun`: the noun of `<source>.<noun>`. `incremental`: it can be asked for a time window; otherwise every pull is
    whole. `lag_minutes`: how far behind its window end the vendor's index may be; the next window starts that much
    earlier. `optional`: warmline does its work without it, so that a missing scope switches it off instead of ending
    the run. `needs`: what a portal must have to show it, in words; a stream that is off for want of it is asked for
    again once a day. `late_days`: its records never change and may come that much late; a full read goes back so far
    and no further.
    """

    noun: str
    incremental: bool
    lag_minutes: int = 0
    optional: bool = False
    needs: str = ""
    late_days: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """A two-sided time window, aware UTC, `since` inclusive, `until` exclusive. `since` None: everything there is."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row the connector itself could not read (broken JSON, wrong column count). `ref` is a line or id, never a
    value."""

    ref: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """A file read to its end: stored in the ledger in the same transaction as its last page."""

    name: str
    sha256: str
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """A window of which the vendor counts more records than it gave. `came`: distinct ones read."""

    came: int
    counted: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a stream. `token` resumes after this page (None: this was the last one).

    `snapshot_begin`, `snapshot_end`: first and last page of a complete snapshot; ids of that noun not seen between
    them are gone at the source. `receipt`: set on the last page of a file. `total`: the vendor's own count, where it
    gives one. `shortage`: set on a last page when that count says that records of the window did not come. `gone`: ids
    the source says it deleted.
    """

    records: Sequence[Record]
    token: str | None
    total: int | None = None
    rejected: Sequence[Rejected] = ()
    snapshot_begin: bool = False
    snapshot_end: bool = False
    receipt: FileReceipt | None = None
    shortage: Shortage | None = None
    gone: Sequence[str] = ()


class Source(Protocol):
    """A place records come from: HubSpot, an ATS, a folder of files."""

    @property
    def name(self) -> str:
        """The configured name, lower case: the first half of stream names and of `warmline_candidate_id`."""

    @property
    def streams(self) -> Sequence[StreamSpec]:
        """In the order they must be pulled."""

    def fetch_pages(self, noun: str, window: Window, token: str | None) -> Iterator[Page]:
        """Pages of a stream, from the page after `token` (None: from the start).

        Raises RetriableError when retries are used up, AuthError, MissingScope. Two equal tokens in a row: BadAnswer.
        """


@runtime_checkable
class RereadsById(Protocol):
    """A source that can say of single records how they are now, without a window."""

    def fetch_records(self, noun: str, ids: Sequence[str]) -> Mapping[str, Record]:
        """Records as pages would show them, keyed by the id ASKED FOR; the record's own `id` differs when another
        record answers for it now (a merge). Ids that are not there any more are absent. Any number of ids.

        Raises NotServed where records of that noun cannot be asked for by id, and what `fetch_pages` raises.
        """


class WriteStatus(Enum):
    """What became of one row of a write."""

    DONE = "done"  # the vendor confirmed it
    REJECTED = "rejected"  # refused for good; `reason` says why
    RETRY = "retry"  # certainly not done (429, 423, 477): may be sent again
    UNKNOWN = "unknown"  # no reply, 5xx, or a 2xx that did not confirm the row: look it up before any retry


@dataclass(frozen=True, slots=True)
class WriteRow:
    """One row to write. `key`: the action key, sent as objectWriteTraceId. `object_id`: None for a create."""

    key: str
    object_id: str | None
    properties: Mapping[str, str]
    contact_ids: Sequence[str] = ()  # associations of a new task


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The outcome of one row. `properties`: what the vendor's answer shows (tasks: the visible text to compare edits
    with)."""

    key: str
    status: WriteStatus
    object_id: str | None = None
    properties: Mapping[str, str | None] = field(default_factory=dict)
    reason: str = ""
    existing_id: str | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """One past value of a property and who set it (HubSpot's history item). `source_type` e.g. INTEGRATION, CRM_UI,
    IMPORT. `user_id` empty: not told."""

    value: str
    at: datetime
    source_type: str
    source_id: str
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class PropertySpec:
    """A contact property warmline wants. `options`: (value, label) pairs of an enumeration or bool."""

    name: str
    label: str
    description: str
    type: str
    field_type: str
    options: Sequence[tuple[str, str]] = ()
    unique: bool = False


@dataclass(frozen=True, slots=True)
class PropertyState:
    """A contact property as the portal has it."""

    name: str
    type: str
    field_type: str
    unique: bool
    read_only: bool
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """The portal the token belongs to. `time_zone`: IANA name, only used for the daily quota."""

    portal_id: str
    time_zone: str
    ui_domain: str


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """Requests made so far by one source. `throttled`: answers 429."""

    reads: int = 0
    writes: int = 0
    retried: int = 0
    throttled: int = 0


class Crm(Source, Protocol):
    """HubSpot as the stages see it: a source that can also be written to."""

    def before_each_write(self, check: Callable[[], None]) -> None:
        """From now on `check` is called in the last moment before a write leaves, also one that is sent again; what it
        raises keeps the write from leaving."""

    def remember_events(self, known: Callable[[], Mapping[str, str]]) -> None:
        """From now on `known` says which marketing events were read, by their mark then: the same mark is no news."""

    def fetch_account(self) -> Account:
        """The portal of the token. Raises AuthError, MissingScope, RetriableError."""

    def fetch_contacts(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Record]:
        """Contacts by id as they are now, keyed by the id ASKED FOR; the record's own `id` differs after a merge. Ids
        that do not exist (any more) are absent. Any number of ids; chunked by 100."""

    def fetch_records(self, noun: str, ids: Sequence[str]) -> Mapping[str, Record]:
        """Contacts as `RereadsById` says. NotServed for another noun."""

    def count_contacts(self, since: datetime) -> int | None:
        """How many live contacts HubSpot's index holds that changed at or after `since`; None when it does not say."""

    def fetch_archived(self, pages: int) -> Sequence[str]:
        """Ids of the contacts in the recycle bin, of the first `pages` hundreds of them."""

    def fetch_contacts_by(
        self, property_name: str, values: Sequence[str], properties: Sequence[str]
    ) -> Mapping[str, Record]:
        """Contacts by the values asked for, of a unique property or e-mail; a value nobody has is absent. Chunked by
        100."""

    def fetch_history(
        self, ids: Sequence[str], properties: Sequence[str]
    ) -> Mapping[str, Mapping[str, Sequence[PropertyValue]]]:
        """Contact property histories, newest first, by contact id and property. Chunked by 50."""

    def fetch_tasks_of(self, contact_ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Sequence[Record]]:
        """Tasks associated with contacts, archived ones too, by contact id: associations batch read, then tasks batch
        read."""

    def fetch_tasks(self, ids: Sequence[str], properties: Sequence[str]) -> Mapping[str, Record]:
        """Tasks by id, archived ones too (their record has `archived`: true). Missing ids are absent."""

    def fetch_deleted_tasks(self) -> Iterator[Page]:
        """Tasks in the recycle bin, by pages; `archived`: true. HubSpot keeps them 90 days."""

    def update_contacts(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        """Batch update by record id, at most 100 rows, ids unique. One result a row, any order. Never raises for a
        row."""

    def create_contacts(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        """Batch create with trace ids, at most 100 rows. A 409 gives REJECTED with `existing_id`."""

    def create_tasks(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        """Batch create with inline associations (type 204) and trace ids, at most 100 rows."""

    def update_tasks(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        """Batch update by record id, at most 100 rows."""

    def set_task_contacts(self, task_id: str, *, add: Sequence[str], remove: Sequence[str]) -> None:
        """Associate a task with contacts and take others off it; safe twice. Raises RejectedAction, RetriableError."""

    def archive_tasks(self, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        """Batch archive, at most 100 rows."""

    def record_attendance(self, event_id: str, rows: Sequence[WriteRow]) -> Sequence[WriteResult]:
        """Contacts attended a marketing event at `interactionDateTime` (epoch ms), at most 100 rows; safe twice."""

    def erase_contact(self, contact_id: str) -> WriteResult:
        """Deletes one contact for good, history included (GDPR delete): it cannot be undone. Safe twice; `missing`
        where there is none. Called for nobody whom a person did not name."""

    def fetch_properties(self) -> Mapping[str, PropertyState]:
        """All contact properties of the portal by name."""

    def create_property(self, spec: PropertySpec, group: str) -> None:
        """Make a contact property; one that exists already is not an error. Raises RejectedAction, MissingScope."""

    def archive_property(self, name: str) -> bool:
        """Archive a contact property; False when it was not there."""

    def ensure_group(self, name: str, label: str) -> None:
        """Make the property group; safe twice."""

    def archive_group(self, name: str) -> bool:
        """Remove the property group; False when it was not there."""

    def fetch_list_members(self, list_id: str, token: str | None) -> Iterator[Page]:
        """Members of a list (segment): records with `recordId`."""

    @property
    def requests(self) -> RequestCounts:
        """Requests made so far."""
