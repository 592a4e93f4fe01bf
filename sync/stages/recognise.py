"""Warmline's own tasks, recognised by their marker after a mirror was rebuilt: which play they are of, and of deleted
ones whom they were about, which HubSpot does not tell any more.

A rebuilt mirror finds those in the recycle bin. The marker is the start of a key made of play, occasion and record, so
it is enough to try the occasions a task of the person can have had (docs/decisions/0034).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sync.core.facts import PersonFacts
from sync.core.keys import known_markers
from sync.core.plays.wish import STEP, Wish
from sync.stages.run import Run
from sync.store import people
from sync.store import tasks as task_rows

BIN_DAYS = 90  # as long as HubSpot keeps what is deleted

Wanting = list[tuple[PersonFacts, Wish]]


def recognise_deleted(run: Run, wanting: Wanting) -> Wanting:
    """The same people and wishes, with the tasks among their facts that were nobody's, or no play's, until now."""
    orphans = task_rows.orphans(run.db)
    found = [(facts.person_id, wish.play, one) for facts, wish in wanting for one in _own(run, facts, wish, orphans)]
    found += [(facts.person_id, wish.play, one) for facts, wish in wanting for one in _unnamed(run, facts, wish)]
    if not found:
        return wanting
    with run.db.write(run.lease):
        for person_id, play, task_id in found:
            task_rows.mark_own_task(run.db, task_id, person_id=person_id, play=play, written_hash=None)
    fresh = people.load_facts(run.db, [person_id for person_id, _, _ in found])
    return [(fresh.get(facts.person_id, facts), wish) for facts, wish in wanting]


def _own(run: Run, facts: PersonFacts, wish: Wish, orphans: Mapping[str, str]) -> Sequence[str]:
    """Ids of the tasks this play made for the person, on this occasion or on a day of the last months."""
    if not orphans:
        return ()
    days = [(run.today - timedelta(days=back)).isoformat() for back in range(BIN_DAYS + 1)]
    markers = {
        marker
        for occasion in {wish.occasion, *days}
        for marker in known_markers(facts, run.policy.portal_id, wish.play, occasion)
    }
    return [task_id for marker, task_id in orphans.items() if marker in markers]


def _unnamed(run: Run, facts: PersonFacts, wish: Wish) -> Sequence[str]:
    """Ids of the person's tasks that a rebuilt mirror adopted without knowing which play they are of: this one's."""
    unnamed = [task for task in facts.tasks if task.play is None and task.remote_id]
    if not unnamed:
        return ()
    steps = (wish.occasion, wish.occasion.partition(STEP)[0])
    markers = {one for step in steps for one in known_markers(facts, run.policy.portal_id, wish.play, step)}
    return [task.remote_id for task in unnamed if task.marker in markers]
