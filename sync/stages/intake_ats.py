"""How the ATS nouns enter the mirror. Each changed record is handed to reconcile; application and attendance touch
days are made anew from what the mirror holds, so corrections and late arrivals leave no trace of the old value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from connectors.protocols import Page, Record
from sync.core.consent_said import said_by_candidate
from sync.core.model import Application, Attendance, RecordRef
from sync.core.touches import application_touches, attendance_touch
from sync.errors import InvalidRecord
from sync.stages import suppress
from sync.stages.erased_at_source import follow_anonymised
from sync.stages.pull import Stored
from sync.stages.run import Run
from sync.store import ats, consents, links, snapshots, touches, work
from sync.store.db import Mirror
from sync.store.rows import Saved
from sync.store.runs import StreamCounts
from sync.store.triggers import starters

Rejection = tuple[str, str, str]
ErrorReport = Callable[[str, Sequence[Rejection]], None]
ToRow = Callable[[Record], Any]
APPLICATION_KINDS = ("application_submitted",)
ATTENDANCE_KINDS = ("event_attended", "event_registered")


def map_records(records: Sequence[Record], to_row: ToRow) -> tuple[list[Any], list[Rejection]]:
    """Rows of a page and what could not be mapped: (ref, field, reason), ref being the record's line or id."""
    rows: list[Any] = []
    rejected: list[Rejection] = []
    for record in records:
        try:
            rows.append(to_row(record))
        except InvalidRecord as error:
            rejected.append((str(record.get("_ref") or record.get("id") or "?"), error.field, error.reason))
    return rows, rejected


def _as_known_now(row: Any, now: datetime) -> Any:
    """A moment of telling that lies ahead has not come: until a read at or after it, the person was not told."""
    is_ahead = isinstance(row, Application) and row.told_at is not None and row.told_at > now
    return replace(row, told_at=None) if is_ahead else row


def stored_page(
    page: Page, rows: Sequence[Any], saved: Saved, rejected: Sequence[Rejection], hidden: Collection[str] = ()
) -> Stored:
    """What became of a page; the parts of the counts sum to `fetched`. What is neither in `rows` nor `rejected` was
    suppressed; `hidden`: the ids of that."""
    counts = StreamCounts(
        fetched=len(page.records),
        stored=saved.stored,
        unchanged=saved.unchanged,
        duplicate=saved.duplicate,
        suppressed=len(page.records) - len(rows) - len(rejected),
        quarantined=len(rejected),
    )
    seen = [*(row.remote_id for row in rows), *_ids(page.records)]
    return Stored(counts, rejected, [one for one in seen if one not in hidden])


def _ids(records: Sequence[Record]) -> list[str]:
    """Ids as the source spells them: a record that could not be mapped is still there."""
    return [str(record["id"]).strip() for record in records if record.get("id")]


@dataclass(frozen=True, slots=True)
class AtsIntake:
    """One noun of one ATS source. `to_row`: the mapping. `report`: writes a file's row-level error report."""

    source: str
    noun: str
    to_row: ToRow
    version: str
    sweeps: bool = True
    report: ErrorReport | None = None

    def store(self, db: Mirror, page: Page, run: Run) -> Stored:
        """Save one page and enqueue what follows from it."""
        rows, rejected = map_records(page.records, self.to_row)
        rows = [_as_known_now(row, run.now) for row in rows]
        if self.noun == "candidates":
            follow_anonymised(db, self.source, rows, run)
        kept, _ = KEEPERS[self.noun](db, self._stored_under, rows) if self.noun in KEEPERS else (rows, 0)
        told, _ = suppress.keep_rejected(db, self.noun, self.source, rejected)
        hidden = {row.remote_id for row in rows} - {row.remote_id for row in kept}
        saved = SAVERS[self.noun](self.source, db, kept, run)
        return stored_page(page, kept, saved, told, hidden | {one[0] for one in rejected if one not in told})

    def drop_missing(self, db: Mirror, run: Run) -> int:
        """Mark as deleted what the snapshot did not show, and let reconcile undo its links."""
        gone = snapshots.delete_missing(db, self.noun, self._stored_under, run.now)
        self._undo(db, gone, run)
        return len(gone)

    def mark_gone(self, db: Mirror, ids: Collection[str], run: Run) -> int:
        """Mark records that are gone by their id as deleted, and let reconcile undo their links."""
        gone = snapshots.mark_gone(db, self.noun, self._stored_under, ids, run.now)
        self._undo(db, gone, run)
        return len(gone)

    def follow(self, db: Mirror, moved: Mapping[str, str], run: Run) -> None:
        """No ATS says under which id a merged candidate lives on."""

    @property
    def _stored_under(self) -> str:
        return f"{self.source}.attendance" if self.noun == "attendance" else self.source

    def _undo(self, db: Mirror, gone: Sequence[str], run: Run) -> None:
        """Enqueue what follows from records that are gone."""
        source = self._stored_under
        if self.noun in ("candidates", "attendance"):
            _to_reconcile(db, source, gone, run)
        if self.noun == "applications":
            _touch_again(db, self.source, gone, run)
        if self.noun == "jobs":
            _decide_applicants(db, self.source, gone, run)

    def close_file(self, page: Page, rejected: Sequence[Rejection]) -> None:
        """Write the error report of a file; one without rejected rows takes away the report of an earlier reading."""
        if self.report is not None and page.receipt is not None:
            self.report(page.receipt.name, rejected)


def _to_reconcile(db: Mirror, source: str, ids: Iterable[str], run: Run) -> None:
    work.enqueue(db, "reconcile", [RecordRef(source, remote_id) for remote_id in ids], run.now)


def _save_candidates(source: str, db: Mirror, rows: Sequence[Any], run: Run) -> Saved:
    saved = ats.save_candidates(db, source, rows, run.now)
    changed = frozenset(saved.changed)
    said = {RecordRef(source, row.remote_id): said_by_candidate(row) for row in rows if row.remote_id in changed}
    consents.save_consents(db, said, run.now)
    _to_reconcile(db, source, saved.changed, run)
    return saved


def _save_jobs(source: str, db: Mirror, rows: Sequence[Any], run: Run) -> Saved:
    saved = ats.save_jobs(db, source, rows, run.now)
    _decide_applicants(db, source, saved.changed, run)
    return saved


def _decide_applicants(db: Mirror, source: str, job_ids: Sequence[str], run: Run) -> None:
    """Another recruiter, name or secrecy of a vacancy: the tasks about its applicants are routed and worded anew, and
    what was not sent yet about people who looked at it.
    """
    refs = [RecordRef(source, candidate_id) for candidate_id in ats.applicants(db, source, job_ids)]
    people = {person_id for person_id, _ in links.links_of(db, refs).values()}
    seen = touches.waiting_viewers(db, job_ids) | starters(db, job_ids)
    work.enqueue_people(db, "decide", people | seen, run.now)


def _save_users(source: str, db: Mirror, rows: Sequence[Any], run: Run) -> Saved:
    return ats.save_users(db, source, rows, run.now)


def _save_applications(source: str, db: Mirror, rows: Sequence[Any], run: Run) -> Saved:
    before = ats.application_candidates(db, source, [row.remote_id for row in rows])
    saved = ats.save_applications(db, source, rows, run.now)
    if saved.changed:
        _touch_again(db, source, saved.changed, run, also=before)
    return saved


def _touch_again(db: Mirror, source: str, application_ids: Sequence[str], run: Run, also: Iterable[str] = ()) -> None:
    """Make the application touch days of the candidates concerned anew. `also`: the candidates they belonged to
    before."""
    candidate_ids = sorted({*ats.application_candidates(db, source, application_ids), *also})
    applications = ats.load_applications_of(db, source, candidate_ids)
    zone = run.policy.time.zone
    rows = [
        (RecordRef(source, candidate_id), touch)
        for candidate_id, own in applications.items()
        for touch in application_touches(own, zone)
    ]
    refs = [RecordRef(source, candidate_id) for candidate_id in candidate_ids]
    touches.replace_touch_days(db, refs, APPLICATION_KINDS, rows)
    work.enqueue(db, "reconcile", refs, run.now)


def _save_attendance(source: str, db: Mirror, rows: Sequence[Attendance], run: Run) -> Saved:
    sheet = f"{source}.attendance"
    saved = ats.save_attendance(db, sheet, rows, run.now)
    changed = set(saved.changed)
    found = [
        (RecordRef(sheet, row.remote_id), touch)
        for row in rows
        if row.remote_id in changed and (touch := attendance_touch(row, run.policy.time.zone)) is not None
    ]
    touches.replace_touch_days(db, [RecordRef(sheet, remote_id) for remote_id in changed], ATTENDANCE_KINDS, found)
    _to_reconcile(db, sheet, changed, run)
    return saved


KEEPERS: dict[str, Callable[[Mirror, str, Sequence[Any]], tuple[list[Any], int]]] = {
    "candidates": suppress.keep_candidates,
    "applications": suppress.keep_applications,
    "attendance": suppress.keep_attendance,
}
SAVERS: dict[str, Callable[[str, Mirror, Sequence[Any], Run], Saved]] = {
    "candidates": _save_candidates,
    "jobs": _save_jobs,
    "applications": _save_applications,
    "users": _save_users,
    "attendance": _save_attendance,
}
