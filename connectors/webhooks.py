"""What all webhooks share: a delivery as it came in, the records it names, and comparing signatures.

A delivery is believed only for which records to look at: ids go on, everything else in it is dropped.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

WINDOW_S = 300.0  # a signed moment may lie this far before or after now
LONGEST_ID = 20
_EARLIEST_S, _LATEST_S = 946_684_800.0, 4_102_444_800.0  # the years 2000 to 2100


@dataclass(frozen=True, slots=True)
class Posted:
    """One request. `headers`: by name in lower case. `addresses`: the full URLs, with their query, that it may have
    been sent to. `moments`: what counts as now, in epoch seconds."""

    method: str
    addresses: Sequence[str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    moments: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a delivery is about. `at`: when it happened; None: not told. `account`: whose record it is, where a
    vendor tells that."""

    noun: str
    remote_id: str
    at: datetime | None = None
    account: str | None = None


def _never(_: bytes) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a vendor signs and what its bodies name. `is_greeting`: an unsigned body by which it tries the address."""

    is_genuine: Callable[[Posted, str], bool]
    records: Callable[[Any], Iterator[Named]]
    is_greeting: Callable[[bytes], bool] = _never


def hmac_sha256(secret: str, signed: bytes) -> bytes:
    """The raw HMAC-SHA256."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def equal(given: str, expected: str) -> bool:
    """Whether two signatures are the same, in constant time; any text may come in a header."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())


def is_near(moment_s: float, moments: Sequence[float]) -> bool:
    """Whether a signed moment lies within the window of now, on either side."""
    return any(abs(moment_s - now) <= WINDOW_S for now in moments)


def seconds(text: str) -> float | None:
    """A header's whole number; None when it is none."""
    return float(text) if text.isascii() and text.isdigit() and len(text) <= 16 else None


def record_id(value: Any) -> str | None:
    """An id of digits as text; None for anything else."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None


def named(noun: str, value: Any, at: datetime | None = None, account: str | None = None) -> Iterator[Named]:
    """The record, when the value is an id."""
    found = record_id(value)
    if found is not None:
        yield Named(noun, found, at, account)


def inside(told: Any, *path: str) -> Any:
    """A value inside nested objects; None where there is none."""
    for key in path:
        told = told.get(key) if isinstance(told, Mapping) else None
    return told


def listed(told: Any) -> Sequence[Any]:
    """A list, or nothing."""
    return told if isinstance(told, list) else ()


def moment(epoch_s: Any) -> datetime | None:
    """Aware UTC of epoch seconds; None where it is no sensible number."""
    if not isinstance(epoch_s, int | float) or isinstance(epoch_s, bool) or not _EARLIEST_S < epoch_s < _LATEST_S:
        return None
    return datetime.fromtimestamp(epoch_s, UTC)
