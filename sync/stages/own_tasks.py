"""Warmline's own open tasks: one that a person deleted shows in no search, so they are read by id once a local day."""

from __future__ import annotations

from connectors.protocols import Crm
from mappings import hubspot as hubspot_mapping
from sync.stages.run import Run
from sync.store import crm as crm_rows
from sync.store import runs, work

LOOKED_ON = "own_tasks_looked_on"


def close_deleted_tasks(run: Run, crm: Crm) -> None:
    """Note which open tasks HubSpot has in its recycle bin or not at all; their people are decided anew.

    Raises RetriableError.
    """
    if runs.setting(run.db, LOOKED_ON) == run.today.isoformat():
        return
    ids = crm_rows.open_own_tasks(run.db)
    found = crm.fetch_tasks(ids, hubspot_mapping.task_properties()) if ids else {}
    gone = [one for one in ids if one not in found or found[one].get("archived")]
    with run.db.write(run.lease):
        crm_rows.mark_tasks_archived(run.db, gone, run.now)
        work.enqueue_people(run.db, "decide", crm_rows.people_of_tasks(run.db, gone), run.now)
        runs.set_setting(run.db, LOOKED_ON, run.today.isoformat())
