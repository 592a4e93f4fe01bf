"""What people consented to and object to, per purpose and channel: the strictest record wins (docs/decisions/0066).

A consent opens exactly the purpose and the channel it names. A refusal, and the end of a consent, shut everything they
name; ANY names everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

RUNNING_APPLICATION, TALENT_POOL = "running_application", "talent_pool"
MARKETING, PROFILING = "marketing", "profiling"
PURPOSES = (RUNNING_APPLICATION, TALENT_POOL, MARKETING, PROFILING)
PHONE, EMAIL, MESSAGE = "phone", "email", "message"
CHANNELS = (PHONE, EMAIL, MESSAGE)
ANY = "any"


@dataclass(frozen=True, slots=True)
class Stated:
    """What one record says of consent. `field`: where in the record it stands. `channel` ANY with `given`: to keep and
    use the data; it opens no channel. `at`: when it was given or refused, `until`: when it ends; None: not told.
    """

    field: str
    purpose: str
    channel: str
    given: bool
    text_version: str = ""
    at: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What a record says, whose record it is, and since when warmline has seen it say so."""

    source: str
    remote_id: str
    said: Stated
    seen_at: datetime


class Standing(Enum):
    """How a purpose and channel stand, the strictest first. NONE: no record says anything."""

    REFUSED = "refused"
    ENDED = "ended"
    GIVEN = "given"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a purpose and channel stand at a moment. `until`: when a consent ends or ended. `rows`: the records that
    decide it, in a fixed order.
    """

    purpose: str
    channel: str
    standing: Standing
    until: datetime | None = None
    rows: tuple[Consent, ...] = ()


def verdict(rows: Iterable[Consent], purpose: str, channel: str, now: datetime) -> Verdict:
    """How a purpose and channel stand: refused by anything, else ended with the first consent that ended, else given
    until the first one ends. Neither order nor repetition of the records changes it; one record more never loosens it,
    unless there was no consent at all.
    """
    about = [row for row in rows if row.said.purpose in (purpose, ANY) and row.said.channel in (channel, ANY)]
    refusing = [row for row in about if not row.said.given and not _is_over(row, now)]
    if refusing:
        return Verdict(purpose, channel, Standing.REFUSED, None, _ordered(refusing))
    consents = [row for row in about if row.said.given and row.said.purpose == purpose]
    until = min((row.said.until for row in consents if row.said.until is not None), default=None)
    if until is not None and until <= now:
        return Verdict(purpose, channel, Standing.ENDED, until, _ordered(one for one in consents if _is_over(one, now)))
    if any(row.said.channel == channel and not _is_ahead(row, now) for row in consents):
        return Verdict(purpose, channel, Standing.GIVEN, until, _ordered(consents))
    return Verdict(purpose, channel, Standing.NONE)


def verdicts(rows: Collection[Consent], now: datetime) -> tuple[Verdict, ...]:
    """Every purpose with every channel, ANY last, of which some record says something."""
    found = (verdict(rows, purpose, channel, now) for purpose in PURPOSES for channel in (*CHANNELS, ANY))
    return tuple(one for one in found if one.standing is not Standing.NONE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A consent to be kept. `until`: when it ends; None: no end is told. `at`: when it was given last, where known."""

    until: datetime | None
    at: datetime | None


def consent_to_keep(rows: Collection[Consent]) -> Kept | None:
    """The consent to be kept in the talent pool, ended or not; the earliest end holds. None: there is none, or it is
    refused.
    """
    about = [row.said for row in rows if row.said.channel == ANY and row.said.purpose in (TALENT_POOL, ANY)]
    given = [said for said in about if said.given and said.purpose == TALENT_POOL]
    if not given or len(given) < len(about):
        return None
    until = min((said.until for said in given if said.until is not None), default=None)
    return Kept(until, max((said.at for said in given if said.at is not None), default=None))


def next_change(rows: Iterable[Consent], now: datetime) -> datetime | None:
    """When the first record begins or ends to count by the passing of time."""
    moments = [moment for row in rows for moment in (row.said.at, row.said.until) if moment is not None]
    return min((moment for moment in moments if moment > now), default=None)


def _is_over(row: Consent, now: datetime) -> bool:
    return row.said.until is not None and row.said.until <= now


def _is_ahead(row: Consent, now: datetime) -> bool:
    return row.said.at is not None and row.said.at > now


def _ordered(rows: Iterable[Consent]) -> tuple[Consent, ...]:
    return tuple(sorted(set(rows), key=_order))


def _order(row: Consent) -> tuple[str, str, str, str, str, str]:
    said = row.said
    return (row.source, row.remote_id, said.field, said.purpose, said.channel, repr((said, row.seen_at)))
