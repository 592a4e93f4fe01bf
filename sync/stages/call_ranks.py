"""The list of the day: made once on a working day, so that its ranks stand in HubSpot and recruiters are told of it.

A list that nobody sees is not made: ranks need their property, the message needs somebody who gets one.
"""

from __future__ import annotations

from datetime import date

from sync.core.calendar import is_working_day
from sync.core.call_list import Call, Lister, todays
from sync.core.engagement import Scorer
from sync.core.model import Owner
from sync.core.policy import RoutingPolicy
from sync.core.properties.rank import RANK
from sync.stages.run import BATCH, Run
from sync.store import call_ranks, people, reads, work


def list_day(run: Run) -> date | None:
    """The local day whose list is due by `now`; None: it is no working day, or too early."""
    local = run.now.astimezone(run.policy.time.zone)
    is_due = is_working_day(local.date(), run.policy.time) and local.time() >= run.policy.call_list.at
    return local.date() if is_due else None


def make_list(run: Run) -> None:
    """Make the list of the day if it is due and was not made, and have those planned whose rank changed."""
    day, policy = list_day(run), run.policy
    is_seen = policy.call_list.is_told or RANK in policy.write.properties
    if day is None or not is_seen or call_ranks.made_on(run.db) == day:
        return
    lists = _lists(run)
    with run.db.write(run.lease):
        changed = call_ranks.save_list(run.db, day, lists)
        work.enqueue_people(run.db, "plan", changed, run.now)


def _lists(run: Run) -> dict[str, list[int]]:
    """The first of each recruiter's who can be called today, in call order."""
    owners = people.load_owners(run.db)
    capacity = run.policy.call_list.capacity
    lister = Lister(run.policy, run.now, owners, Scorer(run.policy.score))
    first: list[Call] = []
    ids = reads.listed_people(run.db)
    for start in range(0, len(ids), BATCH):
        calls = map(lister.call, people.load_facts(run.db, ids[start : start + BATCH]).values())
        own = [one for one in calls if one and one.owner and _takes_part(one.owner, run.policy.routing)]
        first = [one for some in todays([*first, *own], capacity).values() for one in some]
    return {owner_id: [one.facts.person_id for one in some] for owner_id, some in todays(first, capacity).items()}


def _takes_part(owner: Owner, routing: RoutingPolicy) -> bool:
    return not routing.pilots or (owner.email or "").lower() in routing.pilots
