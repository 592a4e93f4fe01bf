"""HubSpot merged two contacts: everything the mirror knows of the old id follows to the new one."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sync.core.model import HUBSPOT
from sync.store.db import Mirror
from sync.store.links import follow_tasks
from sync.store.snapshots import PERSONAL
from sync.store.sql import query
from sync.store.times import to_text

# Each moves what has no counterpart at the new id; `_LEFTOVERS` then drop the rest.
_MOVES = (
    "UPDATE OR IGNORE person_link SET remote_id = :new WHERE source = :source AND remote_id = :old",
    "UPDATE OR IGNORE link_review SET contact_id = :new WHERE contact_id = :old",
    "UPDATE OR IGNORE baseline SET object_id = :new WHERE object = 'contact' AND object_id = :old",
    "UPDATE OR IGNORE conflict SET object_id = :new WHERE object = 'contact' AND object_id = :old",
    "UPDATE OR IGNORE list_member SET contact_id = :new WHERE contact_id = :old",
    "UPDATE touch_event SET contact_id = :new WHERE contact_id = :old",
    "UPDATE OR IGNORE form_due SET contact_id = :new WHERE contact_id = :old",
    "UPDATE OR IGNORE activity SET contact_id = :new WHERE contact_id = :old",
    "UPDATE OR IGNORE participation SET contact_id = :new WHERE contact_id = :old",
    "UPDATE OR IGNORE attendance_write SET contact_id = :new WHERE contact_id = :old",
    "UPDATE OR IGNORE contact_trigger SET contact_id = :new WHERE contact_id = :old",
    # what the old contact said is history; what holds now the surviving one says itself
    "UPDATE OR IGNORE consent SET remote_id = :new, gone_at = coalesce(gone_at, :now) "
    "WHERE source = :source AND remote_id = :old",
)
_LEFTOVERS = (
    "DELETE FROM person_link WHERE source = :source AND remote_id = :old",
    "DELETE FROM link_review WHERE contact_id = :old",
    "DELETE FROM baseline WHERE object = 'contact' AND object_id = :old",
    "DELETE FROM conflict WHERE object = 'contact' AND object_id = :old",
    "DELETE FROM list_member WHERE contact_id = :old",
    "DELETE FROM activity WHERE contact_id = :old",
    "DELETE FROM participation WHERE contact_id = :old",
    "DELETE FROM attendance_write WHERE contact_id = :old",
    "DELETE FROM contact_trigger WHERE contact_id = :old",
    "DELETE FROM consent WHERE source = :source AND remote_id = :old",
    "DELETE FROM touch_day WHERE source = :source AND remote_id = :old",
    "DELETE FROM form_due WHERE contact_id = :old",
    "DELETE FROM identity_key WHERE source = :source AND remote_id = :old",
    "DELETE FROM contact_counter WHERE contact_id = :old",
    "DELETE FROM work WHERE source = :source AND remote_id = :old",
    f"UPDATE contact SET {PERSONAL['contact']}deleted_at = :now, changed_at = :now "  # noqa: S608 -- no values
    "WHERE remote_id = :old AND deleted_at IS NULL",
)


def unmoved(db: Mirror, ids: Collection[str]) -> list[str]:
    """Those of these contacts of which the mirror still holds something under their own id, deleted ones too."""
    return [row[0] for row in db.rows(query("unmoved_contacts"), {"ids": json.dumps(list(ids)), "source": HUBSPOT})]


def move_contact(db: Mirror, old_id: str, new_id: str, now: datetime) -> list[int]:
    """Follows a merge: links, reviews, touch days, activities, baseline, conflicts, list places, tasks and
    open outbox rows go to the new id.

    Where the new id has its own (link, review, baseline of a property) that one stays; touch days and totals
    add up. The old contact is marked deleted. Safe twice. The people of either id, who have to be looked at again.
    """
    if old_id == new_id:
        return []
    names = {"old": old_id, "new": new_id, "source": HUBSPOT, "now": to_text(now)}
    people = db.rows("SELECT person_id FROM person_link WHERE source = :source AND remote_id IN (:old, :new)", names)
    db.change(query("merge_rulings"), names)
    for move in _MOVES:
        db.change(move, names)
    for name in ("merge_touch_days", "merge_counters", "merge_outbox", "withdraw_merged_outbox"):
        db.change(query(name), names)
    for leftover in _LEFTOVERS:
        db.change(leftover, names)
    _move_tasks(db, old_id, new_id)
    found = {row[0] for row in people}
    return sorted(found.union(follow_tasks(db, found)))


def _move_tasks(db: Mirror, old_id: str, new_id: str) -> None:
    found = db.rows(query("tasks_of_contact"), {"contact_id": old_id})
    moved = []
    for task_id, text in found:
        contact_ids = [new_id if one == old_id else one for one in json.loads(text)]
        moved.append((json.dumps(list(dict.fromkeys(contact_ids))), task_id))
    db.change_many("UPDATE task SET contact_ids = ? WHERE remote_id = ?", moved)
