"""What may be written over what, and what becomes of a write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import groupby
from typing import TypeVar

from sync.core.model import OutboxState

FIRST_GAP = timedelta(minutes=1)
LONGEST_GAP = timedelta(hours=1)
STUBBORN_ATTEMPTS = 3
LONG_UNKNOWN = timedelta(hours=1)

Row = TypeVar("Row")

_OUR_SOURCES = frozenset({"INTEGRATION", "API"})


class Verdict(Enum):
    """What to do with one property of a write."""

    SEND = "send"
    SAME = "same"  # it is there already: adopt it as baseline
    CONFLICT = "conflict"  # a person's hand edit stands there
    HISTORY = "history"  # filled by nobody knows whom: read its history, then `after_history`


def three_way(desired: str, present: str | None, baseline: str | None, canonical: Callable[[str], str]) -> Verdict:
    """Desired against present against what warmline last wrote (`baseline`; None: never), each made
    `canonical` first.

    `present` None and '' are the same: empty. An empty property may be written whatever stood there: clearing
    it hands it back.
    """
    there = canonical(present or "")
    if there == canonical(desired):
        return Verdict.SAME
    if not there:
        return Verdict.SEND
    if baseline is None:
        return Verdict.HISTORY
    return Verdict.SEND if there == canonical(baseline) else Verdict.CONFLICT


def after_history(
    last_source_type: str | None,
    last_source_id: str | None = None,
    own_source_ids: frozenset[str] = frozenset(),
) -> Verdict:
    """What a filled property without baseline may become: SEND when its last value came from an integration
    (with `own_source_ids`: from one of ours), else CONFLICT. None: no history to read, so it is left alone.
    """
    if (last_source_type or "").upper() not in _OUR_SOURCES:
        return Verdict.CONFLICT
    ours = not own_source_ids or last_source_id in own_source_ids
    return Verdict.SEND if ours else Verdict.CONFLICT


def written_since(
    history: Sequence[tuple[str, str, str]], baseline: str | None, canonical: Callable[[str], str]
) -> bool:
    """Whether what stands there is a later write of warmline's own, unknown to a mirror that was put back from a
    backup: the source that set the present value also set `baseline` before.

    `history`: value, source type and source id, newest first (docs/decisions/0034).
    """
    if not history or baseline is None:
        return False
    _, source_type, source_id = history[0]
    if source_type.upper() not in _OUR_SOURCES or not source_id:
        return False
    return any(
        source == source_id and kind.upper() == source_type.upper() and canonical(value) == canonical(baseline)
        for value, kind, source in history[1:]
    )


def next_state(
    status: str, attempts: int, *, now: datetime, not_before: timedelta
) -> tuple[OutboxState, datetime | None]:
    """The state of an outbox row after a reply, and the moment before which it is left alone.

    `status`: value of connectors' WriteStatus (done, rejected, retry, unknown). `attempts`: sent so far, this
    one included; the gap of a retry doubles from one minute to an hour. `not_before`: how long an unknown row that
    a look-up does not find waits before it is sent again; it doubles too, up to an hour. A row that was put off
    never ends by age: nothing is wrong with it (docs/decisions/0031). ValueError: another status.
    """
    match status:
        case "done":
            return OutboxState.DONE, None
        case "rejected":
            return OutboxState.DEAD, None
        case "retry":
            return OutboxState.DEFERRED, now + min(LONGEST_GAP, FIRST_GAP * _doubled(attempts))
        case "unknown":
            return OutboxState.UNKNOWN, now + max(not_before, min(LONGEST_GAP, not_before * _doubled(attempts)))
    raise ValueError(f"unknown write status: {status}")


def _doubled(attempts: int) -> int:
    return int(2 ** min(max(attempts, 1) - 1, 10))


def portions(rows: Sequence[Row], tries: Callable[[Row], int], most: int) -> Iterator[list[Row]]:
    """Rows as they go in one request each: at most `most`, and a quarter of that for each time they were tried before.

    A row that breaks every request it is in ends up alone, so that the others get through.
    """
    for tried, some in groupby(sorted(rows, key=tries), key=tries):
        alike, size = list(some), max(1, most >> 2 * min(tried, 10))
        yield from (alike[start : start + size] for start in range(0, len(alike), size))


def is_stubborn(state: OutboxState, attempts: int, sent_at: datetime | None, now: datetime) -> bool:
    """Whether a waiting write deserves a look: put off again and again, or without a certain answer for long."""
    if state is OutboxState.DEFERRED:
        return attempts >= STUBBORN_ATTEMPTS
    if state is not OutboxState.UNKNOWN:
        return False
    return attempts >= STUBBORN_ATTEMPTS or (sent_at is not None and now - sent_at >= LONG_UNKNOWN)


def hubspot_datetime(moment: datetime) -> str:
    """A moment as HubSpot wants it: '2026-11-24T08:00:00.000Z'."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
