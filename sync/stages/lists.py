"""HubSpot lists named in the audience: their members are people of their own."""

from __future__ import annotations

from connectors.protocols import Crm
from sync.core.model import HUBSPOT, RecordRef
from sync.errors import FatalError, RejectedAction
from sync.stages.run import Run
from sync.store import crm as crm_rows
from sync.store import work


def pull_lists(run: Run, crm: Crm) -> None:
    """Read the members of each list in the audience; who joined or left is reconciled. No lists: no requests.

    Raises RetriableError: membership stays as it was; FatalError for a list HubSpot does not have, MissingScope.
    """
    for list_id in sorted(run.policy.audience.lists):
        members = _members(crm, list_id)
        with run.db.write(run.lease):
            joined, left = crm_rows.replace_list_members(run.db, list_id, members)
            refs = [RecordRef(HUBSPOT, contact_id) for contact_id in (*joined, *left)]
            work.enqueue(run.db, "reconcile", refs, run.now)


def _members(crm: Crm, list_id: str) -> list[str]:
    try:
        pages = list(crm.fetch_list_members(list_id, None))
    except RejectedAction as error:
        raise FatalError(
            f"audience.include names list {list_id}, which HubSpot does not have ({error.reason}).",
            fix="Correct audience.include; the number stands in the list's address in HubSpot.",
        ) from error
    return [str(record["recordId"]) for page in pages for record in page.records]
