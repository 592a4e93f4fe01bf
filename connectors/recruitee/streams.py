"""The streams of Recruitee, in the order they must be pulled: users and jobs before what names them."""

from __future__ import annotations

from connectors.protocols import StreamSpec

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
