"""A cell of a file drop as a Python value. Each `to_…` raises ValueError with a reason that never holds the value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Any

from mappings.rules import normal_name

MAX_LENGTH = 65_536
MAX_ID_LENGTH = 255

_EXCEL_NUMBER = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_SAFE_SIGN = re.compile(r"\+[\d\s()./-]+|-\d+(?:[.,]\d+)?")
_FORMULA = ("=", "+", "-", "@")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ud800-\udfff]")
_IN_UTC = re.compile(r"(?<=\d) ?(?:UTC|GMT)$")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].+)?|\d{8}(?:T.+)?")
_DUTCH = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ,]+(\d{1,2})[:.](\d\d)(?::(\d\d))?)?")
_TRUE = frozenset({"true", "ja", "j", "yes", "y", "1", "waar"})
_FALSE = frozenset({"false", "nee", "n", "no", "0", "onwaar"})


def cleaned(value: Any) -> str | None:
    """A cell's text with whitespace collapsed; None when it says nothing (also a lone dash). Refuses what is not one
    text, what cannot be shown, what a spreadsheet would run, and what Excel mangled."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("not a text")
    text = str(value) if isinstance(value, str) else _number_text(value)
    if len(text) > MAX_LENGTH:
        raise ValueError(f"longer than {MAX_LENGTH} characters")
    if _UNSEEN.search(text):
        raise ValueError("holds control or unreadable characters; save the file as UTF-8")
    text = " ".join(text.split())
    if text in ("", "-", "\u2013", "\u2014"):
        return None
    if text[0] == "'" and text[1:2] in ("+", "-", "=", "@", *"0123456789"):
        text = text[1:].strip()  # Excel's mark for "this is text"; not the apostrophe of 't Hart
    if text.startswith(_FORMULA) and not _SAFE_SIGN.fullmatch(text):
        raise ValueError("starts like a spreadsheet formula")
    return text or None


def _number_text(value: float) -> str:
    if isinstance(value, float):
        if not value.is_integer() or abs(value) >= 1e15:
            raise ValueError("not a text")
        value = int(value)
    try:
        return str(value)
    except ValueError:  # Python prints no integers of over 4,300 digits
        raise ValueError(f"longer than {MAX_LENGTH} characters") from None


def to_text(value: Any, _zone: tzinfo) -> str | None:
    """One line of text."""
    text = cleaned(value)
    if text and _EXCEL_NUMBER.fullmatch(text):
        raise ValueError(f"Excel turned the number into {_scientific(text)}")
    return text


def _scientific(text: str) -> str:
    """The shape of a number Excel rounded: its first three digits and its power, which say nothing of a person."""
    head, _, power = text.upper().partition("E")
    return f"{head[:4]}E{power}"


def to_email(value: Any, zone: tzinfo) -> str | None:
    """An address to look people up by: lower case."""
    text = to_text(value, zone)
    return text.lower() if text else None


def to_id(value: Any, zone: tzinfo) -> str | None:
    """An id: text of at most 255 characters."""
    text = to_text(value, zone)
    if text and len(text) > MAX_ID_LENGTH:
        raise ValueError(f"longer than {MAX_ID_LENGTH} characters")
    return text


def to_texts(value: Any, zone: tzinfo) -> tuple[str, ...] | None:
    """Texts of an array, or of a cell separated by `|`; doubles once."""
    if isinstance(value, str) and len(value) > MAX_LENGTH:
        raise ValueError(f"longer than {MAX_LENGTH} characters")
    parts = value if isinstance(value, list) else value.split("|") if isinstance(value, str) else [value]
    texts = (to_text(part, zone) for part in parts)
    return tuple(dict.fromkeys(text for text in texts if text)) or None


def to_flag(value: Any, _zone: tzinfo) -> bool | None:
    """ja, nee, true, false, 1, 0 and their like."""
    if isinstance(value, bool):
        return value
    text = cleaned(value)
    if text is None:
        return None
    word = text.lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError("not ja or nee")


def to_whole(value: Any, _zone: tzinfo) -> int | None:
    """A whole number, also as 3,0 or 3.0."""
    text = cleaned(value)
    if text is None:
        return None
    if not re.fullmatch(r"-?\d{1,9}(?:[.,]0+)?", text, re.ASCII):
        raise ValueError("not a whole number")
    return int(re.split("[.,]", text)[0])


def to_moment(value: Any, zone: tzinfo) -> datetime | None:
    """Aware UTC, from ISO 8601 (also with `UTC` behind it) or dd-mm-jjjj with or without a time; without an offset it
    is in `zone`, a bare date is its midnight there."""
    if isinstance(value, int | float):
        raise ValueError("not a date")
    text = cleaned(value)
    if text is None:
        return None
    try:
        moment = _parsed(text)
        if not 1900 <= moment.year <= 2200:
            raise ValueError
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not a date") from None


def _parsed(text: str) -> datetime:
    if _ISO.fullmatch(text):
        return datetime.fromisoformat(_IN_UTC.sub("+00:00", text))
    dutch = _DUTCH.fullmatch(text)
    if not dutch:
        raise ValueError
    day, month, year, hour, minute, second = (int(part or 0) for part in dutch.groups())
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 (the caller adds the zone)


def to_url(value: Any, zone: tzinfo) -> str | None:
    """A web address.

    One with a query is left out: queries may hold a person's data, and a cut address leads nowhere.
    """
    text = to_text(value, zone)
    if text is None or "?" in text:
        return None
    if not re.fullmatch(r"https?://[^\s/]+\S*", text, re.IGNORECASE):
        raise ValueError("not a web address")
    return text.partition("#")[0]


def word_reader(words: dict[str, str]) -> Callable[[Any, tzinfo], str | None]:
    """A reader of a field that knows a fixed few words: `words` from normal spelling to the word itself."""
    allowed = ", ".join(sorted(set(words.values())))

    def to_word(value: Any, _zone: tzinfo) -> str | None:
        text = cleaned(value)
        if text is None:
            return None
        word = words.get(normal_name(text))
        if word is None:
            raise ValueError(f"unknown word; known: {allowed}")
        return word

    return to_word


READERS: dict[str, Callable[[Any, tzinfo], Any]] = {
    "id": to_id,
    "text": to_text,
    "email": to_email,
    "texts": to_texts,
    "flag": to_flag,
    "whole": to_whole,
    "moment": to_moment,
    "url": to_url,
}
