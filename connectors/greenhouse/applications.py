"""Applications, with what Greenhouse keeps apart from them: stage history, details of a rejection, names for ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from connectors.greenhouse.api import Api, key_of, optional_rows
from connectors.greenhouse.directory import Directory
from connectors.rows import Row, id_of

HISTORY = "/application_stages"
REJECTED = "rejected"


class Entry(NamedTuple):
    """A stage an application is in or was in; later ones are greater. `entered_at` empty: not recorded."""

    is_current: bool
    entered_at: str
    row_id: int
    stage_id: str


class ApplicationJoins:
    """Joins pages of applications. `read_history` first, when all of them are to come: the whole history takes fewer
    requests then than asking for 50 applications at a time."""

    def __init__(self, api: Api, directory: Directory) -> None:
        self._api, self._directory = api, directory
        self._all: Mapping[str, list[Entry]] | None = None

    def read_history(self) -> None:
        """Keep the history of every application: about 200 bytes an entry."""
        self._all = _entries_of(self._api.rows(HISTORY))

    def forget_history(self) -> None:
        """What was kept is of the past."""
        self._all = None

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """The applications with `job_interview_stage_id`, `stage.entered_at`, `stage_entries`, `source.name`,
        `reason.name`, `reason.type` and a single `prospective_job_id`."""
        entries = self._entries([str(row["id"]) for row in rows])
        details = self._details(rows)
        return [
            self._joined(row, sorted(entries.get(str(row["id"]), ())), details.get(str(row["id"]), {})) for row in rows
        ]

    def _joined(self, row: Row, entries: Sequence[Entry], details: Row) -> Row:
        reason = key_of(row, "rejection_reason_id") or key_of(details, "rejection_reason_id")
        name, kind = self._directory.reason_of(reason) if reason else (None, None)
        stage_id, entered_at = _place(row, entries[-1] if entries else None)
        return {
            **row,
            "job_interview_stage_id": stage_id,
            "stage.entered_at": entered_at,
            "stage_entries": [{"id": one.stage_id, "entered_at": one.entered_at} for one in _by_moment(entries)],
            "rejected_at": row.get("rejected_at") or details.get("rejected_at"),
            "source.name": self._directory.source_of(row),
            "reason.name": name,
            "reason.type": kind,
            "prospective_job_id": _only_job(row),
        }

    def _entries(self, ids: Sequence[str]) -> Mapping[str, list[Entry]]:
        if self._all is not None:
            return self._all
        return _entries_of(self._api.rows_of(HISTORY, "application_ids", ids))

    def _details(self, rows: Sequence[Row]) -> Mapping[str, Row]:
        """Details of the rejections of which the application itself does not tell all."""
        unclear = [row for row in rows if row.get("status") == REJECTED and not _tells_rejection(row)]
        ids = [str(row["id"]) for row in unclear]
        found = optional_rows(self._api.rows_of("/rejection_details", "application_ids", ids))
        return {key_of(row, "application_id"): row for row in found}


def _tells_rejection(row: Row) -> bool:
    return bool(row.get("rejected_at")) and bool(row.get("rejection_reason_id"))


def _place(row: Row, last: Entry | None) -> tuple[str | None, str | None]:
    """Stage and moment of entry. The application's own word is the newer one: it may have moved while history was
    read, and then the moment is not known yet. (Its `stage_id` is the id of an entry, not of a stage.)"""
    own = id_of(row.get("job_interview_stage_id"))
    if last is None:
        return own, None
    if own is None or own == last.stage_id:
        return last.stage_id, last.entered_at or None
    return own, None


def _entries_of(rows: Iterable[Row]) -> Mapping[str, list[Entry]]:
    """Entries by application; the current one is the greatest, else the one entered last."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in rows:
        stage_id, entered_at = key_of(row, "job_interview_stage_id"), row.get("entered_at")
        if stage_id:
            moment = entered_at if isinstance(entered_at, str) else ""
            entry = Entry(row.get("current") is True, moment, _number(row["id"]), stage_id)
            found[key_of(row, "application_id")].append(entry)
    return found


def _by_moment(entries: Iterable[Entry]) -> list[Entry]:
    """Those whose moment was recorded, in order."""
    return sorted((one for one in entries if one.entered_at), key=lambda one: (one.entered_at, one.row_id))


def _number(record_id: object) -> int:
    text = id_of(record_id) or ""
    return int(text) if text.isdigit() else 0


def _only_job(row: Row) -> str | None:
    """The job a prospect is thought of for, if it is one."""
    jobs = row.get("prospective_job_ids")
    return id_of(jobs[0]) if isinstance(jobs, list) and len(jobs) == 1 else None
