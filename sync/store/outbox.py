"""What warmline wants to write and has written: claim, settle, look up. How rows get in: `planning.py`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sync.core.model import ActionKind, OutboxState
from sync.store import audit
from sync.store.db import Mirror
from sync.store.planning import Planned, plan, withdraw, withdraw_keys
from sync.store.rows import Values
from sync.store.sql import query
from sync.store.times import optional_moment, optional_text, to_day, to_moment, to_text

__all__ = [
    "OutboxRow",
    "Planned",
    "Waiting",
    "claim",
    "claimable",
    "counts",
    "list_rows",
    "load_rows",
    "load_unknown",
    "orphans",
    "plan",
    "settle",
    "stale_pending",
    "summary",
    "withdraw",
    "withdraw_keys",
]

_SETTLED = {OutboxState.DONE, OutboxState.DEAD, OutboxState.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row of the outbox.

    `person_id` below 0: a grouped task's. `after`: the exact properties to send. `done_at`: when it was confirmed,
    refused or withdrawn.
    """

    key: str
    kind: ActionKind
    person_id: int
    contact_id: str | None
    object_id: str | None
    play: str | None
    reason: str
    owner_id: str | None
    after: dict[str, str]
    before: dict[str, str]
    state: OutboxState
    lease_token: str | None
    attempts: int
    not_before: datetime | None
    error: str
    planned_day: date
    planned_at: datetime
    sent_at: datetime | None
    done_at: datetime | None
    contact_ids: tuple[str, ...] = ()

    @property
    def contacts(self) -> tuple[str, ...]:
        """The contacts it is about: the person's, or all of a grouped task."""
        return self.contact_ids or ((self.contact_id,) if self.contact_id is not None else ())


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be sent: contacts that change, new tasks, new contacts."""

    contacts: int
    new_tasks: int
    creates: int


def _row(row: Values) -> OutboxRow:
    key, kind, person_id, contact_id, object_id, play, reason, owner_id, payload, before = row[:10]
    state, lease_token, attempts, not_before, error, planned_day, planned_at, sent_at, done_at, contacts = row[10:]
    return OutboxRow(
        key=key,
        kind=ActionKind(kind),
        person_id=person_id,
        contact_id=contact_id,
        object_id=object_id,
        play=play,
        reason=reason,
        owner_id=owner_id,
        after=json.loads(payload),
        before=json.loads(before),
        state=OutboxState(state),
        lease_token=lease_token,
        attempts=attempts,
        not_before=optional_moment(not_before),
        error=error,
        planned_day=to_day(planned_day),
        planned_at=to_moment(planned_at),
        sent_at=optional_moment(sent_at),
        done_at=optional_moment(done_at),
        contact_ids=tuple(json.loads(contacts)),
    )


def claimable(db: Mirror, kind: ActionKind, limit: int, now: datetime) -> list[OutboxRow]:
    """Rows that `claim` would take: PENDING, or DEFERRED and due; in order of planning."""
    params = {"kind": kind.value, "limit": limit, "now": to_text(now)}
    return [_row(row) for row in db.rows(query("claimable_rows"), params)]


def claim(db: Mirror, payloads: Mapping[str, Mapping[str, str]], *, token: str, now: datetime) -> list[OutboxRow]:
    """Takes rows to send, in order of planning: they become SENT by this lease token.

    `payloads`: by action key, the exact properties that will be sent; the row keeps them. A row that may not
    be sent now is left out. Commit before sending.
    """
    keys = json.dumps(list(payloads))
    claimed = db.change_rows(query("claim_rows"), {"keys": keys, "token": token, "now": to_text(now)})
    texts = [(json.dumps(dict(payloads[key]), sort_keys=True, ensure_ascii=False), key) for (key,) in claimed]
    db.change_many("UPDATE outbox SET payload = ? WHERE key = ?", texts)
    return load_rows(db, [key for (key,) in claimed])


def summary(db: Mirror) -> Waiting:
    """What waits to be sent, PENDING or DEFERRED."""
    row = db.row(query("outbox_summary"))
    assert row is not None
    return Waiting(*row)


def load_rows(db: Mirror, keys: Collection[str]) -> list[OutboxRow]:
    """Rows by key, in order of planning."""
    return [_row(row) for row in db.rows(query("rows_by_key"), {"keys": json.dumps(list(keys))})]


def settle(  # noqa: PLR0913 -- one column each
    db: Mirror,
    key: str,
    state: OutboxState,
    *,
    now: datetime,
    object_id: str | None = None,
    error: str = "",
    not_before: datetime | None = None,
) -> None:
    """Records how a row went.

    `object_id`: of what was created; None keeps what is known. `not_before`: of a DEFERRED or UNKNOWN row,
    when to try or look again.
    """
    params = {
        "key": key,
        "state": state.value,
        "object_id": object_id,
        "error": error,
        "not_before": optional_text(not_before),
        "done_at": to_text(now) if state in _SETTLED else None,
    }
    db.change(query("settle_row"), params)
    if state is OutboxState.DONE:
        audit.note_write(db, key, now)


def orphans(db: Mirror, token: str) -> list[str]:
    """Makes rows that another, dead worker had sent UNKNOWN; their keys. `token`: of the lease now held."""
    sql = "UPDATE outbox SET state = 'UNKNOWN' WHERE state = 'SENT' AND lease_token IS NOT ? RETURNING key"
    return sorted(row[0] for row in db.change_rows(sql, (token,)))


def load_unknown(db: Mirror, kind: ActionKind, limit: int) -> list[OutboxRow]:
    """UNKNOWN rows to look up, in order of planning."""
    params = {"kind": kind.value, "limit": limit}
    return [_row(row) for row in db.rows(query("unknown_rows"), params)]


def stale_pending(db: Mirror, today: date) -> list[int]:
    """People with PENDING or DEFERRED rows planned on an earlier local day: they are planned again before sending."""
    sql = (
        "SELECT DISTINCT person_id FROM outbox WHERE state IN ('PENDING', 'DEFERRED') AND planned_day < ? "
        "ORDER BY person_id"
    )
    return [row[0] for row in db.rows(sql, (today.isoformat(),))]


def list_rows(db: Mirror, states: Collection[OutboxState], limit: int = -1) -> list[OutboxRow]:
    """Rows in these states, in order of planning; -1: all of them."""
    params = {"states": json.dumps([state.value for state in states]), "limit": limit}
    return [_row(row) for row in db.rows(query("rows_by_state"), params)]


def counts(db: Mirror) -> dict[ActionKind, dict[OutboxState, int]]:
    """How many rows, by kind and state; what there is none of has no key."""
    found: dict[ActionKind, dict[OutboxState, int]] = defaultdict(dict)
    for kind, state, number in db.rows(
        "SELECT kind, state, count(*) FROM outbox GROUP BY kind, state ORDER BY kind, state"
    ):
        found[ActionKind(kind)][OutboxState(state)] = number
    return dict(found)
