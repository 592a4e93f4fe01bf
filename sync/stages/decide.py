"""Decide: what each play wants for the people who are due, and whether contact policy lets it. Every yes and no has a
reason.

People are looked at in two passes: wishes first, then permission in call order, because a recruiter's day is shared
out by rank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sync.core.calendar import first_day_of
from sync.core.consent import next_change
from sync.core.contact_policy import allow, rewrites
from sync.core.facts import Load, Owners, PersonFacts
from sync.core.model import Decision, Refusal
from sync.core.plays import PLAYS, Case, Play
from sync.core.plays.precedence import is_at_hand, precedence
from sync.core.plays.wish import Wish
from sync.core.retention import retention_end
from sync.core.routing import recruiter, routing_day
from sync.core.task_life import next_look
from sync.core.trigger import Trigger
from sync.core.triggers import triggered
from sync.stages.owing import owed_to
from sync.stages.recognise import recognise_deleted
from sync.stages.run import BATCH, Run
from sync.store import decisions, loads, people, promises, retentions, work
from sync.store.promises import Owed
from sync.store.triggers import save_triggers

FREE = tuple(name for name, play in PLAYS.items() if not play.is_held)  # no cap holds them, and they take no room
APART = tuple(name for name, play in PLAYS.items() if play.apart)  # each has a desk of its own
Desks = dict[str, dict[str, Load]]


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
    """Everyone due: the wishes with whose they are, who has none, and when they are to be looked at again. `coming`: by
    recruiter, how many open tasks of a colleague come to their desk."""

    wanting: list[tuple[PersonFacts, Wish]] = field(default_factory=list)
    quiet: list[int] = field(default_factory=list)
    looks: dict[int, datetime] = field(default_factory=dict)
    owed: dict[int, list[Owed]] = field(default_factory=dict)
    triggers: dict[int, tuple[Trigger, ...]] = field(default_factory=dict)
    ends: dict[int, datetime | None] = field(default_factory=dict)
    coming: Counter[str] = field(default_factory=Counter)


def decide(run: Run) -> Decided:
    """Decide for everyone due. A refusal with an end is due again at that moment, an open task when it expires."""
    with run.db.write(run.lease):
        promises.begin_watch(run.db, run.now)
    owners = people.load_owners(run.db)
    due = _gather(run, owners)
    decided = Decided()
    anew = [*(facts.person_id for facts, _ in due.wanting), *due.quiet]
    since = first_day_of(run.today, run.policy.time)
    desks = _desks(run, since, anew, due.coming)
    made: dict[int, list[Decision]] = {person_id: [] for person_id in due.quiet}
    for facts, wish in sorted(recognise_deleted(run, due.wanting), key=_call_order):
        load = desks[wish.play if wish.play in APART else ""]
        decision = allow(wish, facts, run.policy, owners=owners, load=load, now=run.now)
        mine = made.setdefault(facts.person_id, [])
        if decision.refused is None and any(one.refused is None for one in mine):
            decision = replace(decision, refused=Refusal.OPEN_TASK, owner_id=None, due_at=None, ground=None)
        decided.add(decision)
        mine.append(decision)
        if decision.refused is None and decision.owner_id is not None and _takes_room(wish, facts):
            before = load.get(decision.owner_id, Load())
            load[decision.owner_id] = replace(before, new_today=before.new_today + 1, open=before.open + 1)
    _save(run, made, due)
    return decided


def _desks(run: Run, since: date, anew: Sequence[int], coming: Mapping[str, int]) -> Desks:
    """How full the recruiters' desks are: '' for the plays that share one, and each play that is apart."""

    def desk(free: Collection[str]) -> dict[str, Load]:
        return dict(loads.load_loads(run.db, since, planned_anew=anew, free=free))

    shared = desk({*FREE, *APART})
    for owner_id, count in coming.items():
        before = shared.get(owner_id, Load())
        shared[owner_id] = replace(before, open=before.open + count)
    return {"": shared} | {play: desk(PLAYS.keys() - {play}) for play in APART}


def _takes_room(wish: Wish, facts: PersonFacts) -> bool:
    return PLAYS[wish.play].is_held and not rewrites(wish, facts)


def _gather(run: Run, owners: Owners) -> Due:
    found = Due()
    ids = work.due_people(run.db, "decide", run.now, None)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        facts = people.load_facts(run.db, batch)
        for person_id in batch:
            if person_id in facts:
                _look_at(run, facts[person_id], owners, found)
            else:
                found.quiet.append(person_id)
        run.progress("decide", start + len(batch), len(ids))
    return found


def _look_at(run: Run, facts: PersonFacts, owners: Owners, found: Due) -> None:
    person_id, wishes = facts.person_id, wishes_of(run, facts)
    found.wanting.extend((facts, wish) for wish in wishes)
    if not wishes:
        found.quiet.append(person_id)
    if run.policy.plays.promise.enabled:  # off: what was promised stays as it is
        found.owed[person_id] = owed_to(run, facts, owners)
    told = triggered(Case(facts, run.policy, run.now))
    found.triggers[person_id] = told.triggers
    found.coming.update(_handed_over(run, facts, owners))
    found.ends[person_id] = retention_end(facts, run.policy.retention)
    moments = [moment for moment in (_next_look(run, facts), told.next_at) if moment is not None]
    if moments:
        found.looks[person_id] = min(moments)


def _handed_over(run: Run, facts: PersonFacts, owners: Owners) -> list[str]:
    """Who gets the open tasks that are still a colleague's, for each that takes room."""
    held = [
        task
        for task in facts.tasks
        if task.open and is_at_hand(task) and task.play in PLAYS and task.play not in {*FREE, *APART}
    ]
    if not held:
        return []
    owner = recruiter(facts, run.policy.routing, owners, routing_day(facts, run.today, run.policy.time.zone))
    return [owner.remote_id for task in held if owner is not None and owner.remote_id != task.owner_id]


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
    """When an open task, a play, a consent or the retention has to be looked at again though nothing new comes in."""
    case = Case(facts, run.policy, run.now)
    moments = [next_look(facts, run.policy, run.now), *(play.next_at(case) for play in _plays_for(case))]
    ends = retention_end(facts, run.policy.retention)
    moments += [next_change(facts.consents, run.now), ends if ends and ends > run.now else None]
    return min((moment for moment in moments if moment is not None), default=None)


def _call_order(item: tuple[PersonFacts, Wish]) -> tuple[float, int, int]:
    """The warmest person first; of one person the strongest play."""
    facts, wish = item
    return (-(facts.score.raw if facts.score is not None else 0.0), facts.person_id, precedence(wish.play))


def _save(run: Run, made: dict[int, list[Decision]], due: Due) -> None:
    ids = list(made)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with run.db.write(run.lease):
            decisions.save_decisions(run.db, {person_id: made[person_id] for person_id in batch}, run.now)
            promises.save_promises(run.db, {one: due.owed[one] for one in batch if one in due.owed})
            save_triggers(run.db, [told for one in batch for told in due.triggers.get(one, ())])
            retentions.save_ends(run.db, {one: due.ends[one] for one in batch if one in due.ends})
            work.enqueue_people(run.db, "plan", batch, run.now)
            work.finish_people(run.db, "decide", batch, _next_due(made, due.looks, batch))


def _next_due(
    made: dict[int, list[Decision]], looks: Mapping[int, datetime], batch: Sequence[int]
) -> dict[int, datetime]:
    ends = {person_id: [one.until for one in made[person_id] if one.until is not None] for person_id in batch}
    moments = {one: [*ends[one], *([looks[one]] if one in looks else [])] for one in batch}
    return {person_id: min(found) for person_id, found in moments.items() if found}
