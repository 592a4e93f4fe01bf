"""Deleted tasks of warmline's own, recognised by their marker: HubSpot does not tell any more whom they were about.

A rebuilt mirror finds them in the recycle bin. The marker is the start of a key made of play, occasion and record, so
it is enough to try the occasions a task of the person can have had (docs/decisions/0034).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sync.core.facts import PersonFacts
from sync.core.keys import known_markers
from sync.core.plays.wish import Wish
from sync.stages.run import Run
from sync.store import people
from sync.store import tasks as task_rows

BIN_DAYS = 90  # as long as HubSpot keeps what is deleted

Wanting = list[tuple[PersonFacts, Wish]]


def recognise_deleted(run: Run, wanting: Wanting) -> Wanting:
    """The same people and wishes, with the tasks among their facts that were nobody's until now."""
    orphans = task_rows.orphans(run.db)
    if not orphans:
        return wanting
    found = [(facts.person_id, wish.play, one) for facts, wish in wanting for one in _own(run, facts, wish, orphans)]
    if not found:
        return wanting
    with run.db.write(run.lease):
        for person_id, play, task_id in found:
            task_rows.mark_own_task(run.db, task_id, person_id=person_id, play=play, written_hash=None)
    fresh = people.load_facts(run.db, [person_id for person_id, _, _ in found])
    return [(fresh.get(facts.person_id, facts), wish) for facts, wish in wanting]


def _own(run: Run, facts: PersonFacts, wish: Wish, orphans: Mapping[str, str]) -> Sequence[str]:
    """Ids of the tasks this play made for the person, on this occasion or on a day of the last months."""
    days = [(run.today - timedelta(days=back)).isoformat() for back in range(BIN_DAYS + 1)]
    markers = {
        marker
        for occasion in {wish.occasion, *days}
        for marker in known_markers(facts, run.policy.portal_id, wish.play, occasion)
    }
    return [task_id for marker, task_id in orphans.items() if marker in markers]
