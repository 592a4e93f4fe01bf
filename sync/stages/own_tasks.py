"""Warmline's own tasks that a person deleted: they show in no search and in no list of tasks.

Open ones the mirror knows are read by id, so that a deletion is known in the next run. A mirror that was rebuilt or put
back from a backup does not know them, so it reads the recycle bin (docs/decisions/0034).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from connectors.protocols import Crm, Page
from mappings import hubspot as hubspot_mapping
from sync.errors import NotServed, RejectedAction
from sync.stages import suppress
from sync.stages.intake_ats import map_records
from sync.stages.run import Run
from sync.store import runs, work
from sync.store import tasks as task_rows

LOOKED_ON = "own_tasks_looked_on"
LOOKED_TO = "own_tasks_looked_to"
LONG_AGO = "0001-01-01"
AT_ONCE = 100  # of one batch read


def close_deleted_tasks(run: Run, crm: Crm) -> None:
    """Note which of warmline's tasks HubSpot has in its recycle bin or not at all; their people are decided anew.

    All open ones once a local day; in every other run as many as one request reads, in turn. Raises RetriableError.
    """
    looked_on = runs.setting(run.db, LOOKED_ON) or ""
    if looked_on < (run.today - timedelta(days=1)).isoformat():
        _read_recycle_bin(run, crm)
    ids, turn = task_rows.open_own_tasks(run.db), ""
    if looked_on == run.today.isoformat():
        ids, turn = next_in_turn(ids, runs.setting(run.db, LOOKED_TO) or "")
    found = crm.fetch_tasks(ids, hubspot_mapping.task_properties()) if ids else {}
    gone = [one for one in ids if one not in found or found[one].get("archived")]
    if gone or turn or looked_on != run.today.isoformat():
        with run.db.write(run.lease):
            task_rows.mark_tasks_archived(run.db, gone, run.now)
            work.enqueue_people(run.db, "decide", task_rows.people_of_tasks(run.db, gone), run.now)
            runs.set_setting(run.db, LOOKED_ON, run.today.isoformat())
            runs.set_setting(run.db, LOOKED_TO, turn)


def next_in_turn(ids: Sequence[str], last: str) -> tuple[list[str], str]:
    """The ids after `last` that one request reads, beginning anew at the end, and where the next turn begins; '' when
    one request reads all.
    """
    if len(ids) <= AT_ONCE:
        return list(ids), ""
    after = [one for one in ids if one > last]
    turn = [*after, *ids][:AT_ONCE]
    return turn, turn[-1]


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
        kept, _ = suppress.keep_tasks(run.db, own)
        saved = task_rows.save_tasks(run.db, kept, run.now)
        work.enqueue_people(run.db, "decide", task_rows.people_of_tasks(run.db, saved.changed), run.now)
