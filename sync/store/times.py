"""Moments and days as the mirror keeps them: fixed-width UTC text, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, date, datetime


def to_text(moment: datetime) -> str:
    """'YYYY-MM-DDTHH:MM:SS.mmmZ'.

    `moment` aware, any zone; microseconds are cut off. Raises ValueError on a naive moment.
    """
    if moment.tzinfo is not UTC:
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def to_moment(text: str) -> datetime:
    """The aware UTC moment of stored text."""
    return datetime.fromisoformat(text)


def optional_text(moment: datetime | None) -> str | None:
    """As `to_text`; None stays None."""
    return None if moment is None else to_text(moment)


def optional_moment(text: str | None) -> datetime | None:
    """As `to_moment`; None stays None."""
    return None if text is None else datetime.fromisoformat(text)


def to_day(text: str) -> date:
    """The local day of stored text."""
    return date.fromisoformat(text)
