"""When a stream that can be asked for changes is read whole all the same: that is how deletions are found."""

from __future__ import annotations

from datetime import timedelta

from connectors.protocols import Window


def is_sweep_due(window: Window, lag_minutes: int, hour_utc: int | None) -> bool:
    """Whether a window must be read whole: it has no start, or is the first one that reaches over the hour of sweeps.

    Decided from the window alone, so an interrupted sweep goes on as one.
    """
    if window.since is None:
        return True
    if hour_utc is None:
        return False
    moment = window.until.replace(hour=hour_utc, minute=0, second=0, microsecond=0)
    if moment > window.until:
        moment -= timedelta(days=1)
    return window.since + timedelta(minutes=lag_minutes) < moment
