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
            fix="Set the machine's clock (or WARMLINE_CLOCK__NOW) right, or start with a new mirror file.",
        )
    return Pull(since=position.since - lag, until=now)


def after_page(pull: Pull, token: str | None, version: str) -> Position:
    """The position to store with a page. `token` None: it was the last, so the cursor moves to the window's
    end.
    """
    if token is None:
        return Position(since=pull.until, until=None, token=None, version=version)
    return Position(since=pull.since, until=pull.until, token=token, version=version)
