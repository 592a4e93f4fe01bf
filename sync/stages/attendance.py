"""Who attended by a sign-in sheet, into HubSpot as attendance of a marketing event, exactly once.

One row a contact and event in the mirror says what was sent, and with which moment. HubSpot takes the same contact and
moment twice for one attendance, so what got no certain answer is simply sent again (docs/decisions/0044).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby

from connectors.protocols import Crm, WriteResult, WriteRow, WriteStatus
from sync.core.guards import check_plan
from sync.errors import DailyLimitReached, MissingScope, RetriableError
from sync.stages.run import Run
from sync.store import attendance, marketing_events, reads
from sync.store.attendance import OpenWrite, Place

WRITE_BATCH = 100
MOST_ATTEMPTS = 5

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STATES = {WriteStatus.DONE: "DONE", WriteStatus.REJECTED: "DEAD", WriteStatus.UNKNOWN: "SENT"}


@dataclass(frozen=True, slots=True)
class Sheets:
    """What is to be done with sign-in sheets. `events`: name on the sheet → marketing event. `write`: send."""

    events: Mapping[str, str] = field(default_factory=dict)
    write: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What could be put into HubSpot. `unmapped`: lines of events without a marketing event, by name. `alone`: lines of
    mapped events whose person is not in HubSpot or not known. `undated`: lines without a moment."""

    ready: int = 0
    unmapped: Mapping[str, int] = field(default_factory=dict)
    alone: int = 0
    undated: int = 0


@dataclass(slots=True)
class Ended:
    """How many attendances ended in each state, and why any were refused."""

    states: Counter[str] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Told:
    """What a run has to say about sign-in sheets. `reasons`: what kept it from being complete; `cause`: of HubSpot."""

    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    cause: RetriableError | None = None


def put_attendance(run: Run, crm: Crm, sheets: Sheets, *, may_write: bool) -> Told:
    """Plan, and send where that was asked for and may be. Without events and without asking: nothing at all."""
    told = Told()
    if not (sheets.events or sheets.write):
        return told
    waiting = plan_attendance(run, sheets.events)
    told.notes += _notes(run, waiting, sheets)
    if not (sheets.write and may_write and waiting.ready):
        return told
    try:
        ended = write_attendance(run, crm)
    except (RetriableError, MissingScope) as error:
        told.cause = error if isinstance(error, RetriableError) else None
        told.reasons.append(f"writing attendance stopped: {error}")
        return told
    told.notes.append(f"{ended.states['DONE']} attendances of sign-in sheets were put into HubSpot")
    told.reasons += _unfinished(ended)
    return told


def _unfinished(ended: Ended) -> list[str]:
    told = []
    if ended.states["DEAD"]:
        why = ", ".join(sorted(ended.refused))
        told.append(f"{ended.states['DEAD']} attendances were refused for good ({why}): check attendance.events")
    if left := ended.states["SENT"] + ended.states["PENDING"]:
        told.append(f"{left} attendances are not in HubSpot for certain; `warmline sync --write-attendance` sends them")
    return told


def event_key(name: str) -> str:
    """An event's name as compared: case and spaces do not tell two events apart."""
    return " ".join(name.split()).casefold()


def plan_attendance(run: Run, events: Mapping[str, str]) -> Waiting:
    """Let those wait who attended by a sheet and whom HubSpot does not show as having attended."""
    ids = {event_key(name): event_id for name, event_id in events.items()}
    wanted: dict[Place, datetime] = {}
    unmapped: Counter[str] = Counter()
    alone = undated = 0
    for line in attendance.sheet_lines(run.db):
        event_id = ids.get(event_key(line.event))
        if event_id is None:
            unmapped[line.event] += 1
        elif line.contact_id is None:
            alone += 1
        elif line.at is None:
            undated += 1
        else:
            wanted.setdefault((event_id, line.contact_id), line.at)
    for place in attendance.attended(run.db) & wanted.keys():
        del wanted[place]
    with run.db.write(run.lease):
        attendance.plan(run.db, wanted, run.now)
    return Waiting(len(attendance.open_writes(run.db)), dict(unmapped), alone, undated)


def check_attendance(run: Run, sheets: Sheets, *, share: float, rows: int) -> None:
    """Refuse, before anything is written, to put a large share of the contacts down at once. Raises PlanTooLarge."""
    if not sheets.write:
        return
    plan_attendance(run, sheets.events)
    contacts = {one.contact_id for one in attendance.open_writes(run.db)}
    check_plan(len(contacts), reads.people_counts(run.db).contacts, share=share, rows=rows)


def write_attendance(run: Run, crm: Crm) -> Ended:
    """Send everything that waits. Raises RetriableError when HubSpot takes no more now, MissingScope when it takes none
    from this token; the rows stay."""
    ended = Ended()
    for event_id, group in groupby(attendance.open_writes(run.db), lambda one: one.event_id):
        left = list(group)
        while left:
            some, left = left[:WRITE_BATCH], left[WRITE_BATCH:]
            _send(run, crm, event_id, some, ended)
            run.progress("write attendance", ended.states.total(), None)
    return ended


def _send(run: Run, crm: Crm, event_id: str, writes: Sequence[OpenWrite], ended: Ended) -> None:
    with run.db.write(run.lease):
        attendance.mark_sent(run.db, writes, run.now)
    rows = [WriteRow(one.contact_id, one.contact_id, {"interactionDateTime": _epoch_ms(one.at)}) for one in writes]
    try:
        results = {one.key: one for one in crm.record_attendance(event_id, rows)}
    except (DailyLimitReached, MissingScope) as error:
        results = {row.key: WriteResult(row.key, WriteStatus.RETRY, reason=str(error)) for row in rows}
        _settle(run, writes, results, ended)
        raise
    _settle(run, writes, results, ended)


def _settle(run: Run, writes: Sequence[OpenWrite], results: Mapping[str, WriteResult], ended: Ended) -> None:
    with run.db.write(run.lease):
        for one in writes:
            result = results.get(one.contact_id, WriteResult(one.contact_id, WriteStatus.UNKNOWN))
            state, reason = _state(one, result)
            attendance.settle(run.db, (one.event_id, one.contact_id), state, reason, run.now)
            ended.states[state] += 1
            if state == "DEAD":
                ended.refused.add(reason)


def _state(one: OpenWrite, result: WriteResult) -> tuple[str, str]:
    """One that was certainly not done waits; unless an earlier try of it had no certain answer."""
    if result.status is WriteStatus.RETRY:
        return ("SENT" if one.attempts else "PENDING"), result.reason
    if result.status is WriteStatus.UNKNOWN and one.attempts + 1 >= MOST_ATTEMPTS:
        return "DEAD", f"no certain answer in {MOST_ATTEMPTS} attempts: {result.reason}"
    return _STATES[result.status], result.reason


def _notes(run: Run, waiting: Waiting, sheets: Sheets) -> list[str]:
    """What a person should know about sign-in sheets after a run: what waits for which flag or setting."""
    told = []
    if waiting.ready and not sheets.write:
        told.append(
            f"{waiting.ready} attendances of sign-in sheets are not in HubSpot:"
            " `warmline sync --write-attendance` puts them there"
        )
    if not sheets.write and not sheets.events:
        return told
    told += [_unmapped_note(run, name, number) for name, number in sorted(waiting.unmapped.items())]
    if waiting.alone:
        told.append(f"{waiting.alone} lines of sign-in sheets name nobody who is in HubSpot; they are not written")
    if waiting.undated:
        told.append(f"{waiting.undated} lines of sign-in sheets have no moment; they are not written")
    return told


def _unmapped_note(run: Run, name: str, number: int) -> str:
    """Names the marketing event of the same name where there is exactly one."""
    same = [one for one, other in marketing_events.event_names(run.db).items() if event_key(other) == event_key(name)]
    place = f'"{same[0]}"' if len(same) == 1 else "the id of its marketing event"
    return f'{number} lines of event "{name}" are not written: set attendance.events "{name}" to {place}'


def _epoch_ms(moment: datetime) -> str:
    return str((moment - _EPOCH) // timedelta(milliseconds=1))
