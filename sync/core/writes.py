"""What may be written over what, and what becomes of a write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum

from sync.core.model import OutboxState

FIRST_GAP = timedelta(minutes=1)
LONGEST_GAP = timedelta(hours=1)

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


def next_state(
    status: str, attempts: int, *, now: datetime, not_before: timedelta
) -> tuple[OutboxState, datetime | None]:
    """The state of an outbox row after a reply, and the moment before which it is left alone.

    `status`: value of connectors' WriteStatus (done, rejected, retry, unknown). `attempts`: sent so far, this
    one included; the gap of a retry doubles from one minute to an hour. `not_before`: how long an unknown row
    waits for its look-up. ValueError: another status.
    """
    match status:
        case "done":
            return OutboxState.DONE, None
        case "rejected":
            return OutboxState.DEAD, None
        case "retry":
            return OutboxState.DEFERRED, now + min(LONGEST_GAP, FIRST_GAP * 2 ** min(max(attempts, 1) - 1, 10))
        case "unknown":
            return OutboxState.UNKNOWN, now + not_before
    raise ValueError(f"unknown write status: {status}")


def hubspot_datetime(moment: datetime) -> str:
    """A moment as HubSpot wants it: '2026-11-24T08:00:00.000Z'."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
