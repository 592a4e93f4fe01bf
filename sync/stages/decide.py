"""Decide: what each play wants for the people who are due, and whether contact policy lets it. Every yes and no has a
reason.

People are looked at in two passes: wishes first, then permission in call order, because a recruiter's day is shared
out by rank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sync.core.calendar import first_day_of
from sync.core.contact_policy import allow, rewrites
from sync.core.facts import Load, PersonFacts
from sync.core.model import Decision, Refusal
from sync.core.plays import PLAYS, Case, Play
from sync.core.plays.precedence import precedence
from sync.core.plays.wish import Wish
from sync.core.task_life import next_look
from sync.stages.recognise import recognise_deleted
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


@dataclass(frozen=True, slots=True)
class Due:
    """Everyone due: the wishes with whose they are, who has none, and when they are to be looked at again."""

    wanting: list[tuple[PersonFacts, Wish]] = field(default_factory=list)
    quiet: list[int] = field(default_factory=list)
    looks: dict[int, datetime] = field(default_factory=dict)


def decide(run: Run) -> Decided:
    """Decide for everyone due. A refusal with an end is due again at that moment, an open task when it expires."""
    due = _gather(run)
    decided = Decided()
    anew = [*(facts.person_id for facts, _ in due.wanting), *due.quiet]
    since = first_day_of(run.today, run.policy.time)
    owners, load = people.load_owners(run.db), dict(people.load_loads(run.db, since, planned_anew=anew))
    made: dict[int, list[Decision]] = {person_id: [] for person_id in due.quiet}
    for facts, wish in sorted(recognise_deleted(run, due.wanting), key=_call_order):
        decision = allow(wish, facts, run.policy, owners=owners, load=load, now=run.now)
        mine = made.setdefault(facts.person_id, [])
        if decision.refused is None and any(one.refused is None for one in mine):
            decision = replace(decision, refused=Refusal.OPEN_TASK, owner_id=None, due_at=None, ground=None)
        decided.add(decision)
        mine.append(decision)
        if decision.refused is None and decision.owner_id is not None and not rewrites(wish, facts):
            before = load.get(decision.owner_id, Load())
            load[decision.owner_id] = replace(before, new_today=before.new_today + 1, open=before.open + 1)
    _save(run, made, due.looks)
    return decided


def _gather(run: Run) -> Due:
    found = Due()
    ids = work.due_people(run.db, "decide", run.now, None)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        facts = people.load_facts(run.db, batch)
        for person_id in batch:
            wishes = wishes_of(run, facts[person_id]) if person_id in facts else ()
            look = _next_look(run, facts[person_id]) if person_id in facts else None
            found.wanting.extend((facts[person_id], wish) for wish in wishes)
            if not wishes:
                found.quiet.append(person_id)
            if look is not None:
                found.looks[person_id] = look
        run.progress("decide", start + len(batch), len(ids))
    return found


def wishes_of(run: Run, facts: PersonFacts) -> tuple[Wish, ...]:
    """What the plays want for one person; nothing for a person without a score (not in the audience) or
    from plays that rest on behaviour, for one who objects to profiling."""
    if facts.score is None:
        return ()
    case = Case(facts, run.policy, run.now)
    found = (play.wish(case) for play in _plays_for(case))
    return tuple(wish for wish in found if wish is not None)


def _plays_for(case: Case) -> list[Play]:
    objects = case.facts.contact is not None and case.facts.contact.no_profiling
    return [play for play in PLAYS.values() if play.is_on(case.policy) and not (objects and play.profiles)]


def _next_look(run: Run, facts: PersonFacts) -> datetime | None:
    """When an open task or a play has to be looked at again though nothing new comes in."""
    case = Case(facts, run.policy, run.now)
    moments = [next_look(facts, run.policy, run.now), *(play.next_at(case) for play in _plays_for(case))]
    return min((moment for moment in moments if moment is not None), default=None)


def _call_order(item: tuple[PersonFacts, Wish]) -> tuple[float, int, int]:
    """The warmest person first; of one person the strongest play."""
    facts, wish = item
    return (-(facts.score.raw if facts.score is not None else 0.0), facts.person_id, precedence(wish.play))


def _save(run: Run, made: dict[int, list[Decision]], looks: Mapping[int, datetime]) -> None:
    ids = list(made)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with run.db.write(run.lease):
            decisions.save_decisions(run.db, {person_id: made[person_id] for person_id in batch}, run.now)
            work.enqueue_people(run.db, "plan", batch, run.now)
            work.finish_people(run.db, "decide", batch, _next_due(made, looks, batch))


def _next_due(
    made: dict[int, list[Decision]], looks: Mapping[int, datetime], batch: Sequence[int]
) -> dict[int, datetime]:
    ends = {person_id: [one.until for one in made[person_id] if one.until is not None] for person_id in batch}
    moments = {one: [*ends[one], *([looks[one]] if one in looks else [])] for one in batch}
    return {person_id: min(found) for person_id, found in moments.items() if found}
