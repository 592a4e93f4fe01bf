"""The writes that make a person's task and follow its life, with their exact payloads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape

from sync.core.audience import audience
from sync.core.facts import Owners, PersonFacts
from sync.core.keys import MARKER_HEX, action_key, marker, task_key
from sync.core.model import Action, ActionKind, Decision, Owner, Score
from sync.core.plays import PLAYS
from sync.core.policy import Policy
from sync.core.task_life import Change, changes, overrules_people, strongest
from sync.core.wording_templates import TaskText
from sync.core.wording_texts import Scene, task_text
from sync.core.writes import hubspot_datetime

NOT_STARTED, COMPLETED = "NOT_STARTED", "COMPLETED"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person's tasks are planned with. `score`: None where it is not known, so no text can be made.
    `owner`: whose tasks the person's are now. `owners`: everybody who reads tasks."""

    policy: Policy
    now: datetime
    score: Score | None
    owner: Owner | None
    owners: Owners


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
        made = _new_task(facts, decision, key, _text(facts, decision, desk, desk.score))
        yield replace(made, after=made.after | _reminder(decision, desk))


def task_body(text: TaskText, key: str) -> str:
    """A task's body as HTML: escaped lines joined by <br>, the marker last."""
    return "<br>".join([*(escape(line, quote=False) for line in text.lines), marker(key)])


def _text(facts: PersonFacts, decision: Decision, desk: Desk, score: Score) -> TaskText:
    return task_text(facts, score, decision, Scene(desk.policy, desk.now, desk.owners))


def _new_task(facts: PersonFacts, decision: Decision, key: str, text: TaskText) -> Action:
    return Action(
        kind=ActionKind.CREATE_TASK,
        key=key,
        person_id=facts.person_id,
        contact_id=facts.contact.remote_id if facts.contact else None,
        play=decision.play,
        after={**_shown(decision, key, text), "hs_task_status": NOT_STARTED},
        reason=_reason("; ".join(decision.why), text),
    )


def _reason(why: str, text: TaskText) -> str:
    """The reason of a write, and the team's template that could not be filled for it."""
    return f"{why}; template_failed:{text.failed}" if text.failed else why


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


def _reminder(decision: Decision, desk: Desk) -> dict[str, str]:
    """When HubSpot reminds the recruiter, where the play wants that and it is still to come."""
    play = PLAYS.get(decision.play)
    minutes = play.reminds(desk.policy) if play else None
    if minutes is None or decision.due_at is None:
        return {}
    at = decision.due_at - timedelta(minutes=minutes)
    return {"hs_task_reminders": str(int(at.timestamp() * 1000))} if at > desk.now else {}


def _change(facts: PersonFacts, change: Change, desk: Desk) -> Action:
    text = _new_text(facts, change, desk)
    after = _after(facts, change, text, desk.policy.portal_id)
    if change.decision is not None:
        after |= _reminder(change.decision, desk)
    return Action(
        kind=change.kind,
        key=_change_key(facts, change, desk.policy.portal_id),
        person_id=facts.person_id,
        contact_id=facts.contact.remote_id if facts.contact else None,
        after=after,
        before=_before(change, after),
        object_id=change.task.remote_id,
        play=change.decision.play if change.decision else change.task.play,
        reason=_reason(change.reason, text) if text else change.reason,
    )


def _new_text(facts: PersonFacts, change: Change, desk: Desk) -> TaskText | None:
    """The text of a task that a stronger play rewrites; None: its text stays."""
    if change.kind is not ActionKind.UPDATE_TASK or change.decision is None or desk.score is None:
        return None
    return _text(facts, change.decision, desk, desk.score)


def _after(facts: PersonFacts, change: Change, text: TaskText | None, portal_id: str) -> dict[str, str]:
    """Nothing for an archive."""
    if change.kind is not ActionKind.UPDATE_TASK:
        return {"hs_task_status": COMPLETED} if change.kind is ActionKind.COMPLETE_TASK else {}
    if change.decision is not None and text is not None:
        return _shown(change.decision, _new_key(facts, change.decision, portal_id), text)
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
