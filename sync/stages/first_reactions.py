"""First reactions: one to-do a recruiter and vacancy, about everybody who waits (docs/decisions/0054).

It is made when somebody waits, written anew when who waits changes, completed when nobody does any more. What a person
made of it is taken over before anybody is decided about, so that a tick counts in the same run.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import product

from mappings.hubspot import visible_hash
from sync.core.calendar import add_working_minutes, local_day, within_hours
from sync.core.facts import Owners
from sync.core.keys import MARKER_HEX, action_key
from sync.core.model import Action, ActionKind, Job, PersonId, RecordRef
from sync.core.reaction_groups import PLAY, TODO, Group, Place, Waiting, due_at, group_key, share_out
from sync.core.task_actions import COMPLETED, NOT_STARTED, task_body
from sync.core.wording_templates import TaskText, render
from sync.core.wording_texts import Scene
from sync.core.writes import hubspot_datetime
from sync.stages.run import Run
from sync.store import ats, outbox, people, promises, work
from sync.store import reaction_groups as rows
from sync.store import tasks as task_rows

TEMPLATE = "first_reaction"
MOST_AGAIN = 4  # tasks by one name that a rebuilt mirror looks for: one is seldom made twice


@dataclass(frozen=True, slots=True)
class _Plan:
    """What planning needs: the vacancies by ref, and how texts are written."""

    run: Run
    jobs: dict[RecordRef, Job]
    scene: Scene
    kept: frozenset[int]


def note_ended(run: Run) -> None:
    """Take over what became of grouped tasks: a tick counts for all their contacts, one that a person deleted is left,
    one that warmline ended frees its people. On a rebuilt mirror the tasks are recognised first."""
    with run.db.write(run.lease):
        _recognise(run)
        closed = [one for one in rows.load_groups(run.db) if one.task_id and not one.is_open]
        for one in closed:
            heard = rows.tick(run.db, one, one.closed_at or run.now) if one.ticked else []
            work.enqueue_people(run.db, "decide", heard, run.now)
        rows.leave(run.db, [one.id for one in closed], free=[one.id for one in closed if one.by_us])


def plan_groups(run: Run) -> Counter[str]:
    """Plan what the grouped tasks need; how many rows of each kind are new or changed. Nothing new about who waits
    plans nothing."""
    is_on = run.policy.plays.enabled and run.policy.plays.promise.enabled
    with run.db.write(run.lease):
        rows.rejoin(run.db)
        waiting = rows.load_waiting(run.db, promises.watched_since(run.db)) if is_on else []
        members = _shared(run, waiting)
        groups = rows.load_groups(run.db)
        plan = _plan(run, waiting, groups)
        actions = {one.id: action for one in groups if (action := _action(plan, one, members.get(one.id, [])))}
        return _book(run, groups, actions)


def _shared(run: Run, waiting: Sequence[Waiting]) -> dict[int, list[Waiting]]:
    """Everybody who waits by the group they are in; groups are made where there is none."""
    shared = share_out(waiting, rows.load_groups(run.db))
    unknown = rows.unknown_todos(run.db) if shared.without else {}
    for place, those in shared.without.items():
        group_id = rows.make_group(run.db, place, _new_key(run, place, those, unknown))
        shared.members[group_id] = list(those)
        shared.joined[group_id] = list(those)
    if unknown:
        rows.own_tasks(run.db)
    rows.put_in_groups(run.db, shared.joined)
    return shared.members


def _new_key(run: Run, place: Place, those: Sequence[Waiting], unknown: Container[str]) -> str:
    """Named after who waits longest; after another of them where a task by that name was deleted by a person before
    this mirror was rebuilt."""
    keys = [group_key(run.policy.portal_id, place, one.application_id) for one in those]
    deleted = next((key for key in keys if key[:MARKER_HEX] in unknown), None)
    if deleted:
        return deleted
    again = 0
    while rows.has_key(run.db, group_key(run.policy.portal_id, place, those[0].application_id, again)):
        again += 1
    return group_key(run.policy.portal_id, place, those[0].application_id, again)


def _plan(run: Run, waiting: Sequence[Waiting], groups: Sequence[Group]) -> _Plan:
    jobs = ats.load_jobs(run.db, {RecordRef(one.source, one.job_id) for one in waiting})
    scene = Scene(run.policy, run.now, people.load_owners(run.db))
    return _Plan(run, jobs, scene, frozenset(rows.kept_groups(run.db, [one.id for one in groups])))


def _action(plan: _Plan, group: Group, members: Sequence[Waiting]) -> Action | None:
    """What one grouped task needs; None: nothing, or nothing can be done until a request under way is settled."""
    if not members:
        return _ending(plan, group) if group.task_id and group.at_hand else None
    if group.task_id and not group.at_hand:
        return None
    after, contacts = _after(plan, group, members), tuple(sorted({one.contact_id for one in members}))
    if group.task_id:
        is_news = group.changing or _wanted(after, contacts) != group.wanted
        return _update(plan, group, after, contacts) if is_news else None
    return Action(
        kind=ActionKind.CREATE_TASK,
        key=group.key,
        person_id=PersonId(-group.id),
        contact_id=None,
        play=PLAY,
        after={**after, "hs_task_status": NOT_STARTED},
        reason=_reason(group, members),
        contact_ids=contacts,
    )


def _update(plan: _Plan, group: Group, after: dict[str, str], contacts: tuple[str, ...]) -> Action:
    kind, wanted = ActionKind.UPDATE_TASK, _wanted(after, contacts)
    return Action(
        kind=kind,
        key=action_key(plan.run.policy.portal_id, kind.value, group.task_id, str(group.revision), wanted),
        person_id=PersonId(-group.id),
        contact_id=None,
        after=after,
        before={"hs_timestamp": hubspot_datetime(group.due_at)} if group.due_at else {},
        object_id=group.task_id,
        play=PLAY,
        reason=f"waiting:{group.source}:{group.job_id}:{len(contacts)}",
        contact_ids=contacts,
    )


def _ending(plan: _Plan, group: Group) -> Action:
    """Somebody acted: completed. Everybody withdrew, went to another recruiter, or the play is off: archived."""
    acted = group.id in plan.kept
    kind = ActionKind.COMPLETE_TASK if acted else ActionKind.ARCHIVE_TASK
    return Action(
        kind=kind,
        key=action_key(plan.run.policy.portal_id, kind.value, group.task_id),
        person_id=PersonId(-group.id),
        contact_id=None,
        after={"hs_task_status": COMPLETED} if acted else {},
        before={"hs_task_status": NOT_STARTED},
        object_id=group.task_id,
        play=PLAY,
        reason="acted:everybody heard" if acted else "nobody waits",
    )


def _after(plan: _Plan, group: Group, members: Sequence[Waiting]) -> dict[str, str]:
    working, now = plan.run.policy.time, plan.run.now
    late = add_working_minutes(now, plan.run.policy.plays.promise.margin_working_minutes, working)
    text = _text(plan, group, members)
    return {
        "hs_task_subject": text.subject,
        "hs_task_body": task_body(text, group.key),
        "hs_task_priority": "HIGH",
        "hs_task_type": TODO,
        "hs_timestamp": hubspot_datetime(within_hours(due_at(members, group, late, now), working)),
        "hubspot_owner_id": group.owner_id,
    }


def _text(plan: _Plan, group: Group, members: Sequence[Waiting]) -> TaskText:
    say, policy = plan.scene.say(group.owner_id), plan.run.policy
    sight = policy.plays.promise.sight(group.source)
    zone = policy.time.zone
    urgent_on = local_day(min(one.aim_at for one in members), zone)
    variables = {
        "job": say.job(plan.jobs.get(RecordRef(group.source, group.job_id))),
        "waiting": len({one.person_id for one in members}),
        "urgent": len({one.person_id for one in members if local_day(one.aim_at, zone) == urgent_on}),
        "urgent_by": say.weekday(urgent_on),
        "first_day": say.weekday(min(one.began_at for one in members)),
        "last_day": say.weekday(max(one.began_at for one in members)),
        "told_by": say.weekday(min(one.told_at for one in members)),
        "ats": sight.title,
        "ats_moves": sight.moves,
        "ats_messages": sight.messages,
    }
    return render(policy.write.templates, say.language, TEMPLATE, variables)


def _reason(group: Group, members: Sequence[Waiting]) -> str:
    return f"waiting:{group.source}:{group.job_id}:{len({one.person_id for one in members})}"


def _wanted(after: dict[str, str], contacts: Sequence[str]) -> str:
    """Hash of what a person would see of it. The year that texts leave out is no news, so it is of what is shown."""
    return hashlib.sha256(json.dumps([visible_hash(after), *contacts]).encode()).hexdigest()[:32]


def _book(run: Run, groups: Sequence[Group], actions: dict[int, Action]) -> Counter[str]:
    planned = outbox.plan(run.db, list(actions.values()), now=run.now, day=run.today, owner_of={})
    outbox.withdraw(run.db, [-one.id for one in groups], keep=planned.open)
    new = {group_id: action for group_id, action in actions.items() if action.key in planned.open}
    texts = (ActionKind.CREATE_TASK, ActionKind.UPDATE_TASK)
    rows.note_wanted(
        run.db, {one: _wanted(action.after, action.contact_ids) for one, action in new.items() if action.kind in texts}
    )
    return Counter(action.kind.value for action in actions.values() if action.key in planned.new)


def _recognise(run: Run) -> None:
    """A to-do that carries the marker a group would have here is that group's: a rebuilt mirror knows no other way
    whose it is. What is no group's is a person's (docs/decisions/0034)."""
    unknown = rows.unknown_todos(run.db)
    if not unknown:
        return
    owners = people.load_owners(run.db)
    contacts = {one for ids in unknown.values() for one in ids}
    for job, application_id in rows.applications_around(run.db, contacts):
        for place, again in product(_places(job, owners), range(MOST_AGAIN)):
            key = group_key(run.policy.portal_id, place, application_id, again)
            if key[:MARKER_HEX] in unknown:
                rows.make_group(run.db, place, key)
    rows.own_tasks(run.db)
    work.enqueue_people(run.db, "decide", task_rows.adopt_tasks(run.db, todos=True), run.now)


def _places(job: RecordRef, owners: Owners) -> list[Place]:
    return [(job.source, job.remote_id, owner_id) for owner_id in owners.by_id]
