"""Retention: who is due is erased in the mirror, and what HubSpot and the ATS still hold is proposed for erasure
(docs/decisions/0067).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sync.core.facts import PersonFacts
from sync.core.guards import check_erasures
from sync.core.model import HUBSPOT, RecordRef
from sync.core.policy import RetentionPolicy
from sync.core.retention import Term, retention_end, retention_term
from sync.stages import bury
from sync.stages.bury import Whom
from sync.stages.erase import purge_asked
from sync.stages.run import Run
from sync.store import audit, erasures, links, people, retentions
from sync.store.db import Mirror

CUSTOMER = "customer"
WARMLINE, PERSON = "warmline", "person"


MOST = 500  # people erased in one run: each is looked for in everything that is there


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody whose retention ends or ended."""

    facts: PersonFacts
    term: Term


@dataclass(frozen=True, slots=True)
class Guard:
    """When nobody is erased before somebody looked: more than `share` of all people, and at least `people`. `late`: how
    long a task without an answer may still appear in HubSpot."""

    share: float
    people: int
    late: timedelta


@dataclass(frozen=True, slots=True)
class Ended:
    """How many people are due, and how many of them were erased."""

    due: int = 0
    erased: int = 0


def ending(db: Mirror, policy: RetentionPolicy, before: datetime) -> list[Due]:
    """Everybody whose retention ends at a moment or ended before it, as they are known now, the earliest first."""
    found = []
    for facts in people.load_facts(db, retentions.ending(db, before)).values():
        term = retention_term(facts, policy)
        if term is not None and term.until <= before:
            found.append(Due(facts, term))
    return sorted(found, key=lambda one: (one.term.until, one.facts.person_id))


def erase_due(run: Run, guard: Guard) -> Ended:
    """Erase in the mirror whose retention ended, the longest waiting first. Raises PlanTooLarge: too many at once."""
    due = ending(run.db, run.policy.retention, run.now)
    if not due:
        return Ended()
    check_erasures(len(due), retentions.count_people(run.db), share=guard.share, rows=guard.people)
    return Ended(len(due), erase(run, due[:MOST], late=guard.late))


def erase(run: Run, due: Sequence[Due], *, late: timedelta, actor: str = WARMLINE) -> int:
    """Erase people in the mirror; how many. Not whose mailbox and name are also those of somebody who is kept."""
    gone: set[int] = set()
    for one in due:
        if one.facts.person_id in gone:
            continue
        whom = bury.gather(run.db, (), {one.facts.person_id})
        if whom.people - gone == {one.facts.person_id} or _are_due(run, whom.people - gone):
            with run.db.write(run.lease):
                _bury(run, whom, one.term, late, actor)
            gone |= whom.people
    if gone:
        purge_asked(run.db, run.lease, run.sleep)
    return len(gone)


def _are_due(run: Run, person_ids: Collection[int]) -> bool:
    ends = [retention_end(one, run.policy.retention) for one in people.load_facts(run.db, person_ids).values()]
    return all(end is not None and end <= run.now for end in ends)


def _bury(run: Run, whom: Whom, term: Term, late: timedelta, actor: str) -> None:
    for person_id in sorted(whom.people):
        audit.note_retention(run.db, person_id, actor, run.now)
    records = proposed(run.db, whom.records)
    erasure = bury.bury(run.db, whom, run.now, late=late, cause=erasures.RETENTION)
    retentions.propose(run.db, erasure.id, records, term.until)


def proposed(db: Mirror, records: Collection[RecordRef]) -> list[RecordRef]:
    """Those of a person's records that are to be erased where they are: candidates, and contacts that are nothing else
    to the team. A customer's contact stays theirs.
    """
    candidates, contacts, _ = links.load_identities_rows(db, records)
    found = [RecordRef(source, one.remote_id) for source, one in candidates]
    found += [
        RecordRef(HUBSPOT, one.remote_id) for one in contacts if one.lifecycle_stage != CUSTOMER and one.deals == 0
    ]
    return sorted(found)
