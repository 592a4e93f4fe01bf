"""Which sources failed, and until when they are left alone."""

from __future__ import annotations

from collections.abc import Mapping

from sync.core.breaker import Breaker
from sync.store.db import Mirror
from sync.store.times import optional_moment, optional_text, to_moment, to_text


def load(db: Mirror, versions: Mapping[str, str]) -> dict[str, Breaker]:
    """Breakers by source. `versions`: of the settings each source is reached by now; one that was noted under other
    settings is left out."""
    return {source: one for source, (version, one) in _rows(db).items() if versions.get(source) == version}


def load_all(db: Mirror) -> dict[str, Breaker]:
    """Breakers by source, whatever the settings were."""
    return {source: one for source, (_, one) in _rows(db).items()}


def _rows(db: Mirror) -> dict[str, tuple[str, Breaker]]:
    sql = (
        "SELECT source, version, failures, since, reason, retry_at, vendor_asks, parked_until, zone "
        "FROM breaker ORDER BY source"
    )
    found = {}
    for source, version, failures, since, reason, retry_at, asks, parked, zone in db.rows(sql):
        one = Breaker(failures, to_moment(since), reason, retry_at, bool(asks), optional_moment(parked), zone)
        found[source] = (version, one)
    return found


def save(db: Mirror, source: str, version: str, breaker: Breaker) -> None:
    """Keeps what is known of a source that failed."""
    sql = (
        "INSERT OR REPLACE INTO breaker "
        "(source, version, failures, since, reason, retry_at, vendor_asks, parked_until, zone) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    )
    until = (breaker.retry_at, int(breaker.vendor_asks), optional_text(breaker.parked_until), breaker.zone)
    db.change(sql, (source, version, breaker.failures, to_text(breaker.since), breaker.reason, *until))


def clear(db: Mirror, source: str) -> None:
    """Forgets it: the source answered."""
    db.change("DELETE FROM breaker WHERE source = ?", (source,))
