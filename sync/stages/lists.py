"""HubSpot lists named in the audience: their members are people of their own."""

from __future__ import annotations

from connectors.protocols import Crm
from sync.core.model import HUBSPOT, RecordRef
from sync.stages.run import Run
from sync.store import crm as crm_rows
from sync.store import work


def pull_lists(run: Run, crm: Crm) -> None:
    """Read the members of each list in the audience; who joined or left is reconciled. No lists: no requests.

    Raises RetriableError, MissingScope: membership stays as it was.
    """
    for list_id in sorted(run.policy.audience.lists):
        members = [str(record["recordId"]) for page in crm.fetch_list_members(list_id, None) for record in page.records]
        with run.db.write(run.lease):
            joined, left = crm_rows.replace_list_members(run.db, list_id, members)
            refs = [RecordRef(HUBSPOT, contact_id) for contact_id in (*joined, *left)]
            work.enqueue(run.db, "reconcile", refs, run.now)
