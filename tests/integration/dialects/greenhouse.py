"""What the file drop shows, as Greenhouse shows it: the rows of the table in docs/greenhouse.md."""

from __future__ import annotations

from sandbox.dialects.greenhouse.people import WITHDRAWN
from tests.integration.dialects.never_told import NeverTold
from tests.integration.same_world import Row, Told


class Greenhouse(NeverTold):
    kind = "greenhouse"
    documented = frozenset(
        {
            "candidate.name_infix, candidate.last_name",
            "candidate.origin, candidate.owner_email",
            "job.apply_url",
            "application.applied_at",
            "application.stage_id, application.stage_entered_at",
            "application.first_reply_at",
            "application.told_at",
            "application.rejected_at, application.reject_reason",
            "stage_transition",
            "attendance",
            "decision.ground, outbox.payload",
        }
    )

    def candidate(self, files: Told, key: str, row: Row) -> Row:
        """Two name fields; source and recruiter are the application's."""
        last = f"{row['name_infix'] or ''} {row['last_name']}".strip()
        return row | {"name_infix": None, "last_name": last, "origin": None, "owner_email": None}

    def job(self, files: Told, name: str, row: Row) -> Row:
        """The form is on the page of the post."""
        return row | {"apply_url": None}

    def application(self, files: Told, key: tuple[str, str], row: Row) -> Row:
        """No word on replies and telling; prospects did not apply and are in no stage of a job."""
        row = row | {"first_reply_at": None, "told_at": None}
        if row["status"] == "prospect":
            row |= {"applied_at": None, "stage": None, "stage_entered_at": None}
        if row["status"] == "withdrawn":
            row |= {"rejected_at": row["remote_updated_at"], "reject_reason": WITHDRAWN}
        return row

    def moves(self, files: Told) -> set[tuple[str, int]]:
        """The vendor's own moments, of the first stage too; none of prospects."""
        rows = [row for row in files.table("application") if row["status"] != "prospect"]
        return {(row[name], 1) for row in rows for name in ("applied_at", "stage_entered_at")}


DIFFERENCES = Greenhouse()
