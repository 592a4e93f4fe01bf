"""Decide: what each play wants for the people who are due, and whether contact policy lets it. Every yes and no has a
reason.

People are looked at in two passes: wishes first, then permission in call order, because a recruiter's day is shared
out by rank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sync.core.calendar import first_day_of
from sync.core.contact_policy import allow
from sync.core.facts import Load, PersonFacts
from sync.core.model import Decision
from sync.core.plays import PLAYS
from sync.core.plays.wish import Wish
from sync.stages.run import BATCH, Run
from sync.store import decisions, people, work


@dataclass(slots=True)
class Decided:
    """Per play, how many people a play wanted in this run, and how many of those wishes were refused."""

    wanted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, decision: Decision) -> None:
        """Count one decision."""
        self.wanted[decision.play] += 1
        if decision.refused is not None:
            self.refused[decision.play] += 1


def decide(run: Run) -> Decided:
    """Decide for everyone due. A refusal with an end is due again at that moment."""
    wanting, quiet = _gather_wishes(run)
    decided = Decided()
    due = [*(facts.person_id for facts, _ in wanting), *quiet]
    since = first_day_of(run.today, run.policy.time)
    owners, load = people.load_owners(run.db), dict(people.load_loads(run.db, since, planned_anew=due))
    made: dict[int, list[Decision]] = {person_id: [] for person_id in quiet}
    for facts, wish in sorted(wanting, key=_call_order):
        decision = allow(wish, facts, run.policy, owners=owners, load=load, now=run.now)
        decided.add(decision)
        made.setdefault(facts.person_id, []).append(decision)
        if decision.refused is None and decision.owner_id is not None:
            before = load.get(decision.owner_id, Load())
            load[decision.owner_id] = replace(before, new_today=before.new_today + 1, open=before.open + 1)
    _save(run, made)
    return decided


def _gather_wishes(run: Run) -> tuple[list[tuple[PersonFacts, Wish]], list[int]]:
    """Who wants something, and who was due without a wish."""
    wanting: list[tuple[PersonFacts, Wish]] = []
    quiet: list[int] = []
    due = work.due_people(run.db, "decide", run.now, None)
    for start in range(0, len(due), BATCH):
        batch = due[start : start + BATCH]
        facts = people.load_facts(run.db, batch)
        for person_id in batch:
            found = wishes_of(run, facts[person_id]) if person_id in facts else ()
            wanting.extend((facts[person_id], wish) for wish in found)
            if not found:
                quiet.append(person_id)
        run.progress("decide", start + len(batch), len(due))
    return wanting, quiet


def wishes_of(run: Run, facts: PersonFacts) -> tuple[Wish, ...]:
    """What the plays want for one person; nothing for a person without a score (not in the audience) or
    who objects to profiling."""
    if facts.score is None or (facts.contact is not None and facts.contact.no_profiling):
        return ()
    found = (play(facts, facts.score, run.policy, run.today) for play in PLAYS.values())
    return tuple(wish for wish in found if wish is not None)


def _call_order(item: tuple[PersonFacts, Wish]) -> tuple[float, int]:
    facts, _ = item
    return (-(facts.score.raw if facts.score is not None else 0.0), facts.person_id)


def _save(run: Run, made: dict[int, list[Decision]]) -> None:
    ids = list(made)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with run.db.write(run.lease):
            decisions.save_decisions(run.db, {person_id: made[person_id] for person_id in batch}, run.now)
            work.enqueue_people(run.db, "plan", batch, run.now)
            work.finish_people(run.db, "decide", batch, _next_due(made, batch))


def _next_due(made: dict[int, list[Decision]], batch: Sequence[int]) -> dict[int, datetime]:
    ends = {person_id: [one.until for one in made[person_id] if one.until is not None] for person_id in batch}
    return {person_id: min(moments) for person_id, moments in ends.items() if moments}
