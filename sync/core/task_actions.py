"""The writes that make a person's task and follow its life, with their exact payloads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

from sync.core.calendar import local_day
from sync.core.contact_policy import audience
from sync.core.facts import PersonFacts
from sync.core.keys import MARKER_HEX, action_key, marker, task_key
from sync.core.model import Action, ActionKind, Decision, Owner, Score
from sync.core.policy import Policy
from sync.core.task_life import Change, changes, overrules_people, strongest
from sync.core.wording import TaskText, task_text
from sync.core.writes import hubspot_datetime

NOT_STARTED, COMPLETED = "NOT_STARTED", "COMPLETED"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person's tasks are planned with. `score`: None where it is not known, so no text can be made.
    `owner`: whose tasks the person's are now."""

    policy: Policy
    now: datetime
    score: Score | None
    owner: Owner | None


def task_actions(facts: PersonFacts, desk: Desk) -> Iterator[Action]:
    """The changes of a person's open tasks; for who has none, the task of the strongest granted decision."""
    for change in changes(facts, desk.policy, now=desk.now, owner=desk.owner):
        if change.decision is None or desk.score is not None:
            yield _change(facts, change, desk)
    decision = strongest(facts)
    out = facts.contact is None or audience(facts, desk.policy.audience) is not None
    if out or decision is None or desk.score is None or any(task.open for task in facts.tasks):
        return
    key = task_key(facts, desk.policy.portal_id, decision.play, decision.occasion)
    if not any(key[:MARKER_HEX] in (task.marker, task.first_marker) for task in facts.tasks):
        yield _new_task(facts, decision, key, _text(facts, decision, desk, desk.score))


def task_body(text: TaskText, key: str) -> str:
    """A task's body as HTML: escaped lines joined by <br>, the marker last."""
    return "<br>".join([*(escape(line, quote=False) for line in text.lines), marker(key)])


def _text(facts: PersonFacts, decision: Decision, desk: Desk, score: Score) -> TaskText:
    zone = desk.policy.time.zone
    today = local_day(desk.now, zone)
    return task_text(facts, score, decision, language=desk.policy.write.language, today=today, zone=zone)


def _new_task(facts: PersonFacts, decision: Decision, key: str, text: TaskText) -> Action:
    return Action(
        kind=ActionKind.CREATE_TASK,
        key=key,
        person_id=facts.person_id,
        contact_id=facts.contact.remote_id if facts.contact else None,
        play=decision.play,
        after={**_shown(decision, key, text), "hs_task_status": NOT_STARTED},
        reason="; ".join(decision.why),
    )


def _shown(decision: Decision, key: str, text: TaskText) -> dict[str, str]:
    """What a task shows for a decision."""
    return {
        "hs_task_subject": text.subject,
        "hs_task_body": task_body(text, key),
        "hs_task_priority": decision.priority,
        "hs_task_type": decision.type,
        "hs_timestamp": hubspot_datetime(decision.due_at) if decision.due_at else "",
        "hubspot_owner_id": decision.owner_id or "",
    }


def _change(facts: PersonFacts, change: Change, desk: Desk) -> Action:
    after = _after(facts, change, desk)
    return Action(
        kind=change.kind,
        key=_change_key(facts, change, desk.policy.portal_id),
        person_id=facts.person_id,
        contact_id=facts.contact.remote_id if facts.contact else None,
        after=after,
        before=_before(change, after),
        object_id=change.task.remote_id,
        play=change.decision.play if change.decision else change.task.play,
        reason=change.reason,
    )


def _after(facts: PersonFacts, change: Change, desk: Desk) -> dict[str, str]:
    """Nothing for an archive."""
    if change.kind is not ActionKind.UPDATE_TASK:
        return {"hs_task_status": COMPLETED} if change.kind is ActionKind.COMPLETE_TASK else {}
    if change.decision is not None and desk.score is not None:
        key = _new_key(facts, change.decision, desk.policy.portal_id)
        return _shown(change.decision, key, _text(facts, change.decision, desk, desk.score))
    moved = {"hubspot_owner_id": change.owner_id or ""}
    return moved | ({"hs_timestamp": hubspot_datetime(change.due_at)} if change.due_at else {})


def _before(change: Change, after: dict[str, str]) -> dict[str, str]:
    """What the mirror knows of what changes; it keeps no text."""
    if change.kind is not ActionKind.UPDATE_TASK:
        return {"hs_task_status": NOT_STARTED}
    task = change.task
    known = {
        "hubspot_owner_id": task.owner_id or "",
        "hs_timestamp": hubspot_datetime(task.due_at) if task.due_at else "",
    }
    return {name: value for name, value in known.items() if name in after}


def _change_key(facts: PersonFacts, change: Change, portal_id: str) -> str:
    """A task is completed once and archived once, and once more over a person's edit; an update is named by how many
    went before it and by what it makes of the task, so that work handed to and fro is written each time.
    """
    task_id, kind = change.task.remote_id, change.kind.value
    if change.kind is not ActionKind.UPDATE_TASK:
        return action_key(portal_id, kind, task_id, change.reason if overrules_people(change.reason) else "")
    rewritten = _new_key(facts, change.decision, portal_id) if change.decision else ""
    return action_key(portal_id, kind, task_id, str(change.task.revision), change.owner_id or "", rewritten)


def _new_key(facts: PersonFacts, decision: Decision, portal_id: str) -> str:
    return task_key(facts, portal_id, decision.play, decision.occasion)
