"""How planned actions become outbox rows: one open row a slot, and no key twice.

A slot is what may have one open write at a time: a contact's properties, a person's (or group's) new task, a person's
new contact, a task's change of any kind.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sync.core.model import Action, ActionKind
from sync.store.db import Mirror
from sync.store.sql import query
from sync.store.times import to_text

Slot = tuple[str, str]

_WAITING = ("PENDING", "DEFERRED")
_OPEN = ("PENDING", "SENT", "UNKNOWN", "DEFERRED")


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning did, as action keys.

    `kept`: stood already with the same content; `refused`: done or under way, or HubSpot refused it.
    """

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def new(self) -> frozenset[str]:
        """Keys that wait with content they did not have before."""
        return frozenset((*self.added, *self.replaced))

    @property
    def open(self) -> frozenset[str]:
        """Keys that wait to be sent and are still wanted."""
        return self.new | frozenset(self.kept)


@dataclass(frozen=True, slots=True)
class _Standing:
    """An outbox row as far as planning needs it."""

    key: str
    slot: Slot
    state: str
    content: tuple[object, ...]
    attempts: int = 0
    not_before: str | None = None
    planned_day: str = ""
    person_id: int = 0


@dataclass(slots=True)
class _Ledger:
    """What stands, and what planning wants to do to it. `refused`: the update HubSpot refused of a contact."""

    day: str
    by_key: dict[str, _Standing] = field(default_factory=dict)
    by_slot: dict[Slot, _Standing] = field(default_factory=dict)
    refused: dict[Slot, _Standing] = field(default_factory=dict)
    dropped: dict[str, _Standing] = field(default_factory=dict)
    written: dict[str, _Standing] = field(default_factory=dict)


def plan(
    db: Mirror, actions: Sequence[Action], *, now: datetime, day: date, owner_of: Mapping[str, str | None]
) -> Planned:
    """Plans actions. `day`: the team's local day. `owner_of`: by action key, the recruiter a new task counts
    for.

    An open row of the same slot that was not sent is replaced where the action differs, and keeps its
    `not_before`; one that was sent stands in the way. A key that is done or under way is not planned
    again; a withdrawn one is. A write that HubSpot refused is planned again on a later day only, and only with other
    content.
    """
    ledger = _standing(db, actions, day.isoformat())
    outcome: dict[str, str] = {action.key: _place(ledger, action, owner_of.get(action.key)) for action in actions}
    for key, row in ledger.dropped.items():
        if key not in ledger.written:
            _drop(db, row, now)
    moment = {"planned_at": to_text(now), "planned_day": day.isoformat()}
    by_key = {action.key: action for action in actions}
    rows = [_params(by_key[key], row) | moment for key, row in ledger.written.items()]
    db.change_many(query("plan_row"), rows)
    kept = json.dumps([key for key, how in outcome.items() if how == "kept"])
    sql = "UPDATE outbox SET planned_day = ? WHERE key IN (SELECT value FROM json_each(?)) AND planned_day <> ?"
    db.change(sql, (day.isoformat(), kept, day.isoformat()))
    return _planned(outcome)


def _planned(outcome: Mapping[str, str]) -> Planned:
    def keys(how: str) -> tuple[str, ...]:
        return tuple(key for key, one in outcome.items() if one == how)

    return Planned(added=keys("added"), replaced=keys("replaced"), kept=keys("kept"), refused=keys("refused"))


def _place(ledger: _Ledger, action: Action, owner_id: str | None) -> str:
    """Decides what an action does to the ledger: added, replaced, kept or refused."""
    same = ledger.by_key.get(action.key)
    if same is not None and same.state not in (*_WAITING, "WITHDRAWN", "DEAD"):
        return "refused"
    content = _content(action, owner_id)
    dead = same if same is not None and same.state == "DEAD" else ledger.refused.get(_slot(action))
    if dead is not None and (dead.planned_day == ledger.day or _payload(dead.content) == _payload(content)):
        return "refused"
    standing = ledger.by_slot.get(_slot(action))
    if standing is not None and standing.state not in _WAITING:
        return "refused"
    if standing is not None and _is_same(standing, action, content):
        return "kept"
    for one in (standing, dead):
        if one is not None:
            ledger.dropped[one.key] = one
            ledger.written.pop(one.key, None)
    state, not_before = (standing.state, standing.not_before) if standing else ("PENDING", None)
    row = _Standing(action.key, _slot(action), state, content, not_before=not_before, person_id=action.person_id)
    ledger.by_key[action.key] = ledger.by_slot[row.slot] = ledger.written[action.key] = row
    return "added" if standing is None else "replaced"


def _is_same(standing: _Standing, action: Action, content: tuple[object, ...]) -> bool:
    """A task's change follows its task to another person."""
    return (standing.key, standing.person_id, standing.content) == (action.key, action.person_id, content)


def _slot(action: Action) -> Slot:
    return _slot_of(action.kind.value, action.person_id, action.contact_id, action.object_id)


def _slot_of(kind: str, person_id: int, contact_id: str | None, object_id: str | None) -> Slot:
    if kind == ActionKind.UPDATE_CONTACT.value:
        return kind, str(contact_id)
    if kind in (ActionKind.CREATE_TASK.value, ActionKind.CREATE_CONTACT.value):
        return kind, str(person_id)
    return "change_task", str(object_id)


def _content(action: Action, owner_id: str | None) -> tuple[object, ...]:
    text, before = _text(action.after), _text(action.before)
    contacts = json.dumps(action.contact_ids)
    return (action.contact_id, action.object_id, action.play, action.reason, owner_id, text, before, contacts)


def _payload(content: tuple[object, ...]) -> object:
    return content[5]


def _text(properties: Mapping[str, str]) -> str:
    return json.dumps(properties, sort_keys=True, ensure_ascii=False)


def _standing(db: Mirror, actions: Sequence[Action], day: str) -> _Ledger:
    people = json.dumps(sorted({action.person_id for action in actions}))
    contacts = json.dumps(sorted({action.contact_id for action in actions if action.contact_id}))
    keys = json.dumps([action.key for action in actions])
    ledger = _Ledger(day)
    tasks = json.dumps(sorted({action.object_id for action in actions if action.object_id and _is_of_task(action)}))
    params = {"people": people, "contacts": contacts, "keys": keys, "tasks": tasks}
    for row in db.rows(query("standing_rows"), params):
        key, kind, state, person_id, attempts, not_before, planned_day, *content = row
        slot = _slot_of(kind, person_id, content[0], content[1])
        standing = _Standing(key, slot, state, tuple(content), attempts, not_before, planned_day, person_id)
        ledger.by_key[key] = standing
        if state in _OPEN:
            ledger.by_slot[slot] = standing
        elif state == "DEAD" and kind == ActionKind.UPDATE_CONTACT.value:
            ledger.refused[slot] = standing
    return ledger


def _is_of_task(action: Action) -> bool:
    return _slot(action)[0] == "change_task"


def _drop(db: Mirror, row: _Standing, now: datetime) -> None:
    """A replaced row that was never sent leaves no trace; one that was keeps its history."""
    if row.attempts:
        db.change("UPDATE outbox SET state = 'WITHDRAWN', done_at = ? WHERE key = ?", (to_text(now), row.key))
    else:
        db.change("DELETE FROM outbox WHERE key = ?", (row.key,))


def _params(action: Action, row: _Standing) -> dict[str, object]:
    contact_id, object_id, play, reason, owner_id, payload, before, contact_ids = row.content
    return {
        "key": action.key,
        "kind": action.kind.value,
        "person_id": action.person_id,
        "contact_id": contact_id,
        "object_id": object_id,
        "play": play,
        "reason": reason,
        "owner_id": owner_id,
        "payload": payload,
        "before": before,
        "contact_ids": contact_ids,
        "state": row.state,
        "not_before": row.not_before,
    }


def withdraw(
    db: Mirror,
    person_ids: Collection[int],
    kinds: Collection[ActionKind] | None = None,
    *,
    keep: Collection[str] = (),
) -> list[str]:
    """Withdraws what is planned for these people and not sent; the keys withdrawn.

    `kinds`: only these; None: all. `keep`: keys that are still wanted.
    """
    params = {
        "people": json.dumps(list(person_ids)),
        "kinds": json.dumps([kind.value for kind in (ActionKind if kinds is None else kinds)]),
        "keep": json.dumps(list(keep)),
    }
    return sorted(row[0] for row in db.change_rows(query("withdraw_unwanted"), params))


def withdraw_keys(db: Mirror, keys: Collection[str]) -> list[str]:
    """Withdraws rows that are planned and not sent; the keys withdrawn."""
    sql = (
        "UPDATE outbox SET state = 'WITHDRAWN' "
        "WHERE state IN ('PENDING', 'DEFERRED') AND key IN (SELECT value FROM json_each(?)) RETURNING key"
    )
    return sorted(row[0] for row in db.change_rows(sql, (json.dumps(list(keys)),)))
