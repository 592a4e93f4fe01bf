"""HubSpot's property values as Python values. In JSON they are strings, whatever the property's type; other servers
may write numbers and booleans as such."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sync.errors import InvalidRecord

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TRUE = frozenset({"true", "1", "yes"})
_FALSE = frozenset({"false", "0", "no", ""})
_UNSEEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")  # control characters, and halves of characters no file can hold
_MOST = 2**53  # the largest count JSON numbers hold exactly


def record_id(record: Mapping[str, Any]) -> str:
    """The record's id as text. Raises InvalidRecord when it has none or one of another shape."""
    found = record.get("id")
    if not found:
        raise InvalidRecord("id", "missing")
    if isinstance(found, bool) or not isinstance(found, str | int) or not (text := spelled(found)).isascii():
        raise InvalidRecord("id", "not an id")
    return text.strip()


def spelled(value: object) -> str:
    """A value as HubSpot spells it in JSON. Raises ValueError for what is no single value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, int | float):
        raise ValueError("not a text")
    try:
        return str(value)
    except ValueError:  # Python prints no integers of over 4,300 digits
        raise ValueError("too long") from None


def to_text(value: str) -> str | None:
    """The text without outer whitespace and without what cannot be shown; None when nothing is left."""
    if value.isprintable():
        return value.strip() or None
    return _UNSEEN.sub(" ", value).strip() or None


def to_count(value: str) -> int:
    """A whole number from 0 on, also when spelled '3.0'. Raises ValueError."""
    try:
        count = int(value)
    except ValueError:
        count = _whole(value)
    if not 0 <= count < _MOST:
        raise ValueError("not a count")
    return count


def _whole(value: str) -> int:
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        raise ValueError("not a number") from None


def to_moment(value: str) -> datetime:
    """A moment in aware UTC, from ISO 8601 (no offset: UTC) or epoch milliseconds, between 1900 and 2200: others are
    slips of the keyboard, and the calendar ends. Raises ValueError."""
    moment = _parsed(value)
    if not 1900 <= moment.year <= 2200:
        raise ValueError("not a date of this time")
    return moment


def _parsed(value: str) -> datetime:
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
    return tuple(part for part in map(to_text, value.split(";")) if part)


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
