"""Warmline's own tasks that a person deleted: they show in no search and in no list of tasks.

Open ones the mirror knows are read by id once a local day. A mirror that was rebuilt or put back from a backup does not
know them, so it reads the recycle bin (docs/decisions/0034).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from connectors.protocols import Crm, Page
from mappings import hubspot as hubspot_mapping
from sync.errors import NotServed, RejectedAction
from sync.stages.intake_ats import map_records
from sync.stages.run import Run
from sync.store import runs, work
from sync.store import tasks as task_rows

LOOKED_ON = "own_tasks_looked_on"
LONG_AGO = "0001-01-01"


def close_deleted_tasks(run: Run, crm: Crm) -> None:
    """Note which of warmline's tasks HubSpot has in its recycle bin or not at all; their people are decided anew.

    Raises RetriableError.
    """
    looked_on = runs.setting(run.db, LOOKED_ON) or ""
    if looked_on == run.today.isoformat():
        return
    if looked_on < (run.today - timedelta(days=1)).isoformat():
        _read_recycle_bin(run, crm)
    ids = task_rows.open_own_tasks(run.db)
    found = crm.fetch_tasks(ids, hubspot_mapping.task_properties()) if ids else {}
    gone = [one for one in ids if one not in found or found[one].get("archived")]
    with run.db.write(run.lease):
        task_rows.mark_tasks_archived(run.db, gone, run.now)
        work.enqueue_people(run.db, "decide", task_rows.people_of_tasks(run.db, gone), run.now)
        runs.set_setting(run.db, LOOKED_ON, run.today.isoformat())


def looked_once(run: Run) -> bool:
    """Whether the tasks people deleted are known; before that a task could be made a second time."""
    return bool(runs.setting(run.db, LOOKED_ON))


def look_anew(run: Run) -> None:
    """The next look reads the recycle bin too; called inside a transaction."""
    runs.set_setting(run.db, LOOKED_ON, LONG_AGO)


def _read_recycle_bin(run: Run, crm: Crm) -> None:
    """Keep the deleted tasks that carry the marker. A portal that shows no recycle bin is read without."""
    try:
        for page in crm.fetch_deleted_tasks():
            _keep(run, page)
            run.progress("deleted tasks", len(page.records), None)
    except (NotServed, RejectedAction):
        return


def _keep(run: Run, page: Page) -> None:
    tasks, _ = map_records(page.records, hubspot_mapping.to_task)
    own = [replace(task, archived=True) for task in tasks if task.marker is not None]
    with run.db.write(run.lease):
        saved = task_rows.save_tasks(run.db, own, run.now)
        work.enqueue_people(run.db, "decide", task_rows.people_of_tasks(run.db, saved.changed), run.now)
