"""HubSpot lists named in the audience: their members are people of their own, and joining is a touch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from connectors.protocols import Crm, Record
from mappings.values import spelled, to_moment
from sync.core.model import HUBSPOT, RecordRef
from sync.core.participation import list_touches
from sync.errors import FatalError, RejectedAction
from sync.stages import suppress
from sync.stages.run import Run
from sync.store import crm as crm_rows
from sync.store import links, touches, work

LIST_KINDS = ("list_joined",)


def pull_lists(run: Run, crm: Crm) -> None:
    """Read the members of each list in the audience; who joined or left is reconciled. No lists: no requests.

    Raises RetriableError: membership stays as it was; FatalError for a list HubSpot does not have, MissingScope.
    """
    for list_id in sorted(run.policy.audience.lists):
        shown = _members(crm, list_id)
        with run.db.write(run.lease):
            gone = suppress.forgotten_contacts(run.db, shown)
            members = {one: at for one, at in shown.items() if one not in gone}
            joined, left = crm_rows.replace_list_members(run.db, list_id, members)
            dated = crm_rows.note_joined(run.db, list_id, members)
            _touch_again(run, {*joined, *left, *dated})
            refs = [RecordRef(HUBSPOT, contact_id) for contact_id in (*joined, *left)]
            work.enqueue(run.db, "reconcile", refs, run.now)


def _members(crm: Crm, list_id: str) -> Mapping[str, datetime | None]:
    """Since when each member is one, where HubSpot says so."""
    try:
        pages = list(crm.fetch_list_members(list_id, None))
    except RejectedAction as error:
        raise FatalError(
            f"audience.include names list {list_id}, which HubSpot does not have ({error.reason}).",
            fix="Correct audience.include; the number stands in the list's address in HubSpot.",
        ) from error
    return {str(record["recordId"]): _joined_at(record) for page in pages for record in page.records}


def _joined_at(record: Record) -> datetime | None:
    try:
        return to_moment(spelled(record.get("membershipTimestamp")))
    except ValueError:
        return None


def _touch_again(run: Run, contact_ids: Collection[str]) -> None:
    """Make the list touch days of contacts anew and ask for the scores of their people."""
    refs = [RecordRef(HUBSPOT, contact_id) for contact_id in sorted(contact_ids)]
    moments = crm_rows.joined_at(run.db, contact_ids)
    found = [(ref, touch) for ref in refs for touch in list_touches(moments[ref.remote_id], run.policy.time.zone)]
    touches.replace_touch_days(run.db, refs, LIST_KINDS, found)
    people = {person_id for person_id, _ in links.links_of(run.db, refs).values()}
    work.enqueue_people(run.db, "score", people, run.now)
