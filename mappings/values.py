"""HubSpot's property values as Python values. In JSON they are strings, whatever the property's type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no", ""})


def to_text(value: str) -> str | None:
    """The text without outer whitespace; None when nothing is left."""
    return value.strip() or None


def to_count(value: str) -> int:
    """A whole number, also when spelled '3.0'. Raises ValueError."""
    try:
        return int(value)
    except ValueError:
        return _whole(value)


def _whole(value: str) -> int:
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        raise ValueError("not a number") from None


def to_moment(value: str) -> datetime:
    """A moment in aware UTC, from ISO 8601 (no offset: UTC) or epoch milliseconds. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return _from_epoch_ms(value)
    if len(value) == 13 and value.isdigit():
        return _from_epoch_ms(value)
    if moment.tzinfo is UTC:
        return moment
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else _in_utc(moment)


def _from_epoch_ms(value: str) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=int(value))
    except (ValueError, OverflowError):
        raise ValueError("not a date") from None


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("not a date") from None


def to_flag(value: str) -> bool:
    """True or false. Raises ValueError for any other word."""
    word = value.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError("not true or false")


def to_list(value: str) -> tuple[str, ...]:
    """The parts of 'a;b'; empty ones are left out."""
    return tuple(part for part in map(str.strip, value.split(";")) if part)


def to_vids(value: str) -> tuple[str, ...]:
    """The ids of 'id:ms;id:ms'."""
    return tuple(part.partition(":")[0] for part in to_list(value))


CONVERTERS: dict[str, Callable[[str], Any]] = {
    "text": to_text,
    "count": to_count,
    "moment": to_moment,
    "flag": to_flag,
    "list": to_list,
    "vids": to_vids,
}
