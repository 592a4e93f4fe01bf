"""A person's decision about conflicts: whose value stands (docs/decisions/0031)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sync.store import baselines, conflicts, work
from sync.store.conflicts import Ruling, StoredConflict
from sync.store.db import Mirror


def take(db: Mirror, chosen: Sequence[StoredConflict], ruling: Ruling, now: datetime) -> list[StoredConflict]:
    """The conflicts as they stand after the decision.

    Ours: the value that was seen becomes the baseline, so that only it is written over, and the people are planned
    anew. Theirs: the property is left alone until it is emptied. A contact that is nobody's person has nothing to be
    written, so ours ends the conflict.
    """
    pairs = [(one.conflict.object_id, one.conflict.property) for one in chosen]
    conflicts.rule(db, "contact", pairs, ruling, now)
    if ruling is Ruling.OURS:
        _give_back(db, chosen, now)
    return [replace(one, ruling=ruling, taken_at=now) for one in chosen]


def _give_back(db: Mirror, chosen: Sequence[StoredConflict], now: datetime) -> None:
    seen: dict[str, dict[str, str]] = defaultdict(dict)
    for one in chosen:
        seen[one.conflict.object_id][one.conflict.property] = one.conflict.theirs
    baselines.save(db, "contact", seen, now)
    nobodys = [one.conflict for one in chosen if one.person_id is None]
    conflicts.clear(db, "contact", [(one.object_id, one.property) for one in nobodys])
    work.enqueue_people(db, "plan", sorted({one.person_id for one in chosen if one.person_id is not None}), now)
