"""Where a stream goes on: two-sided windows whose end becomes the cursor once the last page is in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.errors import FatalError


@dataclass(frozen=True, slots=True)
class Position:
    """What the mirror remembers of a stream. Between pulls: `since` = end of the last complete window, the
    rest None.

    Interrupted: the window being read and the page to go on from. `version`: hash of what is asked for.
    """

    since: datetime | None
    until: datetime | None
    token: str | None
    version: str


@dataclass(frozen=True, slots=True)
class Pull:
    """The window to read: changed at or after `since` (None: everything) and before `until`, from page
    `token` (None: first).
    """

    since: datetime | None
    until: datetime
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the mirror remembers of a stream that may have shown too little.

    `tries`: how often the window was read and came short. `known`: records the vendor counts and never shows, as a
    whole read proved. `whole`: the next pull reads everything.
    """

    tries: int = 0
    known: int = 0
    whole: bool = False


MOST_TRIES = 3  # of a window that comes short; then everything is read


def after_shortage(pull: Pull, missing: int, doubt: Doubt, version: str) -> tuple[Position, Doubt, bool]:
    """The position and doubt to store with a window's last page, and whether records are missing for certain.

    `missing`: records the vendor counts in the window and did not give. The cursor does not move past a window that
    came short; after three tries everything is read, and what is missing then too is not waited for again. Why:
    docs/decisions/0032.
    """
    read, is_whole = after_page(pull, None, version), pull.since is None
    if missing <= doubt.known:
        return read, Doubt(known=missing if is_whole else doubt.known), False
    if is_whole:
        return read, Doubt(known=missing), True
    tries = doubt.tries + 1
    again = Position(since=pull.since, until=None, token=None, version=version)
    return again, Doubt(tries % MOST_TRIES, doubt.known, tries >= MOST_TRIES), True


def next_pull(position: Position | None, *, now: datetime, lag: timedelta, version: str) -> Pull:
    """The window to read next.

    A new stream, or one that asks for something else than before, starts anew. An interrupted window is
    finished as it was. Otherwise the window overlaps the last one by `lag` (late-indexed records). FatalError
    when `now` lies before the last window's end: reading on would move the cursor back. Why:
    docs/architecture.md, the pull.
    """
    if position is None or position.version != version:
        return Pull(since=None, until=now)
    if position.until is not None:
        return Pull(position.since, position.until, position.token)
    if position.since is None:
        return Pull(since=None, until=now)
    if now < position.since:
        raise FatalError(
            f"The clock moved back: it is {now.isoformat()},"
            f" and this stream was read up to {position.since.isoformat()}.",
            fix="Set the machine's clock (or WARMLINE_CLOCK__NOW) right. If it is right now and was ahead before,"
            " run `warmline sync --full` once.",
        )
    return Pull(since=position.since - lag, until=now)


def after_page(pull: Pull, token: str | None, version: str) -> Position:
    """The position to store with a page. `token` None: it was the last, so the cursor moves to the window's
    end.
    """
    if token is None:
        return Position(since=pull.until, until=None, token=None, version=version)
    return Position(since=pull.since, until=pull.until, token=token, version=version)
