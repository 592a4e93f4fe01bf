"""What linking costs at size: `python -m benchmarks.identity_size [people a side]`.

Normalising and matching in memory, then the whole stage on a mirror: everybody new, nothing to do, a hundred changes.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from benchmarks.identity_world import world
from sync.core.identity import Identity, Rulings, match, profile
from sync.core.model import HUBSPOT, Candidate, Contact, RecordRef
from sync.stages.reconcile import Reconciled, reconcile
from sync.stages.run import Run
from sync.store import work
from sync.store.ats_nouns import CANDIDATE
from sync.store.crm import CONTACT
from sync.store.db import Mirror, open_mirror
from sync.store.rows import save_rows

A_SIDE = 100_000
HOUSEHOLDS_A_PERSON = 0.74  # so many households have one person on each side, on average
TO_REACH_S = 10.0
CHANGES = 100
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
RULES = SimpleNamespace(audience=SimpleNamespace(everyone=False, lists=()))

Result = TypeVar("Result")


def timed(label: str, do: Callable[[], Result], says: Callable[[Result], str] = lambda _: "") -> tuple[Result, float]:
    """What `do` gives and the CPU seconds it took, printed as a line with the most memory the process had so far."""
    start = time.process_time()
    found = do()
    took = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{label:<46}{took:>8.2f} CPU s{peak:>8.0f} MB  {says(found)}", flush=True)
    return found, took


def candidate(one: Identity) -> Candidate:
    """The candidate of an identity."""
    return Candidate(one.ref.remote_id, one.first_name, one.infix, one.last_name, one.emails, one.phones)


def contact(one: Identity) -> Contact:
    """The contact of an identity."""
    email, *more = one.emails
    return Contact(one.ref.remote_id, email, tuple(more), one.first_name, one.last_name, next(iter(one.phones), None))


def store(db: Mirror, candidates: list[Candidate], contacts: list[Contact]) -> None:
    """Records in the mirror, due to be linked."""
    with db.write():
        save_rows(db, CANDIDATE, "ats", candidates, NOW)
        save_rows(db, CONTACT, HUBSPOT, contacts, NOW)
        refs = [RecordRef("ats", one.remote_id) for one in candidates]
        work.enqueue(db, "reconcile", [*refs, *(RecordRef(HUBSPOT, one.remote_id) for one in contacts)], NOW)


def link(db: Mirror) -> Reconciled:
    """The reconcile stage."""
    return reconcile(Run(db, cast(Any, None), "bench", NOW, cast(Any, RULES)))


def main() -> None:
    """Print what each part costs, and whether matching reaches its bar."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else A_SIDE
    made = world(9, round(size * HOUSEHOLDS_A_PERSON))
    candidates, contacts = [candidate(one) for one in made.candidates], [contact(one) for one in made.contacts]
    print(f"{len(candidates):,} candidates x {len(contacts):,} contacts")
    ours, theirs = made.candidates, made.contacts
    profiles, first = timed(
        "names, addresses and numbers made comparable",
        lambda: ([profile(one) for one in ours], [profile(one) for one in theirs]),
    )
    _, second = timed(
        "linked in memory", lambda: match(*profiles, Rulings()), lambda found: f"{len(found.links):,} links"
    )
    with tempfile.TemporaryDirectory() as folder:
        db = open_mirror(Path(folder, "mirror.db"))
        store(db, candidates, contacts)
        timed("the whole stage, everybody new", lambda: link(db), lambda done: f"{done.linked:,} links")
        moved = [replace(one, first_name="Anders") for one in candidates[:CHANGES]]
        store(db, moved, [])
        timed(f"the whole stage, {CHANGES} changes", lambda: link(db), lambda done: f"{done.unlinked} undone")
        db.close()
    reached = "yes" if first + second <= TO_REACH_S else "NO"
    print(f"to reach: comparable and linked in {TO_REACH_S:.0f} CPU s: {reached} ({first + second:.2f})")


if __name__ == "__main__":
    main()
