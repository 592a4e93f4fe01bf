"""What a source erased itself is followed: a candidate the ATS anonymised, a contact HubSpot deleted for privacy.

That side's records and what warmline made of them leave the mirror; the other side's record stays, as somebody new
(docs/decisions/0046).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from sync.core.model import HUBSPOT, Candidate, RecordRef
from sync.errors import NotServed, RejectedAction
from sync.stages.bury import Whom, bury
from sync.stages.run import Run
from sync.store import erasures, links, runs
from sync.store.db import Mirror
from sync.store.erasures import ATS_SCOPE, CRM_SCOPE

LOOKED_ON = "erased_contacts_looked_on"
MOST = 5_000  # contacts that are gone and looked for in the recycle bin a day


@runtime_checkable
class ShowsRecycleBin(Protocol):
    """A CRM that can be asked which contacts lie in its recycle bin."""

    def fetch_deleted_contacts(self, ids: Sequence[str]) -> set[str]:
        """Those of these contacts that were deleted and can be restored."""


def follow_anonymised(db: Mirror, source: str, rows: Sequence[Candidate], run: Run) -> None:
    """Candidates of the mirror that the ATS anonymised since: their people end, unless another candidate of the person
    lives. Called inside the transaction that stores the page, before it does."""
    refs = [RecordRef(source, row.remote_id) for row in rows if row.anonymised_at is not None]
    if not refs:
        return
    live = {RecordRef(one_source, one.remote_id) for one_source, one in links.load_identities_rows(db, refs)[0]}
    for ref, (person_id, _) in links.links_of(db, sorted(live)).items():
        records = {one for one, _ in links.records_of(db, [person_id])[person_id]}
        candidates = links.load_identities_rows(db, [one for one in records if one.source != HUBSPOT])[0]
        if all(RecordRef(of, one.remote_id) in refs for of, one in candidates):
            bury(db, Whom(frozenset(records | {ref}), frozenset({person_id})), run.now, scope=ATS_SCOPE)


def follow_privacy_deletions(run: Run, crm: object) -> None:
    """Contacts that are gone and not in HubSpot's recycle bin were erased there, or lay in it for 90 days: what the
    mirror holds of them goes. Looked for once a local day. Raises RetriableError."""
    if runs.setting(run.db, LOOKED_ON) == run.today.isoformat() or not isinstance(crm, ShowsRecycleBin):
        return
    gone = erasures.gone_contacts(run.db, MOST)
    try:
        kept = crm.fetch_deleted_contacts(gone) if gone else set()
    except (NotServed, RejectedAction):
        return
    with run.db.write(run.lease):
        for contact_id in gone:
            if contact_id not in kept:
                _bury_contact(run, contact_id)
        runs.set_setting(run.db, LOOKED_ON, run.today.isoformat())


def _bury_contact(run: Run, contact_id: str) -> None:
    ref = RecordRef(HUBSPOT, contact_id)
    people = {person_id for person_id, _ in links.links_of(run.db, [ref]).values()}
    records = {one for those in links.records_of(run.db, people).values() for one, _ in those}
    bury(run.db, Whom(frozenset(records | {ref}), frozenset(people)), run.now, scope=CRM_SCOPE)
