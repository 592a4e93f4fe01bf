"""The sandbox clock: all stamps come from it, so that a test or a demo decides what day it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class SandboxClock:
    """Aware UTC moments: real time, real time from a given moment (`running`), or standing still at it."""

    def __init__(
        self,
        start: str | datetime | None = None,
        running: bool = True,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self.set(start, running)

    def set(self, start: str | datetime | None, running: bool = False) -> None:
        """`start` None goes back to real time.

        Otherwise the clock shows `start` and, if `running`, goes on from there.
        """
        self._start = None if start is None else to_moment(start)
        self.running = True if start is None else running
        self._set_at = self._monotonic()
        self._offset = timedelta()

    def advance(self, seconds: float) -> datetime:
        """The new moment, `seconds` later (negative is refused: stamps never go back).

        Works in every mode.
        """
        if seconds < 0:
            raise ValueError("the sandbox clock does not go back; use set")
        self._offset += timedelta(seconds=seconds)
        return self.now()

    def now(self) -> datetime:
        """Aware UTC, cut to milliseconds because HubSpot stamps have no more."""
        if self._start is None:
            moment = datetime.now(UTC)
        elif self.running:
            moment = self._start + timedelta(seconds=self._monotonic() - self._set_at)
        else:
            moment = self._start
        moment += self._offset
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_moment(value: str | datetime) -> datetime:
    """Aware UTC moment of an ISO 8601 text or datetime; one without a zone counts as UTC.

    ValueError when unreadable.
    """
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def to_iso(moment: datetime) -> str:
    """`2026-11-24T08:00:00.000Z`, the form HubSpot answers with."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def to_ms(iso: str) -> int:
    """Milliseconds since 1970 of an ISO text."""
    return round(to_moment(iso).timestamp() * 1000)
