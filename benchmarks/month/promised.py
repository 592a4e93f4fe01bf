"""Whether each promise that broke had its task before it broke."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from benchmarks.month.stage import ZONE
from benchmarks.month.watch import Watch
from sync.bootstrap import open_view
from sync.core.keys import MARKER_HEX, action_key
from sync.core.promise import BROKEN, FIRST_REACTION, Promise
from sync.store.promises import Owed, report_promises, watched_since


def check_promises(watch: Watch, done: set[tuple[str, str, datetime]]) -> Counter[str]:
    """How promises stand now; who broke without a task before it fails. `done`: those that were looked at before."""
    with open_view(watch.place.app()) as view:
        found, began = [one.owed for one in report_promises(view.db)], watched_since(view.db)
    states: Counter[str] = Counter()
    for owed in found:
        one, state = owed.promise, _state(owed, watch.place.now, began)
        states[state] += 1
        key = (one.application_id, one.kind, one.due_at)
        if state == BROKEN and key not in done:
            done.add(key)
            same = [other.promise for other in found if other.promise.application_id == one.application_id]
            if not _had_a_task(watch, owed, same):
                watch.fail(f"application {one.application_id}: {one.kind} broke and never had a task")
    return states


def _state(owed: Owed, now: datetime, began: datetime | None) -> str:
    """As the promise says; apart: broken where nobody can have a task, and broken before there was a run."""
    state = owed.promise.state(now)
    if state == BROKEN and not (owed.contact_id and owed.owner_id):
        return "broken, not in HubSpot"
    if state == BROKEN and began is not None and owed.promise.due_at <= began:
        return "broken before the first run"
    return state


def _had_a_task(watch: Watch, owed: Owed, same: list[Promise]) -> bool:
    """Whether they were in a grouped task, or had one of their own about this application, before it broke."""
    one, contact = owed.promise, owed.contact_id or ""
    if one.kind == FIRST_REACTION and watch.waited_in.get(contact, one.due_at) < one.due_at:
        return True
    whom = watch.place.contact_ids[contact].candidate_id
    keys = {_key(it, due, whom) for it in same for due in (it.internal_due_at, it.public_due_at, it.due_at)}
    return any(watch.seen.get((contact, key), one.due_at) < one.due_at for key in keys)


def _key(one: Promise, due: datetime, candidate_id: str) -> str:
    occasion = f"{one.kind}:{one.source}:{one.application_id}:{due.astimezone(ZONE).date().isoformat()}"
    return action_key("4242", "promise", occasion, f"ats:{candidate_id}")[:MARKER_HEX]
