"""Notify: tell recruiters at once what cannot wait for their next look, and in the morning their list of the day.

What is told is found anew in each run from the tasks that stand, so nothing is told of a task that is done by then.
A message goes at most once: it is noted before it leaves (docs/decisions/0062). No failure ends a run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from connectors.messages import Delivery, Notifier
from sync.core.calendar import day_start, local_day
from sync.core.call_list import Lister
from sync.core.engagement import Scorer
from sync.core.facts import Owners, PersonFacts
from sync.core.model import Owner
from sync.core.notices import (
    FIRST_REACTION,
    MORNING,
    PLAYS_TOLD,
    Hours,
    Notice,
    call_line,
    group_line,
    message,
    morning_head,
    record_link,
    task_line,
    task_notice,
    task_order,
    tasks_link,
)
from sync.core.plays import promise
from sync.core.wording_texts import Scene
from sync.stages.run import Run
from sync.store import call_ranks, notifications, people

_KEPT = timedelta(days=60)
_LAST = (len(PLAYS_TOLD), 0.0)


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, when, and to whom. `addresses`: by owner e-mail in lower case. `domain`: of HubSpot's pages."""

    what: Collection[str]
    hours: Hours
    addresses: Mapping[str, str]
    domain: str = ""


@dataclass(frozen=True, slots=True)
class _Desk:
    """Everything lines are written by. `listeners`: by owner id."""

    run: Run
    telling: Telling
    owners: Owners
    listeners: Mapping[str, Owner]

    @property
    def scene(self) -> Scene:
        return Scene(self.run.policy, self.run.now, self.owners)

    def link(self, facts: PersonFacts) -> str:
        contact_id = facts.contact.remote_id if facts.contact else ""
        return record_link(self.telling.domain, self.run.policy.portal_id, contact_id) if contact_id else ""


def tell_recruiters(run: Run, notifier: Notifier, telling: Telling) -> int:
    """Send each recruiter one message with all there is to tell now; how many messages were not delivered for sure."""
    if not telling.hours.is_open(run.now):
        return 0
    owners = people.load_owners(run.db)
    desk = _Desk(run, telling, owners, _listeners(run, telling, owners))
    known = notifications.told(run.db, desk.listeners)
    by_owner: dict[str, list[Notice]] = defaultdict(list)
    for notice in (*_of_tasks(desk, known), *_of_groups(desk, known), *_of_morning(desk, known)):
        by_owner[notice.owner_id].append(notice)
    return sum(not _tell(desk, notifier, owner_id, notices) for owner_id, notices in sorted(by_owner.items()))


def _listeners(run: Run, telling: Telling, owners: Owners) -> dict[str, Owner]:
    pilots = run.policy.routing.pilots
    found = {email: owner for email, owner in owners.by_email.items() if email in telling.addresses}
    return {owner.remote_id: owner for email, owner in found.items() if not pilots or email in pilots}


def _of_tasks(desk: _Desk, known: Collection[tuple[str, str]]) -> Iterator[Notice]:
    run, telling = desk.run, desk.telling
    plays = [play for play in PLAYS_TOLD if play in telling.what]
    ids = notifications.people_to_tell_of(run.db, plays)
    for facts in people.load_facts(run.db, ids).values():
        for task in facts.tasks:
            owner_id = task.owner_id or ""
            if task.play not in plays or owner_id not in desk.listeners:
                continue
            occasion = task_notice(facts, task, run.policy, telling.hours, run.now)
            if occasion and (owner_id, occasion) not in known:
                line = task_line(facts, task, desk.scene.say(owner_id), desk.link(facts))
                yield Notice(owner_id, occasion, task.remote_id, (line,), task_order(task))


def _of_groups(desk: _Desk, known: Collection[tuple[str, str]]) -> Iterator[Notice]:
    """First reactions that are due today, by grouped task."""
    run, telling = desk.run, desk.telling
    if promise.PLAY not in telling.what:
        return
    zone = run.policy.time.zone
    link = tasks_link(telling.domain, run.policy.portal_id)
    for one in notifications.groups_due(run.db, day_start(run.today + timedelta(days=1), zone)):
        day = local_day(one.due_at, zone)
        occasion = f"{FIRST_REACTION}:{one.task_id}:{day.isoformat()}"
        if day == run.today and one.owner_id in desk.listeners and (one.owner_id, occasion) not in known:
            line = group_line(one.due_at, one.waiting, desk.scene.say(one.owner_id), link)
            order = (PLAYS_TOLD.index(promise.PLAY), one.due_at.timestamp())
            yield Notice(one.owner_id, occasion, one.task_id, (line,), order)


def _of_morning(desk: _Desk, known: Collection[tuple[str, str]]) -> Iterator[Notice]:
    run, day = desk.run, desk.run.today
    if MORNING not in desk.telling.what or call_ranks.made_on(run.db) != day:
        return
    occasion = f"{MORNING}:{day.isoformat()}"
    for owner_id in desk.listeners:
        ids = call_ranks.list_of(run.db, day, owner_id) if (owner_id, occasion) not in known else []
        lines = _morning_lines(desk, owner_id, ids)
        if lines:
            head = morning_head(day, desk.scene.say(owner_id))
            yield Notice(owner_id, occasion, "", (head, *lines), _LAST, len(lines))


def _morning_lines(desk: _Desk, owner_id: str, ids: Sequence[int]) -> list[str]:
    run, say = desk.run, desk.scene.say(owner_id)
    lister = Lister(run.policy, run.now, desk.owners, Scorer(run.policy.score))
    known = people.load_facts(run.db, ids)
    calls = [call for one in ids if one in known and (call := lister.call(known[one])) and call.bar is None]
    return [call_line(rank, call, say, desk.link(call.facts)) for rank, call in enumerate(calls, 1)]


def _tell(desk: _Desk, notifier: Notifier, owner_id: str, notices: Sequence[Notice]) -> bool:
    """Whether the message was delivered for sure. One without an answer stays noted as sent and is not repeated."""
    run = desk.run
    title, body = message(notices, desk.scene.say(owner_id))
    with run.db.write(run.lease):
        notifications.forget_before(run.db, run.now - _KEPT)
        notifications.note(run.db, notices, notifications.SENT, run.now)
    address = desk.telling.addresses[(desk.listeners[owner_id].email or "").lower()]
    delivery = notifier.send(address, title, body)
    if delivery is Delivery.LOST:
        return False
    state = notifications.DONE if delivery is Delivery.DONE else notifications.FAILED
    with run.db.write(run.lease):
        notifications.note(run.db, notices, state, run.now)
    return delivery is Delivery.DONE
