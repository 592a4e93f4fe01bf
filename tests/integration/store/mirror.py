"""The mirror's front door: every function that saves or reads what the two systems said."""

from __future__ import annotations

from sync.store.ats import (
    application_candidates,
    load_applications_of,
    load_jobs,
    save_applications,
    save_attendance,
    save_candidates,
    save_jobs,
    save_users,
)
from sync.store.crm import (
    list_members,
    mark_contacts_deleted,
    replace_list_members,
    save_contacts,
    save_owners,
)
from sync.store.intake import clear_quarantine, file_read, list_quarantine, quarantine, save_receipt
from sync.store.merges import move_contact
from sync.store.rows import Saved
from sync.store.snapshots import (
    begin_snapshot,
    count_missing,
    delete_missing,
    mark_seen,
    stream_of,
    under_way,
)
from sync.store.tasks import (
    adopt_tasks,
    load_looks,
    mark_own_task,
    people_of_tasks,
    save_own_task,
    save_tasks,
)
from sync.store.touches import (
    add_touch_days,
    load_counters,
    load_touch_days,
    replace_touch_days,
    save_counters,
)

__all__ = [
    "Saved",
    "add_touch_days",
    "application_candidates",
    "begin_snapshot",
    "clear_quarantine",
    "count_missing",
    "delete_missing",
    "file_read",
    "list_quarantine",
    "load_applications_of",
    "load_counters",
    "load_jobs",
    "load_looks",
    "load_touch_days",
    "mark_contacts_deleted",
    "mark_own_task",
    "mark_seen",
    "move_contact",
    "quarantine",
    "replace_list_members",
    "replace_touch_days",
    "save_applications",
    "save_attendance",
    "save_candidates",
    "save_contacts",
    "save_counters",
    "save_jobs",
    "save_owners",
    "save_receipt",
    "save_tasks",
    "save_users",
    "stream_of",
    "under_way",
    "save_own_task",
    "people_of_tasks",
    "list_members",
    "adopt_tasks",
]
