"""The streams of Recruitee, in the order they must be pulled: users and jobs before what names them."""

from __future__ import annotations

from datetime import datetime, timedelta

from connectors.protocols import StreamSpec, Window

USERS = "users"
JOBS = "jobs"
CANDIDATES = "candidates"
APPLICATIONS = "applications"


def declared_streams(lag_minutes: int) -> tuple[StreamSpec, ...]:
    """Users are few and always whole, and done without where the token may not read them.

    `lag_minutes`: how late the search index may be.
    """
    return (
        StreamSpec(USERS, incremental=False, optional=True),
        StreamSpec(JOBS, incremental=True, lag_minutes=lag_minutes),
        StreamSpec(CANDIDATES, incremental=True, lag_minutes=lag_minutes),
        StreamSpec(APPLICATIONS, incremental=True, lag_minutes=lag_minutes),
    )


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


def parse_moment(value: object) -> datetime | None:
    """A moment in aware form; None when it is none or names no zone."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
