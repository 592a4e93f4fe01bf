"""Whoever is forgotten, in whatever order things come: a read of everything afterwards leaves nothing of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.core.model import HUBSPOT, Attendance, Candidate, Contact, RecordRef
from sync.stages import bury, suppress
from sync.stages.erase import purge_asked
from sync.store import ats, crm, lease
from sync.store.db import Mirror, open_mirror
from tests.integration.conftest import prime

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FIRST = ("Jan", "Jan Willem", "J.", "Joke", "Piet", None)
BOXES = ("vos@example.com", "VOS@example.com", "jan.vos@gmail.com", "janvos+werk@gmail.com", "piet@example.org")
LINES = ("06-12345678", "+31612345678", "0201234567")
EMPTY: tuple[str, ...] = ()

names = st.sampled_from(FIRST)
addresses = st.lists(st.sampled_from(BOXES), max_size=2, unique=True).map(tuple)
numbers = st.lists(st.sampled_from(LINES), max_size=1).map(tuple)
candidates = st.builds(
    lambda number, first, boxes, lines: Candidate(f"c{number}", first, None, "Vos", boxes, lines),
    st.integers(1, 6),
    names,
    addresses,
    numbers,
)
contacts = st.builds(
    lambda number, first, boxes, lines: Contact(
        f"50{number}", boxes[0] if boxes else None, boxes[1:], first, "Vos", lines[0] if lines else None
    ),
    st.integers(1, 6),
    names,
    addresses,
    numbers,
)
lines = st.builds(
    lambda number, first, boxes: Attendance(
        f"x{number}", "Open dag", "attended", NOW, boxes[0] if boxes else None, None, first
    ),
    st.integers(1, 3),
    names,
    addresses,
)


class World:
    """What the sources show, and a mirror that reads it."""

    def __init__(self, path: Path, shown: Mapping[str, Sequence[Any]]) -> None:
        prime(path)
        self.db: Mirror = open_mirror(path)
        self.shown = {kind: list({row.remote_id: row for row in rows}.values()) for kind, rows in shown.items()}
        clock = {"now": NOW, "real_time": 1.0, "is_alive": lambda _: True}
        self.lease = lease.acquire(self.db, name="run", token="t", host="h", pid=1, **clock)  # type: ignore[arg-type]

    def read(self, order: Sequence[str]) -> None:
        """Read everything, as pulls do."""
        with self.db.write(self.lease):
            for kind in order:
                rows = self.shown[kind]
                if kind == "contacts":
                    crm.save_contacts(self.db, suppress.keep_contacts(self.db, rows)[0], NOW)
                elif kind == "candidates":
                    ats.save_candidates(self.db, "ats", suppress.keep_candidates(self.db, "ats", rows)[0], NOW)
                else:
                    kept, _ = suppress.keep_attendance(self.db, "ats.attendance", rows)
                    ats.save_attendance(self.db, "ats.attendance", kept, NOW)
        purge_asked(self.db, self.lease, lambda _: None)

    def held(self) -> set[RecordRef]:
        """Every record the mirror holds."""
        found = {RecordRef(*row) for row in self.db.rows("SELECT source, remote_id FROM candidate")}
        found |= {RecordRef(*row) for row in self.db.rows("SELECT source, remote_id FROM attendance")}
        return found | {RecordRef(HUBSPOT, row[0]) for row in self.db.rows("SELECT remote_id FROM contact")}

    def forget(self, ref: RecordRef) -> set[RecordRef]:
        """Forget whom a record is of; the records that are theirs."""
        with self.db.write():
            whom = bury.gather(self.db, [ref], ())
            bury.bury(self.db, whom, NOW)
        purge_asked(self.db, self.lease, lambda _: None)
        return set(whom.records)


@settings(max_examples=40, deadline=None)
@given(
    shown=st.fixed_dictionaries(
        {
            "candidates": st.lists(candidates, max_size=4),
            "contacts": st.lists(contacts, max_size=4),
            "attendance": st.lists(lines, max_size=2),
        }
    ),
    orders=st.lists(st.permutations(["candidates", "contacts", "attendance"]), min_size=3, max_size=3),
    pick=st.integers(0, 20),
)
def test_a_read_of_everything_after_forgetting_brings_nothing_back_and_takes_nobody_else(
    shown: Mapping[str, Sequence[Any]], orders: Sequence[Sequence[str]], pick: int
) -> None:
    with TemporaryDirectory() as folder:
        world = World(Path(folder) / "mirror.db", shown)
        world.read(orders[0])
        before = world.held()
        if not before:
            world.db.close()
            return
        theirs = world.forget(sorted(before)[pick % len(before)])
        after = world.held()
        world.read(orders[1])
        world.read(orders[2])
        found = world.held()
        world.db.close()

    assert after == before - theirs
    assert found == after
