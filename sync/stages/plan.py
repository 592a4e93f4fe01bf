"""Plan: decisions and scores into outbox rows with the exact payload. Uses the mirror only; a dry run stops here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sync.core.actions import plan_person
from sync.core.engagement import Scorer
from sync.core.facts import Owners, PersonFacts
from sync.core.guards import check_new_tasks, check_plan
from sync.core.model import Action, ActionKind
from sync.core.person_score import person_score
from sync.core.routing import recruiter, routing_day
from sync.core.task_life import TASK_CHANGES, overrules_people
from sync.stages.run import BATCH, Run
from sync.store import outbox, people, reads, work


@dataclass(frozen=True, slots=True)
class Planner:
    """What planning needs beside the facts of a person."""

    run: Run
    scorer: Scorer
    owners: Owners


def plan(run: Run) -> Counter[str]:
    """Plan everyone due; how many rows of each kind are new or changed."""
    planned: Counter[str] = Counter()
    planner = Planner(run, Scorer(run.policy.score), people.load_owners(run.db))
    waiting, done = work.count_due(run.db, "plan", run.now), 0
    while person_ids := work.due_people(run.db, "plan", run.now, BATCH):
        with run.db.write(run.lease):
            facts = people.load_facts(run.db, person_ids)
            planned += _plan_batch(planner, facts, person_ids)
            work.finish_people(run.db, "plan", person_ids, {})
        done += len(person_ids)
        run.progress("plan", done, waiting)
    return planned


def _plan_batch(planner: Planner, facts: Mapping[int, PersonFacts], person_ids: Sequence[int]) -> Counter[str]:
    run = planner.run
    actions = [action for one in facts.values() for action in plan_one(planner, one)]
    owner_of = {
        action.key: action.after["hubspot_owner_id"] for action in actions if action.kind is ActionKind.CREATE_TASK
    }
    result = outbox.plan(run.db, actions, now=run.now, day=run.today, owner_of=owner_of)
    outbox.withdraw(run.db, person_ids, keep=result.open)
    return Counter(action.kind.value for action in actions if action.key in result.new)


def plan_one(planner: Planner, facts: PersonFacts) -> tuple[Action, ...]:
    """The writes one person needs now. While `writes.owners` names pilot recruiters, only people of theirs are
    written to; the task of one who objects goes all the same."""
    run = planner.run
    pilots = run.policy.routing.pilots
    on = routing_day(facts, run.today, run.policy.time.zone)
    owner = recruiter(facts, run.policy.routing, planner.owners, on)
    score = person_score(facts, planner.scorer, run.today) if facts.score is not None else None
    actions = plan_person(facts, run.policy, now=run.now, score=score, owner=owner, owners=planner.owners)
    if pilots and (owner is None or (owner.email or "") not in pilots):
        return tuple(one for one in actions if one.kind in TASK_CHANGES and overrules_people(one.reason))
    return actions


def check_guards(run: Run, *, share: float, rows: int, most_tasks: int) -> None:
    """Refuse a plan that is too large before anything is written. Raises PlanTooLarge."""
    waiting = outbox.summary(run.db)
    check_plan(waiting.contacts, reads.people_counts(run.db).contacts, share=share, rows=rows)
    midnight = datetime.combine(run.today, time(), run.policy.time.zone).astimezone(UTC)
    check_new_tasks(waiting.new_tasks, reads.tasks_made_since(run.db, midnight), most_tasks)
