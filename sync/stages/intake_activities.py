"""How calls, meetings, e-mails and messages of anyone enter the mirror, and who is decided anew because of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.protocols import Page
from sync.core.activity import Activity
from sync.core.model import HUBSPOT
from sync.stages import suppress
from sync.stages.intake_ats import Rejection, ToRow, map_records, stored_page
from sync.stages.pull import Stored
from sync.stages.run import Run
from sync.store import activities, work
from sync.store.db import Mirror
from sync.store.rows import Saved


@dataclass(frozen=True, slots=True)
class ActivityIntake:
    """One noun of HubSpot's activities."""

    noun: str
    to_row: ToRow
    version: str
    sweeps: bool = False

    def store(self, db: Mirror, page: Page, run: Run) -> Stored:
        """Save one page; people of contacts whose activities changed are decided anew."""
        found, rejected = map_records(page.records, self.to_row)
        rows, _ = suppress.keep_activities(db, found)
        return stored_page(page, rows, log_activities(db, self.noun, rows, run), rejected)

    def drop_missing(self, _: Mirror, __: Run, /) -> int:
        """Activities are followed by increments, never swept."""
        return 0

    def close_file(self, page: Page, rejected: Sequence[Rejection]) -> None:
        """HubSpot's activities do not come from files."""


def log_activities(db: Mirror, noun: str, rows: Sequence[Activity], run: Run) -> Saved:
    """Keep activities of a HubSpot noun; the people they are about are scored and decided anew."""
    zone = run.policy.time.zone
    saved, contact_ids = activities.save_activities(db, f"{HUBSPOT}.{noun}", rows, run.now, zone)
    for stage in ("score", "decide") if contact_ids else ():
        work.enqueue_people(db, stage, activities.people_of_contacts(db, contact_ids), run.now)
    return saved
