"""Looking into the mirror of a stage on which anything may happen, and the end of its worker's process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.store import Record
from sync.store.db import Mirror, open_readonly

LIVE_CANDIDATES = """
SELECT remote_id, json_extract(email_addresses, '$[0]') FROM candidate
WHERE deleted_at IS NULL AND anonymised_at IS NULL
"""
UNFINISHED = "SELECT kind, state, contact_id, reason, error FROM outbox WHERE state NOT IN ('DONE', 'WITHDRAWN')"
QUARANTINED = "SELECT stream, field, reason FROM quarantine"
OPEN_TASKS = "SELECT remote_id, status FROM task WHERE archived = 0 AND marker IS NOT NULL"
DEAD_LINKS = """
SELECT link.source, link.remote_id, link.rule FROM person_link AS link
LEFT JOIN contact ON link.source = 'hubspot' AND contact.remote_id = link.remote_id
LEFT JOIN candidate ON link.source = candidate.source AND candidate.remote_id = link.remote_id
WHERE (contact.deleted_at IS NOT NULL OR candidate.deleted_at IS NOT NULL OR candidate.anonymised_at IS NOT NULL)
    AND (SELECT count(*) FROM person_link AS other WHERE other.person_id = link.person_id) > 1
"""


class Crash(BaseException):
    """The worker's process ends here."""


def same(found: object, expected: object) -> None:
    """Fails with both values."""
    assert found == expected, f"{found}\nis not\n{expected}"


def shown(contact: Record) -> tuple[Any, ...]:
    """What the mirror must hold of a contact."""
    get = contact.properties.get
    flags = tuple(int(get(name) == "true") for name in ("hs_email_optout", "warmline_do_not_call"))
    return (get("email"), get("hubspot_owner_id"), get("warmline_candidate_id"), get("warmline_band"), *flags)


def mirrored_contacts(db: Mirror) -> dict[str, tuple[Any, ...]]:
    """What the mirror holds of the live contacts, by id."""
    columns = "email, owner_id, stored_candidate_id, band_in_crm, opted_out, do_not_call"
    return {row[0]: row[1:] for row in db.rows(f"SELECT remote_id, {columns} FROM contact WHERE deleted_at IS NULL")}


def after_pages(meanwhile: Callable[[str], None] | None) -> Callable[[str, int, int | None], None]:
    """A run's progress that tells `meanwhile` of each stored page."""

    def progress(label: str, done: int, total: int | None) -> None:
        if meanwhile is not None and "." in label:
            meanwhile(label)

    return progress


@contextmanager
def reading(path: Path) -> Iterator[Mirror]:
    """The mirror, to look into."""
    db = open_readonly(path)
    try:
        yield db
    finally:
        db.close()


@contextmanager
def crashing(transaction: int, *, committed: bool) -> Iterator[None]:
    """The nth outermost transaction ends in a Crash: before its commit, so that it is rolled back, or just after."""
    true, left = Mirror._transaction, transaction

    @contextmanager
    def counted(self: Mirror, begin: str, end: str) -> Iterator[None]:
        nonlocal left
        left -= end == "COMMIT" and begin != "BEGIN"
        last, left = left == 0, left - (left == 0)
        with true(self, begin, end):
            yield
            if last and not committed:
                raise Crash
        if last:
            raise Crash

    Mirror._transaction = counted  # type: ignore[method-assign]
    try:
        yield
    finally:
        Mirror._transaction = true  # type: ignore[method-assign]
